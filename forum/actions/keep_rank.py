"""Make a rank, change it, move it, retire it. Each is logged; the members whose rank may change are reviewed by the workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.database import take_turns
from forum.kernel.errors import Conflict, Invalid
from forum.kernel.ids import numbered, slug
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import RIGHTS, Act, require
from forum.superfans.describing import check_formula, check_look, check_titles
from forum.superfans.rank import Rank
from forum.superfans.titles import ENGLISH, cleaned

LONGEST_GRACE = 365  # days
MOST = 50


@dataclass(frozen=True)
class RankFacts:
    """A rank as an admin describes it. `titles` by language; `grace_days` None: what was typed is no number."""

    titles: Mapping[str, str]
    formula: str
    icon: str
    colour: str
    rights: Sequence[str]
    grace_days: int | None
    above: int | None  # the id of the rank that it stands directly above; None: it is the lowest


def make_rank(session: Session, facts: RankFacts, languages: Sequence[str], by: Account, now: datetime) -> Rank:
    """One that says all the same as a standing one is that one: a form that is sent twice makes one rank.

    Raises Invalid with a sentence for each field that is wrong.
    """
    require(by, Act.KEEP_RANKS)
    take_turns(session, "ranks")
    standing = standing_ranks(session)
    _check(facts, languages, standing)
    rank = Rank(position=0, made_at=now)
    _describe(rank, facts, languages, now)
    if (twin := next((one for one in standing if _is_twin(one, rank)), None)) is not None:
        return twin
    if len(standing) >= MOST:
        raise Conflict(Message("There are %(most)s ranks already. Retire one first.", {"most": MOST}))
    rank.name = _free_name(session, facts.titles[ENGLISH])
    session.add(rank)
    session.flush()
    place(standing, rank, facts.above)
    _log(session, rank, by, now, {"made": _told(rank)})
    return rank


def change_rank(
    session: Session, rank: Rank, facts: RankFacts, languages: Sequence[str], by: Account, now: datetime
) -> None:
    require(by, Act.KEEP_RANKS)
    take_turns(session, "ranks")
    session.refresh(rank, with_for_update=True)
    if rank.retired_at is not None:
        raise Conflict(Message("This rank is retired."))
    standing = [one for one in standing_ranks(session) if one.id != rank.id]
    _check(facts, languages, standing)
    before = _told(rank)
    _describe(rank, facts, languages, now)
    place(standing, rank, facts.above)
    _log(session, rank, by, now, {"before": before, "after": _told(rank)})


def retire_rank(session: Session, rank: Rank, by: Account, now: datetime) -> None:
    """Who holds it gets the highest other rank that they meet, without a time of grace. It cannot be brought back."""
    require(by, Act.KEEP_RANKS)
    take_turns(session, "ranks")
    session.refresh(rank, with_for_update=True)
    if rank.retired_at is not None:
        return
    rank.retired_at = rank.changed_at = now
    _log(session, rank, by, now, {"retired": _told(rank)})


def standing_ranks(session: Session) -> list[Rank]:
    """Those that can be held, the lowest first."""
    return list(session.scalars(select(Rank).where(Rank.retired_at.is_(None)).order_by(Rank.position, Rank.id)))


def place(others: Sequence[Rank], rank: Rank, above: int | None) -> None:
    """Number all ranks anew from 1, `rank` directly above the one named."""
    below = next((number for number, one in enumerate(others, start=1) if one.id == above), 0)
    ordered = [*others[:below], rank, *others[below:]]
    for position, one in enumerate(ordered, start=1):
        one.position = position


def _check(facts: RankFacts, languages: Sequence[str], others: Sequence[Rank]) -> None:
    wrong = check_titles(facts.titles, languages) | check_formula(facts.formula, "truth")
    wrong |= check_look(facts.icon, facts.colour)
    if facts.grace_days is None or not 0 <= facts.grace_days <= LONGEST_GRACE:
        wrong["grace_days"] = Message("A whole number from 0 to %(most)s, please.", {"most": LONGEST_GRACE})
    if set(facts.rights) - set(RIGHTS):
        wrong["rights"] = Message("Please choose among the rights.")
    if facts.above is not None and facts.above not in {one.id for one in others}:
        wrong["above"] = Message("Please choose one of the places.")
    if wrong:
        raise Invalid(Message("Please check what is marked below."), wrong)


def _describe(rank: Rank, facts: RankFacts, languages: Sequence[str], now: datetime) -> None:
    rank.titles = cleaned(facts.titles, languages)
    rank.formula = facts.formula.strip()
    rank.icon, rank.colour = facts.icon, facts.colour
    rank.rights = [str(right) for right in RIGHTS if right in facts.rights]
    rank.grace_days = facts.grace_days or 0
    rank.changed_at = now


def _is_twin(one: Rank, other: Rank) -> bool:
    return _told(one) | {"position": 0} == _told(other) | {"position": 0}


def _free_name(session: Session, title: str) -> str:
    """From the English title, with a number behind it where that is taken."""
    wanted = slug(title, 34) or "rank"
    taken = set(session.scalars(select(Rank.name).where(Rank.name.startswith(wanted, autoescape=True))))
    return numbered(wanted, taken)


def _told(rank: Rank) -> dict[str, Any]:
    return {
        "titles": dict(rank.titles), "formula": rank.formula, "rights": list(rank.rights), "grace_days": rank.grace_days,
        "icon": rank.icon, "colour": rank.colour, "position": rank.position,
    }  # fmt: skip


def _log(session: Session, rank: Rank, by: Account, now: datetime, details: dict[str, Any]) -> None:
    session.add(LogEntry(act=Act.KEEP_RANKS, about=f"rank:{rank.id}", by_id=by.id, at=now, details=details))
    session.flush()
