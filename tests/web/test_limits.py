"""Limits: a page that says wait, and how long."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.cast import PASSWORD, Cast


def from_address(address: str) -> dict[str, dict[str, str]]:
    return {"environ_overrides": {"REMOTE_ADDR": address}}


def test_five_tries_a_minute_for_one_name_wherever_they_come_from(client: FlaskClient, cast: Cast) -> None:
    for number, name in enumerate(["ada", "ADA", " ada", "ada", "ada"]):
        tried = client.post("/sign-in", data={"name": name, "password": "x"}, **from_address(f"10.0.0.{number}"))
        assert tried.status_code == 422
    tried = client.post("/sign-in", data={"name": "ada", "password": PASSWORD}, **from_address("10.0.0.9"))
    assert tried.status_code == 429
    assert "wait a moment" in tried.text
    assert 0 < int(tried.headers["Retry-After"]) <= 60
    bob = client.post("/sign-in", data={"name": "bob", "password": PASSWORD}, **from_address("10.0.0.9"))
    assert bob.status_code == 303


def test_ten_tries_a_minute_from_one_address_whatever_the_name(client: FlaskClient) -> None:
    tried = [client.post("/sign-in", data={"name": f"n{n}", "password": "x"}).status_code for n in range(11)]
    assert tried == [422] * 10 + [429]
    assert client.get("/sign-in").status_code == 200


def test_ten_sign_ups_an_hour_from_one_address(client: FlaskClient) -> None:
    tried = [client.post("/sign-up", data={"name": f"n{n}"}).status_code for n in range(11)]
    assert tried == [422] * 10 + [429]


def test_five_resets_an_hour_from_one_address(client: FlaskClient) -> None:
    tried = [client.post("/password-reset", data={"email": f"n{n}@example.com"}).status_code for n in range(6)]
    assert tried == [303] * 5 + [429]


def test_five_resets_an_hour_for_one_mail_address(client: FlaskClient, cast: Cast) -> None:
    tried = [
        client.post("/password-reset", data={"email": "ada@example.com"}, **from_address(f"10.0.0.{n}")).status_code
        for n in range(6)
    ]
    assert tried == [303] * 5 + [429]
