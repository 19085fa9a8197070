"""What finance's report says, as values: pages, exports, mails and the closing of a month read these and nothing else.

Counts, likely values and money add within each table, exactly: likely money is rounded only where somebody reads it.
Bounds do not add: each line has its own, in cents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from forum.ledger.period import Period
from forum.ledger.proportion import Proportion
from forum.ledger.scenario import Scenario
from forum.ledger.sensitivity import Swing
from forum.reports.deflection_claims import ClaimRow
from forum.reports.deflection_scope import Dimension, Scope


@dataclass(frozen=True)
class Figure:
    """Claims and reader-weeks that count, less those taken back, and the contacts and money that they come to."""

    quantity: int
    low: float
    likely: Decimal
    high: float
    money_low: Decimal | None  # None where the reader sees no money or no cost is entered
    money: Decimal | None
    money_high: Decimal | None


@dataclass(frozen=True)
class OwnRate:
    """The line's own answers for a rate of one month. Only the bounds are drawn from them, and only if `enough`."""

    name: str  # the month's rate that it stands beside, such as "indirect:2026-10"
    known: Proportion
    enough: bool


@dataclass(frozen=True)
class Line:
    """A row of a table. Its rows: `report.scope.at(dimension, key)`."""

    dimension: Dimension
    key: str
    name: str | None  # a board's or a network's own; None where a template has the word for the key
    figure: Figure
    own: Sequence[OwnRate] = ()
    allocated: bool = False  # some rate that it hangs on is the whole month's, for want of 100 answers of its own


@dataclass(frozen=True)
class Kinds:
    """The lines are `direct`, `social` and `indirect`, or the one that was chosen; direct again by grade.

    `assisted` counts nothing.
    """

    lines: Sequence[Line]
    direct: Sequence[Line]  # grades: checked, stated
    assisted: int


@dataclass(frozen=True)
class Coverage:
    """How much of the direct part contact data speaks of."""

    checked: int  # direct claims in the scope
    stated: int
    days_covered: int  # of the days of the scope so far, those that contact data knows in full
    days: int

    @property
    def share(self) -> Decimal | None:
        total = self.checked + self.stated
        return Decimal(self.checked) / total if total > 0 else None


@dataclass(frozen=True)
class SurveyMonth:
    """The cohort of a month: reader-weeks that were drawn for the survey and count. Silent ones answered nothing."""

    period: Period
    drawn: int
    answered: int
    joint: int
    enough: bool  # at least 100 answered

    @property
    def silent(self) -> int:
        return self.drawn - self.answered

    @property
    def response(self) -> Decimal | None:
        return Decimal(self.answered) / self.drawn if self.drawn else None


@dataclass(frozen=True)
class RateInForce:
    """A rate that rows in the scope hang on. `known.of` 0: nobody asked; it counts as 0, as it does if not `enough`."""

    name: str  # direct:2026-10 | social:bluesky:2026-10 | indirect:2026-10
    kind: str
    period: Period
    network: str | None  # of a social rate
    network_title: str | None
    known: Proportion
    enough: bool
    quantity: int  # rows in the scope that count with it
    frozen: bool  # the month is closed, so the rate stays as it was on that day


@dataclass(frozen=True)
class ChannelMix:
    """What contacts without a named channel cost in a month: the mix of the answers, or the cheapest channel."""

    period: Period
    kind: str  # direct | indirect
    named: Mapping[str, int]  # answers by channel
    enough: bool  # under 100 the cheapest holds
    cheapest: str | None  # None: no cost is entered
    price: Decimal | None  # on the month's last day, in the site's currency


@dataclass(frozen=True)
class PriceInForce:
    channel: str
    valid_from: date  # from when it holds in the scope: a cost's or an exchange rate's day
    amount: Decimal  # in the site's currency
    entered: Decimal  # as entered
    currency: str
    rate: Decimal | None  # None: entered in the site's currency
    source: str


@dataclass(frozen=True)
class ProgrammeLine:
    period: Period
    part: str
    amount: Decimal | None  # None: entered in a currency without a rate
    entered: Decimal
    currency: str


