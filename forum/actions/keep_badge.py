"""Make a badge, change it, retire it. Each is logged; what members earned stays theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.kernel.database import take_turns
from forum.kernel.errors import Conflict, Invalid
from forum.kernel.ids import numbered, slug
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.badge import Badge
from forum.superfans.describing import check_descriptions, check_formula, check_look, check_titles
from forum.superfans.titles import ENGLISH, cleaned

MOST = 200


@dataclass(frozen=True)
class BadgeFacts:
    """A badge as an admin describes it. `repeats`: its formula is a number, how many times it is earned."""

    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    formula: str
    icon: str
    colour: str
    repeats: bool
    hidden: bool


def make_badge(session: Session, facts: BadgeFacts, languages: Sequence[str], by: Account, now: datetime) -> Badge:
    """One that says all the same as a standing one is that one: a form that is sent twice makes one badge.

    Raises Invalid with a sentence for each field that is wrong.
    """
    require(by, Act.KEEP_RANKS)
    take_turns(session, "ranks")
    _check(facts, languages)
    badge = Badge(made_at=now)
    _describe(badge, facts, languages, now)
    alike = session.scalars(select(Badge).where(Badge.retired_at.is_(None), Badge.formula == badge.formula))
    if (twin := next((one for one in alike if _told(one) == _told(badge)), None)) is not None:
        return twin
    if (session.scalar(select(func.count()).select_from(Badge).where(Badge.retired_at.is_(None))) or 0) >= MOST:
        raise Conflict(Message("There are %(most)s badges already. Retire one first.", {"most": MOST}))
    badge.name = _free_name(session, facts.titles[ENGLISH])
    session.add(badge)
    session.flush()
    _log(session, badge, by, now, {"made": _told(badge)})
    return badge


def change_badge(
    session: Session, badge: Badge, facts: BadgeFacts, languages: Sequence[str], by: Account, now: datetime
) -> None:
    require(by, Act.KEEP_RANKS)
    take_turns(session, "ranks")
    session.refresh(badge, with_for_update=True)
    if badge.retired_at is not None:
        raise Conflict(Message("This badge is retired."))
    _check(facts, languages)
    before = _told(badge)
    _describe(badge, facts, languages, now)
    _log(session, badge, by, now, {"before": before, "after": _told(badge)})


def retire_badge(session: Session, badge: Badge, by: Account, now: datetime) -> None:
    """Nobody earns it any more; who has it keeps it."""
    require(by, Act.KEEP_RANKS)
    session.refresh(badge, with_for_update=True)
    if badge.retired_at is None:
        badge.retired_at = badge.changed_at = now
        _log(session, badge, by, now, {"retired": _told(badge)})


def _check(facts: BadgeFacts, languages: Sequence[str]) -> None:
    wrong = check_titles(facts.titles, languages) | check_descriptions(facts.descriptions, languages)
    wrong |= check_formula(facts.formula, "number" if facts.repeats else "truth")
    wrong |= check_look(facts.icon, facts.colour)
    if wrong:
        raise Invalid(Message("Please check what is marked below."), wrong)


def _describe(badge: Badge, facts: BadgeFacts, languages: Sequence[str], now: datetime) -> None:
    badge.titles = cleaned(facts.titles, languages)
    badge.descriptions = cleaned(facts.descriptions, languages)
    badge.formula = facts.formula.strip()
    badge.icon, badge.colour = facts.icon, facts.colour
    badge.repeats, badge.hidden = facts.repeats, facts.hidden
    badge.changed_at = now


def _free_name(session: Session, title: str) -> str:
    wanted = slug(title, 34) or "badge"
    taken = set(session.scalars(select(Badge.name).where(Badge.name.startswith(wanted, autoescape=True))))
    return numbered(wanted, taken)


def _told(badge: Badge) -> dict[str, Any]:
    return {
        "titles": dict(badge.titles), "descriptions": dict(badge.descriptions), "formula": badge.formula,
        "icon": badge.icon, "colour": badge.colour, "repeats": badge.repeats, "hidden": badge.hidden,
    }  # fmt: skip


def _log(session: Session, badge: Badge, by: Account, now: datetime, details: dict[str, Any]) -> None:
    session.add(LogEntry(act=Act.KEEP_RANKS, about=f"badge:{badge.id}", by_id=by.id, at=now, details=details))
    session.flush()
