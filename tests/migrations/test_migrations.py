"""Migrations run forward, on both databases, from every earlier revision with rows in every table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient

from forum.kernel.base import Base
from forum.kernel.settings import Settings
from forum.web.app import create_app
from forum.web.extensions import db
from forum.web.schema import FOLDER, allow_migrations
from tests.application import QuietParts

REVISIONS = [script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()][::-1]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bare.db"
    url: str = request.getfixturevalue("postgres_server").new_database()
    return url


@pytest.fixture
def bare(settings: Settings) -> Iterator[Flask]:
    app = create_app(QuietParts(settings))
    allow_migrations(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def upgrade(app: Flask, revision: str) -> None:
    command.upgrade(app.extensions["migrate"].migrate.get_config(), revision)


def test_an_empty_database_becomes_what_the_models_say(bare: Flask) -> None:
    upgrade(bare, "head")
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_from_any_revision_with_a_row_in_every_table_the_newest_is_reached_and_no_row_is_lost(
    bare: Flask, revision: str
) -> None:
    upgrade(bare, revision)
    tables = reflected()
    with db.engine.begin() as connection:
        for table in tables.sorted_tables:
            connection.execute(table.insert().values(row_of(table)))
    upgrade(bare, "head")
    with db.engine.connect() as connection:
        kept = {table.name for table in reflected().sorted_tables}
        for table in tables.sorted_tables:
            if table.name in kept:
                assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == 1, table.name


def test_the_pages_open_on_a_migrated_database(bare: Flask) -> None:
    upgrade(bare, "head")
    client: FlaskClient = bare.test_client()
    assert client.get("/").status_code == 200


def reflected() -> sa.MetaData:
    """The tables as the database has them now, whatever the models say."""
    metadata = sa.MetaData()
    metadata.reflect(db.engine, only=lambda name, _metadata: name != "alembic_version")
    return metadata


def row_of(table: sa.Table) -> dict[str, Any]:
    """One row: every column that wants a value gets one of its type; references name the other table's only row."""
    return {
        column.name: 1 if column.foreign_keys or (column.primary_key and _is_number(column)) else _value(column)
        for column in table.columns
        if not (column.nullable and not column.primary_key)
    }


def _is_number(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.Integer | sa.Numeric)


def _value(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, sa.JSON):
        return {}
    kind = column.type.python_type
    values = {
        str: "x", int: 1, bool: True, float: 1.0, Decimal: Decimal(1),
        datetime: datetime(2026, 1, 1, tzinfo=UTC), date: date(2026, 1, 1),
    }  # fmt: skip
    return values[kind]
