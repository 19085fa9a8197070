"""Recount the sums that pages read - points, solutions, boards, kudos, ranks - and mend those that are not equal to their rows.

Rows of the ledger are never changed: where they are wrong, `recount_points` says so and a person has to look.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from forum.actions.give_points import review_soon
from forum.actions.settle_rank import read_ladder
from forum.ledger.checking_rows import Difference
from forum.people.account import Account
from forum.superfans.badge import Badge
from forum.superfans.causes import CAUSES
from forum.superfans.ladder import Held, weigh
from forum.superfans.points import PointEntry
from forum.superfans.rank import MemberMeasure, Rank, ReviewDue
from forum.superfans.standings import StandingRow
from forum.threads.imported import ImportedVote
from forum.threads.post import Kudos, Post
from forum.threads.thread import Thread

Sums: TypeAlias = tuple[int, int, int]  # points, solutions, kudos
Place: TypeAlias = tuple[str, date, str, int]  # span, first day, scope, account
NOTHING: Sums = (0, 0, 0)
EVER = date(1970, 1, 1)


def recount_sums(session: Session, now: datetime, *, mend: bool = False) -> Iterator[Difference]:
    """Every sum that differs. `mend`: set it right; the caller holds the points, and commits."""
    boards = _boards(session)
    yield from _check_accounts(session, boards, mend)
    yield from _check_boards(session, boards, mend)
    yield from _check_kudos(session, mend)
    yield from _check_ranks(session, now, mend)


def hold_points(session: Session) -> None:
    """Nobody earns or loses points until the transaction ends. In the order in which events write; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE kudos, imported_votes, acceptances, point_entries IN SHARE MODE"))


def _boards(session: Session) -> Mapping[Place, Sums]:
    """What the ledger adds up to, row by row."""
    sums: defaultdict[Place, list[int]] = defaultdict(lambda: [0, 0, 0])
    gives: dict[int, bool] = {}
    for entry in session.execute(select(*PointEntry.__table__.columns).order_by(PointEntry.id)):
        gives[entry.id] = entry.of_id is None or not gives[entry.of_id]
        sign, cause = (1 if gives[entry.id] else -1), CAUSES[entry.kind]
        more = (entry.points, sign * cause.counts_solution, sign * cause.counts_kudos)
        for span, first in _spans(entry.at.astimezone(UTC).date()):
            for scope in _scopes(entry):
                kept = sums[span, first, scope, entry.account_id]
                kept[:] = [one + other for one, other in zip(kept, more, strict=True)]
    return {place: (one[0], one[1], one[2]) for place, one in sums.items()}


