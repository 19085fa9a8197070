"""The guard for every outgoing request whose address a person can influence: it reaches public places only.

A host is resolved here, every address it has is checked, and the connection goes to exactly the address that was
checked, so a name that changes its mind in between (DNS rebinding) gains nothing. Redirects pass through the same
checks, since each is a request of its own. The operator may allow single places, such as a test network on loopback.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from ssl import SSLContext

import httpcore
import httpx

from forum.networks.port import NetworkError

CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 15.0  # seconds between two pieces of an answer
WHOLE_TIMEOUT = 60.0  # seconds from the first byte out to the last byte in
LONGEST_ANSWER = 5_000_000  # bytes

Resolve = Callable[[str, int], Sequence[str]]

# Of IPv4 everything but these is public; the list is IANA's registry of special purposes, plus the address
# under which Azure answers its own guests.
_CLOSED_V4 = [
    ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
# Of IPv6 only global unicast is public, without what tunnels to IPv4 (Teredo, 6to4) or is for books. What maps
# or translates to IPv4 (::ffff:0:0/96, 64:ff9b::/96) lies outside of it.
_OPEN_V6 = ip_network("2000::/3")
_CLOSED_V6 = [ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host as the system knows them, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _CLOSED_V4)
    return _is_public_v6(parsed)


def checked_addresses(host: str, port: int, allow: frozenset[str], resolve: Resolve = resolve) -> Sequence[str]:
    """The addresses that a connection to `host` may go to; raises a permanent NetworkError where there is none.

    A host with a single private address among public ones is refused as a whole: honest hosts have none.
    """
    addresses = resolve(host, port)
    if place(host, port) in allow:
        return addresses
    if not addresses or not all(is_public(address) for address in addresses):
        raise NetworkError(f"{host} is not a public place on the internet, so it is not contacted.", permanent=True)
    return addresses


def place(host: str, port: int) -> str:
    """How an operator names a place in the list of allowed ones: `localhost:2583`, `[::1]:2583`."""
    host = host.lower().strip("[]")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class GuardedTransport(httpx.HTTPTransport):
    """Lets httpx reach public places by https, and the places of `allow` (host:port) by http too."""

    def __init__(
        self,
        allow: frozenset[str] = frozenset(),
        *,
        resolve: Resolve = resolve,
        longest: int = LONGEST_ANSWER,
        whole_timeout: float = WHOLE_TIMEOUT,
        verify: SSLContext | None = None,
    ) -> None:
        context = verify or httpx.create_ssl_context()
        super().__init__(verify=context, trust_env=False)
        self._allow = frozenset(entry.lower() for entry in allow)
        self._longest = longest
        self._whole_timeout = whole_timeout
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=10,
            max_keepalive_connections=0,  # a kept connection would be shared by the workers forked after it
            network_backend=_CheckedBackend(self._allow, resolve),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The whole answer, read at once, so that its size and its time are bounded whoever reads it."""
        self._check_url(request.url)
        request.headers["Accept-Encoding"] = "identity"  # a packed answer could unpack to any size
        deadline = _deadline.set(time.monotonic() + self._whole_timeout)
        try:
            response = super().handle_request(request)
            try:
                content = self._read(response)
            finally:
                response.close()
        finally:
            _deadline.reset(deadline)
        return httpx.Response(response.status_code, headers=response.headers, content=content)

    def _check_url(self, url: httpx.URL) -> None:
        port = url.port or (443 if url.scheme == "https" else 80)
        if url.scheme != "https" and not (url.scheme == "http" and place(url.host, port) in self._allow):
            raise NetworkError(f"{url.host} may only be contacted by https.", permanent=True)
        if url.userinfo:
            raise NetworkError("An address may not carry a name or password.", permanent=True)

    def _read(self, response: httpx.Response) -> bytes:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise NetworkError("The answer came packed although that was declined.", permanent=True)
        pieces, size = [], 0
        assert isinstance(response.stream, httpx.SyncByteStream)
        for piece in response.stream:
            size += len(piece)
            if size > self._longest:
                raise NetworkError(f"The answer is longer than {self._longest} bytes.", permanent=True)
            pieces.append(piece)
        return b"".join(pieces)


def guarded_client(allow: frozenset[str] = frozenset()) -> httpx.Client:
    """A client for places that people name. It follows no redirect unless asked, and then checks each."""
    return httpx.Client(transport=GuardedTransport(allow), timeout=timeout(), trust_env=False)


def timeout() -> httpx.Timeout:
    return httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT)


class _CheckedBackend(httpcore.SyncBackend):
    """Resolves and checks a host, then connects to the very address; TLS still names the host."""

    def __init__(self, allow: frozenset[str], resolve: Resolve) -> None:
        self._allow = allow
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port):
            try:
                return _TimedStream(super().connect_tcp(address, port, timeout, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            return checked_addresses(host, port, self._allow, self._resolve)
        except (OSError, UnicodeError) as unknown:
            raise httpcore.ConnectError(f"{host} cannot be found") from unknown


class _TimedStream(httpcore.NetworkStream):
    """Keeps the whole exchange within its deadline, so that an answer dripping in byte by byte ends too."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _remaining(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _remaining(timeout: float | None) -> float | None:
    deadline = _deadline.get()
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the answer took too long")
    return left if timeout is None else min(left, timeout)


def _is_public_v6(address: IPv6Address) -> bool:
    return address.scope_id is None and address in _OPEN_V6 and not any(address in network for network in _CLOSED_V6)
