"""Pages of mentions: the notifications first, then what each keyword finds. The cursor holds one walk for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from atproto import models
from atproto_client.models.base import ParamsModelBase

from forum.networks.bluesky.reading import JSON, created_at, is_follow_up, remote_post
from forum.networks.bluesky.walk import Entry, Walk, milliseconds
from forum.networks.port import MentionPage, NetworkError, RemotePost

PAGE = 100  # the most that the network gives
FIRST_SEARCH = 7 * 24 * 3_600_000  # milliseconds; a word has been said since ever, and old talk wants no answer
_REASONS = ["mention", "reply", "quote"]
_NOTIFICATIONS = "notifications"
_VERSION = 1

Get = Callable[[str, ParamsModelBase], dict[str, Any]]


def page(cursor: str | None, keywords: Sequence[str], get: Get, us: str) -> MentionPage:
    """The page that `cursor` points to. `get` asks the network, `us` is our own DID."""
    sources = [_NOTIFICATIONS, *(f"search:{word}" for word in keywords)]
    walks, current = _read(cursor, sources)
    views, following = _fetch(current, walks[current].page if current in walks else None, get)
    entries = [Entry(str(view["uri"]), milliseconds(created_at(view))) for view in views]
    walk = walks.get(current) or _first_walk(current, entries)
    walks[current], fresh, goes_on = walk.step(entries, following)
    posts = [remote_post(view, us) for view, is_fresh in zip(views, fresh, strict=True) if is_fresh]
    wanted = [post for post in posts if _wanted(post, current, us)]
    then = current if goes_on else _next(sources, current)
    return MentionPage(wanted, _written(walks, sources, then), more=then is not None)


def _fetch(source: str, at: str | None, get: Get) -> tuple[list[JSON], str | None]:
    if source == _NOTIFICATIONS:
        params = models.AppBskyNotificationListNotifications.Params(limit=PAGE, cursor=at, reasons=_REASONS)
        answer = get("app.bsky.notification.listNotifications", params)
        return answer["notifications"], answer.get("cursor")
    word = source.partition(":")[2]
    search = models.AppBskyFeedSearchPosts.Params(q=word, sort="latest", limit=PAGE, cursor=at)
    answer = get("app.bsky.feed.searchPosts", search)
    return answer["posts"], answer.get("cursor")


def _first_walk(source: str, entries: Sequence[Entry]) -> Walk:
    if source == _NOTIFICATIONS or not entries:
        return Walk()
    return Walk(since=max(entry.at for entry in entries) - FIRST_SEARCH)


def _wanted(post: RemotePost, source: str, us: str) -> bool:
    """Own posts never; a search leaves what turns to us to the notifications, which know of blocks and mutes; and of
    what others say to each other below our posts only the asker going on is for us."""
    if post.author_id == us:
        return False
    if source != _NOTIFICATIONS:
        return not post.addressed
    return post.addressed or is_follow_up(post)


def _next(sources: Sequence[str], current: str) -> str | None:
    following = sources.index(current) + 1
    return sources[following] if following < len(sources) else None


def _read(cursor: str | None, sources: Sequence[str]) -> tuple[dict[str, Walk], str]:
    """The walks of a stored cursor and whose turn it is. Keywords may have come and gone since it was stored."""
    stored: dict[str, Any] = json.loads(cursor) if cursor else {"v": _VERSION}
    if stored.get("v") != _VERSION:
        raise NetworkError("The stored cursor is not one of Bluesky's.", permanent=True)
    walks = {source: Walk.from_json(walk) for source, walk in stored.get("walks", {}).items() if source in sources}
    turn = str(stored.get("turn"))
    return walks, turn if turn in sources else sources[0]


def _written(walks: dict[str, Walk], sources: Sequence[str], turn: str | None) -> str:
    stored = {source: walks[source].to_json() for source in sources if source in walks}
    return json.dumps({"v": _VERSION, "walks": stored, "turn": turn}, separators=(",", ":"))
