"""One edition of the report: its figures, whom it was made for and when, and how its words and numbers are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from math import ceil, floor

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent

from forum.kernel.messages import Message
from forum.ledger.period import Period
from forum.reports.deflection_shape import DeflectionReport

Say = Callable[[Message, str | None], str]


@dataclass(frozen=True)
class Share:
    """So many rows that are valued alike: each is `rate` of a contact, and worth `money`, not rounded to the cent."""

    rate_name: str | None  # None: they count whole
    rate: Decimal
    price: Decimal | None
    money: Decimal
    quantity: int


@dataclass(frozen=True)
class Edition:
    """`language` is the reader's, as Babel names it. The same edition makes the same file, byte for byte."""

    report: DeflectionReport
    site: str
    made_by: str
    made_at: datetime
    language: str
    say: Say
    zone: tzinfo
    hashes: Mapping[Period, str] = field(default_factory=dict)  # of the closed months in the scope
    query: str = ""  # the page's address after its question mark
    shares: Sequence[Share] = ()  # all that counts in the scope, by what one row is worth
    row_count: int = 0  # of the ledger in the scope

    @property
    def locale(self) -> Locale:
        return Locale.parse(self.language)

    def __call__(self, message: Message) -> str:
        return self.say(message, self.language)

    def count(self, number: int) -> str:
        return str(format_decimal(number, locale=self.locale))

    def low(self, contacts: float) -> str:
        """A low bound is rounded down and a high one up, as on the page."""
        return self.count(floor(contacts))

    def high(self, contacts: float) -> str:
        return self.count(ceil(contacts))

    def contacts(self, number: Decimal | float) -> str:
        return str(format_decimal(number, "#,##0.0", locale=self.locale))

    def exact(self, number: Decimal | float) -> str:
        return str(format_decimal(number, "#,##0.####", locale=self.locale))

    def money(self, amount: Decimal, currency: str | None = None, *, cents: bool = True) -> str:
        """`cents` False leaves the amount the digits it was entered with."""
        code = currency or self.report.currency or ""
        return str(format_currency(amount, code, locale=self.locale, decimal_quantization=cents))

    def share(self, share: Decimal | float, form: str = "#,##0.0%") -> str:
        return str(format_percent(share, form, locale=self.locale))

    def month(self, month: Period) -> str:
        return str(format_skeleton("yMMMM", month.first, locale=self.locale))

    def short_month(self, month: Period) -> str:
        return str(format_skeleton("yMMM", month.first, locale=self.locale))

    def day(self, day: date) -> str:
        return str(format_date(day, "medium", locale=self.locale))

    def moment(self, moment: datetime) -> str:
        return str(format_datetime(moment.astimezone(self.zone), "medium", locale=self.locale))

    def span(self) -> str:
        scope = self.report.scope
        if scope.first == scope.last:
            return self.month(scope.first)
        return self(
            Message("%(first)s to %(last)s", {"first": self.month(scope.first), "last": self.month(scope.last)})
        )

    @property
    def file_name(self) -> str:
        """Without its ending: ASCII, so that every browser and mailbox keeps it."""
        scope = self.report.scope
        months = scope.first.name if scope.first == scope.last else f"{scope.first.name}-to-{scope.last.name}"
        return f"call-deflection-{months}"
