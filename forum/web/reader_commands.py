"""flask --app wsgi readers ...: what a person knows of a reader-week that the counting cannot."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from forum.actions.find_bots import call_bot
from forum.kernel.database import lock, writing
from forum.ledger.reader_week import ReaderWeek
from forum.web.context import now, session

readers = AppGroup("readers", help="Readers of solved threads.")


@readers.command("bot")
@click.argument("number", type=int)
@click.option("--why", required=True, help="In a few words, at most 40 characters.")
def bot(number: int, why: str) -> None:
    """Call reader-week NUMBER a bot's; what it counted is taken back by the next sweep."""
    if not 0 < len(why.strip()) <= 40:
        raise click.ClickException("Say why in at most 40 characters.")
    with writing():
        week = session().get(ReaderWeek, number)
        if week is None:
            raise click.ClickException(f"There is no reader-week {number}.")
        lock(session(), week)
        if week.bot_at is not None:
            raise click.ClickException(f"Reader-week {number} is a bot's already: {week.bot_why}.")
        call_bot(session(), week, why.strip(), now())
        session().commit()
    click.echo(f"Reader-week {number} is a bot's.")
