"""The port that every social network stands behind. An adapter turns every SDK error into a NetworkError,
keeps field names, limits and hosts as its own data, and never opens a database transaction of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from forum.kernel.messages import Message


@dataclass(frozen=True)
class RemotePost:
    """A post as the network shows it. `handle` holds what a reply to it needs, opaque to everybody else."""

    remote_id: str
    conversation_id: str  # the remote_id of the first post of the conversation
    parent_id: str | None  # the remote_id of the post this one answers
    author_id: str
    author_handle: str  # without a leading @
    author_name: str
    text: str
    created_at: datetime  # aware UTC
    permalink: str
    addressed: bool  # the author turned to us: @mention, reply to us or quote; False: found by keyword alone
    language: str | None = None  # as the network says, BCP 47
    handle: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MentionPage:
    """Some posts and the cursor that says these were taken. Store both in one commit, then ask again while `more`."""

    posts: Sequence[RemotePost]
    cursor: str | None
    more: bool


@dataclass(frozen=True)
class MentionRef:
    """The stored mention that a reply goes to, as far as an adapter needs it."""

    remote_id: str
    conversation_id: str
    author_id: str
    author_handle: str
    addressed: bool
    created_at: datetime
    handle: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReplyKey:
    """Names one delivery for ever: the same key and text never make a second visible reply where the network can tell."""

    value: str  # unique among our deliveries, [a-z0-9:-]
    made_at: (
        datetime  # when the delivery row was made, aware UTC; networks with time-ordered keys derive theirs from it
    )
    number: int  # the delivery's id


@dataclass(frozen=True)
class SentReply:
    remote_id: str
    permalink: str


@dataclass(frozen=True)
class ConnectedAccount:
    """Whose credentials these are, as the network says."""

    remote_id: str
    handle: str
    name: str


@dataclass(frozen=True)
class Limits:
    """How long a reply may be. `unit` is a word for people: characters, graphemes."""

    maximum: int
    unit: str


class NetworkError(Exception):
    """Whatever an SDK or the network raised, in one shape.

    permanent: the same request will never be taken; a person has to look.
    retry_after: how long the network asks to be left alone.
    uncertain: the request may have taken effect all the same (cut off, timed out, 5xx); read back before sending again.
    words: the network's own words, without any secret, for the person who looks.
    """

    def __init__(
        self, words: str, *, permanent: bool = False, retry_after: timedelta | None = None, uncertain: bool = False
    ) -> None:
        super().__init__(words)
        self.words = words
        self.permanent = permanent
        self.retry_after = retry_after
        self.uncertain = uncertain


class CannotTell(Exception):
    """The network offers no way to learn now whether our reply stands."""


class Network(Protocol):
    """One connected account on one network. Every method may raise NetworkError."""

    def check(self) -> ConnectedAccount:
        """Whose account this is; raises a permanent NetworkError where the credentials are refused."""
        ...

    def list_mentions(self, cursor: str | None) -> MentionPage:
        """One page of posts that mention, reply to or quote us, or match the listening rules, not taken before `cursor`.

        A cursor of None starts at the present backlog. Own posts are left out. Within a backlog every post comes in
        some page before `more` turns False, whatever the network's own order; a page may repeat posts, never lose any.
        """
        ...

    def read_conversation(self, mention: MentionRef) -> Sequence[RemotePost]:
        """The posts of the mention's author that came after it in its conversation, oldest first."""
        ...

    def limits(self) -> Limits: ...

    def length(self, text: str) -> int:
        """How long the network counts `text`, in the unit of `limits()`."""
        ...

    def why_not(self, mention: MentionRef) -> Message | None:
        """Why this mention cannot be answered there, for staff to read; None where it can."""
        ...

    def reply(self, mention: MentionRef, text: str, key: ReplyKey) -> SentReply:
        """Post `text` under the mention. Links and @handles in the text are made live where the network needs that."""
        ...

    def find_reply(self, mention: MentionRef, text: str, key: ReplyKey) -> SentReply | None:
        """Our reply for this key if it stands, None if it surely does not; raises CannotTell otherwise."""
        ...

    def delete(self, reply: SentReply) -> None:
        """Take our reply away. One that is gone already is a success."""
        ...


class Networks(Protocol):
    """Opens the network behind a stored connection; the one that web and workers pass to actions."""

    def open(self, kind: str, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Network: ...
