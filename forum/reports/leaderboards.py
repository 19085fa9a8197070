"""Leaderboards, read from the standings alone: no query here grows with the ledger.

Who left the boards, closed the account or works here stands on none. Equal figures share a place (1, 2, 2, 4); only the
first hundred places are shown and none without a gain, so a board praises and never shames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.people.roles import Role
from forum.reports.rank_views import RankLook, rank_looks
from forum.superfans.standings import EVER, Span, StandingRow, start_of
from forum.threads.board import Board

PAGE, PLACES = 20, 100


class By(StrEnum):
    POINTS = "points"
    SOLUTIONS = "solutions"
    KUDOS = "kudos"


@dataclass(frozen=True)
class Wanted:
    """`starts_on` is the first day of the span (UTC); `scope` as in the standings: "", board:3, language:zh, network:X."""

    span: Span
    starts_on: date
    scope: str = ""
    by: By = By.POINTS


@dataclass(frozen=True)
class Line:
    place: int
    account_id: int
    name: str
    display_name: str
    rank: RankLook | None
    points: int
    solutions: int
    kudos: int
    key: str  # what the next page begins after


@dataclass(frozen=True)
class Leaderboard:
    """`earlier` and `later` are first days of the spans before and after, where there is anything to see."""

    wanted: Wanted
    lines: Sequence[Line]
    next_key: str | None
    earlier: date | None
    later: date | None


@dataclass(frozen=True)
class OwnWeek:
    """One's own week. `place` None: nothing gained yet, or one is on no board; `missing` to the next place: None on the first."""

    gained: int
    place: int | None
    missing: int | None
    last_week: int


@dataclass(frozen=True)
class ScopeChoice:
    scope: str
    kind: str  # board | language | network
    word: str  # a board's name, a language's tag, a network's title


def leaderboard(session: Session, wanted: Wanted, now: datetime, *, after: str = "") -> Leaderboard:
    """Six queries whatever stands in the ledger. A key that is none begins at the top."""
    value = _value(wanted)
    key = _read_key(after)
    before = session.scalar(_count(wanted, _stands_before(value, key))) or 0 if key else 0
    room = max(min(PAGE, PLACES - before), 0)
    rows = session.execute(_rows(wanted, value, key).limit(room + 1)).all() if room else []
    more, rows = len(rows) > room and before + room < PLACES, rows[:room]
    above = session.scalar(_count(wanted, value > rows[0].value)) or 0 if rows else 0
    lines = _lines(rows, before, above, rank_looks(session))
    next_key = lines[-1].key if more and lines else None
    return Leaderboard(wanted, lines, next_key, _earlier(session, wanted), _later(wanted, now))


def own_week(session: Session, account: Account, now: datetime) -> OwnWeek:
    """By points, in the whole community; four queries."""
    this = Wanted(Span.WEEK, start_of(Span.WEEK, now.astimezone(UTC).date()))
    gained, last = (_gained(session, account.id, day) for day in (this.starts_on, this.starts_on - timedelta(days=7)))
    if gained <= 0 or not is_on_boards(account):
        return OwnWeek(max(gained, 0), None, None, max(last, 0))
    value = _value(this)
    above = session.scalar(_count(this, value > gained)) or 0
    nearest = _eligible(select(func.min(value)), this).where(value > gained)
    next_value = session.scalar(nearest)
    return OwnWeek(gained, above + 1, next_value - gained if next_value is not None else None, max(last, 0))


def is_on_boards(account: Account) -> bool:
    return account.role == Role.CUSTOMER and account.closed_at is None and account.off_leaderboards_since is None


def stands_on_boards() -> ColumnElement[bool]:
    """The same as a condition on Account."""
    return and_(Account.role == Role.CUSTOMER, Account.closed_at.is_(None), Account.off_leaderboards_since.is_(None))


def scope_choices(session: Session, boards: Sequence[Board]) -> Sequence[ScopeChoice]:
    """The boards that the reader may see, then the languages and networks that anybody ever gained anything in."""
    choices = [ScopeChoice(f"board:{board.id}", "board", board.name) for board in boards]
    for scope in _scopes(session):
        kind, _colon, word = scope.partition(":")
        if kind in {"language", "network"}:
            choices.append(ScopeChoice(scope, kind, word))
    return choices


