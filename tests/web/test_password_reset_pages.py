"""A forgotten password, in the browser."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.outbox.delivery import Delivery
from tests.application import QuietParts, SignInAs
from tests.cast import PASSWORD, Cast

NEW = "eleven louder routers"


def link_mailed(client: FlaskClient, session: Session, email: str = "ada@example.com") -> str:
    assert client.post("/password-reset", data={"email": email}).status_code == 303
    session.commit()
    newest = session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
    assert newest is not None
    found = re.search(r"http://127.0.0.1:8000(/password-reset/\S+)", newest.payload["text"])
    assert found is not None
    return found.group(1)


def test_the_answer_does_not_tell_whether_there_is_such_an_account(client: FlaskClient, cast: Cast) -> None:
    known = client.post("/password-reset", data={"email": "ada@example.com"})
    unknown = client.post("/password-reset", data={"email": "nobody@example.com"})
    assert (known.status_code, known.location, known.text) == (unknown.status_code, unknown.location, unknown.text)
    assert "If there is an account" in client.get(known.location).text


def test_the_worker_is_rung_for_the_mail(client: FlaskClient, cast: Cast, parts: QuietParts, session: Session) -> None:
    link_mailed(client, session)
    assert ("mail_due", ()) in parts.bell.rung


def test_the_link_leads_to_a_new_password_and_signs_every_other_browser_out(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    elsewhere = sign_in_as(client.application.test_client(), cast.ada)
    link = link_mailed(client, session)
    assert client.get(link).status_code == 200
    assert client.get(link).status_code == 200  # a mail scanner that looks does not use it up
    assert client.post(link, data={"password": "short"}).status_code == 422
    assert client.post(link, data={"password": NEW}).location == "/"
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    client.post("/sign-out")
    assert client.post("/sign-in", data={"name": "ada", "password": PASSWORD}).status_code == 422
    assert client.post("/sign-in", data={"name": "ada", "password": NEW}).status_code == 303


def test_a_used_or_invented_link_is_a_page_that_says_so(client: FlaskClient, session: Session, cast: Cast) -> None:
    link = link_mailed(client, session)
    client.post(link, data={"password": NEW})
    for address in (link, "/password-reset/invented"):
        assert client.get(address).status_code == 404
        refused = client.post(address, data={"password": NEW})
        assert refused.status_code == 404
        assert "too old or has been used" in refused.text


def test_the_secret_in_the_address_goes_to_no_other_site_and_no_cache(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    page = client.get(link_mailed(client, session))
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
