"""The address that the web server listens on: opened here, and asked here whether it answers."""

from __future__ import annotations

import errno
import socket
import time
from urllib.parse import urlsplit

from forum.kernel.settings import Settings
from workers.tree import CannotStart

PATIENCE = 1.5  # seconds that an instance which was just killed may take to let go of the port


def open_listener(settings: Settings) -> socket.socket:
    """A listening socket. Opened before anything is started, so a port in use is said before anything has happened."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return _listen(settings)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise CannotStart(_why_not(settings, error)) from None
        time.sleep(0.1)


def is_healthy(settings: Settings) -> bool:
    """Whether GET /healthz answers 200. Spoken by hand, since an HTTP client would take longer to import than to answer."""
    host = urlsplit(settings.public_url).netloc
    question = f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((_reachable(settings.host), settings.port), timeout=2) as client:
            client.sendall(question.encode())
            return client.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def _listen(settings: Settings) -> socket.socket:
    family, kind, protocol, _name, address = socket.getaddrinfo(
        settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


def _why_not(settings: Settings, error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return f"HOST {settings.host} is not known on this machine."
    if error.errno == errno.EADDRINUSE:
        return f"Port {settings.port} on {settings.host} is in use: end what uses it, or choose another (PORT=8080 make run)."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {settings.port} needs more rights than we have: choose one above 1023 (PORT=8080 make run)."
    return f"HOST {settings.host} with port {settings.port} cannot be listened on: {error.strerror}."


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  told apart here, not bound
