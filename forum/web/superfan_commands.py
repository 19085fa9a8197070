"""flask --app wsgi superfans ...: ship the first ranks, review members, and prove points and boards equal to what earned them."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from forum.actions.review_members import mark_stale, review_due
from forum.actions.ship_ranks import ship_ranks
from forum.kernel.database import writing
from forum.web.context import now, parts, session

superfans = AppGroup("superfans", help="Points, ranks and badges.")


@superfans.command("ship")
def ship() -> None:
    """Add the ranks, badges and terms that the product brings, where there never were any. Says nothing where there are."""
    with writing():
        ranks, badges, terms = ship_ranks(session(), now())
        session().commit()
    if ranks or badges or terms:
        click.echo(f"Added {ranks} ranks, {badges} badges and {terms} terms of the programme.")


@superfans.command("review")
@click.option("--quietly", is_flag=True, help="Tell nobody of what comes of it.")
def review(quietly: bool) -> None:
    """Review everybody who is due now, as the workers do by themselves."""
    zone, done = parts().settings.time_zone, 0
    while True:
        with writing(), parts().sessions.begin() as own:
            at = now()
            settled = review_due(own, at, zone=zone, quiet=quietly)
            if not settled and not mark_stale(own, at, zone=zone):
                break
        done += settled
    click.echo(f"{done} members reviewed.")
