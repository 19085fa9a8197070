"""Ask me no more about a subject; and: ask me again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from forum.kernel.database import lock
from forum.kernel.errors import Conflict, Invalid
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.expertise import Field, FieldKind
from forum.superfans.helping import Mute
from forum.threads.board import Board
from forum.threads.private_boards import may_read_board
from forum.threads.writing import clean_tags

MOST_MUTES = 200
MUTABLE = frozenset({FieldKind.BOARD, FieldKind.TAG, FieldKind.TERM, FieldKind.PRODUCT})
_NO_SUBJECT = Message("There is no such subject.")


def mute_subject(session: Session, field: Field, by: Account, now: datetime) -> Mute:
    """Muting twice gives the mute that stands."""
    require(by, Act.ANSWER)
    if field.kind not in MUTABLE or not 0 < len(field.key) <= 80 or not _exists(session, field, by):
        raise Invalid(_NO_SUBJECT, {"subject": _NO_SUBJECT})
    lock(session, by)
    if (standing := session.get(Mute, (by.id, field.kind, field.key))) is not None:
        return standing
    if (session.scalar(select(func.count()).where(Mute.account_id == by.id)) or 0) >= MOST_MUTES:
        raise Conflict(Message("You have muted as many subjects as can be kept."))
    mute = Mute(account_id=by.id, field=field.kind, subject=field.key, since=now)
    session.add(mute)
    session.flush()
    return mute


def mute_tag(session: Session, typed: str, by: Account, now: datetime) -> Mute:
    """A tag as it was typed, which need not be in use yet."""
    try:
        names = clean_tags([typed])
    except Invalid as error:
        raise Invalid(error.message, {"subject": error.fields["tags"]}) from error
    if not names:
        raise Invalid(_NO_SUBJECT, {"subject": Message("Nothing is written yet.")})
    return mute_subject(session, Field(FieldKind.TAG, names[0]), by, now)


def unmute_subject(session: Session, field: Field, by: Account) -> None:
    """Nothing where it is not muted."""
    require(by, Act.ANSWER)
    session.execute(delete(Mute).where(Mute.account_id == by.id, Mute.field == field.kind, Mute.subject == field.key))


def _exists(session: Session, field: Field, by: Account) -> bool:
    """Boards are few and known, those at least that they may read; what people call things is theirs."""
    if field.kind != FieldKind.BOARD:
        return True
    board = session.get(Board, int(field.key)) if field.key.isdecimal() and len(field.key) < 18 else None
    return board is not None and may_read_board(board, by)
