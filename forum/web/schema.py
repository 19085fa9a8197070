"""Migrations for the `flask db` commands. Alembic is heavy, so a web process never loads it."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask

from forum.web.extensions import db

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def init_app(app: Flask) -> None:
    """Only a command line can ask for a migration."""
    if click.get_current_context(silent=True) is not None:
        allow_migrations(app)


def allow_migrations(app: Flask) -> None:
    from flask_migrate import Migrate  # noqa: PLC0415  imports alembic, 0.4 s

    Migrate(app, db, directory=str(FOLDER))
