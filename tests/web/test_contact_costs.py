"""The page on which finance enters what a contact costs."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.application import SignInAs
from tests.cast import Cast


def test_an_entered_cost_is_listed_to_its_last_decimal(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> None:
    sign_in_as(client, cast.fay)
    form = {"channel": "phone", "amount": "7.4025", "valid_from": "2026-01-01", "source": "Service centre"}
    assert client.post("/reports/deflection/costs", data=form).status_code == 303
    page = client.get("/reports/deflection/costs")
    assert page.status_code == 200
    assert "€7.4025" in page.text
