"""Give a member the badges that their figures earn. An award stays; one that staff revoked is not given again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forum.actions.tell import About, tell
from forum.notices.events import BADGE
from forum.people.account import Account
from forum.superfans.badge import Badge, BadgeAward
from forum.superfans.formula import Formula, FormulaError, Values, parse

MOST = 1000  # of one repeatable badge: whatever its formula says


@dataclass(frozen=True)
class Rule:
    badge_id: int
    formula: Formula
    repeats: bool

    def times(self, values: Values) -> int:
        """How many times these figures earn the badge."""
        if not self.repeats:
            return int(self.formula.holds(values))
        number = self.formula.value(values)
        return 0 if number is None else min(max(floor(number), 0), MOST)


def read_rules(session: Session) -> Sequence[Rule]:
    """Of the badges that can be earned. One whose formula can be read no longer is earned by nobody."""
    badges = session.scalars(select(Badge).where(Badge.retired_at.is_(None)).order_by(Badge.id))
    return [rule for badge in badges if (rule := rule_of(badge)) is not None]


def rule_of(badge: Badge) -> Rule | None:
    try:
        return Rule(badge.id, parse(badge.formula, "number" if badge.repeats else "truth"), badge.repeats)
    except FormulaError:
        return None


def award_badges(
    session: Session, account: Account, values: Values, rules: Sequence[Rule], now: datetime, *, quiet: bool = False
) -> None:
    """The caller holds the account's row. Of one badge earned several times at once the member hears once."""
    earned = {rule.badge_id: times for rule in rules if (times := rule.times(values))}
    missing = _not_yet_awarded(session, account.id, earned)
    if not missing:
        return
    rows = [{"badge_id": badge, "account_id": account.id, "number": number, "at": now} for badge, number in missing]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(BadgeAward).values(rows).on_conflict_do_nothing())
    latest = dict(missing)  # the highest number of each, since they come in order
    for badge_id, number in () if quiet else latest.items():
        details = {"badge": badge_id, "number": number}
        tell(session, account.id, BADGE, About(f"badge:{badge_id}:{number}", details=details), now)


def _not_yet_awarded(session: Session, account_id: int, earned: Mapping[int, int]) -> list[tuple[int, int]]:
    if not earned:
        return []
    found = select(BadgeAward.badge_id, BadgeAward.number).where(
        BadgeAward.account_id == account_id, BadgeAward.badge_id.in_(earned)
    )
    there = {(badge_id, number) for badge_id, number in session.execute(found)}
    wanted = [(badge_id, number) for badge_id, times in earned.items() for number in range(1, times + 1)]
    return [one for one in wanted if one not in there]
