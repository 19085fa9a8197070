"""Replies that need a person: shown as they will be sent, decided once, whoever clicks twice."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from forum.actions.approve_reply import approve_reply
from forum.actions.mirror_answer import mirror_answer
from forum.actions.preview_reply import compose_previews, draft_replies
from forum.actions.retract_reply import retract_reply
from forum.actions.settle_delivery import settle_delivery
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.kernel.clock import utc_now
from forum.kernel.database import writing
from forum.kernel.errors import Conflict, Invalid, NotAllowed
from forum.moderation.log import LogEntry
from forum.outbox.deciding import Seen
from forum.outbox.delivery import TRANSITIONS, Delivery, Kind, State
from forum.people.account import Account
from forum.threads.post import Post
from forum.threads.thread import Thread
from tests.actions.listening_world import NOW, Clock, ListeningWorld, an_answered_mention, listening_world
from tests.application import QuietParts, SignInAs
from tests.cast import Cast

LINK = "https://network.example/posts/9"


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def world(parts: QuietParts) -> ListeningWorld:
    return listening_world(parts.sessions, Clock(utc_now() + timedelta(minutes=1)))


@pytest.fixture
def agent(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.ann)


def a_reply(session: Session, world: ListeningWorld, author: Account, state: State, **more: object) -> Delivery:
    """A reply to a post that really stands on the sandbox."""
    remote_id = world.posts("@routerly my wifi drops")[0]
    made = an_answered_mention(session, world.connection_id, world.board_id, remote_id, author, state, **more)
    session.commit()
    return made


def now_is(session: Session, delivery: Delivery) -> Delivery:
    session.rollback()
    session.expire_all()
    return session.get_one(Delivery, delivery.id)


def seen_in(agent: FlaskClient, delivery: Delivery) -> str:
    """Names the words that the reply's page shows."""
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', agent.get(f"/deliveries/{delivery.id}").text)
    assert seen is not None
    return seen[1]


def log(session: Session) -> list[tuple[str, str, dict[str, str]]]:
    session.rollback()
    return [(one.act, one.about, one.details) for one in session.scalars(select(LogEntry).order_by(LogEntry.id))]


def test_the_list_shows_a_held_reply_just_as_the_network_will_show_it(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast
) -> None:
    delivery = a_reply(session, world, cast.bob, State.HELD)
    page = agent.get("/staff/replies")
    assert page.status_code == 200
    shown = re.search(r"<blockquote[^>]*>(.*?)</blockquote>", page.text, re.S)
    assert shown is not None
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page.text)
    assert seen is not None
    answer = agent.post(f"/deliveries/{delivery.id}/approval", data={"seen": seen[1], "next": "/staff/replies"})
    assert (answer.status_code, answer.location) == (303, "/staff/replies")
    assert mirror_answer(world.sessions, delivery.id, world.outside()) == State.SENT
    assert shown[1].replace("<br>", "\n") == world.standing()[0]
    assert "Bob at Answerback" in world.standing()[0]


def test_a_long_answer_is_cut_in_the_preview_as_in_the_reply(
    session: Session, world: ListeningWorld, cast: Cast
) -> None:
    delivery = a_reply(session, world, cast.bob, State.HELD)
    answer = session.scalars(select(Post).where(Post.number == 2)).one()
    answer.plain = "Turn it off and on again. " * 60
    session.commit()
    preview = compose_previews(draft_replies(session, [delivery.id], world.outside()))[delivery.id]
    session.commit()
    with world.sessions.begin() as other:
        approve_reply(other, other.get_one(Delivery, delivery.id), other.get_one(Account, cast.ann.id), now=NOW)
    mirror_answer(world.sessions, delivery.id, world.outside())
    assert world.standing() == [preview.text]
    assert 400 < preview.length <= preview.maximum == 500


def test_approving_lets_it_go_notes_who_and_rings(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast, parts: QuietParts
) -> None:
    delivery = a_reply(session, world, cast.bob, State.HELD)
    answer = agent.post(f"/deliveries/{delivery.id}/approval", data={"seen": seen_in(agent, delivery)})
    assert (answer.status_code, answer.location) == (303, f"/threads/{delivery.thread_id}#delivery-{delivery.id}")
    approved = now_is(session, delivery)
    assert (approved.state, approved.approved_by_id) == (State.WAITING, cast.ann.id)
    assert approved.approved_at is not None
    assert ("deliver_due", ()) in parts.bell.rung
    assert log(session) == [("approve_replies", f"delivery:{delivery.id}", {"step": "approved"})]


