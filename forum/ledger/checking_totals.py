"""The rollups against a straight count of the rows, and the making of them anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, cast, delete, func, inspect, literal, select, union_all
from sqlalchemy import Date as DateType
from sqlalchemy.orm import Session

from forum.kernel.base import Base
from forum.kernel.database import take_turns
from forum.ledger.booking import LEDGER
from forum.ledger.checking_rows import Difference
from forum.ledger.entry import Entry
from forum.ledger.totals import AnswerTotal, EntryTotal

FIGURES = ("quantity", "rows")


def check_totals(session: Session, first: date = date.min, last: date = date.max) -> Iterator[Difference]:
    """Every key of both rollups whose figures are not those of its rows; `first` and `last` are days of rows."""
    for model in (EntryTotal, AnswerTotal):
        keys = _keys(model)
        counted = _counted(session, model).where(Entry.day >= first, Entry.day <= last)
        table = _table(model)
        kept = select(*[table.c[name] for name in keys], *[table.c[name].label(f"kept_{name}") for name in FIGURES])
        kept = kept.where(table.c[keys[0]] >= first.replace(day=1) if keys[0] == "month" else table.c.day >= first)
        kept = kept.where(table.c[keys[0]] <= last)
        yield from _compare(session, model, keys, counted, kept)


def rebuild_totals(session: Session) -> Sequence[int]:
    """Empty both rollups and add all rows up anew, alone with the ledger; how many totals each has then."""
    take_turns(session, LEDGER)
    made = []
    for model in (EntryTotal, AnswerTotal):
        session.execute(delete(model).execution_options(synchronize_session=False))
        keys = _keys(model)
        session.execute(
            _table(model).insert().from_select([*keys, *FIGURES], _counted(session, model)),
        )
        made.append(session.scalar(select(func.count()).select_from(model)) or 0)
    return made


def _compare(
    session: Session, model: type[Base], keys: Sequence[str], counted: Select[Any], kept: Select[Any]
) -> Iterator[Difference]:
    """Both sides as rows of one list, the kept ones with their signs turned: what does not cancel out is wrong."""
    rows, totals = counted.subquery(), kept.subquery()
    sides = [f"{side}_{name}" for side in ("counted", "kept") for name in FIGURES]
    nothing = [literal(0).label(name) for name in sides]
    both = union_all(
        select(
            *[rows.c[name] for name in keys], *[rows.c[name].label(f"counted_{name}") for name in FIGURES], *nothing[2:]
        ),
        select(*[totals.c[name] for name in keys], *nothing[:2], *[totals.c[f"kept_{name}"] for name in FIGURES]),
    ).subquery()
    names = [both.c[name] for name in keys]
    sums = [func.sum(both.c[name]) for name in sides]
    found = session.execute(select(*names, *sums).group_by(*names).having((sums[0] != sums[2]) | (sums[1] != sums[3])))
    for row in found:
        what = ", ".join(f"{name} {value}" for name, value in zip(keys, row, strict=False))
        quantity, count, kept_quantity, kept_count = row[len(keys) :]
        yield Difference(
            f"{model.__tablename__}: {what}", f"{quantity} of {count} rows", f"{kept_quantity} of {kept_count} rows"
        )


def _counted(session: Session, model: type[Base]) -> Select[Any]:
    columns: list[ColumnElement[Any]] = []
    for name in _keys(model):
        if name == "month":
            columns.append(_month(session, Entry.day).label(name))
        elif name == "valued_month":
            columns.append(_month(session, Entry.valued_on).label(name))
        else:
            columns.append(getattr(Entry, name).label(name))
    sums = [func.sum(Entry.quantity).label("quantity"), func.count().label("rows")]
    return select(*columns, *sums).group_by(*columns)


def _keys(model: type[Base]) -> list[str]:
    return [column.name for column in _table(model).columns if column.name not in FIGURES]


def _month(session: Session, day: Any) -> ColumnElement[Any]:
    """The first day of a day's month."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.date_trunc("month", day), DateType)
    return func.date(day, "start of month", type_=DateType)


def _table(model: type[Base]) -> Table:
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return table
