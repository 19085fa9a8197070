"""Signing in: once for a process, for Bluesky allows 30 sign-ins in five minutes and 300 a day for an account."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Protocol

from atproto import Client
from atproto_client.client.session import Session, SessionEvent
from atproto_client.request import Request

from forum.networks.guard import GuardedTransport, timeout
from forum.networks.port import NetworkError


class Sessions(Protocol):
    """Where sessions outlive a process, for workers that fork for every job. What it holds is as secret as a password."""

    def load(self, name: str) -> str | None: ...

    def save(self, name: str, session: str) -> None: ...


@dataclass(frozen=True)
class Credentials:
    service: str
    handle: str
    app_password: str
    allow: frozenset[str]

    @property
    def name(self) -> str:
        """Names the session of exactly these credentials without telling them."""
        return sha256("\0".join((self.service, self.handle, self.app_password)).encode()).hexdigest()


_clients: dict[Credentials, BlueskyClient] = {}
_lock = Lock()


def signed_in(credentials: Credentials, sessions: Sessions | None) -> BlueskyClient:
    """The client of an account, signed in by this process or, by way of `sessions`, by another before."""
    with _lock:
        client = _clients.get(credentials)
        if client is None:
            client = _opened(credentials, sessions)
            _clients[credentials] = client
        return client


def sign_in_anew(credentials: Credentials, sessions: Sessions | None, stale: BlueskyClient) -> BlueskyClient:
    """Replaces a session that has ended. Whoever comes second finds the first one's."""
    with _lock:
        current = _clients.get(credentials)
        if current is None or current is stale:
            current = _with_password(credentials, sessions)
            _clients[credentials] = current
        return current


class BlueskyClient(Client):  # type: ignore[misc]  # the SDK says nothing of its types
    """Stays with the service that the operator named, whatever other server its answers point to."""

    def _update_pds_endpoint(self, pds_endpoint: str) -> None:
        pass

    @property
    def did(self) -> str:
        assert self._session is not None
        return str(self._session.did)

    @property
    def handle(self) -> str:
        assert self._session is not None
        return str(self._session.handle)


class _GuardedRequest(Request):  # type: ignore[misc]
    def __init__(self, allow: frozenset[str]) -> None:
        super().__init__(transport=GuardedTransport(allow), timeout=timeout(), trust_env=False)
        self._client.follow_redirects = False  # XRPC knows none, and a password must not travel on


def _opened(credentials: Credentials, sessions: Sessions | None) -> BlueskyClient:
    stored = sessions.load(credentials.name) if sessions is not None else None
    if stored is None:
        return _with_password(credentials, sessions)
    client = _client(credentials, sessions)
    client.login(session_string=stored, fetch_bsky_profile=False)
    return client


def _with_password(credentials: Credentials, sessions: Sessions | None) -> BlueskyClient:
    if not (credentials.handle and credentials.app_password):
        raise NetworkError("Bluesky needs a handle and an app password.", permanent=True)
    client = _client(credentials, sessions)
    client.login(credentials.handle, credentials.app_password, fetch_bsky_profile=False)
    return client


def _client(credentials: Credentials, sessions: Sessions | None) -> BlueskyClient:
    client = BlueskyClient(credentials.service, request=_GuardedRequest(credentials.allow))
    if sessions is not None:

        def keep(event: SessionEvent, session: Session) -> None:
            if event is not SessionEvent.IMPORT:
                sessions.save(credentials.name, session.export())

        client.on_session_change(keep)
    return client
