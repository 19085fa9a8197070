"""The API: a key and nothing else opens it, and what goes in and out is what its description says."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from forum.kernel.database import set_writing, writing
from forum.kernel.ids import token_digest
from forum.ledger.contact import Contact, ContactFile
from forum.people.api_token import ApiToken
from forum.people.roles import Role
from tests.application import SignInAs
from tests.cast import Cast

CONTACT = {"id": "T-1", "happened_at": "2026-03-04T10:00:00+01:00", "channel": "phone", "email": "ada@example.com"}


@pytest.fixture
def key(app: Flask, cast: Cast, sign_in_as: SignInAs) -> str:
    page = sign_in_as(app.test_client(), cast.max).post("/admin/tokens", data={"name": "Genesys"})
    return re.search(r'value="(abk_[\w-]+)"', page.text).group(1)  # type: ignore[union-attr]


@pytest.fixture
def program(app: Flask) -> FlaskClient:
    """No browser: it says nothing of where it comes from."""
    return FlaskClient(app, app.response_class)


def send(program: FlaskClient, key: str | None, sent: Any, **more: str) -> TestResponse:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    body = sent if isinstance(sent, (str, bytes)) else json.dumps(sent)
    try:
        return program.post("/api/contacts", data=body, headers={**headers, **more}, content_type="application/json")
    finally:
        set_writing(False)  # as tests.application does for its browsers


class Described:
    """The description that the API gives of itself."""

    def __init__(self, program: FlaskClient) -> None:
        self.whole = program.get("/api/openapi.json").get_json()
        self.operation = self.whole["paths"]["/contacts"]["post"]

    def schema(self, name: str) -> OAS31Validator:
        return OAS31Validator({"$ref": f"#/components/schemas/{name}", "components": self.whole["components"]})

    def request(self) -> OAS31Validator:
        schema = self.operation["requestBody"]["content"]["application/json"]["schema"]
        return OAS31Validator({**schema, "components": self.whole["components"]})

    def check(self, answer: TestResponse) -> Any:
        response = self.operation["responses"][str(answer.status_code)]
        if "$ref" in response:
            response = self.whole["components"]["responses"][response["$ref"].rpartition("/")[2]]
        schema = response["content"][answer.content_type]["schema"]
        OAS31Validator({**schema, "components": self.whole["components"]}).validate(answer.get_json())
        return answer.get_json()


GOOD = [
    [CONTACT],
    [],
    [{**CONTACT, "email": None, "customer_number": "K-1"}],
    {"contacts": [CONTACT], "source": "avaya"},
    {"contacts": [CONTACT], "covers": {"from": "2026-03-01", "until": "2026-03-04"}},
]
BAD = [
    [{**CONTACT, "channel": "pigeon"}],
    [{**CONTACT, "extra": 1}],
    [{"channel": "phone"}],
    {"contacts": {}},
    {"contacts": [], "covers": {"from": "2026-03-01"}},
    {"contacts": [], "source": 5},
    5,
]


@pytest.mark.parametrize("sent", GOOD)
def test_what_the_description_allows_is_taken(program: FlaskClient, key: str, sent: Any) -> None:
    described = Described(program)
    described.request().validate(sent)
    answer = send(program, key, sent)
    assert answer.status_code == 200, answer.text
    counts = described.check(answer)
    assert counts["read"] == counts["taken"] + counts["known"]
    assert described.check(send(program, key, sent))["taken"] == 0  # once more changes nothing


@pytest.mark.parametrize("sent", BAD)
def test_what_it_forbids_is_refused_by_index_and_field(program: FlaskClient, key: str, sent: Any) -> None:
    described = Described(program)
    assert not described.request().is_valid(sent)
    answer = send(program, key, sent)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert described.check(answer)["errors"]


@pytest.mark.parametrize("sent", ["", "{", "[" * 100_000, b"\xff\xfe", '{"a": ' + "9" * 9999 + "}"])
def test_what_is_no_json_is_a_problem(program: FlaskClient, key: str, sent: str | bytes) -> None:
    answer = send(program, key, sent)
    assert answer.status_code in (400, 422)
    Described(program).check(answer)


def test_a_key_that_nobody_made_or_that_is_revoked_opens_nothing(
    app: Flask, program: FlaskClient, key: str, cast: Cast, sign_in_as: SignInAs, session: Session
) -> None:
    for wrong in (None, "abk_nonsense", key[:-1]):
        answer = send(program, wrong, [CONTACT])
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="contacts"')
        Described(program).check(answer)
    assert send(program, key, [CONTACT]).status_code == 200
    token = session.scalars(select(ApiToken)).one()
    assert (token.token_digest, token.last_used_at is not None) == (token_digest(key), True)
    admin = sign_in_as(app.test_client(), cast.max)
    assert key not in admin.get("/admin/tokens").text
    assert admin.post(f"/admin/tokens/{token.id}/revocation").status_code == 303
    assert send(program, key, [CONTACT]).status_code == 401
    assert admin.post("/admin/tokens", data={"name": " "}).status_code == 422
    assert admin.post("/admin/tokens/999/revocation").status_code == 404


def test_a_key_can_do_no_more_than_who_made_it(program: FlaskClient, key: str, cast: Cast, session: Session) -> None:
    with writing():
        cast.max.role = Role.AGENT
        session.commit()
    answer = send(program, key, [CONTACT])
    assert (answer.status_code, answer.content_type) == (403, "application/problem+json")


def test_a_cookie_is_not_read_under_api(app: Flask, cast: Cast, sign_in_as: SignInAs, session: Session) -> None:
    """Else any page elsewhere could send contacts in an admin's name: requests there need not show where they come from."""
    browser = sign_in_as(app.test_client(), cast.max)
    assert browser.get("/admin/tokens").status_code == 200
    for headers in (
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Authorization": "Bearer abk_wrong"},
        {"Authorization": "Basic x"},
    ):
        answer = browser.post("/api/contacts", json=[CONTACT], headers=headers)
        assert answer.status_code == 401
        assert "Set-Cookie" not in answer.headers
    assert browser.post("/api/nothing").status_code == 404  # and says so as a program reads it
    assert browser.post("/api/nothing").content_type == "application/problem+json"
    assert session.scalar(select(func.count()).select_from(Contact)) == 0
    assert browser.get("/admin/tokens").status_code == 200  # elsewhere the cookie is read as before
    assert (
        browser.post("/admin/tokens", data={"name": "x"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    )
    assert browser.post("/API/contacts", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_contacts_count_under_the_keys_name_unless_the_call_says_otherwise(
    program: FlaskClient, key: str, session: Session
) -> None:
    send(program, key, [CONTACT])
    send(program, key, {"contacts": [CONTACT], "source": "Avaya"})
    assert session.scalars(select(ContactFile.source).order_by(ContactFile.id)).all() == ["genesys", "avaya"]


def test_too_much_at_once_is_refused(program: FlaskClient, key: str) -> None:
    answer = send(program, key, "[" + " " * 5_000_000 + "]")
    assert answer.status_code == 413
    Described(program).check(answer)
    many = [{**CONTACT, "id": str(number), "customer_number": f"K-{number}"} for number in range(5000)]
    assert send(program, key, many).get_json()["taken"] == 5000


def test_the_limit_counts_by_key(program: FlaskClient, key: str) -> None:
    statuses = [send(program, key, []).status_code for _ in range(121)]
    assert statuses[-1] == 429
    assert set(statuses[:-1]) == {200}
    assert send(program, "abk_other", []).status_code == 401
