"""What stands on the local X: people, posts, and how X shows them; the server of x_server.py speaks for it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

_EPOCH = 1288834974657
_URL = re.compile(r"https?://\S+")
_HANDLE = re.compile(r"@(\w{1,15})")
_sequence = count(1)


@dataclass(frozen=True)
class User:
    id: str
    username: str
    name: str


@dataclass
class Post:
    id: int
    author: User
    said: str  # as it was written
    parent: Post | None = None
    quoted: Post | None = None
    repeats: Post | None = None
    leading: tuple[str, ...] = ()  # the handles that X puts in front of a reply
    deleted: bool = False
    listed: bool = True  # False: X has it, and does not list it yet
    short: dict[str, str] = field(default_factory=dict)  # link as written -> t.co

    @property
    def conversation(self) -> Post:
        return self.parent.conversation if self.parent else self

    @property
    def made_at(self) -> datetime:
        return datetime.fromtimestamp(((self.id >> 22) + _EPOCH) / 1000, UTC)

    @property
    def text(self) -> str:
        """As the API gives it: handles in front, links shortened, three characters escaped."""
        shown = " ".join([*(f"@{handle}" for handle in self.leading), self.said])
        return html.escape(_URL.sub(lambda link: self.short[link.group()], shown), quote=False)

    def mentions(self, users: Mapping[str, User]) -> list[tuple[re.Match[str], User]]:
        found = ((match, users.get(match.group(1).lower())) for match in _HANDLE.finditer(self.text))
        return [(match, user) for match, user in found if user]


class Posts:
    """All users and posts of this X."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.posts: dict[int, Post] = {}

    def user(self, username: str) -> User:
        key = username.lower()
        if key not in self.users:
            self.users[key] = User(str(1000 + len(self.users)), username, username.title())
        return self.users[key]

    def add(
        self,
        author: User,
        text: str,
        *,
        under: Post | None = None,
        quoted: Post | None = None,
        repeats: Post | None = None,
        at: datetime | None = None,
    ) -> Post:
        moment = at or datetime.now(UTC)
        id_ = ((int(moment.timestamp() * 1000) - _EPOCH) << 22) | next(_sequence) % (1 << 22)
        while id_ in self.posts or (at is None and self.posts and id_ <= max(self.posts)):
            id_ += 1
        post = Post(id_, author, text, under, quoted, repeats)
        if under and under.author != author and f"@{under.author.username}".lower() not in text.lower():
            post.leading = (under.author.username,)
        for link in _URL.findall(text):
            post.short[link] = f"https://t.co/{next(_sequence):010d}"
        self.posts[id_] = post
        return post

    def visible(self) -> list[Post]:
        """Newest first."""
        return sorted((p for p in self.posts.values() if not p.deleted and p.listed), key=lambda p: p.id, reverse=True)

    def mentioning(self, user: User) -> list[Post]:
        return [post for post in self.visible() if user in (found for _, found in post.mentions(self.users))]

    def matching(self, query: str) -> list[Post]:
        tests = [_term(self, term) for term in re.findall(r"-?\([^()]*\)|\S+", query)]
        return [post for post in self.visible() if all(test(post) for test in tests)]

    def shown(self, post: Post, wanted: Iterable[str]) -> dict[str, Any]:
        """The post with the fields that were asked for, and those that always come."""
        wanted = {"id", "text", "edit_history_tweet_ids", *wanted}
        return {name: value for name, value in self._all_fields(post).items() if name in wanted and value}

    def included(self, posts: Sequence[Post], expansions: Iterable[str], wanted: Iterable[str]) -> dict[str, Any]:
        users: dict[str, User] = {}
        others: dict[int, Post] = {}
        for post in posts:
            if "author_id" in expansions:
                users[post.author.id] = post.author
            if "referenced_tweets.id" in expansions:
                others |= {p.id: p for p in (post.parent, post.quoted, post.repeats) if p and not p.deleted}
        found = {
            "users": [{"id": user.id, "name": user.name, "username": user.username} for user in users.values()],
            "tweets": [self.shown(post, wanted) for post in others.values()],
        }
        return {name: values for name, values in found.items() if values}

    def _all_fields(self, post: Post) -> dict[str, Any]:
        references = (("replied_to", post.parent), ("quoted", post.quoted), ("retweeted", post.repeats))
        return {
            "id": str(post.id),
            "text": post.text,
            "edit_history_tweet_ids": [str(post.id)],
            "author_id": post.author.id,
            "conversation_id": str(post.conversation.id),
            "created_at": post.made_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "in_reply_to_user_id": post.parent.author.id if post.parent else None,
            "lang": "en",
            "referenced_tweets": [{"type": kind, "id": str(other.id)} for kind, other in references if other],
            "entities": self._entities(post),
        }

    def _entities(self, post: Post) -> dict[str, Any]:
        text = post.text
        mentions = [
            {"start": match.start(), "end": match.end(), "username": user.username, "id": user.id}
            for match, user in post.mentions(self.users)
        ]
        urls = [
            {
                "start": text.index(short),
                "end": text.index(short) + len(short),
                "url": short,
                "expanded_url": link,
                "display_url": link.split("://")[1][:26],
            }
            for link, short in post.short.items()
        ]
        return {name: found for name, found in (("mentions", mentions), ("urls", urls)) if found}


def _term(posts: Posts, term: str) -> Any:
    """One term of a recent-search query as a test of a post; knows what the adapter may send, and refuses the rest."""
    if term.startswith("-"):
        positive = _term(posts, term[1:])
        return lambda post: not positive(post)
    if term.startswith("("):
        either = [[_term(posts, word) for word in part.split()] for part in term[1:-1].split(" OR ")]
        return lambda post: any(all(test(post) for test in tests) for tests in either)
    if term == "is:retweet":
        return lambda post: post.repeats is not None
    if term.startswith("from:"):
        name = term.removeprefix("from:").lower()
        return lambda post: name in (post.author.id, post.author.username.lower())
    if term.startswith("conversation_id:"):
        return lambda post: str(post.conversation.id) == term.removeprefix("conversation_id:")
    if term.startswith("@"):
        return lambda post: term[1:].lower() in (user.username.lower() for _, user in post.mentions(posts.users))
    if ":" in term or not term.strip('"'):
        raise ValueError(term)
    word = re.compile(rf"\b{re.escape(term.strip(chr(34)))}\b", re.IGNORECASE)
    return lambda post: word.search(post.said) is not None