def _spans(day: date) -> Iterator[tuple[str, date]]:
    yield "week", day - timedelta(days=day.isoweekday() - 1)
    yield "month", date(day.year, day.month, 1)
    yield "quarter", date(day.year, 1 + 3 * ((day.month - 1) // 3), 1)
    yield "all", EVER


def _scopes(entry: Any) -> Iterator[str]:
    yield ""
    for name, value in (("board", entry.board_id), ("language", entry.language), ("network", entry.network)):
        if value:
            yield f"{name}:{value}"


def _check_accounts(session: Session, boards: Mapping[Place, Sums], mend: bool) -> Iterator[Difference]:
    for row in session.execute(select(Account.id, Account.points, Account.solutions).order_by(Account.id)):
        points, solutions, _kudos = boards.get(("all", EVER, "", row.id), NOTHING)
        if (points, solutions) != (row.points, row.solutions):
            yield Difference(
                f"account {row.id}: points, solutions", f"{points}, {solutions}", f"{row.points}, {row.solutions}"
            )
            if mend:
                _set(session, Account, row.id, points=points, solutions=solutions)


def _check_boards(session: Session, boards: Mapping[Place, Sums], mend: bool) -> Iterator[Difference]:
    columns = StandingRow.__table__.columns
    kept: dict[Place, Sums] = {
        (row.span, row.starts_on, row.scope, row.account_id): (row.points, row.solutions, row.kudos)
        for row in session.execute(select(*columns))
    }
    for place in sorted(boards.keys() | kept.keys()):
        expected, found = boards.get(place, NOTHING), kept.get(place, NOTHING)
        if expected == found:
            continue
        span, first, scope, account_id = place
        yield Difference(f"board {span} {first} {scope or 'all'}: account {account_id}", _told(expected), _told(found))
        if mend:
            key = {"span": span, "starts_on": first, "scope": scope, "account_id": account_id}
            points, solutions, kudos = expected
            session.merge(StandingRow(**key, points=points, solutions=solutions, kudos=kudos))


def _check_kudos(session: Session, mend: bool) -> Iterator[Difference]:
    """Kudos given here that stand, and votes that came in with an import."""
    standing = select(Kudos.post_id, func.count().label("number")).where(
        Kudos.taken_back_at.is_(None), Kudos.voided_at.is_(None)
    )  # fmt: skip
    given = {row.post_id: row.number for row in session.execute(standing.group_by(Kudos.post_id))}
    votes = select(ImportedVote.post_id, ImportedVote.up, func.count().label("number"))
    counted = {
        (row.post_id, row.up): row.number
        for row in session.execute(votes.group_by(ImportedVote.post_id, ImportedVote.up))
    }
    of_thread: Counter[int] = Counter()
    for row in session.execute(select(Post.id, Post.thread_id, Post.kudos_count, Post.down_count).order_by(Post.id)):
        up, down = given.get(row.id, 0) + counted.get((row.id, True), 0), counted.get((row.id, False), 0)
        of_thread[row.thread_id] += up
        if (up, down) != (row.kudos_count, row.down_count):
            yield Difference(f"post {row.id}: kudos, down", f"{up}, {down}", f"{row.kudos_count}, {row.down_count}")
            if mend:
                _set(session, Post, row.id, kudos_count=up, down_count=down)
    for thread in session.execute(select(Thread.id, Thread.kudos_count).order_by(Thread.id)):
        if of_thread[thread.id] != thread.kudos_count:
            yield Difference(f"thread {thread.id}: kudos", str(of_thread[thread.id]), str(thread.kudos_count))
            if mend:
                _set(session, Thread, thread.id, kudos_count=of_thread[thread.id])


def _check_ranks(session: Session, now: datetime, mend: bool) -> Iterator[Difference]:
    """Each member's rank by their kept measures. Whoever waits for a review anyway is left to it."""
    ladder = read_ladder(session)
    changed = [at for model in (Rank, Badge) if (at := session.scalar(select(func.max(model.changed_at)))) is not None]
    waiting = select(ReviewDue.account_id)
    found = (
        select(Account.id, Account.rank_id, Account.rank_falls_at, MemberMeasure.values, MemberMeasure.measured_at)
        .outerjoin(MemberMeasure, MemberMeasure.account_id == Account.id)
        .where(MemberMeasure.account_id.is_not(None) | Account.rank_id.is_not(None), Account.id.not_in(waiting))
        .order_by(Account.id)
    )
    wrong = []
    for row in session.execute(found):
        if row.measured_at is not None and any(row.measured_at <= at for at in changed):
            continue
        held, right = Held(row.rank_id, row.rank_falls_at), Held(None)
        if row.values is not None:
            values = {name: None if value is None else Decimal(value) for name, value in row.values.items()}
            right = weigh(ladder.steps, values, held, row.measured_at)
        if right != held:
            yield Difference(f"account {row.id}: rank", _rank(right), _rank(held))
            wrong.append(row.id)
    if mend:
        review_soon(session, wrong, now)


def _set(session: Session, model: type[Account | Post | Thread], row_id: int, **values: int) -> None:
    session.execute(update(model).where(model.id == row_id).values(values))


def _rank(held: Held) -> str:
    until = f" until {held.falls_at:%Y-%m-%d}" if held.falls_at else ""
    return "none" if held.rank_id is None else f"{held.rank_id}{until}"


def _told(sums: Sums) -> str:
    return f"{sums[0]} points, {sums[1]} solutions, {sums[2]} kudos"
