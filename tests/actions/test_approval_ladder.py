"""The approval ladder: who waits and who does not, and what staff do with a reply that waits. What was approved is what stands."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.approve_reply import approve_edited_reply, approve_reply
from forum.actions.decline_reply import decline_reply
from forum.actions.name_superfan import end_superfan
from forum.actions.pause_superfan import pause_superfan, resume_superfan
from forum.actions.preview_reply import draft_replies
from forum.actions.promote_superfan import promote_superfan
from forum.actions.reword_reply import Reworded, reword_reply
from forum.actions.settle_rights import settle_rights
from forum.actions.spread_news import spread_news
from forum.actions.take_over_reply import take_over_reply
from forum.actions.take_up_reply import take_up_reply
from forum.kernel.database import writing
from forum.kernel.errors import Conflict, Invalid, NotAllowed
from forum.moderation.log import LogEntry
from forum.notices.notice import Notice
from forum.outbox.deciding import Seen
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.account import Account
from forum.people.permissions import RIGHTS, Act
from forum.superfans.grant import SuperfanGrant
from forum.superfans.rank import Rank
from forum.wiring.parts import Parts
from tests.cast import Cast
from tests.looping import SandboxLoop

SIGNED = "\n\n— Bob at Routerly Community\nhttps://forum.example/threads/{}"


@pytest.fixture
def loop(parts: Parts, session: Session, cast: Cast) -> SandboxLoop:
    return SandboxLoop(parts, session, cast)


def held(loop: SandboxLoop) -> Delivery:
    """Bob's answer, which Sue accepted."""
    reply = loop.accepted(loop.answered(by=loop.cast.bob), by=loop.cast.sue)
    assert reply.state == State.HELD
    return reply


def words(loop: SandboxLoop, reply: Delivery, body: str, *, signed: str | None = None) -> Reworded:
    draft = draft_replies(loop.session, [reply.id], loop.outside)[0]
    return reword_reply(draft, body, "text", signed=signed)


def notices(loop: SandboxLoop, event: str) -> list[tuple[int, str]]:
    loop.session.rollback()
    found = select(Notice).where(Notice.event == event).order_by(Notice.id)
    return [(one.account_id, str(one.details.get("why", ""))) for one in loop.session.scalars(found)]


def steps(loop: SandboxLoop, reply: Delivery) -> list[str]:
    found = select(LogEntry).where(LogEntry.about == f"delivery:{reply.id}").order_by(LogEntry.id)
    return [one.details["step"] for one in loop.session.scalars(found)]


def on_probation(loop: SandboxLoop) -> None:
    grant = loop.session.scalars(select(SuperfanGrant)).one()
    grant.probation_until = loop.clock() + timedelta(days=14)
    loop.session.flush()
    settle_rights(loop.session, loop.cast.sue, loop.clock())
    loop.session.commit()


def with_rank(loop: SandboxLoop, account: Account, *rights: Act) -> None:
    rank = Rank(
        name="r", position=1, formula="solutions >= 1", titles={"en": "R"}, icon="star", colour="teal",
        rights=[right.value for right in rights], made_at=loop.clock(), changed_at=loop.clock(),
    )  # fmt: skip
    loop.session.add(rank)
    loop.session.flush()
    account.rank_id = rank.id
    settle_rights(loop.session, account, loop.clock())
    loop.session.commit()


def state_of(loop: SandboxLoop, author: Account) -> str:
    """Of the reply to an answer by `author` that Ada, no staff, may not accept; so another superfan does."""
    by = loop.cast.sue if author.id != loop.cast.sue.id else accepting_member(loop)
    return loop.accepted(loop.answered(by=author), by=by).state


def accepting_member(loop: SandboxLoop) -> Account:
    ada = loop.cast.ada
    loop.session.add(
        SuperfanGrant(
            account_id=ada.id,
            given_by_id=loop.cast.cleo.id,
            given_at=loop.clock(),
            rights=[Act.ACCEPT_FOR_OTHERS.value],
        )
    )
    loop.session.flush()
    settle_rights(loop.session, ada, loop.clock())
    loop.session.commit()
    return ada


def test_a_newcomers_answer_is_held_and_a_trusted_superfans_goes_at_once(loop: SandboxLoop) -> None:
    assert state_of(loop, loop.cast.bob) == State.HELD
    assert state_of(loop, loop.cast.sue) == State.WAITING


