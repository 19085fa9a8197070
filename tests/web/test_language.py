"""The reader's language: by account, then by this browser's choice, then as the browser asks."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.application import SignInAs
from tests.cast import Cast


def shown(client: FlaskClient, accept: str = "") -> str:
    page = client.get("/sign-up-no-such-page", headers={"Accept-Language": accept} if accept else {})
    return page.text.partition('lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("accept", "language"),
    [("", "en"), ("fr", "en"), ("en-GB,zh;q=0.5", "en"), ("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("zh-SG", "zh-Hans"),
     ("zh-TW", "zh-Hant"), ("zh-Hant-HK", "zh-Hant"), ("zh-HK,en;q=0.8", "zh-Hant"), ("fr,zh-MO;q=0.4,en;q=0.3", "zh-Hant")],
)  # fmt: skip
def test_a_new_visitor_reads_what_the_browser_asks_for(client: FlaskClient, accept: str, language: str) -> None:
    assert shown(client, accept) == language


def test_a_choice_is_kept_in_this_browser(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "zh_Hans", "next": "/sign-in?next=/account"})
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account")
    assert shown(client, "zh-TW") == "zh-Hans"
    assert shown(client.application.test_client(), "zh-TW") == "zh-Hant"


def test_the_accounts_language_goes_before_the_browsers(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    client.post("/language", data={"language": "zh_Hans"})
    cast.ada.language = "zh_Hant"
    session.commit()
    sign_in_as(client, cast.ada)
    assert shown(client, "en") == "zh-Hant"
    client.post("/sign-out")
    assert shown(client, "en") == "zh-Hans"


def test_a_choice_while_signed_in_is_kept_in_the_account(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    sign_in_as(client, cast.ada).post("/language", data={"language": "zh_Hant"})
    session.refresh(cast.ada)
    assert cast.ada.language == "zh_Hant"
    session.commit()
    assert shown(sign_in_as(client.application.test_client(), cast.ada)) == "zh-Hant"


def test_a_language_that_is_not_on_offer_is_refused(client: FlaskClient) -> None:
    for language in ("tlh", "", "../en"):
        assert client.post("/language", data={"language": language}).status_code == 422
    assert shown(client) == "en"
