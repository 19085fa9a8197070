"""Runs migrations on the application's own engine, so that SQLite has its pragmas here too."""

from __future__ import annotations

from alembic import context
from flask import current_app

from forum.kernel.base import Base
from forum.kernel.database import writing

migrate = current_app.extensions["migrate"]
engine = migrate.db.engine


def run() -> None:
    with writing(), engine.connect() as connection:
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
        connection.commit()


if context.is_offline_mode():
    raise SystemExit("Migrations read the database, so they cannot be written out beforehand.")
run()
