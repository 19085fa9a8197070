"""flask --app wsgi people ...: the operator's way in, when nobody can sign in yet or somebody no longer can."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from forum.actions.set_up_admin import make_setup_link
from forum.actions.sign_up import sign_up
from forum.kernel.database import writing
from forum.kernel.errors import Conflict, ForumError, Invalid
from forum.people.account import Account
from forum.people.names import key_of
from forum.people.roles import Role
from forum.people.tokens import LASTS, Purpose, make_token
from forum.web.context import now, parts, session
from forum.web.passwords import reset_link

people = AppGroup("people", help="Accounts: the set-up link, a new account, a link to reset a password.")


@people.command("setup-link")
def setup_link() -> None:
    """Print the one-time link that makes the first admin. Older links stop working."""
    with writing():
        try:
            secret = make_setup_link(session(), now())
        except Conflict as error:
            click.echo(str(error.message), err=True)
            return  # not a failure: every start asks for the link
        session().commit()
    click.echo(f"Set the community up here (the link works once, within {LASTS[Purpose.SETUP].days} days):")
    click.echo(f"{parts().settings.public_url}/set-up/{secret}")


@people.command("add")
@click.argument("name")
@click.argument("email")
@click.option("--role", type=click.Choice([str(role) for role in Role]), default=str(Role.CUSTOMER), show_default=True)
@click.password_option(help="Asked for when left out.")
def add(name: str, email: str, role: str, password: str) -> None:
    """Add an account."""
    with writing():
        try:
            account = sign_up(session(), name=name, email=email, password=password, role=Role(role), now=now())
        except ForumError as error:
            raise click.ClickException(_sentences(error)) from error
        session().commit()
    click.echo(f"{account.name} is here as {role}.")


@people.command("reset-link")
@click.argument("name")
def reset(name: str) -> None:
    """Print a link with which NAME chooses a new password, for who gets no mail."""
    with writing():
        account = session().scalar(select(Account).where(Account.name_key == key_of(name), Account.closed_at.is_(None)))
        if account is None:
            raise click.ClickException(f"Nobody here is called {name}.")
        secret = make_token(session(), Purpose.RESET, account.id, now())[0]
        session().commit()
    click.echo(reset_link(secret))


def _sentences(error: ForumError) -> str:
    if isinstance(error, Invalid) and error.fields:
        return " ".join(f"{field}: {message}" for field, message in error.fields.items())
    return str(error.message)
