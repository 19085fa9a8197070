"""Writing on the sandbox network: who may be somebody there, and what a post may be."""

from __future__ import annotations

from datetime import datetime

import regex
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.kernel.errors import Conflict, Invalid
from forum.kernel.messages import Message
from forum.networks.sandbox.models import SandboxAccount, SandboxPost

LONGEST = 500  # graphemes: what a reader would call characters
STAND_INS = (("mira", "Mira"), ("tobias", "Tobias"), ("noor", "Noor"), ("xiaolin", "小林"), ("yating", "雅婷"))
_GRAPHEME = regex.compile(r"\X")
_HANDLE = regex.compile(r"[a-z0-9_]{2,40}")


def length(text: str) -> int:
    """Characters as a reader counts them: a flag or a family emoji is one, a URL counts in full."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def account(session: Session, handle: str) -> SandboxAccount | None:
    return session.scalar(select(SandboxAccount).where(SandboxAccount.handle == handle.lower()))


def open_account(session: Session, handle: str, name: str, *, is_brand: bool = False) -> SandboxAccount:
    """The account of this handle, made where there is none; an existing one is left as it is."""
    if (found := account(session, handle)) is not None:
        return found
    if not _HANDLE.fullmatch(handle.lower()):
        raise Invalid(Message("A handle has 2 to 40 letters, digits or underscores."))
    made = SandboxAccount(handle=handle.lower(), name=name, is_brand=is_brand)
    session.add(made)
    session.flush()
    return made


def open_stand_ins(session: Session) -> None:
    """Some customers to play, where there is none yet."""
    if session.scalar(select(SandboxAccount.id).where(~SandboxAccount.is_brand).limit(1)) is None:
        for handle, name in STAND_INS:
            open_account(session, handle, name)


def post(
    session: Session,
    account: SandboxAccount,
    text: str,
    parent: SandboxPost | None,
    now: datetime,
    *,
    reply_key: str | None = None,
) -> SandboxPost:
    """Write a post, under `parent` if given. Raises Invalid for a text that is empty or too long, Conflict under a deleted post."""
    text = _checked(text)
    take_turn(session)
    if parent is not None and parent.deleted_at is not None:
        raise Conflict(Message("The post you are answering has been deleted."))
    made = SandboxPost(
        account=account,
        parent_id=parent.id if parent else None,
        root_id=parent.conversation_id if parent else None,
        text=text,
        created_at=now,
        reply_key=reply_key,
    )
    session.add(made)
    session.flush()
    return made


def remove(session: Session, post: SandboxPost, now: datetime) -> None:
    """Take a post away; its answers stay. A second time changes nothing."""
    if post.deleted_at is None:
        post.deleted_at = now
        session.flush()


def take_turn(session: Session) -> None:
    """Let one transaction post at a time, so that ids become visible in ascending order.

    The cursor of `list_mentions` is the last id taken: an id committed late behind a higher one would never be
    listed. Writing the brand's row unchanged takes a row lock on PostgreSQL and the write lock on SQLite.
    """
    session.execute(
        update(SandboxAccount)
        .where(SandboxAccount.is_brand)
        .values(is_brand=True)
        .execution_options(synchronize_session=False)
    )


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(Message("Write something first."))
    if (count := length(text)) > LONGEST:
        raise Invalid(
            Message(
                "A post has at most %(most)s characters; this one has %(count)s.", {"most": LONGEST, "count": count}
            )
        )
    return text
