"""A forward proxy in front of a real server that fails on cue: the adapter is given its address instead of the server's.

    with fault_proxy(network.pds_url) as proxy:
        fault = proxy.on(calls("com.atproto.repo.putRecord"), hold_answer)
        ...                          # start what sends the reply
        fault.wait()                 # the server has taken it, the sender waits for the answer
        ...                          # kill the sender
        fault.release()

A behaviour is a function of one `Exchange`; those below cover the usual ways to fail, and a test may write its own.
"""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_HELD_AT_MOST = 120.0  # seconds; a test that forgets to release fails instead of hanging
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "proxy-connection", "host"})


@dataclass(frozen=True)
class Request:
    method: str
    path: str  # with its query
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Seen:
    """One request of the log. `upstream` is the server's status (None: never forwarded), `answered` what the client got."""

    request: Request
    upstream: int | None
    answered: int | None


When = Callable[[Request], bool]


class Fault:
    """A rule of the proxy, for as many requests as it says; a handle to wait upon and to release what it holds."""

    def __init__(self, when: When, behaviour: Behaviour, times: int | None) -> None:
        self.when = when
        self.behaviour = behaviour
        self.left = times
        self._reached = threading.Semaphore(0)
        self._released = threading.Event()

    def wait(self, timeout: float = 30) -> None:
        """Returns once a request has come to this fault's point; each request is waited for once."""
        assert self._reached.acquire(timeout=timeout), "no request came to this fault"

    def release(self) -> None:
        """Lets go of what is held, now and later."""
        self._released.set()

    def reached(self) -> None:
        self._reached.release()

    def hold(self) -> bool:
        self.reached()
        return self._released.wait(_HELD_AT_MOST)


class Exchange:
    """One request on its way, as a behaviour sees it."""

    def __init__(
        self, proxy: FaultProxy, handler: BaseHTTPRequestHandler, request: Request, fault: Fault | None
    ) -> None:
        self._proxy = proxy
        self._handler = handler
        self._fault = fault
        self.request = request
        self.upstream: int | None = None
        self.answered: int | None = None

    def forward(self) -> Answer:
        """Sends the request on to the real server and returns its answer, not yet given to the client."""
        answer = self._proxy.ask_upstream(self.request)
        self.upstream = answer.status
        return answer

    def answer(self, answer: Answer) -> None:
        with suppress(OSError):  # the client may be dead by now; that is often the point
            self._handler.send_response(answer.status)
            for name, value in answer.headers.items():
                self._handler.send_header(name, value)
            self._handler.send_header("Content-Length", str(len(answer.body)))
            self._handler.end_headers()
            self._handler.wfile.write(answer.body)
            self._handler.wfile.flush()
            self.answered = answer.status

    def cut(self) -> None:
        """Closes the connection without a word."""
        self._handler.close_connection = True
        with suppress(OSError):
            self._handler.connection.shutdown(socket.SHUT_RDWR)

    def reached(self) -> None:
        """Wakes whoever waits for this fault."""
        if self._fault is not None:
            self._fault.reached()

    def hold(self) -> None:
        """Wakes whoever waits for this fault and stays here until it is released."""
        if self._fault is not None and not self._fault.hold():
            self._proxy.problems.append(f"{self.request.method} {self.request.path} was held and never released")


Behaviour = Callable[[Exchange], None]


def forward(exchange: Exchange) -> None:
    """As if there were no proxy, but known to whoever waits for the fault."""
    exchange.answer(exchange.forward())
    exchange.reached()


def answer(status: int, *, retry_after: int | None = None, body: bytes = b"", **headers: str) -> Behaviour:
    """Answers at once; the server never hears of the request. Header names may be written with underscores."""

    def behave(exchange: Exchange) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if retry_after is not None:
            named["retry-after"] = str(retry_after)
        exchange.answer(Answer(status, named, body))
        exchange.reached()

    return behave


def cut_before(exchange: Exchange) -> None:
    """Cuts the connection; the server never hears of the request."""
    exchange.cut()
    exchange.reached()


def cut_after(exchange: Exchange) -> None:
    """The server takes the request, and the client never gets its answer."""
    exchange.forward()
    exchange.cut()
    exchange.reached()


def fail_after(exchange: Exchange) -> None:
    """The server takes the request, and the client is told 502."""
    exchange.forward()
    exchange.answer(Answer(502))
    exchange.reached()


def hold_request(exchange: Exchange) -> None:
    """The server hears of the request only after the release, though the client may be dead by then."""
    exchange.hold()
    exchange.answer(exchange.forward())


def hold_answer(exchange: Exchange) -> None:
    """The server takes the request at once, the client gets the answer after the release."""
    taken = exchange.forward()
    exchange.hold()
    exchange.answer(taken)


def calls(name: str, method: str | None = None) -> When:
    """Requests whose path (without the query) ends in `name`, such as an XRPC method or /2/tweets."""

    def matches(request: Request) -> bool:
        return urlsplit(request.path).path.endswith(name) and method in (None, request.method)

    return matches


class FaultProxy:
    """Runs in threads of its own; every method may be called from any thread."""

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        assert parts.hostname
        self._upstream = (parts.hostname, parts.port or 80)
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._seen: list[Seen] = []
        self.problems: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def address(self) -> str:
        """host:port, as the list of allowed places wants it."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def on(self, when: When, behaviour: Behaviour, *, times: int | None = 1) -> Fault:
        """The next `times` requests that match behave so (None: all from now on); earlier rules come first."""
        fault = Fault(when, behaviour, times)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Forgets every rule, releasing what they hold; the log stays."""
        with self._lock:
            faults, self._faults = self._faults, []
        for fault in faults:
            fault.release()

    @property
    def seen(self) -> list[Seen]:
        """What has come through and ended, oldest first."""
        with self._lock:
            return list(self._seen)

    def seen_of(self, when: When) -> list[Seen]:
        return [seen for seen in self.seen if when(seen.request)]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._lock:
            used = list(self._faults)
        for fault in used:
            fault.release()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()  # waits for the threads of requests

    def handle(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        fault = self._take_fault(request)
        exchange = Exchange(self, handler, request, fault)
        try:
            (fault.behaviour if fault is not None else forward)(exchange)
        except OSError as error:
            self.problems.append(f"{request.method} {request.path}: {error!r}")
            exchange.cut()
        finally:
            with self._lock:
                self._seen.append(Seen(request, exchange.upstream, exchange.answered))

    def ask_upstream(self, request: Request) -> Answer:
        connection = http.client.HTTPConnection(*self._upstream, timeout=60)
        try:
            kept = {name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP}
            connection.request(request.method, request.path, request.body or None, kept)
            response = connection.getresponse()
            body = response.read()
            headers = {
                name: value
                for name, value in response.getheaders()
                if name.lower() not in _HOP_BY_HOP | {"content-length", "date", "server"}
            }
            return Answer(response.status, headers, body)
        finally:
            connection.close()

    def _take_fault(self, request: Request) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.left != 0 and fault.when(request):
                    if fault.left is not None:
                        fault.left -= 1
                    return fault
        return None


@contextmanager
def fault_proxy(upstream: str) -> Iterator[FaultProxy]:
    """A proxy on a free loopback port; at the end everything held is released, and a problem of its own fails the test."""
    proxy = FaultProxy(upstream)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
    assert not proxy.problems, proxy.problems


def _handler_of(proxy: FaultProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            proxy.handle(self, Request(self.command, self.path, dict(self.headers.items()), body))

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _handle  # noqa: N815  # the library names them

        def log_message(self, *_: object) -> None:
            """The proxy keeps its own log."""

    return Handler