def test_on_probation_it_is_held(loop: SandboxLoop) -> None:
    on_probation(loop)
    assert state_of(loop, loop.cast.sue) == State.HELD


def test_who_is_promoted_is_trusted(loop: SandboxLoop) -> None:
    on_probation(loop)
    promote_superfan(loop.session, loop.cast.sue, loop.cast.cleo, loop.clock())
    loop.session.commit()
    assert state_of(loop, loop.cast.sue) == State.WAITING


def test_paused_it_is_held_until_resumed(loop: SandboxLoop) -> None:
    cast, now = loop.cast, loop.clock
    pause_superfan(loop.session, cast.sue, cast.cleo, reason="Holiday.", now=now())
    loop.session.commit()
    ada = accepting_member(loop)
    assert loop.accepted(loop.answered(by=cast.sue), by=ada).state == State.HELD
    resume_superfan(loop.session, cast.sue, cast.cleo, now())
    loop.session.commit()
    assert loop.accepted(loop.answered(by=cast.sue), by=ada).state == State.WAITING


def test_a_rank_gives_it_and_its_loss_takes_it_away(loop: SandboxLoop) -> None:
    bob = loop.cast.bob
    with_rank(loop, bob, Act.SEND_WITHOUT_APPROVAL)
    assert state_of(loop, bob) == State.WAITING
    bob.rank_id = None
    settle_rights(loop.session, bob, loop.clock())
    loop.session.commit()
    assert state_of(loop, bob) == State.HELD


def test_a_rank_without_the_right_does_not_give_it(loop: SandboxLoop) -> None:
    with_rank(loop, loop.cast.bob, Act.EDIT_TAGS)
    assert state_of(loop, loop.cast.bob) == State.HELD


def test_what_waits_is_decided_by_a_person_whatever_the_author_becomes(loop: SandboxLoop) -> None:
    reply = held(loop)
    with_rank(loop, loop.cast.bob, *RIGHTS)
    assert loop.now(reply).state == State.HELD
    assert loop.mirror(reply) is None


