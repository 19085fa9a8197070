"""Tells, without loading the application, whether there is anything to do to the database before a start."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from forum.kernel.settings import Settings

_REVISION = re.compile(r"""^revision\s*(?::[^=]*)?=\s*['"](\w+)['"]""", re.MULTILINE)
_BEFORE = re.compile(r"""^down_revision\s*(?::[^=]*)?=\s*['"](\w+)['"]""", re.MULTILINE)


def is_prepared(settings: Settings, migrations: Path) -> bool:
    """Whether the schema is surely current and the sample, if wanted, planted. Knows SQLite only: in doubt, no."""
    if settings.sample and not settings.sample_accounts_file.exists():
        return False
    newest = newest_revision(migrations)
    return newest is not None and newest == _standing_revision(settings.database_url)


def newest_revision(migrations: Path) -> str | None:
    """The one revision that no other builds on; None where there is not exactly one."""
    texts = [path.read_text(encoding="utf-8") for path in (migrations / "versions").glob("*.py")]
    revisions = {found for text in texts for found in _REVISION.findall(text)}
    built_on = {found for text in texts for found in _BEFORE.findall(text)}
    heads = revisions - built_on
    return heads.pop() if len(heads) == 1 and len(revisions) == len(texts) else None


def _standing_revision(database_url: str) -> str | None:
    path = database_url.removeprefix("sqlite:///").partition("?")[0]
    if path == database_url or not Path(path).is_file():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=1)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None
