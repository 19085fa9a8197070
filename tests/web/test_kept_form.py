"""A form that is posted after the sign-in has ended: nothing written is lost, without any script."""

from __future__ import annotations

from html.parser import HTMLParser

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.kernel.clock import utc_now
from forum.people.account import BrowserSession
from tests.application import SignInAs
from tests.cast import PASSWORD, Cast

TEXT = 'First line,\n\n  "quoted" <b>& more</b> 你好\nlast line'


class Form(HTMLParser):
    """The fields of the one form on a page that posts to `action`, as a browser would send them."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.action, self.fields, self.seen = action, {}, {}
        self._inside, self._area = False, None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("action") == self.action
        if not self._inside or not (name := given.get("name")):
            return
        self.seen[name] = given.get("type") != "hidden" and "hidden" not in given
        if tag == "textarea":
            self._area, self.fields[name] = name, ""
        elif tag == "input":
            self.fields[name] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")  # as browsers do
            self._area = None
        elif tag == "form":
            self._inside = False


def end_sessions(session: Session) -> None:
    session.execute(update(BrowserSession).values(revoked_at=utc_now()))
    session.commit()


def test_what_was_written_comes_back_after_signing_in_and_is_posted_where_it_was_meant_for(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    sign_in_as(client, cast.ada)
    end_sessions(session)
    written = {"display_name": "Ada L.", "bio": TEXT, "language": "zh_Hans", "theme": "dark"}

    refused = client.post("/account/profile", data=written)
    assert refused.status_code == 401
    assert "Sign in to post this" in refused.text
    carried = Form(refused.text, "/sign-in").fields
    assert carried["kept:bio"] == TEXT

    wrong = client.post("/sign-in", data={**carried, "name": "ada", "password": "not it"})
    assert wrong.status_code == 422
    carried = Form(wrong.text, "/sign-in").fields
    assert carried["kept:bio"] == TEXT

    back = client.post("/sign-in", data={**carried, "name": "ada", "password": PASSWORD})
    assert back.status_code == 200
    form = Form(back.text, "/account/profile")
    assert form.fields == written
    assert form.seen == {"display_name": True, "bio": True, "language": False, "theme": False}
    assert "Nothing has been posted yet" in back.text

    saved = client.post("/account/profile", data=form.fields)
    assert (saved.status_code, saved.location) == (303, "/account")
    session.refresh(cast.ada)
    assert (cast.ada.display_name, cast.ada.bio, cast.ada.theme) == ("Ada L.", TEXT, "dark")


def test_a_password_is_never_carried_along(client: FlaskClient) -> None:
    refused = client.post("/account/password", data={"old_password": "open sesame", "new_password": "open barley"})
    assert refused.status_code == 401
    assert "open sesame" not in refused.text and "open barley" not in refused.text


def test_a_form_without_fields_leads_back_to_its_page(client: FlaskClient, cast: Cast) -> None:
    stood_on = {"Referer": "http://localhost/account?tab=1"}
    refused = client.post("/account/other-sessions/revocation", headers=stood_on)
    assert refused.status_code == 401
    answer = client.post(
        "/sign-in", data={**Form(refused.text, "/sign-in").fields, "name": "ada", "password": PASSWORD}
    )
    assert (answer.status_code, answer.location) == (303, "/account?tab=1")


def test_a_page_of_another_site_is_not_come_back_to(client: FlaskClient, cast: Cast) -> None:
    refused = client.post("/account/profile", headers={"Referer": "https://evil.example/account"})
    assert Form(refused.text, "/sign-in").fields["next"] == "/"


def test_a_kept_form_posts_to_no_other_site(client: FlaskClient, cast: Cast) -> None:
    for path in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        form = {"name": "ada", "password": PASSWORD, "kept_path": path, "kept:text": "two words"}
        answer = client.post("/sign-in", data=form)
        assert answer.status_code == 303
        assert "evil" not in answer.text


def test_a_field_that_nobody_knows_is_shown_when_it_holds_words(client: FlaskClient, cast: Cast) -> None:
    form = {"name": "ada", "password": PASSWORD, "kept_path": "/x", "kept:own_words": "two words", "kept:key": "9f3a"}
    back = Form(client.post("/sign-in", data=form).text, "/x")
    assert back.fields == {"own_words": "two words", "key": "9f3a"}
    assert back.seen == {"own_words": True, "key": False}
