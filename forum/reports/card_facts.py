"""What a member's card says: a few sums that are kept anyway, so a card costs one query however often it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.people.roles import Role
from forum.superfans.rank import MemberMeasure, Rank
from forum.superfans.titles import in_language


@dataclass(frozen=True)
class CardFacts:
    """`rank` is in the card's language, empty without one; `helped` None before the first measuring."""

    name: str
    shown_name: str
    rank: str
    solutions: int
    helped: int | None
    since: date


def may_have_card(account: Account) -> bool:
    """Members whom the leaderboards may show: whoever leaves those takes the card back, too. Staff are no members."""
    return account.role == Role.CUSTOMER and account.closed_at is None and account.off_leaderboards_since is None


def card_facts(session: Session, name_key: str, language: str) -> CardFacts | None:
    """None where nobody of this name has a card."""
    found = session.execute(
        select(Account, Rank.titles, MemberMeasure)
        .outerjoin(Rank, Rank.id == Account.rank_id)
        .outerjoin(MemberMeasure, MemberMeasure.account_id == Account.id)
        .where(Account.name_key == name_key)
    ).first()
    if found is None or not may_have_card(found[0]):
        return None
    account, titles, measure = found
    helped = measure.values.get("people_reached") if measure is not None else None
    return CardFacts(
        name=account.name,
        shown_name=account.display_name,
        rank=in_language(titles, language) if titles else "",
        solutions=account.solutions,
        helped=int(Decimal(helped)) if helped is not None else None,
        since=account.created_at.date(),
    )
