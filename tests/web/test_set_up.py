"""The one-time set-up link in the browser, and the operator's commands that print it and its like."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.people.passwords import is_password
from forum.threads.board import Board
from tests.cast import PASSWORD, Cast

FORM = {"name": "grace", "email": "grace@example.com", "password": PASSWORD}


def run(app: Flask, *words: str, typed: str = "") -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["people", *words], input=typed)
    return done.exit_code, done.output


def path_in(output: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", output)
    assert found is not None, output
    return found.group(1)


def test_the_link_makes_the_first_admin_who_is_then_signed_in(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    code, output = run(app, "setup-link")
    assert code == 0
    link = path_in(output)
    page = client.get(link)
    assert page.status_code == 200
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("same-origin", "no-store")
    assert client.post(link, data={**FORM, "password": "short"}).status_code == 422
    assert client.post(link, data=FORM).location == "/"
    grace = session.scalars(select(Account)).one()
    assert (grace.role, [board.name for board in session.scalars(select(Board))]) == ("admin", ["General"])
    assert client.get("/account").status_code == 200
    assert client.application.test_client().get(link).status_code == 404


def test_a_new_link_voids_the_older_one(app: Flask, client: FlaskClient) -> None:
    older, newer = path_in(run(app, "setup-link")[1]), path_in(run(app, "setup-link")[1])
    assert client.get(older).status_code == 404
    assert client.get(newer).status_code == 200


def test_where_an_admin_is_no_link_is_made(app: Flask, cast: Cast) -> None:
    code, output = run(app, "setup-link")
    assert code == 0
    assert "has an admin already" in output and "/set-up/" not in output


def test_an_operator_adds_an_account(app: Flask, session: Session) -> None:
    code, output = run(app, "add", "grace", "grace@example.com", "--role", "agent", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert code == 0, output
    assert PASSWORD not in output
    grace = session.scalars(select(Account)).one()
    assert grace.role == "agent" and is_password(grace.password_hash, PASSWORD)


def test_a_mistake_of_the_operator_is_one_sentence(app: Flask, cast: Cast) -> None:
    code, output = run(app, "add", "ada", "new@example.com", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert code == 1
    assert output.splitlines()[-1] == "Error: name: Somebody has this name already."
    assert run(app, "add", "grace", "g@example.com", "--role", "emperor")[0] == 2
    assert run(app, "reset-link", "nobody")[0] == 1


def test_a_reset_link_without_mail(app: Flask, client: FlaskClient, session: Session, cast: Cast) -> None:
    code, output = run(app, "reset-link", "Ada")
    assert code == 0
    assert client.post(path_in(output), data={"password": "eleven louder routers"}).location == "/"
    session.refresh(cast.ada)
    assert is_password(cast.ada.password_hash, "eleven louder routers")
