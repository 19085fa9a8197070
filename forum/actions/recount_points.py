"""Recount the points ledger from what earned it: kudos, acceptances and imported votes, by the rules of docs/points.md.

Written beside give_points and never calling it, so that the two check each other. Only reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from math import ceil
from typing import Any, TypeAlias

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from forum.actions.recount_givers import gives_to_one_person
from forum.ledger.checking_rows import Difference
from forum.superfans.causes import CAUSES, Trust
from forum.superfans.points import PointEntry, PointWeight
from forum.threads.acceptance import Acceptance
from forum.threads.imported import ImportedVote
from forum.threads.post import Kudos, Post
from forum.threads.thread import SameProblem, Thread

Entry: TypeAlias = Row[Any]
TRUST_WEIGHS = {Trust.NEWCOMER: Fraction(1, 2), Trust.MEMBER: Fraction(1), Trust.TRUSTED: Fraction(3, 2)}
OLD_RULES = "old_rules"  # rows from before causes had weights and caps
OLD_POINTS = {"acceptance": 10, "kudos": 2}
NEWER_CAUSES = ("accepted_mention", "first_to_solve", "same_problem")


@dataclass(frozen=True)
class Earned:
    """What should have earned points. `certain` False: whether it earned them cannot be known any more, only how many."""

    kind: str
    subject: int
    account_id: int
    thread_id: int
    at: datetime
    stands: bool
    trust: str = Trust.MEMBER
    one_person: bool = False
    certain: bool = True

    @property
    def cause(self) -> str:
        return f"{self.kind}:{self.subject}"


def recount_points(session: Session) -> Iterator[Difference]:
    """Every row of the ledger that is not what it must be, and every one that is missing or too many."""
    entries = session.execute(select(*PointEntry.__table__.columns).order_by(PointEntry.id)).all()
    given = {entry.cause: entry for entry in entries if entry.of_id is None}
    earned = {one.cause: one for one in (*_from_acceptances(session), *_from_kudos(session), *_from_votes(session))}
    yield from _missing(earned, given)
    yield from _given(session, [one for one in entries if one.of_id is None], earned)
    yield from _taken_back(entries, earned)


def _from_acceptances(session: Session) -> Iterator[Earned]:
    """Nothing for one's own question or one's own acceptance."""
    first = _first_accepted(session)
    found = select(
        Acceptance.id, Acceptance.accepted_at, Acceptance.withdrawn_at, Acceptance.accepted_by_id, Acceptance.thread_id,
        Post.author_id, Post.number, Thread.author_id.label("asker_id"), Thread.origin_network,
        _earlier_reply().label("earlier"),
    ).join(Post, Post.id == Acceptance.post_id).join(Thread, Thread.id == Acceptance.thread_id)  # fmt: skip
    for row in session.execute(found):
        if row.author_id is None or row.author_id in {row.asker_id, row.accepted_by_id}:
            continue
        kinds = ["acceptance"]
        kinds += ["accepted_mention"] if row.origin_network is not None else []
        kinds += ["first_to_solve"] if row.earlier is None and first[row.thread_id] == row.id else []
        for kind in kinds:
            stands = row.withdrawn_at is None
            yield Earned(kind, row.id, row.author_id, row.thread_id, row.accepted_at, stands)


def _first_accepted(session: Session) -> Mapping[int, int]:
    rows = session.execute(
        select(Acceptance.thread_id, func.min(Acceptance.id).label("id")).group_by(Acceptance.thread_id)
    )
    return {row.thread_id: row.id for row in rows}


def _earlier_reply() -> Any:
    """A reply before the accepted one by somebody who is not the asker, nor wrote on a network."""
    earlier = aliased(Post)
    by_asker = func.coalesce(earlier.author_id == Thread.author_id, False)
    return (
        select(func.min(earlier.id))
        .where(earlier.thread_id == Acceptance.thread_id, earlier.number > 1, earlier.number < Post.number)
        .where(~by_asker, earlier.origin_author.is_(None))
        .correlate(Acceptance, Post, Thread)
        .scalar_subquery()
    )


def _from_kudos(session: Session) -> Iterator[Earned]:
    """Kudos on a reply; and once more where the giver had said "same problem" before."""
    found = select(
        Kudos.id, Kudos.giver_id, Kudos.given_at, Kudos.taken_back_at, Kudos.voided_at, Kudos.trust, Post.author_id,
        Post.thread_id, SameProblem.said_at,
    ).join(Post, Post.id == Kudos.post_id).outerjoin(
        SameProblem, (SameProblem.thread_id == Post.thread_id) & (SameProblem.account_id == Kudos.giver_id)
    ).where(Post.number > 1).order_by(Kudos.giver_id, Kudos.id)  # fmt: skip
    rows = session.execute(found).all()
    alone = gives_to_one_person(rows)
    for row in rows:
        if row.author_id is None:
            continue
        stands = row.taken_back_at is None and row.voided_at is None
        of = (row.id, row.author_id, row.thread_id, row.given_at, stands)
        yield Earned("kudos", *of, trust=row.trust, one_person=row.id in alone)
        said_before = (
            row.said_at is not None and row.said_at <= row.given_at
        )  # who takes "same problem" back leaves no trace
        yield Earned("same_problem", *of, one_person=row.id in alone, certain=said_before)


def _from_votes(session: Session) -> Iterator[Earned]:
    found = select(ImportedVote.id, ImportedVote.at, Post.author_id, Post.thread_id).join(
        Post, Post.id == ImportedVote.post_id
    )
    for row in session.execute(found.where(ImportedVote.up, Post.number > 1, Post.author_id.is_not(None))):
        yield Earned("imported_kudos", row.id, row.author_id, row.thread_id, row.at, True, trust=Trust.NEWCOMER)


def _missing(earned: Mapping[str, Earned], given: Mapping[str, Entry]) -> Iterator[Difference]:
    """What the newer causes would have earned under the old rules is not missing."""
    old = {f"{one.kind}:{one.cause.split(':')[1]}" for one in given.values() if one.why == OLD_RULES}
    for cause, one in earned.items():
        main = f"{'kudos' if one.kind == 'same_problem' else 'acceptance'}:{one.subject}"
        if cause not in given and one.certain and not (one.kind in NEWER_CAUSES and main in old):
            yield Difference(cause, f"a row for account {one.account_id}", "none")


def _given(session: Session, entries: Sequence[Entry], earned: Mapping[str, Earned]) -> Iterator[Difference]:
    """In the order of the ledger, since a day's cap is used up in that order."""
    weights = _Weights(session.scalars(select(PointWeight).order_by(PointWeight.set_at, PointWeight.id)).all())
    of_the_day: defaultdict[tuple[int, str, date], int] = defaultdict(int)
    for entry in entries:
        one = earned.get(entry.cause)
        if one is None:
            yield Difference(entry.cause, "no row", f"{entry.points} points for account {entry.account_id}")
            continue
        day = (entry.account_id, entry.kind, entry.at.astimezone(UTC).date())
        points, why = weights.worth(entry, one, of_the_day[day])
        of_the_day[day] += points
        expected = (one.kind, one.account_id, one.thread_id, one.at, points, why)
        found = (entry.kind, entry.account_id, entry.thread_id, entry.at, entry.points, entry.why)
        if expected != found:
            yield Difference(entry.cause, _told(expected), _told(found))


