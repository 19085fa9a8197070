"""Finance's report: how many contacts were saved, how much money, how sure; by month, kind, board and network.

The rows are read once and added up several times over, so each figure is the sum of the rows that its link opens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.ledger.claim import Claim, Kind, Outcome
from forum.ledger.entry import Entry
from forum.ledger.estimate import DRAWS, SEED, bounds
from forum.ledger.period import Period, periods
from forum.ledger.proportion import NOBODY_ASKED, Proportion
from forum.reports.deflection_cells import COUNTED, Cell, Scope, Worth, read_cells, tally
from forum.reports.deflection_claims import ClaimList, ClaimRow, list_claims
from forum.reports.deflection_rates import worth_of

MONTHS = 6
SHOWN = 8  # claims that wait; the link opens all


@dataclass(frozen=True)
class Figure:
    """Claims that qualified, less those taken back, and what they come to: likely values add, bounds do not."""

    claims: int
    low: float
    likely: Decimal
    high: float
    money: Decimal | None  # None where the reader sees no money or none of it has a cost
    money_low: Decimal | None
    money_high: Decimal | None


@dataclass(frozen=True)
class Line:
    """A row of a table: `key` stands in its link's address, `name` is None where a template has the word for it."""

    key: str
    name: str | None
    figure: Figure


@dataclass(frozen=True)
class Rate:
    """A rate in force for a month, with the rows that hang on it."""

    period: Period
    network: str | None  # None: the intent of those who asked here
    network_title: str | None
    known: Proportion


@dataclass(frozen=True)
class DeflectionReport:
    chosen: Period | None  # None: all of `window`
    window: Sequence[Period]
    older: Sequence[Period]  # months with rows before the window, the latest first
    open_period: Period
    total: Figure
    by_month: Sequence[Line]
    by_kind: Sequence[Line]  # direct, social
    assisted: int
    by_board: Sequence[Line]
    by_network: Sequence[Line]
    rates: Sequence[Rate]
    answers: int  # of askers, in the months shown
    unpriced: int  # claims without a cost for their channel and day
    has_costs: bool
    waiting: Sequence[ClaimRow]
    waiting_count: int
    lapsed: Sequence[tuple[str, int]]  # reasons, the most frequent first
    seed: int = SEED
    draws: int = DRAWS


def deflection_report(
    session: Session, chosen: Period | None, *, currency: str | None, zone: tzinfo, now: datetime
) -> DeflectionReport:
    """`currency` is the site's, None for a reader who sees no money. Eight queries, whatever the number of rows."""
    today = Period.of(now.astimezone(zone).date())
    window = window_of(chosen, today)
    cells = read_cells(session, scope_of(None, chosen, today))
    worth = worth_of(session, cells, window, currency, zone)
    inside = [cell for cell in cells if chosen is None or Period.of(cell.day) == chosen]
    months = [chosen] if chosen else window
    counted = [cell for cell in inside if cell.kind in COUNTED]
    waiting = list_claims(session, ClaimList(state="waiting"), limit=SHOWN)
    return DeflectionReport(
        chosen=chosen,
        window=window,
        older=_older(session, window[0]),
        open_period=today,
        total=figure(inside, worth),
        by_month=[
            Line(period.name, None, figure([cell for cell in cells if Period.of(cell.day) == period], worth))
            for period in window
        ],
        by_kind=[Line(kind, None, figure([cell for cell in inside if cell.kind == kind], worth)) for kind in COUNTED],
        assisted=sum(cell.quantity for cell in inside if cell.kind == Kind.ASSISTED),
        by_board=_lines(counted, worth, lambda cell: (cell.board, cell.board_name)),
        by_network=_lines(counted, worth, lambda cell: (cell.network, cell.network_title)),
        rates=_rates(inside, worth, months),
        answers=sum(worth.rates.get(f"direct:{period.name}", NOBODY_ASKED).of for period in months),
        unpriced=sum(cell.quantity for cell in counted if worth.share(cell) and worth.price(cell) is None),
        has_costs=worth.prices is not None and bool(worth.prices.known),
        waiting=waiting.rows,
        waiting_count=_count_waiting(session),
        lapsed=_lapsed(session, months[0].begins(zone), months[-1].ends(zone)),
    )