def _value(wanted: Wanted) -> Any:
    columns: Mapping[By, Any] = {
        By.POINTS: StandingRow.points, By.SOLUTIONS: StandingRow.solutions, By.KUDOS: StandingRow.kudos,
    }  # fmt: skip
    return columns[wanted.by]


def _eligible(query: Select[Any], wanted: Wanted) -> Select[Any]:
    return (
        query.select_from(StandingRow)
        .join(Account, Account.id == StandingRow.account_id)
        .where(
            StandingRow.span == wanted.span.value, StandingRow.starts_on == wanted.starts_on,
            StandingRow.scope == wanted.scope, _value(wanted) > 0, stands_on_boards(),
        )
    )  # fmt: skip


def _count(wanted: Wanted, condition: ColumnElement[bool]) -> Select[Any]:
    return _eligible(select(func.count()), wanted).where(condition)


def _rows(wanted: Wanted, value: Any, key: tuple[int, int] | None) -> Select[Any]:
    query = _eligible(
        select(
            StandingRow.account_id, StandingRow.points, StandingRow.solutions, StandingRow.kudos, value.label("value"),
            Account.name, Account.display_name, Account.rank_id,
        ),
        wanted,
    )  # fmt: skip
    if key is not None:
        number, account_id = key
        query = query.where(or_(value < number, and_(value == number, StandingRow.account_id > account_id)))
    return query.order_by(value.desc(), StandingRow.account_id)


def _stands_before(value: Any, key: tuple[int, int]) -> ColumnElement[bool]:
    number, account_id = key
    return or_(value > number, and_(value == number, StandingRow.account_id <= account_id))


def _lines(rows: Sequence[Any], before: int, above: int, looks: Mapping[int, RankLook]) -> list[Line]:
    lines: list[Line] = []
    place = above + 1
    for number, row in enumerate(rows):
        if number and row.value != rows[number - 1].value:
            place = before + number + 1
        lines.append(
            Line(
                place, row.account_id, row.name, row.display_name, looks.get(row.rank_id), row.points, row.solutions,
                row.kudos, f"{row.value}.{row.account_id}",
            )
        )  # fmt: skip
    return lines


def _read_key(key: str) -> tuple[int, int] | None:
    number, _dot, account = key.partition(".")
    if not (number.isascii() and number.isdigit() and account.isascii() and account.isdigit()):
        return None
    return (int(number), int(account)) if len(key) < 30 else None


def _gained(session: Session, account_id: int, starts_on: date) -> int:
    row = session.get(StandingRow, (Span.WEEK.value, starts_on, "", account_id))
    return row.points if row else 0


def _earlier(session: Session, wanted: Wanted) -> date | None:
    """The latest span before in which anybody stands on this board."""
    if wanted.span == Span.ALL:
        return None
    before = select(func.max(StandingRow.starts_on)).where(
        StandingRow.span == wanted.span.value, StandingRow.starts_on < wanted.starts_on
    )  # fmt: skip
    return session.scalar(before)


def _later(wanted: Wanted, now: datetime) -> date | None:
    """The next span, as long as it has begun."""
    if wanted.span == Span.ALL:
        return None
    following = start_of(
        wanted.span, wanted.starts_on + timedelta(days={Span.WEEK: 7, Span.MONTH: 31}.get(wanted.span, 92))
    )
    return following if following <= now.astimezone(UTC).date() else None


def _scopes(session: Session) -> Sequence[str]:
    """Every scope once, by jumping from one to the next in the index: as many steps as there are scopes, not members."""
    whole = and_(StandingRow.span == Span.ALL.value, StandingRow.starts_on == EVER)
    first = select(func.min(StandingRow.scope).label("scope")).where(whole)
    step = first.cte("scopes", recursive=True)
    following = select(func.min(StandingRow.scope)).where(whole, StandingRow.scope > step.c.scope)
    step = step.union_all(select(following.correlate(step).scalar_subquery()).where(step.c.scope.is_not(None)))
    found = session.scalars(select(step.c.scope).where(step.c.scope.is_not(None), step.c.scope != literal("")))
    return found.all()