def test_what_was_read_is_what_goes(agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast) -> None:
    delivery = a_reply(session, world, cast.bob, State.HELD)
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', agent.get("/staff/replies").text)
    assert seen is not None
    answer = session.scalars(select(Post).where(Post.number == 2)).one()
    answer.plain = "Buy my pills."
    session.commit()
    assert agent.post(f"/deliveries/{delivery.id}/approval", data={"seen": seen[1]}).status_code == 409
    assert now_is(session, delivery).state == State.HELD
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', agent.get("/staff/replies").text)
    assert seen is not None
    agent.post(f"/deliveries/{delivery.id}/approval", data={"seen": seen[1]})
    session.rollback()
    answer = session.scalars(select(Post).where(Post.number == 2)).one()
    answer.plain = "Something else."
    session.commit()
    mirror_answer(world.sessions, delivery.id, world.outside())
    assert world.standing()[0].startswith("Buy my pills.")


def test_what_is_refused_is_never_sent(agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast) -> None:
    delivery = a_reply(session, world, cast.bob, State.HELD)
    assert agent.post(f"/deliveries/{delivery.id}/refusal", data={"reason": "It is wrong."}).status_code == 303
    assert now_is(session, delivery).state == State.CANCELLED
    assert mirror_answer(world.sessions, delivery.id, world.outside()) is None
    assert world.standing() == []
    assert log(session)[0][2] == {"step": "refused", "why": "It is wrong."}


def test_a_second_click_changes_nothing(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast
) -> None:
    delivery = a_reply(session, world, cast.bob, State.HELD)
    seen = {"seen": seen_in(agent, delivery)}
    agent.post(f"/deliveries/{delivery.id}/approval", data=seen)
    first = now_is(session, delivery).approved_at
    session.rollback()
    assert agent.post(f"/deliveries/{delivery.id}/approval", data=seen).status_code == 303
    assert agent.post(f"/deliveries/{delivery.id}/refusal", data={"reason": "Late."}).status_code == 303
    assert "decided this already" in agent.get("/staff/replies").text
    again = now_is(session, delivery)
    assert (again.state, again.approved_at) == (State.WAITING, first)
    assert len(log(session)) == 1


def test_of_two_at_once_one_decides(session: Session, world: ListeningWorld, cast: Cast) -> None:
    delivery = a_reply(session, world, cast.bob, State.PARKED)
    seen = Seen.of(delivery)
    session.rollback()
    start = threading.Barrier(2)
    outcomes: list[bool] = []

    def choose(decision: str, link: str) -> None:
        start.wait()
        with writing(), world.sessions.begin() as other:
            chosen = other.get_one(Delivery, delivery.id)
            by = other.get_one(Account, cast.ann.id)
            outcomes.append(settle_delivery(other, chosen, decision, by, seen=seen, permalink=link, now=utc_now()))

    both = [threading.Thread(target=choose, args=args) for args in (("again", ""), ("stands", LINK))]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(outcomes) == [False, True]
    assert len(log(session)) == 1


@pytest.mark.parametrize(
    ("state", "decision", "after"),
    [("failed", "again", "waiting"), ("failed", "give_up", "cancelled"), ("failed", "stands", "sent"),
     ("parked", "again", "waiting"), ("parked", "give_up", "cancelled"), ("parked", "stands", "sent"),
     ("uncertain", "stands", "sent")],
)  # fmt: skip
def test_what_a_person_decides_is_done(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast, state: str, decision: str, after: str
) -> None:
    delivery = a_reply(session, world, cast.bob, State(state), words="403 duplicate", attempts=20)
    here = f"/deliveries/{delivery.id}"
    page = agent.get(here)
    assert "403 duplicate" in page.text
    form = {"decision": decision, "seen": Seen.of(delivery).name, "permalink": LINK, "next": here}
    session.rollback()
    assert agent.post(f"{here}/decision", data=form).location == here
    settled = now_is(session, delivery)
    assert settled.state == after
    assert State(after) in TRANSITIONS[State(state)]
    if decision == "stands":
        assert settled.permalink == LINK
    if decision == "again":
        assert (settled.attempts, settled.words) == (0, None)
        assert settled.due_at <= utc_now()
    assert log(session) == [("settle_deliveries", f"delivery:{delivery.id}", {"before": state, "decision": decision})]
    assert "Ann" in agent.get(here).text


