"""A thread's and a member's share of the community's estimate: contacts alone, without money.

Everything is counted with the month's rates of the whole community, so a share says how much of the estimate hangs on an
answer, not what that answer alone was measured to save.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from decimal import Decimal
from math import ceil, floor
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, case, func, literal, select
from sqlalchemy.orm import Session

from forum.ledger.claim import Kind
from forum.ledger.entry import Entry
from forum.ledger.estimate import Sum, bounds
from forum.ledger.period import Period
from forum.ledger.proportion import NOBODY_ASKED, Proportion
from forum.ledger.totals import AnswerTotal
from forum.reports.deflection_parameters import read_sources, worth_of
from forum.reports.deflection_reading import NO_BOARD, Names, conditions
from forum.reports.deflection_scope import COUNTED, SAVED, UNKNOWN, Scope
from forum.reports.deflection_shape import TopThread
from forum.reports.deflection_valuing import Cell, Worth, rate_name
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.private_boards import public_slug, public_title
from forum.threads.thread import Thread

TOP = 10
WORTH_SAYING = Decimal(1)  # contacts; below it a share says nothing


def share_of_thread(session: Session, thread_id: int, zone: tzinfo) -> Decimal | None:
    """About how many contacts its answers saved; None below one. At most ten queries, one where nothing counts."""
    return _share(session, AnswerTotal.thread_id == thread_id, zone)


def share_of_member(session: Session, account_id: int, zone: tzinfo) -> Decimal | None:
    """About how many contacts their accepted answers saved; None below one. At most ten queries, one where nothing counts."""
    own = select(Acceptance.id).join(Post, Post.id == Acceptance.post_id).where(Post.author_id == account_id)
    return _share(session, AnswerTotal.acceptance_id.in_(own), zone)


@dataclass(frozen=True)
class Saved:
    """Contacts that were saved, by the company's own estimate, and the whole numbers that its 95 % range lies between."""

    contacts: Decimal
    low: int
    high: int


def saved_by_member(session: Session, account_id: int, month: Period, zone: tzinfo) -> Saved | None:
    """What the ledger holds for their answers in one month; None below one contact. At most ten queries."""
    own = select(Acceptance.id).join(Post, Post.id == Acceptance.post_id).where(Post.author_id == account_id)
    cells = _cells(session, AnswerTotal.acceptance_id.in_(own) & (AnswerTotal.month == month.first))
    worth = _worth(session, cells, zone)
    if worth is None:
        return None
    contacts, total = _contacts(cells, worth), Sum()
    for cell in cells:
        total.add(Decimal(cell.quantity), cell.rate_name)
    reach = bounds(total, worth.rates)
    return Saved(contacts, max(floor(reach.low), 0), ceil(reach.high)) if contacts >= WORTH_SAYING else None


def read_top_threads(
    session: Session, scope: Scope, names: Names, worth: Worth, cells: Sequence[Cell]
) -> Sequence[TopThread]:
    """The largest first; one query. `cells` are the scope's rows, added up."""
    table = _table(scope)
    conditions = _conditions(session, scope, names, table)
    known, ledger = _known_largest(session), _ledger_of(scope, worth, cells)
    ids: Any = known.get(ledger) if ledger else None
    valued = _valued_on(table)
    rows = session.execute(
        select(
            Thread.id, public_title().label("title"), public_slug().label("slug"), Thread.hidden_at, table.kind, table.network, table.intent,
            valued.label("valued"), func.sum(table.quantity).label("quantity"),
        )
        .join(table, table.thread_id == Thread.id)
        .where(Thread.id.in_(_largest(table, conditions, worth) if ids is None else ids), *conditions)
        .group_by(Thread.id, Thread.board_id, Thread.title, Thread.slug, Thread.hidden_at, table.kind, table.network, table.intent, valued)
    )  # fmt: skip
    found: dict[int, TopThread] = {}
    for row in rows:
        before = found.get(row.id) or TopThread(row.id, row.title, row.slug, _is_out_of_sight(row), 0, Decimal(0))
        count = int(row.quantity)
        contacts = before.contacts + count * worth.share(_cell(row))
        found[row.id] = replace(before, quantity=before.quantity + count, contacts=contacts)
    if ledger and ids is None:
        _remember(known, ledger, tuple(found))
    ranked = sorted(found.values(), key=lambda one: (-one.contacts, -one.quantity, one.id))
    return [one for one in ranked if one.contacts > 0]


Ledger = tuple[Scope, frozenset[tuple[Period, int]], frozenset[tuple[str, Proportion]]]
Largest = dict[Ledger, tuple[int, ...]]
LOOKS = 64  # at the ledger, whose largest threads are kept
_largest_by_engine: WeakKeyDictionary[Engine, Largest] = WeakKeyDictionary()


def _known_largest(session: Session) -> Largest:
    """What this process found before, by what the ledger was then. Adding up every thread takes longest of a report."""
    return _largest_by_engine.setdefault(session.get_bind().engine, {})