def window_of(chosen: Period | None, today: Period) -> Sequence[Period]:
    """Six months to this one; to the chosen one where that lies outside of them."""
    first = today.moved(1 - MONTHS)
    last = today if chosen is None or first <= chosen <= today else chosen
    return list(periods(last.moved(1 - MONTHS), last))


def scope_of(only: Period | None, chosen: Period | None, today: Period) -> Scope:
    """The days of the window, or of `only` one month."""
    window = [only] if only else window_of(chosen, today)
    return Scope(window[0].first, window[-1].last)


def figure(cells: Sequence[Cell], worth: Worth) -> Figure:
    """The cells' sum with its range. Staff's own answers are told apart before: they move cost and count nothing."""
    total = tally((cell for cell in cells if cell.kind in COUNTED), worth)
    contacts = bounds(total.contact_sum, worth.rates)
    likely = float(total.contacts)  # a rate of none in n has draws above it, so the low bound must not be
    low, high = min(contacts.low, likely), max(contacts.high, likely)
    found = Figure(total.claims, low, total.contacts, high, None, None, None)
    if worth.prices is None or not worth.prices.known:
        return found
    money = bounds(total.money_sum, worth.rates)
    least, most = (Decimal(str(round(end, 2))) for end in (money.low, money.high))
    return replace(found, money=total.money, money_low=min(least, total.money), money_high=max(most, total.money))


def _lines(cells: Sequence[Cell], worth: Worth, key: Callable[[Cell], tuple[str, str | None]]) -> Sequence[Line]:
    """The largest first."""
    groups: dict[str, list[Cell]] = defaultdict(list)
    names: dict[str, str | None] = {}
    for cell in cells:
        slug, name = key(cell)
        groups[slug].append(cell)
        names[slug] = name
    lines = [Line(slug, names[slug], figure(group, worth)) for slug, group in groups.items()]
    return sorted(lines, key=lambda line: (-line.figure.likely, -line.figure.claims, line.key))


def _rates(cells: Sequence[Cell], worth: Worth, months: Sequence[Period]) -> Sequence[Rate]:
    """Those that rows in sight hang on, the intent first; a month without rows of a kind needs no rate."""
    used = {(Period.of(cell.original), cell.network, cell.network_title) for cell in cells if cell.kind == Kind.SOCIAL}
    intents = {Period.of(cell.original) for cell in cells if cell.kind == Kind.DIRECT} | {
        period for period in months if worth.rates.get(f"direct:{period.name}", NOBODY_ASKED).of
    }
    return [
        Rate(period, None, None, worth.rates.get(f"direct:{period.name}", NOBODY_ASKED)) for period in sorted(intents)
    ] + [
        Rate(period, network, title, worth.rates.get(f"social:{network}:{period.name}", NOBODY_ASKED))
        for period, network, title in sorted(used, key=lambda one: (one[1], one[0], one[2] or ""))
    ]


def _older(session: Session, first: Period) -> Sequence[Period]:
    earliest = session.scalar(select(func.min(Entry.day)))
    return list(periods(Period.of(earliest), first.moved(-1)))[::-1] if earliest else []


def _count_waiting(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Claim).where(Claim.decided_at.is_(None))) or 0


def _lapsed(session: Session, first: datetime, until: datetime) -> Sequence[tuple[str, int]]:
    rows = session.execute(
        select(Claim.reason, func.count())
        .where(Claim.outcome == Outcome.LAPSED, Claim.decided_at >= first, Claim.decided_at < until)
        .group_by(Claim.reason)
    )
    return sorted(((reason or "", count) for reason, count in rows), key=lambda one: (-one[1], one[0]))