@pytest.mark.parametrize("state", ["held", "waiting", "sending", "sent", "cancelled"])
def test_nothing_else_can_be_decided(session: Session, world: ListeningWorld, cast: Cast, state: str) -> None:
    delivery = a_reply(session, world, cast.bob, State(state))
    for decision in ("again", "stands", "give_up"):
        with pytest.raises(Conflict):
            settle_delivery(session, delivery, decision, cast.ann, seen=Seen.of(delivery), permalink=LINK, now=NOW)
    assert now_is(session, delivery).state == state


def test_an_uncertain_one_is_not_given_up_since_it_may_stand(
    session: Session, world: ListeningWorld, cast: Cast
) -> None:
    delivery = a_reply(session, world, cast.bob, State.UNCERTAIN)
    with pytest.raises(Conflict):
        settle_delivery(session, delivery, "give_up", cast.ann, seen=Seen.of(delivery), now=NOW)


def test_a_page_from_before_the_last_attempt_decides_nothing(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast
) -> None:
    delivery = a_reply(session, world, cast.bob, State.PARKED)
    old = Seen.of(delivery).name
    delivery.settled_at = utc_now()  # it was tried again and is parked once more
    session.commit()
    agent.post(f"/deliveries/{delivery.id}/decision", data={"decision": "again", "seen": old})
    assert now_is(session, delivery).state == State.PARKED
    assert log(session) == []


@pytest.mark.parametrize(
    "link",
    [
        "",
        "no address",
        "javascript:alert(1)",
        "https://",
        "ftp://x.example/1",
        "https://[",
        "https://x.example/" + "a" * 1000,
    ],
)
def test_where_it_stands_has_to_be_an_address(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast, link: str
) -> None:
    delivery = a_reply(session, world, cast.bob, State.PARKED)
    form = {"decision": "stands", "seen": Seen.of(delivery).name, "permalink": link}
    session.rollback()
    page = agent.post(f"/deliveries/{delivery.id}/decision", data=form)
    assert page.status_code == 422
    assert 'href="#permalink"' in page.text
    assert now_is(session, delivery).state == State.PARKED


def test_what_cannot_be_understood_is_refused(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast
) -> None:
    delivery = a_reply(session, world, cast.bob, State.PARKED)
    here = f"/deliveries/{delivery.id}/decision"
    assert agent.post(here, data={"decision": "burn", "seen": "parked"}).status_code == 422
    for seen in ("", "nothing", "parked-x", "parked-99999999999999999999"):
        assert agent.post(here, data={"decision": "again", "seen": seen}).status_code == 409
    assert agent.get("/deliveries/99999").status_code == 404
    assert agent.get("/deliveries?show=secret").status_code == 404
    with pytest.raises(Invalid):
        settle_delivery(session, delivery, "burn", cast.ann, seen=Seen.of(delivery), now=NOW)


def test_a_reply_that_a_person_found_is_looked_for_when_its_acceptance_is_withdrawn(
    session: Session, world: ListeningWorld, cast: Cast
) -> None:
    """Its id on the network is not known from an address, so it has to be found there before it can be deleted."""
    delivery = a_reply(session, world, cast.bob, State.HELD)
    approve_reply(session, delivery, cast.ann, now=world.clock())
    session.commit()
    assert mirror_answer(world.sessions, delivery.id, world.outside()) == State.SENT
    lost = now_is(session, delivery)
    lost.remote_id = lost.permalink = None
    lost.state = State.PARKED
    session.commit()
    settle_delivery(session, lost, "stands", cast.ann, seen=Seen.of(lost), permalink=LINK, now=utc_now())
    withdraw_acceptance(session, session.get_one(Thread, lost.thread_id), cast.ann, now=world.clock())
    session.commit()
    retraction = session.scalars(select(Delivery).where(Delivery.kind == Kind.RETRACTION)).one()
    assert len(world.standing()) == 1
    assert retract_reply(world.sessions, retraction.id, world.outside()) == State.SENT
    assert world.standing() == []


