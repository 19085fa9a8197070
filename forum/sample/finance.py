"""What finance and the admin of the sample entered: costs, an exchange rate, targets, a saved view. All invented, and so labelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.close_period import close_period
from forum.actions.enter_cost import enter_cost
from forum.actions.enter_exchange_rate import enter_exchange_rate
from forum.actions.enter_programme_cost import enter_programme_cost
from forum.actions.keep_view import save_view
from forum.actions.set_target import set_target
from forum.ledger.cost import Channel
from forum.ledger.entry import Entry
from forum.ledger.period import Period
from forum.ledger.programme import Part
from forum.people.account import Account
from forum.people.roles import Role
from forum.reports.deflection_frozen import freeze_report

SOURCE = "sample"
PER_CONTACT = {
    Channel.PHONE: Decimal("6.40"),
    Channel.CHAT: Decimal("4.10"),
    Channel.EMAIL: Decimal("3.60"),
    Channel.STORE: Decimal("8.90"),
    Channel.NETWORK: Decimal("2.75"),
}
PHONE_LATER = Decimal("6.85")
PER_MONTH = {
    Part.PLATFORM: Decimal("95.00"),
    Part.MODERATION: Decimal("120.00"),
    Part.STAFF_TIME: Decimal("60.00"),
    Part.REWARDS: Decimal("25.00"),
}
FEES_ABROAD = Decimal("19.00")  # in the other currency
WORTH: Mapping[str, Decimal] = {"EUR": Decimal("0.92"), "USD": Decimal("1.09")}  # one unit of the other currency
TARGETS = {15: Decimal("0.30"), 60: Decimal("0.55"), 120: Decimal("0.65"), 1440: Decimal("0.90"), 0: Decimal("0.95")}
BOOKED_ON, CLOSED_ON = 3, 12  # the days of a month on which the month before is booked, and closed


@dataclass(frozen=True)
class Books:
    """`first` is the sample's first month; `left` can be closed by now and is not, so that people can do it."""

    currency: str
    zone: tzinfo
    days: int
    first: Period
    left: Period

    @property
    def other_currency(self) -> str:
        return "EUR" if self.currency == "USD" else "USD"

    def open(self, session: Session, at: datetime) -> None:
        """On the first day: what a contact costs, what the other currency is worth, what is aimed at."""
        finance, admin = _first(session, Role.FINANCE), _first(session, Role.ADMIN)
        entries = [(channel, amount, self.first) for channel, amount in PER_CONTACT.items()]
        for channel, amount, since in [*entries, (Channel.PHONE, PHONE_LATER, self.first.moved(3))]:
            enter_cost(
                session, finance, channel=channel, amount=amount, currency=self.currency, valid_from=since.first,
                source=SOURCE, now=at,
            )  # fmt: skip
        enter_exchange_rate(
            session, finance, currency=self.other_currency, rate=WORTH.get(self.currency, Decimal(1)),
            into=self.currency, valid_from=self.first.first, source=SOURCE, now=at,
        )  # fmt: skip
        for minutes, share in TARGETS.items():
            set_target(session, admin, network="", minutes=minutes, share=share, known=(), now=at)
        save_view(session, finance, name="Answered here", query="network=here", now=at)

    def book(self, session: Session, at: datetime) -> None:
        """On the third of a month: what the programme cost in the month before."""
        today = at.astimezone(self.zone).date()
        month = Period.of(today).moved(-1)
        if today.day != BOOKED_ON or month < self.first:
            return
        finance = _first(session, Role.FINANCE)
        rows = [(part, amount, self.currency) for part, amount in PER_MONTH.items()]
        for part, amount, currency in [*rows, (Part.NETWORK_FEES, FEES_ABROAD, self.other_currency)]:
            enter_programme_cost(
                session, finance, period=month, part=part, amount=amount, currency=currency, source=SOURCE, now=at
            )

    def close(self, session: Session, at: datetime) -> None:
        """On the twelfth of a month: the month before, if something was due in it."""
        today = at.astimezone(self.zone).date()
        month = Period.of(today).moved(-1)
        if today.day == CLOSED_ON and month < self.left and _has_rows(session, month):
            close_period(
                session, month, _first(session, Role.FINANCE),
                freeze=lambda session, period: freeze_report(
                    session, period, currency=self.currency, zone=self.zone, now=at
                ),
                zone=self.zone, days=self.days, now=at,
            )  # fmt: skip


def latest_closable(now: datetime, zone: tzinfo, days: int) -> Period:
    """The last month that ended so many days ago."""
    month = Period.of(now.astimezone(zone).date()).moved(-1)
    return month if now >= month.ends(zone) + timedelta(days=days) else month.moved(-1)


def _first(session: Session, role: Role) -> Account:
    return session.scalars(select(Account).where(Account.role == role).order_by(Account.id).limit(1)).one()


def _has_rows(session: Session, month: Period) -> bool:
    rows = select(Entry.id).where(Entry.day >= month.first, Entry.day <= month.last)
    return session.scalar(rows.limit(1)) is not None
