"""What every request and every answer passes: where it comes from, the headers, the cookie."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from forum.kernel.settings import Settings
from tests.application import SignInAs
from tests.cast import PASSWORD, Cast

UNSAFE = ["/sign-in", "/sign-up", "/sign-out", "/password-reset", "/password-reset/x", "/language", "/set-up/x",
          "/account/profile", "/account/password", "/account/sessions/1/revocation", "/account/other-sessions/revocation",
          "/people/ada/superfan", "/people/ada/role", "/no-such-page"]  # fmt: skip


@pytest.mark.parametrize("path", UNSAFE)
@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_of_another_site_is_refused(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, path: str, site: str
) -> None:
    sign_in_as(client, cast.max)
    assert client.post(path, headers={"Sec-Fetch-Site": site}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost"}, 303),
        ({"Referer": "http://localhost/account"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Referer": "https://evil.example/http://localhost/"}, 403),
        ({"Origin": "https://evil.example", "Referer": "http://localhost/"}, 403),
        ({}, 403),
    ],
)
def test_an_older_browser_shows_its_origin(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    older = FlaskClient(client.application, client.application.response_class)  # adds no header of its own
    assert older.post("/sign-out", headers=headers).status_code == status


def test_reading_needs_no_origin(client: FlaskClient) -> None:
    assert client.get("/sign-in", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/sign-in", 200), ("GET", "/account", 303), ("GET", "/nowhere", 404), ("POST", "/account/profile", 401),
     ("POST", "/sign-in", 422), ("PUT", "/sign-in", 405), ("GET", "/healthz", 200), ("GET", "/static/css/base.css", 200)],
)  # fmt: skip
def test_every_answer_carries_the_security_headers(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    if not path.startswith("/static/"):
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert {"Cookie", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))
    answer.close()


def test_a_refused_form_carries_them_too(client: FlaskClient) -> None:
    answer = client.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/password-reset", "/password-reset/sent", "/account"])
def test_no_page_holds_inline_script_or_style(client: FlaskClient, cast: Cast, sign_in_as: SignInAs, path: str) -> None:
    page = (sign_in_as(client, cast.ada) if path == "/account" else client).get(path)
    assert page.status_code == 200
    assert " style=" not in page.text and "<style" not in page.text and " onclick=" not in page.text
    assert page.text.count("<script") == page.text.count('<script type="module" src=')
    assert page.text.count("<h1") == 1


def cookie_after_sign_in(client: FlaskClient) -> str:
    answer = client.post("/sign-in", data={"name": "ada", "password": PASSWORD})
    return next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("answerback="))


def test_the_cookie_is_for_us_alone(client: FlaskClient, cast: Cast) -> None:
    flags = {part.strip().partition("=")[0] for part in cookie_after_sign_in(client).split(";")[1:]}
    assert {"HttpOnly", "SameSite", "Path", "Expires"} == flags
    assert "SameSite=Lax" in cookie_after_sign_in(client)


class TestOverHttps:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, public_url="https://forum.example")

    def test_the_cookie_travels_over_https_alone(self, client: FlaskClient, cast: Cast) -> None:
        assert "; Secure;" in cookie_after_sign_in(client)

    def test_browsers_are_told_to_stay_on_https(self, client: FlaskClient) -> None:
        assert client.get("/sign-in", base_url="https://forum.example").headers["Strict-Transport-Security"]
        assert "Strict-Transport-Security" not in client.get("/sign-in").headers
