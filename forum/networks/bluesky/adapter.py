"""Bluesky behind the network port, by the atproto SDK over the guarded transport."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Any, TypeVar

import regex
from atproto import models
from atproto_client.exceptions import BadRequestError, RequestErrorBase
from atproto_client.models.base import ParamsModelBase

from forum.kernel.messages import Message
from forum.networks.bluesky import listing
from forum.networks.bluesky.errors import is_stale, name_of, translated
from forum.networks.bluesky.facets import facets
from forum.networks.bluesky.reading import JSON, permalink, posts_of_thread, references, remote_post, repo_of, rkey_of
from forum.networks.bluesky.session import BlueskyClient, Credentials, Sessions, sign_in_anew, signed_in
from forum.networks.bluesky.tid import tid_of
from forum.networks.port import (
    ConnectedAccount,
    Limits,
    MentionPage,
    MentionRef,
    NetworkError,
    RemotePost,
    ReplyKey,
    SentReply,
)

DEFAULT_SERVICE = "https://bsky.social"
MOST_GRAPHEMES = 300
MOST_BYTES = 3_000
_POSTS = "app.bsky.feed.post"
_DEPTH = 100  # levels of a conversation that are read; the network caps it lower where it wants

T = TypeVar("T")


def build(
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
    allow: frozenset[str] = frozenset(),
    sessions: Sessions | None = None,
) -> BlueskyNetwork:
    """Settings: `handle`; `service`, the account's server (bsky.social by default); `keywords`, a comma list of words
    to listen for without an @; `languages`, a comma list of codes that replies carry. Secret: `app_password`.
    `allow` names the places (host:port) that may be private and without TLS."""
    service = (settings.get("service") or DEFAULT_SERVICE).strip().rstrip("/")
    credentials = Credentials(
        service if "://" in service else f"https://{service}",
        settings.get("handle", "").strip().removeprefix("@").lower(),
        secrets.get("app_password", "").strip(),
        allow,
    )
    return BlueskyNetwork(
        credentials,
        sessions,
        keywords=_listed(settings.get("keywords", "")),
        languages=_listed(settings.get("languages", "")),
    )


class BlueskyNetwork:
    """Fulfils `Network` for one account."""

    def __init__(
        self,
        credentials: Credentials,
        sessions: Sessions | None = None,
        *,
        keywords: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> None:
        self._credentials = credentials
        self._sessions = sessions
        self._keywords = tuple(keywords)
        self._languages = tuple(languages)

    def check(self) -> ConnectedAccount:
        session = self._get("com.atproto.server.getSession")
        did, handle = str(session["did"]), str(session["handle"])
        found = self._get("app.bsky.actor.getProfiles", models.AppBskyActorGetProfiles.Params(actors=[did]))
        names = [profile.get("displayName") for profile in found.get("profiles", [])]
        return ConnectedAccount(did, handle, next((name for name in names if name), handle))

    def list_mentions(self, cursor: str | None) -> MentionPage:
        return listing.page(cursor, self._keywords, self._get, self._us().did)

    def read_conversation(self, mention: MentionRef) -> Sequence[RemotePost]:
        us = self._us().did
        posts: dict[str, RemotePost] = {}
        for uri in dict.fromkeys(
            (mention.conversation_id, mention.remote_id)
        ):  # a long conversation is cut from its root
            for view in posts_of_thread(self._thread(uri)):
                post = remote_post(view, us)
                posts[post.remote_id] = post
        later = [
            post
            for post in posts.values()
            if post.author_id == mention.author_id
            and post.remote_id != mention.remote_id
            and post.created_at >= mention.created_at
        ]
        return sorted(later, key=lambda post: (post.created_at, post.remote_id))

    def limits(self) -> Limits:
        return Limits(MOST_GRAPHEMES, "graphemes")

    def length(self, text: str) -> int:
        """Graphemes. A text that fits by them but not by bytes counts as its share of the bytes, so that it is too long."""
        graphemes, size = len(regex.findall(r"\X", text)), len(text.encode())
        if size <= MOST_BYTES:
            return graphemes
        return max(graphemes, -(-size * MOST_GRAPHEMES // MOST_BYTES))

    def why_not(self, mention: MentionRef) -> Message | None:
        if mention.addressed:
            return None
        return Message(
            "Bluesky lets automated accounts answer only people who turned to them, and @%(handle)s did not.",
            {"handle": mention.author_handle},
        )

    def reply(self, mention: MentionRef, text: str, key: ReplyKey) -> SentReply:
        if self.length(text) > MOST_GRAPHEMES:
            raise NetworkError(f"The reply is longer than Bluesky's {MOST_GRAPHEMES} graphemes.", permanent=True)
        record = self._record(mention, self._answerable(mention), text, key)
        us = self._us()
        data = models.ComAtprotoRepoPutRecord.Data(repo=us.did, collection=_POSTS, rkey=tid_of(key), record=record)
        put = self._ask(lambda client: client.com.atproto.repo.put_record(data), writing=True)
        return self._sent(us, put.uri)

    def find_reply(self, mention: MentionRef, text: str, key: ReplyKey) -> SentReply | None:
        """Our own repository is the truth and read as it stands, so this always can tell."""
        us = self._us()
        params = models.ComAtprotoRepoGetRecord.Params(repo=us.did, collection=_POSTS, rkey=tid_of(key))
        found = self._get_or_none("com.atproto.repo.getRecord", params, absent="RecordNotFound")
        return None if found is None else self._sent(us, str(found["uri"]))

    def delete(self, reply: SentReply) -> None:
        us = self._us()
        if repo_of(reply.remote_id) != us.did:
            raise NetworkError("The reply was posted by another account.", permanent=True)
        rkey = rkey_of(reply.remote_id)
        data = models.ComAtprotoRepoDeleteRecord.Data(repo=us.did, collection=_POSTS, rkey=rkey)
        self._ask(lambda client: client.com.atproto.repo.delete_record(data), writing=True)

    def _answerable(self, mention: MentionRef) -> JSON:
        """The mention as it stands now; raises where a reply would hang in the air."""
        params = models.AppBskyFeedGetPosts.Params(uris=[mention.remote_id])
        found = self._get("app.bsky.feed.getPosts", params).get("posts", [])
        if not found:
            raise NetworkError("The post has been deleted on Bluesky, or its author has blocked you.", permanent=True)
        post: JSON = found[0]
        if post.get("viewer", {}).get("replyDisabled"):
            raise NetworkError("The author has limited who may reply to this post.", permanent=True)
        if post.get("author", {}).get("viewer", {}).get("blockedBy"):
            raise NetworkError("The author has blocked your account.", permanent=True)
        return post

    def _record(self, mention: MentionRef, view: JSON, text: str, key: ReplyKey) -> dict[str, Any]:
        """The post to be stored: the same to the byte whenever the same delivery is sent again."""
        made = key.made_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record: dict[str, Any] = {
            "$type": _POSTS,
            "text": text,
            "createdAt": made,
            "reply": references(view),
        }
        if live := facets(text, lambda handle: self._did_of(handle, mention)):
            record["facets"] = live
        if self._languages:
            record["langs"] = list(self._languages)
        return record

    def _did_of(self, handle: str, mention: MentionRef) -> str | None:
        if handle == mention.author_handle.lower():
            return mention.author_id
        params = models.ComAtprotoIdentityResolveHandle.Params(handle=handle)
        found = self._get_or_none("com.atproto.identity.resolveHandle", params)
        return None if found is None else str(found["did"])

    def _thread(self, uri: str) -> JSON:
        params = models.AppBskyFeedGetPostThread.Params(uri=uri, depth=_DEPTH, parent_height=0)
        found = self._get_or_none("app.bsky.feed.getPostThread", params, absent="NotFound")
        return {} if found is None else found["thread"]

    def _sent(self, us: BlueskyClient, uri: str) -> SentReply:
        return SentReply(uri, permalink(us.handle, us.did, uri))

    def _us(self) -> BlueskyClient:
        with translated(writing=False):
            return signed_in(self._credentials, self._sessions)

    def _get(self, method: str, params: ParamsModelBase | None = None) -> dict[str, Any]:
        answer = self._ask(lambda client: client.invoke_query(method, params), writing=False)
        if not isinstance(answer.content, dict):
            raise NetworkError(f"The service does not speak Bluesky's language at {method}.", permanent=True)
        return answer.content

    def _get_or_none(self, method: str, params: ParamsModelBase, absent: str | None = None) -> dict[str, Any] | None:
        """None where the network answers that there is no such thing (`absent` is its name for that; None: any)."""
        try:
            return self._get(method, params)
        except NetworkError as error:
            refused = error.__cause__
            if (
                isinstance(refused, BadRequestError)
                and not is_stale(refused)
                and name_of(refused) == (absent or name_of(refused))
            ):
                return None
            raise

    def _ask(self, request: Callable[[BlueskyClient], T], *, writing: bool) -> T:
        """Runs one request as our account; a session that has ended is opened anew, once."""
        client = self._us()
        with translated(writing=writing):
            try:
                return request(client)
            except RequestErrorBase as error:
                if not is_stale(error):
                    raise
                with translated(writing=False):
                    client = sign_in_anew(self._credentials, self._sessions, client)
                return request(client)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word for part in text.split(",") if (word := part.strip()))
