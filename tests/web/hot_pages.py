"""What pages ask of the database, asked again to weigh it: how many rows, pages or steps the database spends on each."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Connection, event

from forum.web.extensions import db

# What grows with every kudos and every solution. `posts` grows with them in the test's world.
LEDGER = frozenset({"point_entries", "kudos", "acceptances", "imported_votes"})
EVERY = 10  # steps of SQLite's machine between two counts
_HOUSEKEEPING = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


@dataclass(frozen=True)
class Asked:
    """A statement as the driver got it."""

    sql: str
    parameters: Any


@dataclass(frozen=True)
class Read:
    """What PostgreSQL read of one table for one statement; `blocks` also counts the index."""

    table: str
    how: str
    rows: int
    blocks: int


@contextmanager
def asked(app: Flask) -> Iterator[list[Asked]]:
    """What the application asks meanwhile."""
    sent: list[Asked] = []

    def note(_connection: object, _cursor: object, sql: str, parameters: Any, *_rest: object) -> None:
        if not sql.startswith(_HOUSEKEEPING):
            sent.append(Asked(sql, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def touches_the_ledger(one: Asked) -> bool:
    return re.search(rf"(FROM|JOIN|UPDATE) ({'|'.join(sorted(LEDGER))})\b", one.sql) is not None


def reads_of(connection: Connection, one: Asked) -> Sequence[Read]:
    """PostgreSQL runs the statement and says what it read of each table."""
    explained = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {one.sql}"
    found = connection.exec_driver_sql(explained, one.parameters).scalar_one()
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return list(_scans(plan))


@contextmanager
def counted_steps(connection: sqlite3.Connection) -> Iterator[list[int]]:
    """How many steps SQLite's machine takes meanwhile, in tens; the list's only number."""
    steps = [0]

    def count() -> int:
        steps[0] += EVERY
        return 0

    connection.set_progress_handler(count, EVERY)
    try:
        yield steps
    finally:
        connection.set_progress_handler(None, 0)


def steps_of(connection: sqlite3.Connection, one: Asked) -> int:
    """What the statement costs, on a connection that knows the tables."""
    with counted_steps(connection) as steps:
        connection.execute(one.sql, one.parameters).fetchall()
    return steps[0]


def _scans(node: dict[str, Any]) -> Iterator[Read]:
    if "Relation Name" in node:
        rows = (
            node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        )
        inside = sum(one["Actual Rows"] for one in node.get("Plans", ()))  # a bitmap's index
        blocks = node.get("Shared Hit Blocks", 0) + node.get("Shared Read Blocks", 0)
        yield Read(node["Relation Name"], node["Node Type"], round(max(rows, inside) * node["Actual Loops"]), blocks)
    for child in node.get("Plans", ()):
        yield from _scans(child)
