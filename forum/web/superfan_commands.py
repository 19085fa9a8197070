"""flask --app wsgi superfans ...: ship the first ranks, review members, and prove points and boards equal to what earned them."""

from __future__ import annotations

from itertools import islice

import click
from flask.cli import AppGroup

from forum.actions.recount_points import recount_points
from forum.actions.recount_sums import hold_points, recount_sums
from forum.actions.review_members import mark_stale, review_due
from forum.actions.ship_ranks import ship_ranks
from forum.kernel.database import writing
from forum.web.context import now, parts, session

MOST_SHOWN = 50

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


@superfans.command("recount")
@click.option("--mend", is_flag=True, help="Set sums right. Rows of the ledger are never changed.")
def recount(mend: bool) -> None:
    """Recount every point from kudos, acceptances and votes; exit code 1 and a table where anything differs."""
    with writing():
        own = session()
        hold_points(own)
        in_rows = list(recount_points(own))
        in_sums = list(recount_sums(own, now(), mend=mend))
        if mend:
            own.commit()
    differences = [*in_rows, *in_sums]
    if not differences:
        click.echo("No difference.")
        return
    click.echo("what\texpected\tfound")
    for one in islice(differences, MOST_SHOWN):
        click.echo(f"{one.what}\t{one.expected}\t{one.found}")
    if len(differences) > MOST_SHOWN:
        click.echo(f"... and {len(differences) - MOST_SHOWN} more")
    if mend:
        click.echo(f"{len(in_sums)} sums were set right.")
    if in_rows or not mend:
        raise SystemExit(1)
