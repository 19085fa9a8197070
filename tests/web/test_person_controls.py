"""What staff do about a person, in the browser; and that nobody else can."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.settle_rights import settle_rights
from forum.people.account import Account
from forum.superfans.rank import Rank
from tests.application import SignInAs
from tests.cast import Cast
from tests.scene import NOON

# By hand: who gets through, all others see 403, a visitor the sign-in page (401).
MAY = {"/people/bob/superfan": {"cleo", "max"}, "/people/bob/role": {"max"}}
CONTROLS = '{% from "people/_staff_controls.html" import staff_controls %}{{ staff_controls(person, viewer) }}'


@pytest.mark.parametrize("path", MAY)
@pytest.mark.parametrize("name", ["ada", "bob", "sue", "ann", "cleo", "fay", "max", "mallory"])
def test_each_control_is_open_to_whom_it_is_meant_for(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, path: str, name: str
) -> None:
    sign_in_as(client, getattr(cast, name))
    answer = client.post(path, data={"status": "named", "role": "agent"})
    assert answer.status_code == (303 if name in MAY[path] else 403)


@pytest.mark.parametrize("path", MAY)
def test_a_visitor_is_asked_to_sign_in(client: FlaskClient, cast: Cast, path: str) -> None:
    assert client.post(path).status_code == 401


def test_a_superfan_is_named_and_ended(client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs) -> None:
    sign_in_as(client, cast.cleo)
    answer = client.post("/people/Bob/superfan", data={"status": "named", "reason": "Knows mesh."})
    assert answer.location == "/people/bob"
    session.refresh(cast.bob)
    assert cast.bob.superfan_since is not None
    session.commit()
    page = client.post("/people/bob/superfan", data={"status": "ended"}, follow_redirects=True).text
    assert "Bob is no superfan any more." in page
    session.refresh(cast.bob)
    assert cast.bob.superfan_since is None


def test_naming_one_whose_place_is_paused_does_not_say_that_it_goes_on(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    sign_in_as(client, cast.cleo)
    assert client.post("/staff/superfans/sue/pause", data={"pause_reason": "Rest."}).status_code == 303
    page = client.post("/people/sue/superfan", data={"status": "named"}, follow_redirects=True).text
    assert "Sue has a place in the programme already; it is paused." in page
    assert "is a superfan now" not in page
    assert session.scalar(select(Account.superfan_since).where(Account.name == "sue")) is None


def test_who_stays_a_superfan_by_rank_is_not_said_to_be_none(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    rank = Rank(
        name="r", position=1, formula="solutions >= 1", titles={"en": "R"}, icon="star", colour="teal",
        rights=["edit_tags"], made_at=NOON, changed_at=NOON,
    )  # fmt: skip
    session.add(rank)
    session.flush()
    for person in (cast.bob, cast.sue):  # Sue has a place in the programme, Bob has none
        person.rank_id = rank.id
        settle_rights(session, person, NOON)
    session.commit()
    sign_in_as(client, cast.cleo)
    by_rank, ended = "Whoever holds a rank with a right is a superfan.", "Their place in the programme has ended."
    for name, place_ended in (("sue", True), ("bob", False)):
        page = client.post(f"/people/{name}/superfan", data={"status": "ended"}, follow_redirects=True).text
        assert by_rank in page
        assert (ended in page) is place_ended
        assert "no superfan any more" not in page
        assert session.scalar(select(Account.superfan_since).where(Account.name == name)) is not None
        session.rollback()


def test_a_role_is_given(client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs) -> None:
    sign_in_as(client, cast.max)
    assert client.post("/people/ada/role", data={"role": "finance"}).location == "/people/ada"
    session.refresh(cast.ada)
    assert cast.ada.role == "finance"
    session.commit()
    assert client.post("/people/max/role", data={"role": "customer"}).status_code == 409
    assert client.post("/people/ada/role", data={"role": "emperor"}).status_code == 422
    assert client.post("/people/nobody/role", data={"role": "agent"}).status_code == 404


def test_a_name_in_another_script_leads_back_to_its_page(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    cast.bob.name = cast.bob.name_key = "小林"
    session.commit()
    answer = sign_in_as(client, cast.cleo).post("/people/小林/superfan", data={"status": "named"})
    assert answer.location == "/people/%E5%B0%8F%E6%9E%97"


@pytest.mark.parametrize(
    ("viewer", "person", "shows"),
    [("cleo", "bob", {"superfan"}), ("cleo", "sue", {"superfan"}), ("cleo", "ann", set()), ("max", "bob", {"superfan", "role"}),
     ("max", "max", set()), ("max", "ann", {"role"}), ("ann", "bob", set()), ("ada", "bob", set()), (None, "bob", set())],
)  # fmt: skip
def test_the_partial_shows_what_the_reader_may_do(
    app: Flask, client: FlaskClient, cast: Cast, sign_in_as: SignInAs, viewer: str | None, person: str, shows: set[str]
) -> None:
    @app.get("/probe")
    def probe() -> str:
        found = next(one for one in cast.everybody() if one.name == person)
        return render_template_string(CONTROLS, person=found)

    if viewer:
        account: Account = getattr(cast, viewer)
        sign_in_as(client, account)
    page = client.get("/probe").text
    assert {one for one in ("superfan", "role") if f'action="/people/{person}/{one}"' in page} == shows
