"""The page of votes that look wrong: evidence in words, verdicts by form, errors that lose nothing."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from forum.actions.find_gaming import find_gaming
from forum.actions.raise_suspicion import raise_suspicion
from forum.superfans.findings import Finding
from forum.superfans.suspicion import Suspicion, SuspicionKind, SuspicionState
from forum.threads.post import Kudos
from tests.actions.gaming_scene import NIGHT, START, GamingScene
from tests.actions.test_gaming import YESTERDAY
from tests.application import QuietParts, SignInAs
from tests.cast import Cast

FACTS = {
    SuspicionKind.SELF_SOLVING: {
        "accepted": 9, "of": 10, "usual_share": 0.0125, "log10_chance": -12.0, "share_of_answerer": 0.9,
        "minutes_to_answer": 4.0, "threads": [],
    },
    SuspicionKind.SOCK_PUPPET: {"signals": ["one_person", "same_browser", "same_mailbox", "like_name", "together"]},
}  # fmt: skip


@pytest.fixture
def scene(session: Session, cast: Cast) -> GamingScene:
    return GamingScene(session)


@pytest.fixture
def cleo(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.cleo)


def one_of(scene: GamingScene, kind: SuspicionKind, cast: Cast, key: str = "1") -> Suspicion:
    people = [cast.ada.id, cast.mallory.id]
    told = {**FACTS[kind], "asker": people[0], "answerer": people[1]}
    made = raise_suspicion(scene.session, Finding(kind, f"{kind}:{key}", 1.0, people, told), NIGHT)
    assert made is not None
    scene.session.commit()
    return made


def words(page: str) -> str:
    return " ".join(page.split())


def test_a_ring_is_told_in_words_with_each_members_part(
    cleo: FlaskClient, parts: QuietParts, scene: GamingScene, cast: Cast
) -> None:
    scene.ring(cast.bob, scene.people("rhea", "rolf", "rita", "ross"))
    find_gaming(parts.sessions, NIGHT)
    page = words(cleo.get("/staff/gaming").text)
    assert "Vote ring" in page
    assert "4 people gave each other 84 kudos in 180 days; by chance about 0." in page
    assert "less than once in a million communities" in page
    assert "100 % of the pairs thank each other both ways." in page
    assert "21 of 21 kudos went to the others, by chance about 0; thanked 88 % of what they wrote" in page
    assert 'href="/people/rhea"' in page


def test_voiding_and_restoring_by_the_form(
    cleo: FlaskClient, parts: QuietParts, scene: GamingScene, cast: Cast
) -> None:
    scene.series(scene.people("gil")[0], cast.bob, cast.ada, 6, YESTERDAY)
    find_gaming(parts.sessions, NIGHT)
    (found,) = scene.suspicions(SuspicionKind.SERIAL)
    page = words(cleo.get("/staff/gaming?show=voided").text)
    assert "Gil thanked Bob 6 times within 5 minutes, in 6 threads." in page
    assert "voided by the nightly job" in page and "6 kudos voided" in page
    assert page.count("My mesh drops") == 6
    form = {"verdict": "dismiss", "seen": "voided", "why": "An evening of reading.", "show": "voided"}
    answer = cleo.post(f"/staff/gaming/{found.id}/verdict", data=form)
    assert (answer.status_code, answer.location) == (303, "/staff/gaming?show=voided")
    assert "6 kudos count again." in cleo.get("/staff/gaming?show=voided").text
    page = words(cleo.get("/staff/gaming?show=dismissed").text)
    assert "Cleo restored 6 kudos" in page and "An evening of reading." in page
    scene.session.rollback()
    assert {one.voided_at for one in scene.session.query(Kudos)} == {None}


def test_one_asker_and_one_answerer_are_told_with_what_others_accept(
    cleo: FlaskClient, scene: GamingScene, cast: Cast
) -> None:
    one_of(scene, SuspicionKind.SELF_SOLVING, cast)
    page = words(cleo.get("/staff/gaming").text)
    assert "Ada accepted 10 answers in a year, and 9 of them were by Mallory." in page
    assert "Of what others accepted on the same boards, 1.2 % was by Mallory." in page
    assert "Of all accepted answers by Mallory, 90 % were accepted by Ada." in page


def test_signals_can_be_dismissed_and_nothing_else(cleo: FlaskClient, scene: GamingScene, cast: Cast) -> None:
    found = one_of(scene, SuspicionKind.SOCK_PUPPET, cast)
    page = cleo.get("/staff/gaming").text
    assert "never a ground by themselves" in page
    assert 'value="dismiss"' in page and 'value="void"' not in page
    forced = cleo.post(f"/staff/gaming/{found.id}/verdict", data={"verdict": "void", "seen": "open"})
    assert forced.status_code == 409
    assert (
        cleo.post(f"/staff/gaming/{found.id}/verdict", data={"verdict": "dismiss", "seen": "open"}).status_code == 303
    )


def test_what_was_decided_meanwhile_is_said(cleo: FlaskClient, scene: GamingScene, cast: Cast) -> None:
    found = one_of(scene, SuspicionKind.SELF_SOLVING, cast)
    found.state = SuspicionState.DISMISSED
    scene.session.commit()
    answer = cleo.post(f"/staff/gaming/{found.id}/verdict", data={"verdict": "void", "seen": "open"})
    assert answer.status_code == 409
    assert "Somebody has decided this meanwhile" in answer.text


@pytest.mark.parametrize("form", [{"verdict": "hang"}, {}, {"verdict": "dismiss", "why": "x" * 301}])
def test_a_wrong_form_is_422_and_keeps_what_was_typed(
    cleo: FlaskClient, scene: GamingScene, cast: Cast, form: dict[str, str]
) -> None:
    found = one_of(scene, SuspicionKind.SELF_SOLVING, cast)
    answer = cleo.post(f"/staff/gaming/{found.id}/verdict", data={"why": "They are twins.", "seen": "open", **form})
    assert answer.status_code == 422
    assert f'value="{form.get("why", "They are twins.")}"' in answer.text
    scene.session.rollback()
    scene.session.expire_all()
    assert scene.session.get_one(Suspicion, found.id).state == SuspicionState.OPEN


def test_nothing_there_is_404(cleo: FlaskClient) -> None:
    assert cleo.get("/staff/gaming?show=guilty").status_code == 404
    assert cleo.post("/staff/gaming/77/verdict", data={"verdict": "dismiss", "seen": "open"}).status_code == 404


def test_who_it_is_about_sees_no_button(cleo: FlaskClient, scene: GamingScene, cast: Cast) -> None:
    told = {"signals": ["one_person", "together"]}
    raise_suspicion(
        scene.session, Finding(SuspicionKind.SOCK_PUPPET, "x", 2.0, [cast.cleo.id, cast.bob.id], told), NIGHT
    )
    scene.session.commit()
    page = cleo.get("/staff/gaming").text
    assert "This is about you" in page and 'name="verdict"' not in page


@pytest.mark.parametrize("which", ["open", "voided", "dismissed"])
def test_an_empty_list_says_what_would_stand_there(cleo: FlaskClient, which: str) -> None:
    assert 'class="empty"' in cleo.get(f"/staff/gaming?show={which}").text


def test_a_name_that_is_markup_is_shown_as_text(cleo: FlaskClient, scene: GamingScene, cast: Cast) -> None:
    cast.ada.display_name = "<b>Ada</b> %(x)s"
    one_of(scene, SuspicionKind.SELF_SOLVING, cast)
    page = cleo.get("/staff/gaming").text
    assert "&lt;b&gt;Ada&lt;/b&gt; %(x)s accepted 10 answers" in page


def test_older_ones_stand_on_the_next_page_and_the_number_of_queries_is_fixed(
    cleo: FlaskClient, scene: GamingScene, cast: Cast
) -> None:
    one_of(scene, SuspicionKind.SELF_SOLVING, cast, "first")
    few = _queries(cleo, "/staff/gaming")
    for number in range(24):
        told = {**FACTS[SuspicionKind.SOCK_PUPPET]}
        names = scene.people(f"one{number}", f"two{number}")
        finding = Finding(SuspicionKind.SOCK_PUPPET, f"k{number}", 2.0, [one.id for one in names], told)
        raise_suspicion(scene.session, finding, START)
    scene.session.commit()
    assert _queries(cleo, "/staff/gaming") == few
    page = cleo.get("/staff/gaming").text
    assert page.count('class="card stack" id="suspicion-') == 20
    older = page.partition("before=")[2].partition('"')[0]
    assert cleo.get(f"/staff/gaming?before={older}").text.count('class="card stack" id="suspicion-') == 5


def _queries(client: FlaskClient, path: str) -> int:
    client.get(path)  # what is read once a while is read now
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


def test_the_key_enter_in_the_reason_decides_nothing(cleo: FlaskClient, scene: GamingScene, cast: Cast) -> None:
    """A form without a chosen button is pressed by its first one, and that is disabled here; what comes anyway is refused."""
    one = one_of(scene, SuspicionKind.SELF_SOLVING, cast)
    form = cleo.get("/staff/gaming").text.split(f'action="/staff/gaming/{one.id}/verdict"')[1].split("</form>")[0]
    assert form.split("<button")[1].startswith(' type="submit" disabled hidden>') and form.count("<button") == 3
    answer = cleo.post(
        f"/staff/gaming/{one.id}/verdict", data={"seen": "open", "show": "open", "why": "half a thought"}
    )
    assert answer.status_code == 422 and "half a thought" in answer.text
