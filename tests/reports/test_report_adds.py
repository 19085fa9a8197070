"""For any rows: the rows of each line add to the line, the lines of each table to the total, the rollup to the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from forum.ledger.booking import book
from forum.ledger.scenario import figures
from forum.reports.deflection_parameters import read_sources, worth_in
from forum.reports.deflection_reading import read_cells
from forum.reports.deflection_report import deflection_report
from forum.reports.deflection_rows import EntryRow, iterate_entries, list_entries
from forum.reports.deflection_scope import SAVED, Dimension, Scope
from forum.reports.deflection_shape import DeflectionReport, Figure, Line
from forum.reports.deflection_valuing import Cell
from tests.cast import Cast
from tests.reports.report_world import AUGUST, NOW, OCTOBER, World, a_world

NUMBER = count()
DAYS = st.dates(date(2026, 8, 1), date(2026, 10, 31))
LANGUAGES = st.sampled_from(["", "en", "zh-Hant"])
ASKED = st.fixed_dictionaries({
    "kind": st.just("direct"), "grade": st.sampled_from(["checked", "stated"]), "intent": st.just("yes"),
    "channel": st.sampled_from(["", "phone", "chat", "store", "email"]), "network": st.just("here"),
})  # fmt: skip
SILENT = st.fixed_dictionaries({
    "kind": st.sampled_from(["direct", "assisted"]), "grade": st.just("stated"), "intent": st.just(""),
    "channel": st.just(""), "network": st.just("here"),
})  # fmt: skip
MENTIONED = st.fixed_dictionaries({
    "kind": st.sampled_from(["social", "assisted"]), "grade": st.just("stated"), "intent": st.just(""),
    "channel": st.just(""), "network": st.sampled_from(["sandbox", "bluesky"]),
})  # fmt: skip
READ = st.fixed_dictionaries({
    "kind": st.just("indirect"), "grade": st.just("surveyed"), "intent": st.just(""), "channel": st.just(""),
    "network": st.just("here"),
})  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.one_of(ASKED, SILENT, MENTIONED, READ), st.integers(0, 3), DAYS, st.integers(0, 70), LANGUAGES,
        st.sampled_from([1, 1, 1, -1]),
    ),
    max_size=25,
)  # fmt: skip
NARROWED = st.sampled_from([
    {}, {"board": "wifi"}, {"language": "unknown"}, {"grade": "checked"}, {"channel": "unnamed"}, {"network": "here"},
    {"kind": None}, {"kind": "indirect"}, {"channel": "network"}, {"late": True},
])  # fmt: skip


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def world(session: Session, cast: Cast) -> World:
    return a_world(session, cast)


@given(drawn=ROWS, narrowed=NARROWED)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_lines_tables_and_totals_are_one_sum(
    world: World, drawn: Sequence[tuple[dict[str, Any], int, date, int, str, int]], narrowed: dict[str, Any]
) -> None:
    session = world.session
    book(session, [
        world.row(
            place, day=day, valued_on=max(day - timedelta(days=late), date(2026, 8, 1)), language=language,
            quantity=quantity, basis=f"row:{next(NUMBER)}", **facts,
        )
        for facts, place, day, late, language, quantity in drawn
    ])  # fmt: skip
    scope = replace(Scope(AUGUST, OCTOBER), **narrowed)
    report = deflection_report(session, scope, currency="EUR", zone=UTC, now=NOW)
    _tables_add(report)
    _rows_add(session, report)
    _rollup_is_the_straight_count(session, scope)
    again = figures(report.scenario)
    assert again.contacts == report.total.likely and (again.money or 0) == (report.total.money or 0)
    before = replace(scope, first=scope.previous().first, last=scope.previous().last)
    earlier = deflection_report(session, before, currency="EUR", zone=UTC, now=NOW)
    assert earlier.total == report.previous
    session.rollback()


def _tables_add(report: DeflectionReport) -> None:
    for lines in _tables(report):
        assert sum(line.figure.quantity for line in lines) == report.total.quantity
        assert sum((line.figure.likely for line in lines), Decimal(0)) == report.total.likely
        assert sum((line.figure.money or Decimal(0) for line in lines), Decimal(0)) == report.total.money
        assert all(_in_its_range(line.figure) for line in lines)
    direct = sum((line.figure.money or Decimal(0) for line in report.kinds.lines if line.key == "direct"), Decimal(0))
    assert sum((line.figure.money or Decimal(0) for line in report.kinds.direct), Decimal(0)) == direct


def _in_its_range(figure: Figure) -> bool:
    assert figure.money_low is not None and figure.money is not None and figure.money_high is not None
    return figure.low <= figure.likely <= figure.high and figure.money_low <= figure.money <= figure.money_high


def _tables(report: DeflectionReport) -> Sequence[Sequence[Line]]:
    return [
        report.by_month, report.kinds.lines, report.by_board, report.by_network, report.by_channel, report.by_language,
    ]  # fmt: skip


def _rows_add(session: Session, report: DeflectionReport) -> None:
    """Every row is read and valued once by itself, then looked up under each line's own scope."""
    worth = worth_in(session, report.scope, "EUR", UTC)
    rows = list(iterate_entries(session, report.scope, worth, batch=40))
    assert _sums([row for row in rows if row.kind != "assisted"]) == _of(report.total)
    page = list_entries(session, report.scope, currency="EUR", zone=UTC)
    assert (page.quantity, page.contacts, page.money) == _sums(rows) and page.count == len(rows)
    for lines in _tables(report):
        for line in lines[:2]:
            behind = report.scope.at(line.dimension, line.key)
            behind = replace(behind, kind=SAVED) if behind.kind is None else behind
            assert _sums(list(iterate_entries(session, behind, worth))) == _of(line.figure), line


