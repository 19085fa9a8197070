"""flask --app wsgi contacts ...: contact files without a browser, as their source's last upload was read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from forum.actions.confirm_contact_file import clean_source, wrong_days
from forum.actions.drop_contact_file import drop_contact_file
from forum.actions.import_contacts import Importing, import_contact_file
from forum.kernel.database import writing
from forum.kernel.errors import ForumError
from forum.ledger.contact import ContactFile, FileState
from forum.ledger.contact_rows import Problem
from forum.ledger.contact_text import pack
from forum.web.context import parts

contacts = AppGroup("contacts", help="Contacts from the call centre.")
DAY = click.DateTime(["%Y-%m-%d"])


@contacts.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="The system that the contacts come from, as it was named in an upload.")
@click.option("--from", "first", type=DAY, help="The first day that the file knows in full.")
@click.option("--until", "last", type=DAY, help="The last day that the file knows in full.")
def import_file(file: Path, source: str, first: datetime | None, last: datetime | None) -> None:
    """Import FILE. Its columns are those that were confirmed for SOURCE in the browser."""
    settings = parts().settings
    tools = Importing(parts().sessions, parts().contact_keys, settings.time_zone, parts().clock)
    covers = (first.date(), last.date()) if first and last else None
    if covers or first or last:
        today = parts().clock().astimezone(settings.time_zone).date()
        for wrong in wrong_days(first and first.date(), last and last.date(), today).values():
            raise click.ClickException(str(wrong))
    try:
        with file.open("rb") as stream:
            packed = pack(stream)
        with writing(), tools.sessions.begin() as session:
            file_id = drop_contact_file(
                session, file.name, clean_source(source), packed, tools, settings.time_zone, covers=covers
            )
    except ForumError as error:
        raise click.ClickException(str(error.message)) from error
    import_contact_file(tools, file_id)
    with tools.sessions() as session:
        _say(session.get_one(ContactFile, file_id))


def _say(file: ContactFile) -> None:
    click.echo(f"{file.taken} taken, {file.known} known before, {file.refused} refused, of {file.read} rows.")
    for problem in map(Problem.kept, file.problems):
        click.echo(f"row {problem.row}, {problem.column or 'the whole row'}: {problem.message}", err=True)
    if file.state != FileState.IMPORTED:
        raise click.ClickException(file.words or "Nothing was imported.")
