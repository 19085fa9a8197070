"""One's own account: profile, password, and the browsers that are signed in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.people.account import BrowserSession
from forum.people.passwords import is_password
from forum.web.browsers import browser_words
from tests.application import SignInAs
from tests.cast import PASSWORD, Cast

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0"
)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


@pytest.fixture
def ada(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.ada)


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/account").location == "/sign-in?next=%2Faccount"
    for path in ("profile", "password", "sessions/1/revocation", "other-sessions/revocation"):
        assert client.post(f"/account/{path}").status_code == 401


def test_the_profile_is_saved_and_shown(ada: FlaskClient, session: Session, cast: Cast) -> None:
    form = {"display_name": "Ada L.", "bio": "Teacher.", "language": "zh_Hant", "theme": "dark"}
    assert ada.post("/account/profile", data=form).location == "/account"
    page = ada.get("/account").text
    assert 'value="Ada L."' in page and "Teacher." in page
    assert '<html lang="zh-Hant" data-theme="dark">' in page
    session.refresh(cast.ada)
    assert (cast.ada.language, cast.ada.theme) == ("zh_Hant", "dark")


def test_browser_and_system_may_say_again(ada: FlaskClient, session: Session, cast: Cast) -> None:
    ada.post("/account/profile", data={"language": "zh_Hans", "theme": "dark"})
    page = ada.get("/account").text
    assert '<option value="zh_Hans" selected>' in page and 'value="auto" selected' not in page
    ada.post("/account/profile", data={"language": "auto", "theme": "auto"})
    assert '<option value="auto" selected>' in ada.get("/account").text
    session.refresh(cast.ada)
    assert (cast.ada.language, cast.ada.theme) == (None, None)


def test_a_profile_that_does_not_fit_comes_back_with_what_was_written(
    ada: FlaskClient, session: Session, cast: Cast
) -> None:
    page = ada.post("/account/profile", data={"display_name": "x" * 61, "bio": "Kept words."})
    assert page.status_code == 422
    assert "Kept words." in page.text and "At most 60 characters" in page.text
    session.refresh(cast.ada)
    assert cast.ada.display_name == "Ada"


def test_the_password_changes_and_other_browsers_are_signed_out(
    ada: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    elsewhere = sign_in_as(ada.application.test_client(), cast.ada)
    form = {"old_password": PASSWORD, "new_password": "eleven louder routers"}
    assert ada.post("/account/password", data=form).location == "/account"
    assert ada.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    session.refresh(cast.ada)
    assert is_password(cast.ada.password_hash, "eleven louder routers")


def test_a_wrong_old_password_changes_nothing(ada: FlaskClient, session: Session, cast: Cast) -> None:
    page = ada.post("/account/password", data={"old_password": "wrong", "new_password": "eleven louder routers"})
    assert page.status_code == 422
    assert "This is not your password." in page.text
    assert "eleven louder" not in page.text
    session.refresh(cast.ada)
    assert is_password(cast.ada.password_hash, PASSWORD)


def test_the_list_shows_ones_own_open_browsers_alone(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> None:
    for name, agent in (("ada", FIREFOX), ("ada", EDGE), ("bob", PHONE)):
        browser = client.application.test_client()
        browser.post("/sign-in", data={"name": name, "password": PASSWORD}, headers={"User-Agent": agent})
    page = sign_in_as(client, cast.ada).get("/account").text
    assert "Firefox on Linux" in page and "Edge on Windows" in page and "iPhone" not in page
    assert page.count("this browser") == 1


def test_one_browser_is_signed_out_from_another(
    ada: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    elsewhere = sign_in_as(ada.application.test_client(), cast.ada)
    newest = session.scalars(select(BrowserSession.id).order_by(BrowserSession.id.desc())).first()
    session.commit()
    assert ada.post(f"/account/sessions/{newest}/revocation").location == "/account#sessions"
    assert elsewhere.get("/account").status_code == 303
    assert ada.get("/account").status_code == 200


def test_mallory_cannot_sign_ada_out(ada: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs) -> None:
    adas = session.scalars(select(BrowserSession.id)).one()
    session.commit()
    mallory = sign_in_as(ada.application.test_client(), cast.mallory)
    assert mallory.post(f"/account/sessions/{adas}/revocation").status_code == 404
    assert ada.get("/account").status_code == 200


def test_signing_out_everywhere_else_leaves_this_browser(ada: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> None:
    others = [sign_in_as(ada.application.test_client(), cast.ada) for _ in range(2)]
    assert "Sign out everywhere else" in ada.get("/account").text
    ada.post("/account/other-sessions/revocation")
    assert [one.get("/account").status_code for one in others] == [303, 303]
    assert ada.get("/account").status_code == 200


def test_revoking_the_browser_in_hand_signs_out(ada: FlaskClient, session: Session) -> None:
    here = session.scalars(select(BrowserSession.id)).one()
    session.commit()
    assert ada.post(f"/account/sessions/{here}/revocation").location == "/"
    assert ada.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (EDGE, "Edge on Windows"),
        (PHONE, "Safari on iPhone"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_called_by_its_name(client: FlaskClient, agent: str, words: str) -> None:
    with client.application.test_request_context():
        assert browser_words(agent) == words
