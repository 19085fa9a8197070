"""The few calls of X's API that the adapter makes, by tweepy; every failure of tweepy, requests or X leaves as a NetworkError."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import tweepy
from requests.adapters import HTTPAdapter

from forum.networks.port import NetworkError
from forum.networks.x import fields

Answer = Mapping[str, Any]


class Refused(NetworkError):
    """X answered, and said no; `status` is its HTTP status."""

    def __init__(
        self,
        words: str,
        *,
        status: int,
        permanent: bool = False,
        retry_after: timedelta | None = None,
        uncertain: bool = False,
    ) -> None:
        super().__init__(words, permanent=permanent, retry_after=retry_after, uncertain=uncertain)
        self.status = status


class _Session(requests.Session):
    """tweepy sets no time-out and would follow a redirect to anywhere."""

    def __init__(self, timeout: tuple[float, float]) -> None:
        super().__init__()
        self._timeout = timeout

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(*args, **{"timeout": self._timeout, "allow_redirects": False, **kwargs})


class Api:
    """One account's access. `transport` is mounted in place of the plain connection to X."""

    def __init__(
        self,
        secrets: Mapping[str, str],
        *,
        transport: HTTPAdapter | None = None,
        timeout: tuple[float, float] = fields.TIMEOUT,
    ) -> None:
        missing = [name for name in fields.SECRETS if not secrets.get(name)]
        if missing:
            raise NetworkError(f"missing: {', '.join(missing)}", permanent=True)
        self._client = tweepy.Client(
            consumer_key=secrets["api_key"],
            consumer_secret=secrets["api_key_secret"],
            access_token=secrets["access_token"],
            access_token_secret=secrets["access_token_secret"],
            return_type=dict,
            wait_on_rate_limit=False,
        )
        self._client.session = _Session(timeout)
        if transport is not None:
            self._client.session.mount("https://", transport)

    def me(self) -> Answer:
        return self._ask(self._client.get_me, user_fields=list(fields.USER_FIELDS))

    def mentions(self, account_id: str, since: int | None, token: str | None) -> Answer:
        return self._list(self._client.get_users_mentions, account_id, since_id=since, pagination_token=token)

    def timeline(self, account_id: str, since: int | None, token: str | None) -> Answer:
        """Our own posts, newest first, without those that only repeat others'."""
        client = self._client
        return self._list(
            client.get_users_tweets, account_id, since_id=since, pagination_token=token, exclude=["retweets"]
        )

    def search(self, query: str, since: int | None, token: str | None, until: int | None = None) -> Answer:
        """The last week's posts that match, newest first."""
        return self._list(self._client.search_recent_tweets, query, since_id=since, until_id=until, next_token=token)

    def post(self, text: str, under: str) -> Answer:
        return self._ask(self._client.create_tweet, writes=True, text=text, in_reply_to_tweet_id=under)

    def remove(self, post_id: str) -> Answer:
        return self._ask(self._client.delete_tweet, post_id, writes=True)

    def _list(self, call: Callable[..., Any], subject: str, **bounds: Any) -> Answer:
        return self._ask(
            call,
            subject,
            max_results=fields.PAGE,
            tweet_fields=list(fields.SENT.post_fields),
            expansions=list(fields.SENT.expansions),
            user_fields=list(fields.USER_FIELDS),
            **bounds,
        )

    def _ask(self, call: Callable[..., Any], *args: Any, writes: bool = False, **params: Any) -> Answer:
        try:
            answer = call(*args, user_auth=True, **params)
        except tweepy.HTTPException as error:
            raise _refusal(error, writes=writes) from error
        except requests.Timeout as error:
            raise NetworkError("X did not answer in time.", uncertain=writes) from error
        except requests.RequestException as error:
            raise NetworkError("The connection to X failed.", uncertain=writes) from error
        except (AttributeError, TypeError, ValueError) as error:  # tweepy met an answer of another shape
            raise NetworkError("X gave an answer that cannot be read.", uncertain=writes) from error
        if not isinstance(answer, dict):
            raise NetworkError("X gave an answer that cannot be read.", uncertain=writes)
        return answer


def _refusal(error: tweepy.HTTPException, *, writes: bool) -> Refused:
    response: requests.Response = error.response
    status = response.status_code
    words = "; ".join(str(message) for message in error.api_messages) or f"{status} {response.reason}"
    if status == 429:
        return Refused(words, status=status, retry_after=_wait(response))
    if status >= 500:
        return Refused(words, status=status, uncertain=writes)
    if writes and status == 403 and fields.DUPLICATE in words.lower():
        # Perhaps our own earlier attempt is what it duplicates: the caller reads back.
        return Refused(words, status=status, uncertain=True)
    return Refused(words, status=status, permanent=True)


def _wait(response: requests.Response) -> timedelta:
    """How long until the limit that was hit is given anew; both clocks being right, else at least a second."""
    resets = [
        int(response.headers[reset])
        for left, reset in fields.RATE_LIMITS
        if response.headers.get(left, "0") == "0" and response.headers.get(reset, "").isdecimal()
    ]
    if not resets:
        return fields.RATE_WINDOW
    seconds = max(resets) - datetime.now(UTC).timestamp()
    return timedelta(seconds=max(1.0, seconds))
