"""Turns whatever the SDK or the network raises into NetworkError, with the network's own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
from atproto_client.exceptions import RateLimitExceededError, RequestErrorBase
from atproto_client.models.common import XrpcError
from atproto_core.exceptions import AtProtocolError

from forum.kernel.clock import utc_now
from forum.networks.port import NetworkError

_UNKNOWN_WAIT = timedelta(minutes=1)
_STALE = frozenset({"ExpiredToken", "InvalidToken"})
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_MEANT_FOR_LATER = frozenset({408, 409, 425})


@contextmanager
def translated(*, writing: bool) -> Iterator[None]:
    """Everything that goes wrong inside leaves as a NetworkError; a write that may have been taken is uncertain."""
    try:
        yield
    except RequestErrorBase as error:
        raise _of_request(error, writing) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise NetworkError(f"The address of the service cannot be used: {error}", permanent=True) from error
    except httpx.HTTPError as error:
        raise NetworkError(f"Bluesky could not be reached: {error}", uncertain=writing) from error
    except (AtProtocolError, ValueError) as error:
        raise NetworkError(f"Bluesky's answer makes no sense: {error}"[:500], uncertain=writing) from error


def is_stale(error: RequestErrorBase) -> bool:
    """Whether the session has ended and signing in anew will help."""
    return name_of(error) in _STALE


def name_of(error: RequestErrorBase) -> str:
    """The network's own name of an error, such as RecordNotFound; empty where it gave none."""
    content = error.response.content if error.response is not None else None
    return str(content.error) if isinstance(content, XrpcError) else ""


def _of_request(error: RequestErrorBase, writing: bool) -> NetworkError:
    if error.response is None:
        sent = not isinstance(error.__cause__, _NEVER_SENT)
        return NetworkError(f"Bluesky could not be reached: {error.__cause__}", uncertain=writing and sent)
    status, words = error.response.status_code, _words(error)
    if isinstance(error, RateLimitExceededError):
        return NetworkError(f"Bluesky asks for a pause: {words}", retry_after=_wait(error) or _UNKNOWN_WAIT)
    if name_of(error) == "AuthFactorTokenRequired":
        words = "this account asks for a second factor; make an app password in Bluesky's settings and use that"
        return NetworkError(f"Bluesky refused to sign in: {words}", permanent=True)
    if status == 401 or is_stale(error):
        return NetworkError(f"Bluesky refused the handle or its app password: {words}", permanent=True)
    if status >= 500 or status in _MEANT_FOR_LATER:
        return NetworkError(f"Bluesky failed: {words}", retry_after=_wait(error), uncertain=writing)
    return NetworkError(f"Bluesky refused: {words}", permanent=True)


def _words(error: RequestErrorBase) -> str:
    assert error.response is not None
    content = error.response.content
    if isinstance(content, XrpcError):
        return str(content.message or content.error)
    return f"status {error.response.status_code}"


def _wait(error: RequestErrorBase) -> timedelta | None:
    """How long the network asks to be left alone: `retry-after`, else the reset of its rate limit."""
    assert error.response is not None
    limited = RateLimitExceededError(error.response)  # reads the headers of any status
    if limited.retry_after is not None:
        return timedelta(seconds=limited.retry_after)
    if limited.reset_at is not None and isinstance(error, RateLimitExceededError):
        left: timedelta = limited.reset_at - utc_now()
        return max(left, timedelta(seconds=1))
    return None