def _rows(session: Session, scope: Scope) -> list[EntryRow]:
    return list(iterate_entries(session, scope, worth_in(session, scope, "EUR", UTC), batch=40))


def _sums(rows: Sequence[EntryRow]) -> tuple[int, Decimal, Decimal]:
    return (
        sum(row.quantity for row in rows),
        sum((row.contacts for row in rows), Decimal(0)),
        sum((row.money or Decimal(0) for row in rows), Decimal(0)),
    )


def _of(figure: Figure) -> tuple[int, Decimal, Decimal | None]:
    return figure.quantity, figure.likely, figure.money


def _rollup_is_the_straight_count(session: Session, scope: Scope) -> None:
    sources = read_sources(session, "EUR", UTC)
    days = sources.price_days
    counted, straight = (_added(read_cells(session, scope, sources.names, days, rows=rows)) for rows in (False, True))
    assert counted == straight


def _added(cells: Sequence[Cell]) -> dict[Cell, tuple[int, int]]:
    found: dict[Cell, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for cell in cells:
        key = replace(cell, quantity=0, rows=0)
        found[key] = (found[key][0] + cell.quantity, found[key][1] + cell.rows)
    return dict(found)


def test_thread_and_member_filters_read_rows_and_a_page_follows_its_key(world: World) -> None:
    scope = Scope(AUGUST, OCTOBER, thread=world.threads[0].id)
    page = list_entries(world.session, scope, currency="EUR", zone=UTC)
    rows = list(page.rows)
    while page.older:
        page = list_entries(world.session, scope, before=page.older, currency="EUR", zone=UTC)
        rows += page.rows
    assert {row.thread_id for row in rows} == {world.threads[0].id}
    assert (page.quantity, page.contacts, page.money) == _sums(rows)
    assert len({row.id for row in rows}) == page.count == len(rows)


def test_a_line_opens_only_its_own_rows(world: World) -> None:
    scope = Scope(AUGUST, OCTOBER).at(Dimension.BOARD, "setup")
    assert {row.board for row in _rows(world.session, scope)} == {"setup"}