def _ledger_of(scope: Scope, worth: Worth, cells: Sequence[Cell]) -> Ledger | None:
    """Rows are only ever added, so months with as many as before have the same ones, and the same rates weigh them alike.

    None where other things decide, too: threads move between boards, and which rows are late changes with a closing.
    """
    if _table(scope) is Entry or scope.board is not None or scope.language is not None:
        return None
    rows: Counter[Period] = Counter()
    for cell in cells:
        rows[cell.period] += cell.rows
    return scope, frozenset(rows.items()), frozenset(worth.rates.items())


def _remember(known: Largest, ledger: Ledger, ids: tuple[int, ...]) -> None:
    if len(known) >= LOOKS:
        known.clear()
    known[ledger] = ids


def _largest(table: Any, conditions: Sequence[ColumnElement[bool]], worth: Worth) -> Any:
    weight = func.sum(table.quantity * _weight(table, worth)).label("weight")
    largest = (
        select(table.thread_id, weight).where(*conditions).group_by(table.thread_id)
        .order_by(weight.desc(), table.thread_id).limit(TOP).subquery()
    )  # fmt: skip
    return select(largest.c.thread_id)


def _share(session: Session, whose: ColumnElement[bool], zone: tzinfo) -> Decimal | None:
    cells = _cells(session, whose)
    worth = _worth(session, cells, zone)
    total = _contacts(cells, worth) if worth is not None else Decimal(0)
    return total if total >= WORTH_SAYING else None


def _cells(session: Session, whose: ColumnElement[bool]) -> Sequence[Cell]:
    rows = session.execute(
        select(
            AnswerTotal.kind, AnswerTotal.network, AnswerTotal.intent, AnswerTotal.valued_month.label("valued"),
            func.sum(AnswerTotal.quantity).label("quantity"),
        )
        .where(whose, AnswerTotal.kind.in_(COUNTED))
        .group_by(AnswerTotal.kind, AnswerTotal.network, AnswerTotal.intent, AnswerTotal.valued_month)
    ).all()  # fmt: skip
    return [_cell(row) for row in rows if row.quantity]


def _worth(session: Session, cells: Sequence[Cell], zone: tzinfo) -> Worth | None:
    """None where there are too few rows to come to one contact, whatever they are worth."""
    if sum(cell.quantity for cell in cells) < WORTH_SAYING:
        return None
    return worth_of(session, cells, (), read_sources(session, None, zone))


def _contacts(cells: Sequence[Cell], worth: Worth) -> Decimal:
    return sum((cell.quantity * worth.share(cell) for cell in cells), Decimal(0))


def _is_out_of_sight(row: Any) -> bool:
    return row.hidden_at is not None or not row.title


def _cell(row: Any) -> Cell:
    """As far as its rate goes."""
    return Cell(
        kind=row.kind,
        grade="",
        period=Period.of(row.valued),
        valued_on=row.valued,
        board="",
        network=row.network,
        language="",
        intent=row.intent,
        channel="",
        quantity=int(row.quantity),
        rows=0,
    )


def _table(scope: Scope) -> Any:
    """The rollup does not tell answers apart by all that a scope may narrow to; the rows do."""
    return Entry if scope.grade or scope.channel or scope.late else AnswerTotal


def _valued_on(table: Any) -> Any:
    return table.valued_on if table is Entry else table.valued_month


def _conditions(session: Session, scope: Scope, names: Names, table: Any) -> list[ColumnElement[bool]]:
    if table is Entry:
        return conditions(session, scope, names, table)
    found = [table.month >= scope.first.first, table.month <= scope.last.first]
    found.append(table.kind.in_(COUNTED) if scope.kind in (SAVED, None) else table.kind == scope.kind)
    if scope.network is not None:
        found.append(table.network == scope.network)
    threads = select(Thread.id)
    if scope.board is not None:
        threads = threads.where(Thread.board_id == names.board_ids.get(scope.board, NO_BOARD))
    if scope.language is not None:
        threads = threads.where(
            func.coalesce(Thread.language, "") == ("" if scope.language == UNKNOWN else scope.language)
        )
    if scope.board is not None or scope.language is not None:
        found.append(table.thread_id.in_(threads))
    return found


def _weight(table: Any, worth: Worth) -> ColumnElement[float]:
    """About how many contacts a row is; good enough to find the largest."""
    networks = sorted({network for month in worth.months.values() for network in month.staff})
    social = [(table.network == network, _by_month(table, worth, Kind.SOCIAL, network)) for network in networks]
    nothing = literal(0.0)
    return case(
        (table.kind == Kind.INDIRECT, _by_month(table, worth, Kind.INDIRECT)),
        (table.kind == Kind.DIRECT, case((table.intent == "yes", 1.0), else_=_by_month(table, worth, Kind.DIRECT))),
        (table.kind == Kind.SOCIAL, case(*social, else_=nothing) if social else nothing),
        else_=nothing,
    )


def _by_month(table: Any, worth: Worth, kind: Kind, network: str = "") -> ColumnElement[float]:
    """The rate of a kind, as a ladder over the days on which rows are valued: the latest first, since most rows are there."""
    valued = _valued_on(table)
    steps = [
        (valued >= period.first, float(worth.rates.get(rate_name(kind, network, period), NOBODY_ASKED).rate or 0))
        for period in sorted(worth.months, reverse=True)
    ]
    return case(*steps, else_=0.0) if steps else literal(0.0)
