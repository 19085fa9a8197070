"""Brings the database to the newest schema and plants the sample community where it is wanted; then ends.

One process for both, since loading the application takes longer than either usually does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click
from flask.cli import ScriptInfo
from sqlalchemy.exc import SQLAlchemyError

from forum.kernel.settings import Settings, SettingsError
from workers.tree import say


def main() -> int:
    """0 when all is ready; 1 after one sentence about what is not."""
    try:
        settings = Settings.from_environment(os.environ)
        script = ScriptInfo(app_import_path="wsgi:app")
        say("Bringing the database up to date.")
        _run(script, ["db", "upgrade"])
        _run(script, ["superfans", "ship"])
        if settings.sample and not settings.sample_accounts_file.exists():
            say("Planting the sample community.")
            _run(script, ["sample", "plant"])
    except SettingsError as error:
        return _refuse(str(error))
    except SQLAlchemyError as error:
        return _refuse(f"DATABASE_URL: the database cannot be used: {_first_line(error)}")
    return 0


def _run(script: ScriptInfo, words: Sequence[str]) -> None:
    """What `flask --app wsgi WORDS` does, in this process."""
    with click.Context(click.Command("prepare")):  # a command line's, which alone may ask for a migration
        app = script.load_app()
    app.cli.main(args=list(words), prog_name="flask", obj=script, standalone_mode=False)


def _first_line(error: SQLAlchemyError) -> str:
    """The driver's own words without SQLAlchemy's wrapping, which may repeat the statement."""
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split())[:300].rstrip(".?") + "."


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