def test_a_retraction_that_failed_can_be_settled_too(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast
) -> None:
    reply = a_reply(session, world, cast.bob, State.SENT, text="Turn it off.", permalink=LINK)
    back = Delivery(
        kind=Kind.RETRACTION, key="retraction:1", state=State.FAILED, words="Not yours.", made_at=NOW, due_at=NOW,
        settled_at=NOW, of_id=reply.id, mention_id=reply.mention_id, acceptance_id=reply.acceptance_id,
        thread_id=reply.thread_id, payload={"policy": "delete"},
    )  # fmt: skip
    session.add(back)
    session.commit()
    page = agent.get(f"/deliveries/{back.id}").text
    assert "Turn it off." in page
    assert "Not yours." in page
    form = {"decision": "stands", "seen": Seen.of(back).name}
    session.rollback()
    assert agent.post(f"/deliveries/{back.id}/decision", data=form).status_code == 303
    assert now_is(session, back).state == State.SENT
    assert now_is(session, reply).permalink == LINK
    assert agent.post(f"/deliveries/{back.id}/approval").status_code == 404


def test_a_preview_that_cannot_be_made_says_why_and_the_rest_of_the_page_stands(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast
) -> None:
    a_reply(session, world, cast.bob, State.HELD)
    connection = world.connection()
    with world.sessions.begin() as other:
        other.merge(connection).sealed_secrets = "sealed with a lost key"
    page = agent.get("/staff/replies")
    assert page.status_code == 200
    assert "cannot be opened with this key" in page.text
    assert "Approve and send" not in page.text  # what cannot be read cannot be approved


def test_each_list_shows_what_belongs_to_it(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast
) -> None:
    for which in ("trouble", "uncertain", "sent"):
        assert agent.get(f"/deliveries?show={which}").status_code == 200  # empty, with a word on it
    assert agent.get("/deliveries").location == agent.get("/deliveries?show=held").location == "/staff/replies"
    assert agent.get("/staff/replies").status_code == 200
    made = {
        state: a_reply(session, world, cast.bob, State(state)).id
        for state in ("held", "failed", "parked", "uncertain", "sent")
    }
    for which, states in {
        "trouble": ["failed", "parked"],
        "uncertain": ["uncertain"],
        "sent": ["sent"],
    }.items():
        shown = set(re.findall(r'id="delivery-(\d+)"', agent.get(f"/deliveries?show={which}").text))
        assert shown == {str(made[state]) for state in states}
    assert re.findall(r'id="delivery-(\d+)"', agent.get("/staff/replies").text) == [str(made["held"])]


@pytest.mark.parametrize("name", ["ada", "sue", "fay", "mallory"])
def test_others_neither_see_nor_decide(
    client: FlaskClient, session: Session, world: ListeningWorld, cast: Cast, sign_in_as: SignInAs, name: str
) -> None:
    delivery = a_reply(session, world, cast.bob, State.HELD)
    who = getattr(cast, name)
    sign_in_as(client, who)
    here = f"/deliveries/{delivery.id}"
    assert client.get("/deliveries").status_code == client.get(here).status_code == 403
    assert client.get("/staff/replies").status_code == 403
    for verb in ("approval", "rewording", "taking-over", "refusal", "taking-up", "decision"):
        assert client.post(f"{here}/{verb}", data={"decision": "again", "seen": "held"}).status_code == 403
    for decide in (
        lambda: approve_reply(session, delivery, who, now=NOW),
        lambda: settle_delivery(session, delivery, "again", who, seen=None, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            decide()
    assert now_is(session, delivery).state == State.HELD


def test_the_list_pages_by_key_and_costs_the_same_queries_however_many_there_are(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast
) -> None:
    def queries(path: str) -> tuple[int, set[str], str]:
        seen: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(Engine, "before_cursor_execute", count)
        try:
            text = agent.get(path).text
        finally:
            event.remove(Engine, "before_cursor_execute", count)
        return len(seen), set(re.findall(r'id="delivery-(\d+)"', text)), text

    a_reply(session, world, cast.bob, State.HELD)
    few = queries("/staff/replies")
    for number in range(25):
        an_answered_mention(session, world.connection_id, world.board_id, f"x{number}", cast.bob, State.HELD)
    session.commit()
    many = queries("/staff/replies")
    assert many[0] == few[0]
    assert len(many[1]) == 10
    older = re.search(r'href="(/staff/replies\?after=\d+)"', many[2])
    assert older is not None
    rest = queries(older[1])
    assert len(rest[1]) == 10
    assert not rest[1] & many[1]