@dataclass(frozen=True)
class Programme:
    """What the programme cost in the scope and what is left; only for a scope that is narrowed to nothing but months."""

    lines: Sequence[ProgrammeLine]
    cost: Decimal | None  # None: no cost entered for any month of the scope
    months_without: Sequence[Period]
    net_low: Decimal | None
    net: Decimal | None
    net_high: Decimal | None
    roi_low: Decimal | None  # net / cost; None where the cost is 0 or not entered
    roi: Decimal | None
    roi_high: Decimal | None
    payback: Period | None  # the first month at whose end the likely savings since the scope began outweigh the cost
    present_value: Decimal | None  # of the likely nets; None where no yearly rate was given
    yearly_rate: Decimal | None


@dataclass(frozen=True)
class TopThread:
    """A thread's share of the community's estimate: contacts alone, no range and no money."""

    id: int
    title: str
    slug: str
    hidden: bool
    quantity: int
    contacts: Decimal


@dataclass(frozen=True)
class WithinTarget:
    """Of a network's questions, those answered within so many minutes (0: at all), against the target, if one is set."""

    minutes: int
    answered: int
    by_member: int
    by_staff: int
    target: Decimal | None

    def share(self, of: int) -> Decimal | None:
        return Decimal(self.answered) / of if of else None


@dataclass(frozen=True)
class ResponseTimes:
    network: str
    title: str | None
    mentions: int  # that opened a thread in the scope's months
    within: Sequence[WithinTarget]  # 15, 60, 120, 1440 minutes and 0
    median_minutes: float | None  # None: none answered


@dataclass(frozen=True)
class Beside:
    """Facts that are no deflection and are shown as such."""

    solved_views: int
    contacts: int
    questions: int
    questions_solved: int
    first_answer_minutes: float | None  # medians
    solution_minutes: float | None
    accepted: int
    accepted_by_members: int

    @property
    def self_service(self) -> Decimal | None:
        """Views of solved threads for each contact; None while no contact is known."""
        return Decimal(self.solved_views) / self.contacts if self.contacts else None


@dataclass(frozen=True)
class Late:
    """Rows in the scope that correct a month which was closed before; `Scope.late` opens them."""

    rows: int
    figure: Figure


@dataclass(frozen=True)
class Lapse:
    reason: str
    count: int


@dataclass(frozen=True)
class Gap:
    """Something that the report does not know. `what` names the sentence, the rest fills it."""

    what: str  # no_cost | no_exchange_rate | not_enough_answers | nobody_asked | unknown_staff_rate | no_contact_data
    # | salt_lost | no_programme_cost | other_currency
    channel: str | None = None
    currency: str | None = None
    kind: str | None = None
    network: str | None = None
    period: Period | None = None
    week: date | None = None
    count: int = 0  # rows that it leaves without value, or answers there are


@dataclass(frozen=True)
class DeflectionReport:
    """The scope's figures with all that they rest on. The headline is `total.low`."""

    scope: Scope
    open_period: Period  # today's month
    closed: Sequence[Period]  # months of the scope that are closed, with their parameters frozen
    oldest: Period | None  # the first month with rows
    currency: str | None  # None: the reader sees no money
    has_costs: bool
    total: Figure
    previous: Figure  # of the equal period before
    by_month: Sequence[Line]  # each month of the scope, also without rows
    kinds: Kinds
    by_board: Sequence[Line]  # the largest first, here and below
    by_network: Sequence[Line]
    by_channel: Sequence[Line]
    by_language: Sequence[Line]
    coverage: Coverage
    survey: Sequence[SurveyMonth]
    rates: Sequence[RateInForce]
    mixes: Sequence[ChannelMix]
    prices: Sequence[PriceInForce]
    programme: Programme | None  # None: no money for this reader, or the scope is narrowed
    if_silent_meant_no: Figure
    sensitivity: Sequence[Swing]  # what would change the figure most, the largest swing first
    scenario: Scenario  # what the total is counted from, for `what_if`
    top_threads: Sequence[TopThread]
    responses: Sequence[ResponseTimes]
    beside: Beside
    waiting: Sequence[ClaimRow]  # a few, the latest first
    waiting_count: int
    lapsed_claims: Sequence[Lapse]  # by reason, the most frequent first
    lapsed_readers: Sequence[Lapse]
    unpriced: int  # rows that count but have no cost for their channel and day
    late: Late | None
    gaps: Sequence[Gap]
    seed: int
    draws: int
