"""Readers of `bench.deflection`: reader-weeks, readings, surveys and their entries, by INSERT ... SELECT over a table of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    String,
    Table,
    and_,
    case,
    cast,
    false,
    func,
    insert,
    literal,
    null,
    select,
    true,
)  # fmt: skip

from bench.deflection_span import WEEKS, Span, add, midnight
from bench.deflection_threads import ASKERS, DAYS, FIRST_ASKER
from forum.kernel.base import Base
from forum.ledger.entry import Entry
from forum.ledger.reader_week import MonthViews, ReaderSalt, ReaderWeek, Reading, ThreadViews
from forum.ledger.report_view import SuggestionTrial
from forum.ledger.survey import Survey
from forum.ledger.totals import AnswerTotal, EntryTotal
from forum.threads.thread import Thread

LURKERS = 4000  # accounts that only read, so that none of their weeks counts elsewhere


@dataclass(frozen=True)
class Readers:
    """Each step in one transaction of the caller's, in this order."""

    span: Span
    on_postgres: bool

    def come(self, connection: Connection) -> None:
        self._numbers(connection)
        self._readers(connection)
        connection.exec_driver_sql("ANALYZE")
        self._surveys(connection)

    def count(self, connection: Connection) -> None:
        self._entries(connection)

    def add_up(self, connection: Connection) -> None:
        self._roll_up(connection)
        self._views(connection)

    def _numbers(self, connection: Connection) -> None:
        most = self.span.a_day + 1
        connection.exec_driver_sql("CREATE TEMPORARY TABLE numbers (n BIGINT PRIMARY KEY)")
        if self.on_postgres:
            connection.exec_driver_sql(f"INSERT INTO numbers SELECT generate_series(0, {most})")
        else:
            connection.exec_driver_sql(
                f"INSERT INTO numbers WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {most}) SELECT n FROM c"
            )

    def _readers(self, connection: Connection) -> None:
        """Each day as many that come for the first time in their week."""
        count, numbers = self.span.a_day, Table("numbers", MetaData(), Column("n", BigInteger))
        for day in range(WEEKS * 7):
            week = self.span.first + timedelta(weeks=day // 7)
            at = midnight(self.span.first + timedelta(days=day)) + timedelta(hours=12)
            answers = self.span.answered_by(at - timedelta(hours=13))
            if answers < 2:
                continue
            number: ColumnElement[int] = numbers.c.n + (day * count + 1)
            connection.execute(_insert(ReaderWeek, self._reader_week(number, week, at), numbers.c.n < count))
            first = _answer(number, answers)
            connection.execute(_insert(Reading, self._reading(number, first, at), numbers.c.n < count))
            other = (first + 11) % answers
            more = and_(numbers.c.n < count, _chance(number, 5, 100) < 30, _number_at(other) != _number_at(first))
            connection.execute(_insert(Reading, self._reading(number, other, at + timedelta(minutes=7)), more))
        salts = (
            {"week": self.span.first + timedelta(weeks=week), "number": 1, "made_at": self.span.now}
            for week in range(WEEKS)
        )
        add(connection, ReaderSalt, salts)

    def _reader_week(self, number: Any, week: date, at: datetime) -> dict[str, Any]:
        due = midnight(week + timedelta(days=7 + DAYS))
        bot, known = _chance(number, 1, 100) < 5, _chance(number, 2, 100) < 3
        decided = due <= self.span.now
        return {
            "id": number,
            "week": _value(ReaderWeek.week, week),
            "reader": func.md5(cast(number, String), type_=String) + func.md5(cast(-number, String), type_=String),
            "account_id": case((known, FIRST_ASKER + ASKERS + number % LURKERS), else_=null()),
            "by_staff": false(),
            "salt_number": literal(1),
            "first_at": _value(ReaderWeek.first_at, at),
            "last_at": _value(ReaderWeek.last_at, at),
            "views": 1 + _chance(number, 3, 4),
            "drawn": case((_chance(number, 4, 100) < 2, true()), else_=false()),
            "draw_share": literal(200),
            "bot_at": case((bot, _value(ReaderWeek.bot_at, at)), else_=null()),
            "bot_why": case((bot, literal("pace")), else_=null()),
            "due_at": _value(ReaderWeek.due_at, due),
            "decided_at": _value(ReaderWeek.decided_at, due + timedelta(minutes=2)) if decided else null(),
            "outcome": case((bot, literal("lapsed")), else_=literal("qualified")) if decided else null(),
            "reason": case((bot, literal("bot")), else_=null()) if decided else null(),
        }

    def _reading(self, number: Any, place: Any, at: datetime) -> dict[str, Any]:
        answer = _number_at(place)
        return {
            "reader_week_id": number,
            "acceptance_id": answer,
            "thread_id": answer,
            "first_at": _value(Reading.first_at, at),
        }

    def _surveys(self, connection: Connection) -> None:
        """A third of those drawn answer; one in 25 or so says yes to all four."""
        week = ReaderWeek.id
        found = select(
            week, Reading.thread_id, literal("yes"), _yes(week, 12, 70), _yes(week, 13, 25), _yes(week, 14, 80),
            case((_chance(week, 13, 100) < 25, literal("phone")), else_=null()), ReaderWeek.first_at, ReaderWeek.last_at,
        ).join(Reading, Reading.reader_week_id == ReaderWeek.id)  # fmt: skip
        found = found.where(
            ReaderWeek.drawn,
            ReaderWeek.bot_at.is_(None),
            _chance(week, 11, 100) < 33,
            Reading.first_at == ReaderWeek.first_at,
        )
        names = [
            "reader_week_id", "thread_id", "problem", "found", "contact", "enough", "channel", "begun_at", "answered_at",
        ]  # fmt: skip
        connection.execute(insert(Survey).from_select(names, found))

    def _entries(self, connection: Connection) -> None:
        offset = (connection.scalar(select(func.max(Entry.id))) or 0) + 1
        for number in range(WEEKS):
            week = self.span.first + timedelta(weeks=number)
            day = week + timedelta(days=7 + DAYS)
            values: dict[str, Any] = {
                "id": ReaderWeek.id + offset,
                "kind": literal("indirect"),
                "grade": literal("surveyed"),
                "thread_id": Reading.thread_id,
                "acceptance_id": Reading.acceptance_id,
                "reader_week_id": ReaderWeek.id,
                "board_id": Thread.board_id,
                "network": literal("here"),
                "language": func.coalesce(Thread.language, ""),
                "intent": literal(""),
                "channel": literal(""),
                "day": _value(Entry.day, day),
                "valued_on": _value(Entry.valued_on, day),
                "quantity": literal(1),
                "basis": literal("reader-week:") + cast(ReaderWeek.id, String),
                "created_at": ReaderWeek.decided_at,
            }
            query = (
                select(*(expression.label(name) for name, expression in values.items()))
                .select_from(ReaderWeek)
                .join(Reading, and_(Reading.reader_week_id == ReaderWeek.id, Reading.first_at == ReaderWeek.first_at))
                .join(Thread, Thread.id == Reading.thread_id)
                .where(ReaderWeek.week == week, ReaderWeek.outcome == "qualified")
            )
            connection.execute(insert(Entry).from_select(list(values), query))

    def _roll_up(self, connection: Connection) -> None:
        keys: list[Any] = [
            Entry.day, Entry.valued_on, Entry.kind, Entry.grade, Entry.board_id, Entry.network, Entry.language, Entry.intent,
            Entry.channel,
        ]  # fmt: skip
        summed = [func.sum(Entry.quantity).label("quantity"), func.count().label("rows")]
        query = select(*keys, *summed).where(Entry.kind == "indirect").group_by(*keys)
        connection.execute(insert(EntryTotal).from_select([*(key.key for key in keys), "quantity", "rows"], query))
        for month in self.span.months:
            last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            first_day = _value(AnswerTotal.month, month)
            query = (
                select(
                    first_day.label("month"), first_day.label("valued_month"), Entry.acceptance_id, Entry.kind, Entry.network,
                    Entry.intent, Entry.thread_id, *summed,
                )
                .where(Entry.kind == "indirect", Entry.day >= month, Entry.day <= last)
                .group_by(Entry.acceptance_id, Entry.kind, Entry.network, Entry.intent, Entry.thread_id)
            )  # fmt: skip
            names = [
                "month", "valued_month", "acceptance_id", "kind", "network", "intent", "thread_id", "quantity", "rows",
            ]  # fmt: skip
            connection.execute(insert(AnswerTotal).from_select(names, query))

    def _views(self, connection: Connection) -> None:
        for month in self.span.months:
            until = (month + timedelta(days=31)).replace(day=1)
            query = (
                select(_value(ThreadViews.month, month), Reading.thread_id, func.count() * 2)
                .where(Reading.first_at >= midnight(month), Reading.first_at < midnight(until))
                .group_by(Reading.thread_id)
            )
            connection.execute(insert(ThreadViews).from_select(["month", "thread_id", "views"], query))
        summed = select(ThreadViews.month, func.sum(ThreadViews.views)).group_by(ThreadViews.month)
        connection.execute(insert(MonthViews).from_select(["month", "views"], summed))
        span = self.span.now - midnight(self.span.first)
        add(
            connection,
            SuggestionTrial,
            (
                {
                    "key": f"{number:064}", "arm": "held_out" if number % 10 == 0 else "shown", "share": 1000,
                    "begun_at": midnight(self.span.first) + span * (number / self.span.scale.threads),
                    "asked_at": self.span.now if number % 10 == 0 or number % 3 else None,
                }
                for number in range(self.span.scale.threads)
            ),
        )  # fmt: skip


def _answer(number: Any, answers: int) -> Any:
    """A place among as many answers, 0 and on; the later ones are read most."""
    draw = _chance(number, 6, 10_000) * _chance(number, 7, 10_000)
    return (answers - 1) - answers * draw // 100_000_000


def _number_at(place: Any) -> Any:
    """Its thread's number: those that staff answered, every twelfth, are passed over to the one before."""
    plain = place + 1
    return case((plain % 12 == 0, plain - 1), else_=plain)


def _chance(number: Any, salt: int, of: int) -> Any:
    """From 0 to `of` - 1, as good as at random, the same on both databases."""
    mixed = number * (2_654_435_761 + salt * 3_329_050) % 4_294_967_296
    return (mixed // 64 * 40_503 + salt * 7919) % 1_000_003 % of


def _yes(number: Any, salt: int, percent: int) -> Any:
    return case((_chance(number, salt, 100) < percent, literal("yes")), else_=literal("no"))


def _insert(model: type[Base], values: dict[str, Any], condition: Any) -> Any:
    query = select(*(expression.label(name) for name, expression in values.items())).where(condition)
    return insert(model).from_select(list(values), query)


def _value(column: Any, value: Any) -> Any:
    return literal(value, column.type)
