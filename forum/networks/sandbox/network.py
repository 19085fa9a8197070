"""The sandbox behind the network port. Each call is a short transaction of its own, as if the network were elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, aliased

from forum.kernel.clock import utc_now
from forum.kernel.database import writing
from forum.kernel.errors import ForumError
from forum.kernel.messages import Message
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
from forum.networks.sandbox import posting
from forum.networks.sandbox.models import SandboxAccount, SandboxPost

PAGE = 100
_BUSY_AGAIN_IN = timedelta(seconds=2)


def build(settings: Mapping[str, str], session_factory: Callable[[], Session], public_url: str) -> SandboxNetwork:
    """Settings: `handle`, the brand's account, and `keywords`, a comma list of words to listen for without an @."""
    keywords = [word.strip() for word in settings.get("keywords", "").split(",") if word.strip()]
    return SandboxNetwork(session_factory, settings["handle"], public_url, keywords or None)


class SandboxNetwork:
    """Fulfils `Network` for the brand's account `handle`."""

    def __init__(
        self,
        session_factory: Callable[[], Session],
        handle: str,
        public_url: str,
        keywords: Sequence[str] | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._sessions = session_factory
        self._handle = handle.lower().removeprefix("@")
        self._public_url = public_url.rstrip("/")
        self._keywords = tuple(keywords) if keywords is not None else (self._handle,)
        self._clock = clock
        self._addresses_us = re.compile(_whole_word("@" + self._handle), re.IGNORECASE)
        self._says_keyword = re.compile("|".join(map(_whole_word, self._keywords)) or r"(?!)", re.IGNORECASE)

    def check(self) -> ConnectedAccount:
        with self._opened() as (_, us):
            return ConnectedAccount(str(us.id), us.handle, us.name)

    def list_mentions(self, cursor: str | None) -> MentionPage:
        with self._opened() as (session, us):
            rows = session.execute(self._candidates(us, int(cursor or 0)).limit(PAGE + 1)).all()
            taken = rows[:PAGE]
            posts = [self._seen(post, parent_author == us.id) for post, parent_author in taken]
            heard = [post for post in posts if post.addressed or self._says_keyword.search(post.text)]
            last = str(taken[-1][0].id) if taken else cursor
            return MentionPage(heard, last, more=len(rows) > PAGE)

    def read_conversation(self, mention: MentionRef) -> Sequence[RemotePost]:
        with self._opened() as (session, us):
            rows = session.execute(
                _with_parent_author()
                .where(
                    SandboxPost.root_id == int(mention.conversation_id),
                    SandboxPost.account_id == int(mention.author_id),
                    SandboxPost.id > int(mention.remote_id),
                    SandboxPost.deleted_at.is_(None),
                )
                .order_by(SandboxPost.id)
            )
            return [self._seen(post, parent_author == us.id) for post, parent_author in rows]

    def limits(self) -> Limits:
        return Limits(posting.LONGEST, "characters")

    def length(self, text: str) -> int:
        return posting.length(text)

    def why_not(self, mention: MentionRef) -> Message | None:
        with self._opened() as (session, _):
            post = session.get(SandboxPost, int(mention.remote_id))
            gone = post is None or post.deleted_at is not None
        return Message("The post has been deleted on the network.") if gone else None

    def reply(self, mention: MentionRef, text: str, key: ReplyKey) -> SentReply:
        try:
            with writing(), self._opened() as (session, us):
                posting.take_turn(session)
                if (standing := _by_key(session, key)) is not None:
                    return self._sent_before(standing)
                parent = session.get(SandboxPost, int(mention.remote_id))
                if parent is None:
                    raise NetworkError("The post you are answering does not exist.", permanent=True)
                made = posting.post(session, us, text, parent, self._clock(), reply_key=key.value)
                sent = self._sent(made)
        except ForumError as refused:
            raise NetworkError(str(refused), permanent=True) from refused
        return sent

    def find_reply(self, mention: MentionRef, text: str, key: ReplyKey) -> SentReply | None:
        with self._opened() as (session, _):
            found = _by_key(session, key)
            return self._sent(found) if found is not None and found.deleted_at is None else None

    def delete(self, reply: SentReply) -> None:
        with writing(), self._opened() as (session, us):
            post = session.get(SandboxPost, int(reply.remote_id))
            if post is None:
                return
            if post.account_id != us.id:
                raise NetworkError("Only its author may delete a post.", permanent=True)
            posting.remove(session, post, self._clock())

    @contextmanager
    def _opened(self) -> Iterator[tuple[Session, SandboxAccount]]:
        """A transaction as the brand's account. What the database raises becomes what a network would say."""
        try:
            with self._sessions() as session, session.begin():
                us = posting.account(session, self._handle)
                if us is None or not us.is_brand:
                    raise NetworkError(f"@{self._handle} is not an account that may be connected.", permanent=True)
                yield session, us
        except IntegrityError as twice:  # the same key, at the same moment, from another process
            raise NetworkError("Another request is posting this reply.", uncertain=True) from twice
        except DBAPIError as busy:
            raise NetworkError("The sandbox is busy.", retry_after=_BUSY_AGAIN_IN, uncertain=True) from busy

    def _candidates(self, us: SandboxAccount, after_id: int) -> Select[SandboxPost, int]:
        """Every post that might concern us, and only few that do not: LIKE knows no word boundaries."""
        parent = aliased(SandboxPost)
        words: list[ColumnElement[bool]] = [
            SandboxPost.text.icontains(word, autoescape=True) for word in ("@" + self._handle, *self._keywords)
        ]
        return (
            select(SandboxPost, parent.account_id)
            .outerjoin(parent, SandboxPost.parent_id == parent.id)
            .where(
                SandboxPost.id > after_id,
                SandboxPost.account_id != us.id,
                SandboxPost.deleted_at.is_(None),
                or_(parent.account_id == us.id, *words),
            )
            .order_by(SandboxPost.id)
        )

    def _seen(self, post: SandboxPost, answers_us: bool) -> RemotePost:
        return RemotePost(
            remote_id=str(post.id),
            conversation_id=str(post.conversation_id),
            parent_id=str(post.parent_id) if post.parent_id else None,
            author_id=str(post.account_id),
            author_handle=post.account.handle,
            author_name=post.account.name,
            text=post.text,
            created_at=post.created_at,
            permalink=self._permalink(post.id),
            addressed=answers_us or self._addresses_us.search(post.text) is not None,
        )

    def _sent_before(self, post: SandboxPost) -> SentReply:
        if post.deleted_at is not None:
            raise NetworkError("This reply was posted and has been deleted since.", permanent=True)
        return self._sent(post)

    def _sent(self, post: SandboxPost) -> SentReply:
        return SentReply(str(post.id), self._permalink(post.id))

    def _permalink(self, post_id: int) -> str:
        return f"{self._public_url}/sandbox/posts/{post_id}"


def _by_key(session: Session, key: ReplyKey) -> SandboxPost | None:
    return session.scalar(select(SandboxPost).where(SandboxPost.reply_key == key.value))


def _with_parent_author() -> Select[SandboxPost, int]:
    parent = aliased(SandboxPost)
    return select(SandboxPost, parent.account_id).outerjoin(parent, SandboxPost.parent_id == parent.id)


def _whole_word(word: str) -> str:
    """Bounded by Latin letters and digits only: Chinese runs on without spaces, and an address is no @mention."""
    return rf"(?<![A-Za-z0-9_]){re.escape(word)}(?![A-Za-z0-9_])"
