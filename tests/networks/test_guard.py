"""The guard of outgoing requests: public places only, at the very address that was checked."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from forum.networks.guard import GuardedTransport, checked_addresses, guarded_client, is_public, place
from forum.networks.port import NetworkError

NOBODY = frozenset[str]()


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "151.101.1.69", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::1"],
)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
        "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7",
        "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16",
        "::", "::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1",
        "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0",
        "2606:4700::1111%eth0", "fec0::1", "ff02::1", "", "localhost", "2130706433",
    ],
)  # fmt: skip
def test_any_other_address_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "0",
        "::1",
        "::ffff:10.0.0.1",
    ],
)
def test_no_spelling_of_a_private_address_gets_through(host: str) -> None:
    with pytest.raises(NetworkError, match="not a public place") as refused:
        checked_addresses(host, 443, NOBODY)
    assert refused.value.permanent


@pytest.mark.parametrize("found", [["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["2606:4700::1111", "::1"], []])
def test_a_name_with_any_private_address_is_refused_as_a_whole(found: list[str]) -> None:
    with pytest.raises(NetworkError):
        checked_addresses("shop.example", 443, NOBODY, lambda host, port: found)


def test_a_public_name_keeps_its_addresses_in_order() -> None:
    found = ["2606:4700::1111", "1.1.1.1"]
    assert checked_addresses("shop.example", 443, NOBODY, lambda host, port: found) == found


def test_an_allowed_place_is_one_host_and_port() -> None:
    allow = frozenset({"localhost:2583", "[::1]:2583"})
    assert checked_addresses("LOCALHOST", 2583, allow)
    assert checked_addresses("::1", 2583, allow) == ["::1"]
    with pytest.raises(NetworkError):
        checked_addresses("localhost", 2584, allow)
    assert place("[::1]", 80) == "[::1]:80"


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/",
        "https://ada:secret@shop.example/",
        "https://localhost/",
        "https://[::1]/",
        "https://127.1/",
    ],
)
def test_a_refused_address_is_a_permanent_error_in_plain_words(url: str) -> None:
    with guarded_client() as client, pytest.raises(NetworkError) as refused:
        client.get(url)
    assert refused.value.permanent
    assert "secret" not in refused.value.words


class Names:
    """A resolver of the test's own that remembers what it was asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def test_the_connection_goes_to_the_address_that_was_checked_and_nobody_asks_again() -> None:
    with serving(say(b"hello"), at="127.0.0.2") as port:
        names = Names(["127.0.0.2"], ["127.0.0.9"])
        with client_of(names, allow=f"shop.example:{port}") as client:
            assert client.get(f"http://shop.example:{port}/").content == b"hello"
        assert names.asked == ["shop.example"]


def test_a_second_address_is_tried_where_the_first_is_dead() -> None:
    with serving(say(b"hello"), at="127.0.0.2") as port:
        names = Names(["127.0.0.3", "127.0.0.2"])
        with client_of(names, allow=f"shop.example:{port}") as client:
            assert client.get(f"http://shop.example:{port}/").content == b"hello"


def test_a_redirect_to_a_private_place_is_refused() -> None:
    def redirect(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "https://127.0.0.1:1/admin")
        handler.end_headers()

    with serving(redirect) as port, client_of(Names(["127.0.0.1"]), allow=f"shop.example:{port}") as client:
        assert client.get(f"http://shop.example:{port}/").status_code == 302
        with pytest.raises(NetworkError, match="not a public place"):
            client.get(f"http://shop.example:{port}/", follow_redirects=True)


def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving(say(b"hello")) as port, guarded_client(frozenset({f"localhost:{port}"})) as client:
        assert client.get(f"http://localhost:{port}/").content == b"hello"


def test_tls_names_the_host_though_the_connection_goes_to_an_address(tmp_path: Path) -> None:
    certificate = certificate_of("shop.example", tmp_path)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with serving(say(b"hello"), certificate=certificate) as port:
        allow = frozenset({f"shop.example:{port}", f"other.example:{port}"})
        transport = GuardedTransport(allow, resolve=Names(["127.0.0.1"]), verify=trusting)
        with httpx.Client(transport=transport) as client:
            assert client.get(f"https://shop.example:{port}/").content == b"hello"
            with pytest.raises(httpx.ConnectError, match="certificate"):
                client.get(f"https://other.example:{port}/")


def test_an_answer_that_is_too_long_is_refused() -> None:
    with (
        serving(say(b"x" * 1001)) as port,
        client_of(Names(["127.0.0.1"]), f"a.example:{port}", longest=1000) as client,
    ):
        with pytest.raises(NetworkError, match="longer than 1000 bytes") as refused:
            client.get(f"http://a.example:{port}/")
        assert refused.value.permanent
    with (
        serving(say(b"x" * 1000)) as port,
        client_of(Names(["127.0.0.1"]), f"a.example:{port}", longest=1000) as client,
    ):
        assert len(client.get(f"http://a.example:{port}/").content) == 1000


def test_a_packed_answer_is_refused_for_it_could_unpack_to_any_size() -> None:
    packed = say(gzip.compress(b"x" * 100_000), **{"Content-Encoding": "gzip"})
    with (
        serving(packed) as port,
        client_of(Names(["127.0.0.1"]), f"a.example:{port}") as client,
        pytest.raises(NetworkError, match="packed"),
    ):
        client.get(f"http://a.example:{port}/")


@pytest.mark.parametrize("in_headers", [True, False], ids=["headers", "body"])
@pytest.mark.parametrize("every", [0.05, 30], ids=["drips", "stops"])
def test_an_answer_that_never_ends_is_given_up(in_headers: bool, every: float) -> None:
    over = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"" if in_headers else b"Content-Length: 9999\r\n\r\n"))
        while not over.wait(every):
            handler.wfile.write(b"X-Drip: 1\r\n" if in_headers else b"x")

    with serving(drip) as port, client_of(Names(["127.0.0.1"]), f"a.example:{port}", whole_timeout=0.4) as client:
        began = time.monotonic()
        with pytest.raises(httpx.ReadTimeout):
            client.get(f"http://a.example:{port}/", timeout=20)
        over.set()
        assert time.monotonic() - began < 10


def test_a_name_that_nobody_knows_may_be_known_later() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    with httpx.Client(transport=GuardedTransport(resolve=unknown)) as client, pytest.raises(httpx.ConnectError):
        client.get("https://shop.example/")


def say(body: bytes, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def client_of(names: Names, allow: str, *, longest: int = 5_000, whole_timeout: float = 10) -> Iterator[httpx.Client]:
    transport = GuardedTransport(frozenset({allow}), resolve=names, longest=longest, whole_timeout=whole_timeout)
    with httpx.Client(transport=transport) as client:
        yield client


@contextmanager
def serving(
    answer: Callable[[BaseHTTPRequestHandler], None], *, at: str = "127.0.0.1", certificate: Path | None = None
) -> Iterator[int]:
    """A server that answers every GET so; yields its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that turns away is what some tests are about."""

    server = Quiet((at, 0), Handler)
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certificate_of(host: str, folder: Path) -> Path:
    """A certificate with its key for `host`, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return path
