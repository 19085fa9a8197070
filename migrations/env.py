"""Runs migrations on the application's own engine, so that SQLite has its pragmas here too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from forum.kernel.base import Base
from forum.kernel.database import writing

migrate = current_app.extensions["migrate"]
engine = migrate.db.engine


def run() -> None:
    with writing(), engine.connect() as connection, tables_may_be_made_anew(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            user_module_prefix="base.",
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        check_references(connection)
        connection.commit()


@contextmanager
def tables_may_be_made_anew(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying it and dropping the old one, which it refuses where rows refer to that.

    So it does not look at references meanwhile; they are checked as a whole before the end. The pragma does nothing
    within a transaction, hence the driver's own connection.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
        if broken:
            raise SystemExit(f"After the migration rows refer to rows that are not there: {broken}")


if context.is_offline_mode():
    raise SystemExit("Migrations read the database, so they cannot be written out beforehand.")
run()
