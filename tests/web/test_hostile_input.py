"""Hostile input to every address and form of the programme: a sentence with 4xx, never a fault, on either database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from forum.actions.invite_superfan import invite_superfan
from forum.actions.raise_suspicion import raise_suspicion
from forum.actions.ship_ranks import ship_ranks
from forum.kernel.base import Base
from forum.kernel.clock import utc_now
from forum.moderation.log import LogEntry
from forum.outbox.delivery import State
from forum.superfans.badge import Badge, BadgeAward
from forum.superfans.findings import Finding
from forum.superfans.grant import Invitation, ProgrammeTerms, Thanks
from forum.superfans.helping import HelpRequest
from forum.superfans.points import PointWeight
from forum.superfans.rank import Rank
from forum.superfans.suspicion import SuspicionKind
from forum.threads.board import Board
from forum.web.extensions import limiter
from tests.actions.listening_world import Clock, an_answered_mention, listening_world
from tests.application import QuietParts, SignInAs
from tests.cast import Cast
from tests.scene import Stage
from tests.web.private_scene import private_scene

FACTS = {
    "accepted": 9, "of": 10, "usual_share": 0.0125, "log10_chance": -12.0, "share_of_answerer": 0.9,
    "minutes_to_answer": 4.0, "threads": [],
}  # fmt: skip
TOO_LARGE = "9223372036854775808"  # one more than fits into 64 bits
WORDS = (
    "a\x00b", TOO_LARGE, "-1", "x" * 6_000, "0001-01-01", "9999-12-31", "board:" + "9" * 17, "cancelled-" + "9" * 17,
    "'\"><script>%s%(x)s{0}",
)  # fmt: skip
RANK = {
    "title_en": "Wizard",
    "formula": "solutions >= 1",
    "icon": "award",
    "colour": "slate",
    "grace_days": "3",
    "rights": "edit_tags",
    "above": "",
}
BADGE = {
    "title_en": "Wizard",
    "description_en": "x",
    "formula": "solutions >= 1",
    "icon": "award",
    "colour": "slate",
    "hidden": "",
}
FORMS: Mapping[str, Mapping[str, str]] = {
    "/admin/ranks/new": RANK, "/admin/ranks/<int:rank_id>": RANK, "/admin/badges/new": BADGE, "/admin/badges/<int:badge_id>": BADGE,
    "/admin/points": {"kind": "kudos", "board": "", "points": "3", "daily_cap": "9"},
    "/staff/superfans/<name>/invitation": {"words": "x"}, "/staff/superfans/<name>/pause": {"pause_reason": "x"},
    "/staff/superfans/<name>/end": {"reason": "x"}, "/staff/superfans/<name>/thanks": {"thanks": "x"},
    "/people/<name>/superfan": {"status": "named", "reason": "x"},
    "/programme/invitation": {"invitation": "1", "answer": "accept"}, "/staff/terms": {"terms-en": "x", "terms-zh_Hans": "x"},
    "/staff/gaming/<int:suspicion_id>/verdict": {"verdict": "void", "seen": "open", "why": "x", "show": "open", "before": ""},
    "/deliveries/<int:delivery_id>/approval": {"seen": "x", "next": "/"}, "/deliveries/<int:delivery_id>/rewording": {"text": "x", "next": "/"},
    "/deliveries/<int:delivery_id>/taking-over": {"words": "x", "next": "/"}, "/deliveries/<int:delivery_id>/refusal": {"reason": "x", "next": "/"},
    "/deliveries/<int:delivery_id>/taking-up": {"seen": "cancelled"},
    "/help-requests/<int:request_id>/reply": {"reply": "not_mine", "mute": "tag:x"},
    "/account/availability": {"asks_a_day": "3", "away_until": ""}, "/account/mutes": {"field": "", "subject": "x"},
    "/account/mutes/end": {"field": "tag:x"}, "/account/notifications": {"paused_until": ""}, "/notifications/reading": {"up_to": "1"},
    "/notifications/<int:notice_id>": {"stay": "x"},
    "/threads/<int:thread_id>/tags": {"tags": "x"}, "/threads/<int:thread_id>/board": {"board": "wifi"}, "/cards/verify": {"card": "x"},
    "/admin/boards/new": {"name": "x", "slug": "x", "description": "x", "position": "1", "private": ""},
    "/admin/boards/<int:board_id>": {"name": "x", "slug": "x", "description": "x", "position": "1", "private": "yes"},
    "/account/leaderboards": {}, "/account/leaderboards/end": {},
}  # fmt: skip


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def scene(session: Session, parts: QuietParts, stage: Stage, cast: Cast) -> Iterator[None]:
    """One of everything, each with the id 1 or more."""
    ship_ranks(session, stage.clock())
    private = private_scene(session, parts, stage, cast)
    session.get_one(Board, private.beside.board_id).slug = "wireless"
    session.commit()
    world = listening_world(parts.sessions, Clock(utc_now()))
    remote_id = world.posts("@routerly my wifi drops")[0]
    an_answered_mention(session, world.connection_id, world.board_id, remote_id, cast.bob, State.HELD)
    raise_suspicion(
        session,
        Finding(
            SuspicionKind.SELF_SOLVING,
            "x:1",
            1.0,
            [cast.ada.id, cast.mallory.id],
            {**FACTS, "asker": cast.ada.id, "answerer": cast.mallory.id},
        ),
        utc_now(),
    )
    invite_superfan(session, cast.mallory, cast.cleo, words="", now=utc_now())
    session.add(BadgeAward(badge_id=1, account_id=cast.mallory.id, number=1, at=utc_now()))
    session.add(
        HelpRequest(
            thread_id=private.beside.id,
            account_id=cast.mallory.id,
            wave=1,
            score=1.0,
            reasons=["tag:x"],
            asked_at=utc_now(),
        )
    )
    session.commit()
    limiter.enabled = False
    yield
    limiter.enabled = True


@pytest.fixture
def admin(app: Flask, scene: None, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(app.test_client(), cast.max)


@pytest.fixture
def member(app: Flask, scene: None, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(app.test_client(), cast.mallory)


def address(rule: Rule, number: str = "1", word: str = "mallory") -> str:
    path = re.sub(r"<any\(.*?\):\w+>", "solved", rule.rule)
    return re.sub(r"<(path:)?\w+>", word, re.sub(r"<int:\w+>", number, path))


def send(browser: FlaskClient, path: str, form: Mapping[str, str]) -> int:
    """As a browser sends it; NUL and all."""
    body = "&".join(f"{name}={quote(value)}" for name, value in form.items())
    return browser.post(path, data=body, content_type="application/x-www-form-urlencoded").status_code


def test_there_is_nothing_at_a_number_that_no_database_holds(app: Flask, admin: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        for method in {"GET", "POST"} & (rule.methods or set()):
            if "<int" in rule.rule:
                answer = admin.open(address(rule, TOO_LARGE), method=method)
                assert answer.status_code in {404, 405}, (method, rule.rule)


def test_there_is_nothing_at_an_address_with_nul(app: Flask, admin: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and re.search(r"<(path:)?\w+>", rule.rule):
            assert admin.get(address(rule, word="a%00b")).status_code == 404, rule.rule


@pytest.mark.parametrize("name", ["after", "before", "page", "network", "q", "tab", "scope", "day", "span", "show"])
def test_a_list_that_is_asked_for_hostile_pages_answers(app: Flask, admin: FlaskClient, name: str) -> None:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and "<" not in rule.rule and not rule.rule.startswith(("/reports", "/admin")):
            for word in (TOO_LARGE, "-9223372036854775808", "a%00b"):
                assert admin.get(f"{rule.rule}?{name}={word}").status_code < 500, (rule.rule, word)


@pytest.mark.parametrize("who", ["admin", "member"])
def test_no_field_of_a_form_makes_a_fault(app: Flask, request: pytest.FixtureRequest, who: str) -> None:
    browser: FlaskClient = request.getfixturevalue(who)
    rules = {rule.rule: rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert set(FORMS) <= set(rules)
    faults = []
    for name, form in FORMS.items():
        tries = [{}, *({**form, field: word} for field in form for word in WORDS)]
        faults += [(name, wrong) for wrong in tries if send(browser, address(rules[name]), wrong) >= 500]
    assert faults == []


def test_a_form_that_is_sent_twice_has_one_effect(admin: FlaskClient, session: Session, cast: Cast) -> None:
    forms = {
        "/admin/ranks/new": (RANK, Rank), "/admin/badges/new": (BADGE, Badge), "/staff/superfans/bob/thanks": ({"thanks": "For mesh."}, Thanks),
        "/admin/points": ({"kind": "kudos", "points": "3", "daily_cap": "30"}, PointWeight),
        "/staff/superfans/bob/invitation": ({"words": "Join us."}, Invitation), "/staff/terms": ({"terms-en": "New."}, ProgrammeTerms),
    }  # fmt: skip
    for address, (form, model) in forms.items():
        before = count(session, model), count(session, LogEntry)
        for _twice in range(2):
            assert admin.post(address, data=form).status_code == 303, address
        assert (count(session, model) - before[0], count(session, LogEntry) - before[1]) == (1, 1), address
    assert admin.post("/staff/superfans/bob/thanks", data={"thanks": "For patience."}).status_code == 303
    assert admin.post("/admin/points", data={"kind": "kudos", "points": "4", "daily_cap": "30"}).status_code == 303
    assert admin.post("/admin/points", data={"kind": "kudos", "points": "3", "daily_cap": "30"}).status_code == 303
    assert (count(session, Thanks), count(session, PointWeight)) == (2, 3)  # what was set back is set again


def count(session: Session, model: type[Base]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0
