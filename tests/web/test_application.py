"""The fixtures that other tests stand on."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.application import SignInAs
from tests.cast import Cast


def test_the_application_serves_on_a_database_of_its_own(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_a_person_of_the_cast_is_signed_in_at_once(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> None:
    page = sign_in_as(client, cast.ada).get("/no-such-page")
    assert page.status_code == 404
    assert "@ada" in page.text
