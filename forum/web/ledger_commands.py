"""flask --app wsgi ledger ...: what an auditor and an operator do with the ledger; docs/ledger.md explains each."""

from __future__ import annotations

from collections.abc import Sequence

import click
from flask.cli import AppGroup
from sqlalchemy import select

from forum.actions.close_period import close_period
from forum.actions.recompute_period import Recomputation, check_seal, recompute
from forum.actions.settle_due import settle_due
from forum.kernel.database import writing
from forum.kernel.errors import ForumError
from forum.ledger.checking_rows import Difference
from forum.ledger.checking_totals import check_totals, rebuild_totals
from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.period import Period
from forum.people.account import Account
from forum.people.names import key_of
from forum.reports.deflection_frozen import freeze_report
from forum.web.context import now, parts, session

ledger = AppGroup("ledger", help="The deflection ledger: recompute, verify and close months.")


@ledger.command("recompute")
@click.argument("month")
def recompute_month(month: str) -> None:
    """Recompute MONTH (such as 2026-10) from its events; exit code 1 and a table where the ledger differs."""
    settings = parts().settings
    result = recompute(session(), _period(month), settings.time_zone, settings.deflection_days)
    click.echo(f"{month}: {result.units} claims and reader-weeks, {result.rows} rows, {_state(result)}.")
    if result.waiting:
        click.echo(f"{result.waiting} of them wait for a worker.")
    if result.moved:
        click.echo(
            f"{result.moved} stand where their threads were when they were booked; the threads were moved since."
        )
    _tell(result.differences, result.found)


@ledger.command("verify")
def verify() -> None:
    """Check every closed month against its hash, and the totals of all months against their rows."""
    settings = parts().settings
    names = session().scalars(select(ClosedPeriod.name).order_by(ClosedPeriod.name)).all()
    differences: list[Difference] = []
    for name in names:
        result = Recomputation(_period(name))
        found = list(check_seal(session(), result, settings.time_zone, settings.deflection_days))
        click.echo(f"{name}: {result.rows} rows, {'not as closed' if found else 'as closed'}.")
        differences += found
    if not names:
        click.echo("No month is closed.")
    differences += check_totals(session())
    _tell(differences, len(differences))


@ledger.command("close")
@click.argument("month")
@click.option("--by", "name", required=True, help="The account that closes it: finance or an admin.")
def close(month: str, name: str) -> None:
    """Settle what has come to its day, then close MONTH (such as 2026-10) for good."""
    period, settings = _period(month), parts().settings
    settle_due(parts().sessions, settings.time_zone, now(), days=settings.deflection_days, keys=parts().contact_keys)
    with writing():
        account = session().scalar(select(Account).where(Account.name_key == key_of(name), Account.closed_at.is_(None)))
        if account is None:
            raise click.ClickException(f"Nobody here is called {name}.")
        at = now()
        try:
            closed = close_period(
                session(),
                period,
                account,
                freeze=lambda own, one: freeze_report(
                    own, one, currency=settings.currency, zone=settings.time_zone, now=at
                ),
                zone=settings.time_zone,
                days=settings.deflection_days,
                now=at,
            )
        except ForumError as error:
            raise click.ClickException(str(error.message)) from error
        session().commit()
    click.echo(f"{closed.name} is closed: {closed.rows} rows, SHA-256 {closed.sha256}.")


@ledger.command("rebuild-totals")
def rebuild() -> None:
    """Add all rows up anew in one transaction. Booking waits meanwhile; rows and closed months stay as they are."""
    with writing():
        made = rebuild_totals(session())
        session().commit()
    click.echo(f"The ledger has {made[0]} totals by day and {made[1]} by answer.")


def _period(name: str) -> Period:
    if (period := Period.named(name)) is None:
        raise click.BadParameter(f"{name} is no month; write it like 2026-10.")
    return period


def _state(result: Recomputation) -> str:
    if result.closed is None:
        return "open"
    return f"closed on {result.closed.closed_at:%Y-%m-%d}, SHA-256 {result.closed.sha256}"


def _tell(differences: Sequence[Difference], found: int) -> None:
    """The table, tab-separated, and the exit code."""
    if not found:
        click.echo("No difference.")
        return
    click.echo("what\texpected\tfound")
    for one in differences:
        click.echo(f"{one.what}\t{one.expected}\t{one.found}")
    if found > len(differences):
        click.echo(f"... and {found - len(differences)} more")
    raise SystemExit(1)