def test_what_was_sent_off_is_not_held_because_its_author_fell(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    with loop.writes():
        end_superfan(loop.session, loop.cast.sue, loop.cast.cleo, now=loop.clock())
    assert loop.mirror(reply) == State.SENT


def test_changed_words_stand_byte_for_byte_with_the_author_named(loop: SandboxLoop) -> None:
    reply = held(loop)
    edited = words(loop, reply, "Choose channel 36,\r\nthen restart it.  ")
    with loop.writes():
        assert approve_edited_reply(loop.session, reply, loop.cast.ann, edited, loop.clock())
    assert loop.mirror(reply) == State.SENT
    text = "Choose channel 36,\nthen restart it." + SIGNED.format(reply.thread_id)
    assert loop.standing() == [text] == [loop.now(reply).text]
    assert (reply.edited_by_id, reply.approved_by_id) == (loop.cast.ann.id, loop.cast.ann.id)
    entry = loop.session.scalars(select(LogEntry).where(LogEntry.about == f"delivery:{reply.id}")).one()
    assert entry.details == {"step": "edited", "before": "Choose channel 36." + SIGNED.format(reply.thread_id)}
    assert notices(loop, "reply_approved") == [(loop.cast.bob.id, "")]


def test_words_that_were_not_changed_are_a_plain_approval(loop: SandboxLoop) -> None:
    reply = held(loop)
    with loop.writes():
        assert approve_edited_reply(
            loop.session, reply, loop.cast.ann, words(loop, reply, "Choose channel 36."), loop.clock()
        )
    assert loop.now(reply).edited_by_id is None
    assert steps(loop, reply) == ["approved"]


def test_what_the_network_does_not_take_is_refused_by_its_own_count(loop: SandboxLoop) -> None:
    reply = held(loop)
    network = loop.network.real
    room = network.limits().maximum - network.length(SIGNED.format(reply.thread_id))
    fits, longer = words(loop, reply, "x" * room), words(loop, reply, "x" * (room + 1))
    assert (fits.length, longer.length) == (network.limits().maximum, network.limits().maximum + 1)
    for act in (approve_edited_reply, take_over_reply):
        with pytest.raises(Invalid) as caught:
            act(loop.session, reply, loop.cast.ann, longer, loop.clock())
        assert "1 too long" in str(caught.value.fields["text"])
    assert loop.now(reply).state == State.HELD
    with loop.writes():
        assert approve_edited_reply(loop.session, reply, loop.cast.ann, fits, loop.clock())
    assert loop.mirror(reply) == State.SENT


@pytest.mark.parametrize("body", ["", "  \n", "\x00"])
def test_nothing_is_no_reply(loop: SandboxLoop, body: str) -> None:
    with pytest.raises(Invalid):
        words(loop, held(loop), body)


def test_taken_over_it_goes_in_the_brands_name_and_the_member_keeps_the_solution(loop: SandboxLoop) -> None:
    reply = held(loop)
    own = words(loop, reply, "We shall call you.", signed="Routerly Community")
    with loop.writes():
        assert take_over_reply(loop.session, reply, loop.cast.ann, own, loop.clock())
    assert loop.mirror(reply) == State.SENT
    link = f"https://forum.example/threads/{reply.thread_id}"
    assert loop.standing() == [f"We shall call you.\n\n— Routerly Community\n{link}"]
    assert loop.now(reply).taken_over_by_id == loop.cast.ann.id
    loop.session.refresh(loop.cast.bob)
    assert loop.cast.bob.solutions == 1
    assert [one for one, _why in notices(loop, "reply_declined")] == [loop.cast.bob.id]


def test_declined_it_is_not_sent_and_its_author_reads_why(loop: SandboxLoop) -> None:
    reply = held(loop)
    with loop.writes():
        assert decline_reply(loop.session, reply, loop.cast.ann, reason="  Too short\nfor this. ", now=loop.clock())
    loop.deliver_until_nothing_is_left()
    assert loop.standing() == []
    assert loop.now(reply).refused_why == "Too short for this."
    assert notices(loop, "reply_declined") == [(loop.cast.bob.id, "Too short for this.")]


@pytest.mark.parametrize("reason", ["", " \n", "x" * 301])
def test_it_is_not_declined_without_a_reason_or_with_a_novel(loop: SandboxLoop, reason: str) -> None:
    reply = held(loop)
    with pytest.raises(Invalid) as caught:
        decline_reply(loop.session, reply, loop.cast.ann, reason=reason, now=loop.clock())
    assert set(caught.value.fields) == {"reason"}
    assert loop.now(reply).state == State.HELD


def test_declined_it_is_taken_up_again_and_each_step_is_told_and_kept(loop: SandboxLoop) -> None:
    reply = held(loop)
    for reason in ("First.", "Second."):
        with loop.writes():
            assert decline_reply(loop.session, reply, loop.cast.ann, reason=reason, now=loop.clock.pass_by(minutes=1))
        seen = Seen.of(loop.now(reply))
        with loop.writes():
            assert take_up_reply(loop.session, reply, loop.cast.cleo, seen=seen, now=loop.clock.pass_by(minutes=1))
        assert (loop.now(reply).state, reply.refused_why) == (State.HELD, None)
    with loop.writes():
        assert approve_reply(loop.session, reply, loop.cast.ann, now=loop.clock())
    assert loop.mirror(reply) == State.SENT
    assert steps(loop, reply) == ["refused", "taken_up", "refused", "taken_up", "approved"]
    assert notices(loop, "reply_declined") == [(loop.cast.bob.id, "First."), (loop.cast.bob.id, "Second.")]


def test_what_was_withdrawn_is_not_taken_up_again(loop: SandboxLoop) -> None:
    reply = held(loop)
    with loop.writes():
        decline_reply(loop.session, reply, loop.cast.ann, reason="No.", now=loop.clock())
    seen = Seen.of(loop.now(reply))
    loop.withdraw(reply)
    with pytest.raises(Conflict):
        take_up_reply(loop.session, reply, loop.cast.ann, seen=seen, now=loop.clock())
    assert loop.now(reply).state == State.CANCELLED


def test_what_nobody_declined_is_not_taken_up(loop: SandboxLoop) -> None:
    reply = held(loop)
    loop.withdraw(reply)
    assert loop.now(reply).state == State.CANCELLED
    with pytest.raises(Conflict):
        take_up_reply(loop.session, reply, loop.cast.ann, seen=Seen.of(reply), now=loop.clock())


DECISIONS: dict[str, Callable[[SandboxLoop, Session, Delivery, Account, Reworded], bool]] = {
    "approve": lambda loop, session, reply, by, _words: approve_reply(session, reply, by, now=loop.clock()),
    "edit": lambda loop, session, reply, by, words: approve_edited_reply(session, reply, by, words, loop.clock()),
    "take over": lambda loop, session, reply, by, words: take_over_reply(session, reply, by, words, loop.clock()),
    "decline": lambda loop, session, reply, by, _words: decline_reply(session, reply, by, reason="No.", now=loop.clock()),
}  # fmt: skip


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("name", ["ada", "bob", "sue", "fay", "mallory"])
def test_nobody_else_decides(loop: SandboxLoop, decision: str, name: str) -> None:
    reply = held(loop)
    reworded = words(loop, reply, "Mine.")
    with pytest.raises(NotAllowed):
        DECISIONS[decision](loop, loop.session, reply, getattr(loop.cast, name), reworded)
    assert loop.now(reply).state == State.HELD
    assert steps(loop, reply) == []


@pytest.mark.parametrize("name", ["ada", "bob", "sue", "fay", "mallory"])
def test_nobody_else_takes_up_again(loop: SandboxLoop, name: str) -> None:
    reply = held(loop)
    with loop.writes():
        decline_reply(loop.session, reply, loop.cast.ann, reason="No.", now=loop.clock())
    with pytest.raises(NotAllowed):
        take_up_reply(loop.session, reply, getattr(loop.cast, name), seen=Seen.of(reply), now=loop.clock())


@pytest.mark.parametrize("first", DECISIONS)
def test_a_second_decision_changes_nothing(loop: SandboxLoop, first: str) -> None:
    reply = held(loop)
    reworded = words(loop, reply, "Mine.")
    with loop.writes():
        assert DECISIONS[first](loop, loop.session, reply, loop.cast.ann, reworded)
    before = (loop.now(reply).state, reply.text, reply.approved_by_id, reply.refused_why)
    for second in DECISIONS.values():
        with loop.writes():
            assert not second(loop, loop.session, reply, loop.cast.cleo, reworded)
    assert (loop.now(reply).state, reply.text, reply.approved_by_id, reply.refused_why) == before
    assert len(steps(loop, reply)) == 1


class TestOnBothDatabases:
    @pytest.fixture
    def database_url(self, any_database_url: str) -> str:
        return any_database_url

    def test_of_four_at_once_one_decides(self, loop: SandboxLoop) -> None:
        reply = held(loop)
        reworded = words(loop, reply, "Mine.")
        reply_id, ann_id = reply.id, loop.cast.ann.id
        loop.session.rollback()
        start, outcomes = threading.Barrier(len(DECISIONS)), []

        def choose(decision: str) -> None:
            start.wait()
            with writing(), loop.parts.sessions.begin() as session:
                chosen, by = session.get_one(Delivery, reply_id), session.get_one(Account, ann_id)
                outcomes.append(DECISIONS[decision](loop, session, chosen, by, reworded))

        everybody = [threading.Thread(target=choose, args=(decision,)) for decision in DECISIONS]
        for one in everybody:
            one.start()
        for one in everybody:
            one.join(30)
        assert sorted(outcomes) == [False, False, False, True]
        assert len(steps(loop, reply)) == 1


def test_each_of_staff_hears_once_that_a_reply_waits(loop: SandboxLoop) -> None:
    reply = held(loop)
    cast = loop.cast
    news = loop.session.scalars(select(Delivery).where(Delivery.key == f"news:held:{reply.id}")).one()
    news_id = news.id
    loop.session.rollback()
    assert spread_news(loop.parts.sessions, news_id, loop.clock) == State.SENT
    assert {one for one, _why in notices(loop, "reply_waiting")} == {cast.ann.id, cast.cleo.id, cast.max.id}
    assert len(notices(loop, "reply_waiting")) == 3


def test_nobody_hears_of_a_reply_that_was_decided_meanwhile_or_goes_at_once(loop: SandboxLoop) -> None:
    reply = held(loop)
    with loop.writes():
        approve_reply(loop.session, reply, loop.cast.ann, now=loop.clock())
    news_id = loop.session.scalars(select(Delivery.id).where(Delivery.key == f"news:held:{reply.id}")).one()
    loop.session.rollback()
    assert spread_news(loop.parts.sessions, news_id, loop.clock) == State.CANCELLED
    assert notices(loop, "reply_waiting") == []
    at_once = loop.accepted()
    found = select(Delivery.id).where(Delivery.key == f"news:held:{at_once.id}", Delivery.kind == Kind.NEWS)
    assert loop.session.scalar(found) is None
