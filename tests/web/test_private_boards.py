"""Private boards: nothing of one reaches who may not enter it, by whatever address; who may, reads and writes as anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from forum.actions.accept_answer import accept_answer
from forum.actions.count_views import count_views
from forum.kernel.clock import utc_now
from forum.ledger.claim import Claim
from forum.ledger.reader_week import ReaderWeek, Reading
from forum.ledger.viewing import Reader, View, week_of
from forum.people.account import Account
from forum.threads.board import Board
from forum.threads.post import Comment, Kudos, Post
from forum.threads.thread import Follow, SameProblem, Thread
from forum.web.guard import API
from tests.application import QuietParts, SignInAs
from tests.cast import Cast, person
from tests.scene import Stage
from tests.web.private_scene import SECRETS, PrivateScene, private_scene

OUTSIDE = ("visitor", "ada", "bob", "fay", "mallory", "fan")  # fan: a superfan without the right
INSIDE = ("sue", "ann", "cleo", "max")
# Finance's figures are told apart by board, and a board's name is no secret there; what stands on it is.
BOARD_NAMES_STAND_IN = "/reports/deflection"


@pytest.fixture
def scene(session: Session, parts: QuietParts, stage: Stage, cast: Cast) -> PrivateScene:
    return private_scene(session, parts, stage, cast)


@pytest.fixture
def people(session: Session, cast: Cast) -> dict[str, Account]:
    fan = person("fan", superfan_since=utc_now(), rights=["edit_tags", "move_threads", "accept_for_others"])
    session.add(fan)
    session.commit()
    return {"fan": fan, **{one.name: one for one in cast.everybody()}}


def browser_of(app: Flask, people: dict[str, Account], sign_in_as: SignInAs, who: str) -> FlaskClient:
    browser = app.test_client()
    return browser if who == "visitor" else sign_in_as(browser, people[who])


def addresses(app: Flask, scene: PrivateScene) -> Iterator[str]:
    """Every address that can be read, made for the private board and what stands on it."""
    values = {
        "thread_id": [scene.thread.id, scene.beside.id], "post_id": [scene.question.id, scene.answer.id],
        "board_id": [scene.board.id], "tag": ["xylotag"], "name": ["sue", "bob", "ada", "fan"], "which": ["solved", "unsolved"],
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith("/static/"):
            continue
        choices = [rule.rule]
        for converter, name in re.findall(r"<(?:([^:<>]*(?:\([^)]*\))?):)?(\w+)>", rule.rule):
            wanted = values.get(name, [1] if converter.startswith("int") else ["zanzibar-room", "wifi"])
            choices = [
                re.sub(rf"<[^<>]*\b{name}>", str(value), choice, count=1) for choice in choices for value in wanted
            ]
        yield from choices
    for query in ("router", "marmalade", "tangerine", "obsidian farthing"):
        for more in ("", "&board=zanzibar-room", "&solved=yes"):
            yield f"/search?q={query}{more}"
        yield f"/ask/similar?title={query}"
        yield f"/ask?title={query}&board=zanzibar-room"
    for state in ("waiting", "qualified", "lapsed"):
        yield f"/reports/deflection/claims?state={state}"
    for span in ("week", "month", "quarter", "all"):
        yield f"/leaderboards?span={span}&scope=board:{scene.board.id}"


def words_of(answer: TestResponse) -> str:
    """All that a page or a file says; what is packed is opened."""
    content = answer.get_data()
    if content.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as book:
            return " ".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    return content.decode()


@pytest.mark.parametrize("who", OUTSIDE)
def test_nothing_of_a_private_board_is_in_any_page_of_who_may_not_enter_it(
    app: Flask, people: dict[str, Account], scene: PrivateScene, sign_in_as: SignInAs, who: str
) -> None:
    # What somebody wrote stays their own: their export may hold it.
    own = {"tangerine", "whippoorwill"} if who == "bob" else set()
    browser, read = browser_of(app, people, sign_in_as, who), 0
    for address in addresses(app, scene):
        answer = browser.get(address, headers={"Accept": "*/*"})
        assert answer.status_code < 500, address
        told = (words_of(answer) + str(answer.headers)).lower()
        told = told.replace(address.lower(), "").replace(address.partition("?")[2].lower(), "")
        for secret in SECRETS:
            if secret in address or (secret in own and address.startswith("/account/data")):
                continue
            if secret == "zanzibar" and address.startswith(BOARD_NAMES_STAND_IN):
                continue
            assert secret not in told, (who, address, secret)
        read += answer.status_code == 200
    assert read > 10


@pytest.mark.parametrize("who", OUTSIDE)
def test_whoever_may_not_enter_is_told_that_there_is_nothing(
    app: Flask, people: dict[str, Account], scene: PrivateScene, sign_in_as: SignInAs, who: str
) -> None:
    browser, thread, post = browser_of(app, people, sign_in_as, who), scene.thread.id, scene.answer.id
    for address in (f"/threads/{thread}", f"/threads/{thread}-wrong", f"/posts/{post}", f"/posts/{post}/history",
                    f"/threads/{thread}/survey", "/boards/zanzibar-room"):  # fmt: skip
        answer = browser.get(address)
        assert answer.status_code == 404, address
        assert answer.text.count("There is no such") + answer.text.count("nothing") >= 1
    if who != "visitor":
        for address in (f"/posts/{post}/comments/new", f"/posts/{post}/edit", f"/threads/{thread}/tags"):
            assert browser.get(address).status_code == 404, address


@pytest.mark.parametrize("who", INSIDE)
def test_whoever_may_enter_finds_the_board_everywhere(
    app: Flask, people: dict[str, Account], scene: PrivateScene, sign_in_as: SignInAs, who: str
) -> None:
    browser = browser_of(app, people, sign_in_as, who)
    for address in ("/", "/solved", "/boards/zanzibar-room", "/tags/xylotag", "/search?q=tangerine", "/ask/similar?title=Marmalade",
                    f"/threads/{scene.thread.id}-{scene.thread.slug}", "/people/bob", f"/threads/{scene.beside.id}-{scene.beside.slug}"):  # fmt: skip
        assert "Marmalade on the router" in browser.get(address).text, address
    page = browser.get(f"/threads/{scene.thread.id}-{scene.thread.slug}").text
    assert "Private board" in page
    assert "count-view" not in page and "Did this" not in page
    assert "zanzibar-room" in browser.get("/ask").text


def posts_to(scene: PrivateScene) -> dict[str, dict[str, str]]:
    thread, post = f"/threads/{scene.thread.id}", f"/posts/{scene.answer.id}"
    return {
        f"{thread}/posts": {"text": "Let me in."},
        f"{thread}/follow": {},
        f"{thread}/follow/end": {},
        f"{thread}/same-problem": {},
        f"{thread}/same-problem/end": {},
        f"{thread}/acceptance": {"post": str(scene.answer.id)},
        f"{thread}/acceptance/withdrawal": {"why": "x"},
        f"{thread}/intent": {"claim": "1", "intent": "no"},
        f"{thread}/tags": {"tags": "open"},
        f"{post}/kudos": {},
        f"{post}/kudos/end": {},
        f"{post}/comments": {"text": "Let me in."},
        f"{post}/edit": {"text": "Let me in."},
        f"/threads/{scene.thread.id}/survey": {"question": "problem", "answer": "yes"},
        "/ask": {"title": "Let me in please", "text": "So.", "board": "zanzibar-room"},
    }


@pytest.mark.parametrize("who", [one for one in OUTSIDE if one != "visitor"])
def test_nobody_outside_can_do_anything_there(
    app: Flask, session: Session, people: dict[str, Account], scene: PrivateScene, sign_in_as: SignInAs, who: str
) -> None:
    browser, before = browser_of(app, people, sign_in_as, who), everything(session)
    for address, form in posts_to(scene).items():
        answer = browser.post(address, data=form)
        assert answer.status_code in ({422} if address == "/ask" else {404}), (address, answer.status_code)
        assert not any(secret in answer.text.lower() for secret in SECRETS if secret not in address), address
    session.rollback()
    assert everything(session) == before


def everything(session: Session) -> list[object]:
    counts: list[object] = [
        len(session.scalars(select(kind)).all()) for kind in (Thread, Post, Comment, Follow, SameProblem)
    ]
    counts.append(session.scalars(select(Kudos.taken_back_at)).all())
    counts.append(
        session.execute(select(Thread.id, Thread.solved_at, Thread.board_id, Thread.same_problem_count)).all()
    )
    return counts


def test_a_count_of_hits_is_of_what_the_searcher_may_read(
    app: Flask, people: dict[str, Account], scene: PrivateScene, sign_in_as: SignInAs
) -> None:
    outside = app.test_client().get("/search?q=router").text
    inside = browser_of(app, people, sign_in_as, "sue").get("/search?q=router").text
    assert "1 thread" in outside and "2 threads" in inside
    assert app.test_client().get("/search?q=tangerine").text.count("thread-row") == 0


def test_numbers_beside_lists_and_boards_are_of_what_the_reader_may_read(
    app: Flask, session: Session, stage: Stage, people: dict[str, Account], scene: PrivateScene, sign_in_as: SignInAs, cast: Cast
) -> None:  # fmt: skip
    stage.thread(cast.sue, session.get_one(Board, scene.board.id), title="Another one of those", text="Open.")
    session.commit()
    inside, outside = browser_of(app, people, sign_in_as, "sue"), app.test_client()
    assert re.search(r'Unanswered <span class="num">1</span>', inside.get("/").text)
    assert not re.search(r'Unanswered <span class="num">[1-9]', outside.get("/").text)
    assert '<span class="num end">3</span>' in inside.get("/").text
    assert '<span class="num end">3</span>' not in outside.get("/").text


def test_a_view_of_a_private_thread_is_not_counted(session: Session, scene: PrivateScene, cast: Cast) -> None:
    now = utc_now()
    reader = Reader(
        week=week_of(now, now.tzinfo), key="a:1", account_id=cast.cleo.id, by_staff=False, salt_number=1,  # type: ignore[arg-type]
        drawn=True, draw_share=10_000,
    )  # fmt: skip
    views = [View(scene.thread.id, reader, now), View(scene.beside.id, reader, now)]
    assert count_views(session, "batch", views, zone=now.tzinfo, days=7, now=now) == 1  # type: ignore[arg-type]
    assert session.scalars(select(Reading.thread_id)).all() == [scene.beside.id]
    assert len(session.scalars(select(ReaderWeek)).all()) == 1


def test_an_answer_that_is_accepted_on_a_private_board_claims_no_contact(
    session: Session, stage: Stage, scene: PrivateScene, cast: Cast
) -> None:
    thread = stage.thread(cast.sue, session.get_one(Board, scene.board.id))
    accept_answer(session, thread, stage.answer(thread, cast.ann), cast.sue, now=stage.clock.pass_by(minutes=1))
    assert session.scalar(select(Claim.id).where(Claim.thread_id == thread.id)) is None


def test_finance_sees_the_row_of_a_private_thread_without_its_title(
    app: Flask, people: dict[str, Account], scene: PrivateScene, sign_in_as: SignInAs
) -> None:
    browser = browser_of(app, people, sign_in_as, "fay")
    for address in ("/reports/deflection/entries?span=all", "/reports/deflection/claims?state=qualified"):
        page = browser.get(address).text
        assert "A thread on a private board" in page, address
        assert f"/threads/{scene.thread.id}" not in page, address


def test_a_right_that_is_lost_closes_the_door_at_once(
    app: Flask, session: Session, people: dict[str, Account], scene: PrivateScene, sign_in_as: SignInAs, cast: Cast
) -> None:
    browser = browser_of(app, people, sign_in_as, "sue")
    assert browser.get(f"/threads/{scene.thread.id}-{scene.thread.slug}").status_code == 200
    cast.sue.rights = ["edit_tags"]
    session.commit()
    assert browser.get(f"/threads/{scene.thread.id}-{scene.thread.slug}").status_code == 404


def test_no_route_of_the_api_names_threads(app: Flask) -> None:
    """Were one added, it would have to be walked with a key."""
    assert {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(API)} == {
        "/api/contacts", "/api/openapi.json",
    }  # fmt: skip