class _Weights:
    """What a cause was worth where and when."""

    def __init__(self, rows: Iterable[PointWeight]) -> None:
        self._rows: defaultdict[tuple[str, int | None], list[PointWeight]] = defaultdict(list)
        for row in rows:
            self._rows[row.kind, row.board_id].append(row)

    def worth(self, entry: Entry, one: Earned, earned_before: int) -> tuple[int, str | None]:
        """The points that the row must have, and why they are fewer than their weight."""
        if entry.why == OLD_RULES and entry.kind in OLD_POINTS:
            return OLD_POINTS[entry.kind], OLD_RULES
        if one.one_person:
            return 0, "one_person"
        points, cap = self._of(entry.kind, entry.board_id, entry.at)
        full = ceil(points * TRUST_WEIGHS[Trust(one.trust)])
        left = full if cap is None else max(cap - earned_before, 0)
        return (full, None) if full <= left else (left, "cap")

    def _of(self, kind: str, board_id: int | None, at: datetime) -> tuple[int, int | None]:
        for place in dict.fromkeys((board_id, None)):
            held = [row for row in self._rows[kind, place] if row.set_at <= at]
            if held:
                return held[-1].points, held[-1].daily_cap
        return CAUSES[kind].points, CAUSES[kind].daily_cap


def _taken_back(entries: Sequence[Entry], earned: Mapping[str, Earned]) -> Iterator[Difference]:
    """Each reversal is the mirror of the row before it, and the last of a cause says whether it stands."""
    by_id = {entry.id: entry for entry in entries}
    standing = {entry.cause: True for entry in entries if entry.of_id is None}
    for entry in entries:
        if entry.of_id is None:
            continue
        of = by_id[entry.of_id]
        cause = ":".join(entry.cause.split(":")[:2])
        standing[cause] = not standing.get(cause, True)
        expected = (of.kind, of.account_id, of.thread_id, -of.points, of.board_id, of.language, of.network)
        found = (
            entry.kind,
            entry.account_id,
            entry.thread_id,
            entry.points,
            entry.board_id,
            entry.language,
            entry.network,
        )
        if expected != found or not entry.cause.startswith(f"{of.cause}:") or entry.at < of.at:
            yield Difference(entry.cause, _told(expected), _told(found))
    for cause, stands in standing.items():
        one = earned.get(cause)
        if one is not None and one.stands is not stands:
            yield Difference(cause, _word(one.stands), _word(stands))


def _word(stands: bool) -> str:
    return "stands" if stands else "taken back"


def _told(values: Iterable[object]) -> str:
    return ", ".join("-" if value is None else str(value) for value in values)
