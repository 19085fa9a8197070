"""What a member is taken to know, for themselves: the same rows that decide which questions they are asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.superfans.availability import MOST_A_DAY, usual_hours
from forum.superfans.expertise import Field, FieldKind, faded
from forum.superfans.helping import Availability, Expertise, Mute
from forum.threads.board import Board
from forum.threads.private_boards import board_is_readable

SHOWN = 15  # of each kind, the strongest


class Level(StrEnum):
    MUCH = "much"
    SOME = "some"
    LITTLE = "little"


@dataclass(frozen=True)
class Known:
    """`word` is what people call it: a board's name, a tag, a term."""

    field: Field
    word: str
    level: Level


@dataclass(frozen=True)
class Muted:
    field: Field
    word: str


@dataclass(frozen=True)
class OwnExpertise:
    """`hours` are today's usual times, each from and until."""

    known: Mapping[FieldKind, Sequence[Known]]
    muted: Sequence[Muted]
    hours: Sequence[tuple[datetime, datetime]]
    away_until: datetime | None
    asks_a_day: int
    answers: int
    learnt_at: datetime | None


def own_expertise(session: Session, me: Account, now: datetime) -> OwnExpertise:
    """Four queries."""
    boards = {
        str(number): name for number, name in session.execute(select(Board.id, Board.name).where(board_is_readable(me)))
    }
    row = session.get(Availability, me.id)
    away = row.away_until if row else None
    return OwnExpertise(
        known=_known(session, me, boards, now),
        muted=_muted(session, me, boards),
        hours=_hours(row.hours if row else (), now),
        away_until=away if away and away > now else None,
        asks_a_day=row.asks_a_day if row else MOST_A_DAY,
        answers=row.answers if row else 0,
        learnt_at=row.learnt_at if row else None,
    )


def _known(
    session: Session, me: Account, boards: Mapping[str, str], now: datetime
) -> Mapping[FieldKind, Sequence[Known]]:
    """The strongest of each kind; a board that they may no longer read is left out."""
    mine = select(Expertise).where(Expertise.account_id == me.id)
    rows = session.scalars(mine.order_by(Expertise.weight.desc(), Expertise.subject)).all()
    found: defaultdict[FieldKind, list[Known]] = defaultdict(list)
    for row in rows:
        field = Field(FieldKind(row.field), row.subject)
        word = boards.get(field.key) if field.kind == FieldKind.BOARD else field.key
        if word and field.kind != FieldKind.ALL and len(found[field.kind]) < SHOWN:
            found[field.kind].append(Known(field, word, level_of(faded(row.weight, row.learnt_at, now))))
    return found


def level_of(weight: float) -> Level:
    """By what it takes: three fresh solutions are much, one is some."""
    if weight >= 5:
        return Level.MUCH
    return Level.SOME if weight >= 1.5 else Level.LITTLE


def _muted(session: Session, me: Account, boards: Mapping[str, str]) -> Sequence[Muted]:
    rows = session.execute(select(Mute.field, Mute.subject).where(Mute.account_id == me.id).order_by(Mute.subject))
    fields = [Field(FieldKind(kind), key) for kind, key in rows]
    return [Muted(one, boards.get(one.key, one.key) if one.kind == FieldKind.BOARD else one.key) for one in fields]


def _hours(hours: Sequence[float], now: datetime) -> list[tuple[datetime, datetime]]:
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    return [(midnight + timedelta(hours=start), midnight + timedelta(hours=end)) for start, end in usual_hours(hours)]
