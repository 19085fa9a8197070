"""Signing in, up and out in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from forum.kernel.ids import token_digest
from forum.people.account import Account, BrowserSession
from forum.web.own_path import own_path
from tests.application import SignInAs
from tests.cast import PASSWORD, Cast

ELSEWHERE = [
    "https://evil.example", "http:evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "javascript:alert(1)", "evil.example",
    "//evil.example\\@forum", "/a\\..\\b", "https:/evil.example", "//[", "",
]  # fmt: skip


def signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def secret_of(client: FlaskClient) -> str | None:
    with client.session_transaction() as cookie:
        return cookie.get("_user_id")


def send(client: FlaskClient, name: str = "ada") -> TestResponse:
    return client.post("/sign-in", data={"name": name, "password": PASSWORD})


def test_name_and_password_open_the_page_that_was_wanted(client: FlaskClient, cast: Cast) -> None:
    asked = client.get("/account?tab=1")
    assert asked.status_code == 303
    assert asked.location == "/sign-in?next=%2Faccount%3Ftab%3D1"
    assert 'value="/account?tab=1"' in client.get(asked.location).text
    answer = client.post("/sign-in", data={"name": "Ada@example.com", "password": PASSWORD, "next": "/account?tab=1"})
    assert (answer.status_code, answer.location) == (303, "/account?tab=1")
    assert signed_in(client)


def test_a_wrong_password_and_a_name_that_nobody_has_look_the_same(client: FlaskClient, cast: Cast) -> None:
    known = client.post("/sign-in", data={"name": "ada", "password": "wrong password"})
    unknown = client.post("/sign-in", data={"name": "eve", "password": "wrong password"})
    assert known.status_code == unknown.status_code == 422
    assert "do not belong together" in known.text
    assert known.text.replace('value="ada"', "") == unknown.text.replace('value="eve"', "")
    assert "wrong password" not in known.text
    assert not signed_in(client)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_address_leads_elsewhere(client: FlaskClient, cast: Cast, target: str) -> None:
    assert own_path(target) == "/"
    assert client.post("/sign-in", data={"name": "ada", "password": PASSWORD, "next": target}).location == "/"
    assert client.get(f"/sign-in?next={quote(target)}").location == "/"  # signed in already
    assert client.post("/language", data={"language": "en", "next": target}).location == "/"


@pytest.mark.parametrize(
    "target", ["/", "/account", "/threads/7/my-wifi?page=2#p9", "/search?q=https://example.com", "/a//b"]
)
def test_our_own_paths_are_kept(target: str) -> None:
    assert own_path(target) == target


def test_each_sign_in_has_a_new_secret_and_ends_the_one_before(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    send(client)
    first = secret_of(client)
    send(client, "bob")
    second = secret_of(client)
    assert first and second and first != second
    ended = select(BrowserSession.revoked_at).where(BrowserSession.token_digest == token_digest(first))
    assert session.scalars(ended).one() is not None


def test_a_secret_that_was_brought_along_is_worth_nothing(client: FlaskClient, cast: Cast) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "chosen-by-somebody-else"
    assert not signed_in(client)
    send(client)
    assert secret_of(client) != "chosen-by-somebody-else"


def test_signing_out_ends_the_session_for_a_copied_cookie_too(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    send(client)
    copied = secret_of(client)
    assert client.post("/sign-out").location == "/"
    assert not signed_in(client)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = copied
    assert not signed_in(client)


def test_signing_out_twice_is_no_error(client: FlaskClient) -> None:
    assert client.post("/sign-out").status_code == 303
    assert client.get("/sign-out").status_code == 405


def test_a_session_ends_when_its_account_is_closed(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    assert signed_in(sign_in_as(client, cast.ada))
    cast.ada.closed_at = cast.ada.created_at
    session.commit()
    assert not signed_in(client)


def test_a_session_ends_after_the_days_that_the_site_allows(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    assert signed_in(sign_in_as(client, cast.ada))
    browser = session.scalars(select(BrowserSession)).one()
    browser.created_at = cast.ada.created_at.replace(year=2020)
    session.commit()
    assert not signed_in(client)


def test_who_signs_up_is_signed_in_with_the_language_in_hand(client: FlaskClient, session: Session) -> None:
    form = {"name": "grace", "email": "grace@example.com", "password": PASSWORD, "next": "/account"}
    answer = client.post("/sign-up", data=form, headers={"Accept-Language": "zh-TW"})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert signed_in(client)
    assert session.scalars(select(Account)).one().language == "zh_Hant"


def test_a_sign_up_with_mistakes_keeps_what_fits_but_never_the_password(client: FlaskClient, cast: Cast) -> None:
    form = {"name": "ada", "email": "nowhere", "password": "pa55"}
    page = client.post("/sign-up", data=form)
    assert page.status_code == 422
    assert 'value="ada"' in page.text and 'value="nowhere"' in page.text
    assert "pa55" not in page.text
    assert page.text.count('aria-invalid="true"') == 2  # whether a name is free is asked when the rest is right


def test_a_name_that_is_taken_is_marked(client: FlaskClient, cast: Cast) -> None:
    page = client.post("/sign-up", data={"name": "Ada", "email": "new@example.com", "password": PASSWORD})
    assert page.status_code == 422
    assert "Somebody has this name already." in page.text


def test_who_is_signed_in_needs_no_sign_in_page(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> None:
    sign_in_as(client, cast.ada)
    assert client.get("/sign-in?next=/account").location == "/account"
    assert client.get("/sign-up").location == "/"


def test_what_people_type_is_shown_as_text(client: FlaskClient, cast: Cast) -> None:
    page = client.post("/sign-in", data={"name": '"><script>x</script>', "password": "x"})
    assert "<script>x" not in page.text


@pytest.fixture
def a_program(client: FlaskClient) -> Iterator[FlaskClient]:
    client.environ_base["HTTP_ACCEPT"] = "application/json"
    yield client


def test_a_program_is_told_401(a_program: FlaskClient) -> None:
    answer = a_program.post("/account/profile", data={"bio": "x"})
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
