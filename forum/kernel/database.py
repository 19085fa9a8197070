"""How the database is opened: SQLite with WAL and honest transactions, PostgreSQL as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import BindParameter, Connection, Engine, bindparam, create_engine, event, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside take SQLite's write lock at once, so that they wait for it instead of failing later."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def set_writing(value: bool) -> None:
    """For frameworks that have no block to wrap: holds for this context until set again."""
    _writing.set(value)


def open_engine(url: str) -> Engine:
    """An engine for workers and commands: no pool, since jobs run in forked processes."""
    return prepare(create_engine(url, poolclass=NullPool))


def prepare(engine: Engine) -> Engine:
    """Teach a SQLite engine WAL, foreign keys and real transactions; leave any other alone."""
    if engine.dialect.name == "sqlite" and not getattr(engine, "_prepared", False):
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        engine._prepared = True  # type: ignore[attr-defined]  # told apart from a fresh engine on a second call
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin or commit on its own
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def lock(session: Session, row: object) -> None:
    """Hold `row` until the transaction ends and read it as it is now. What was changed in it before is written first.

    Others may still add rows that refer to it: a worker that books a thread's claim need not wait for whoever withdraws
    its answer, who waits for that claim.
    """
    session.flush()
    session.refresh(row, with_for_update={"key_share": True})


def numbers(ids: Iterable[int]) -> BindParameter[Any]:
    """For `column.in_(...)` with thousands of ids: written into the statement, since drivers are slow at so many parameters."""
    return bindparam(None, [int(one) for one in ids], expanding=True, literal_execute=True)


def take_turns(session: Session, what: str, *, shared: bool = False) -> None:
    """Whoever calls this with the same word waits until the other's transaction has ended. SQLite has one writer anyway.

    Those that share a turn wait only for one that wants it alone.
    """
    if session.get_bind().dialect.name == "postgresql":
        turn = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        session.execute(select(turn(func.hashtext(what))))
