"""Who is told of what, on both databases: each thing once, nothing of one's own, nothing that may not be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.answer import answer
from forum.actions.ask import ask
from forum.actions.choose_notices import choose_notices, stop_mails
from forum.actions.comment import comment
from forum.actions.edit_post import edit_post
from forum.actions.follow_thread import follow_thread, have_same_problem
from forum.actions.forget_old_notices import KEPT_FOR, forget_old_notices
from forum.actions.give_kudos import give_kudos, take_back_kudos
from forum.actions.read_notices import count_unread, read_all_notices, read_notice
from forum.actions.spread_news import BATCH, spread_news
from forum.actions.tell import About, tell, tell_all
from forum.actions.triage_mentions import continue_thread
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.kernel.database import writing
from forum.kernel.errors import Invalid, NotFound
from forum.notices.choosing import Way
from forum.notices.events import ANSWER_EDITED, EVENTS, NAMED, SUSPICION
from forum.notices.notice import Notice, NoticeChoice
from forum.outbox import claiming
from forum.outbox.delivery import LEASE, Delivery, Kind, State
from forum.people.account import Account
from forum.threads.board import Board
from forum.threads.thread import Thread
from tests.application import QuietParts
from tests.cast import Cast, person
from tests.scene import Stage


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


class News:
    """A stage on which news are spread by hand."""

    def __init__(self, parts: QuietParts, session: Session, cast: Cast) -> None:
        self.parts, self.session, self.cast = parts, session, cast
        self.stage = Stage(session)
        with self.writes():
            self.thread = self.stage.thread(cast.ada)
        self.spread()

    @contextmanager
    def writes(self) -> Iterator[None]:
        self.session.rollback()
        with writing():
            yield
            self.session.commit()

    def spread(self) -> list[State | None]:
        """What a worker does until nothing is due."""
        self.session.rollback()
        ids = claiming.due(self.session, [Kind.NEWS], self.stage.clock(), 100)
        self.session.rollback()
        return [spread_news(self.parts.sessions, one, self.stage.clock) for one in ids]

    def told(self, account: Account) -> list[str]:
        """The events in order."""
        self.session.rollback()
        return list(
            self.session.scalars(select(Notice.event).where(Notice.account_id == account.id).order_by(Notice.id))
        )

    def told_all(self) -> dict[str, list[str]]:
        return {one.name: events for one in self.cast.everybody() if (events := self.told(one))}

    def mails(self) -> list[Delivery]:
        self.session.rollback()
        return list(self.session.scalars(select(Delivery).where(Delivery.kind == Kind.MAIL).order_by(Delivery.id)))

    def choose(self, account: Account, **ways: Way) -> None:
        with self.writes():
            zone, now = self.parts.settings.time_zone, self.stage.clock()
            choose_notices(self.session, account, ways, paused_until="", zone=zone, now=now)


@pytest.fixture
def news(parts: QuietParts, session: Session, cast: Cast) -> News:
    return News(parts, session, cast)


def test_a_reply_is_told_to_each_once_by_what_it_means_most_to_them(news: News) -> None:
    """Ada asked and is named; Sue and Cleo follow, Cleo is named; Bob writes; Mallory is named and has nothing to do with it."""
    cast = news.cast
    with news.writes():
        for follower in (cast.sue, cast.cleo):
            follow_thread(news.session, news.thread, follower, news.stage.clock())
        news.stage.answer(
            news.thread, cast.bob, "@ada, @cleo and @Mallory: look at this. @bob says so, @nobody-here too."
        )
    assert news.told_all() == {}  # nothing is told while the page waits
    assert news.spread() == [State.SENT]
    assert news.told_all() == {"ada": ["answered"], "sue": ["followed"], "cleo": ["named"], "mallory": ["named"]}
    assert news.spread() == []


def test_names_in_a_question_are_told_and_a_question_without_names_is_no_news(news: News) -> None:
    with news.writes():
        news.stage.thread(news.cast.ada, news.stage.board("mesh"), text="Does @bob know?")
        news.stage.thread(news.cast.ada, news.stage.board("billing"), text="Does nobody know?")
    assert news.spread() == [State.SENT]
    assert news.told_all() == {"bob": ["named"]}


def test_a_comment_is_told_to_the_posts_author_and_to_whom_it_names(news: News) -> None:
    with news.writes():
        post = news.stage.answer(news.thread, news.cast.bob)
    news.spread()
    with news.writes():
        text = "@sue and @bob, so it is."
        comment(
            news.session, news.thread, post, news.cast.ada, text=text, markup=news.stage.markup, now=news.stage.clock()
        )
    news.spread()
    assert news.told_all() == {"ada": ["answered"], "bob": ["commented"], "sue": ["named"]}


def test_an_edit_tells_those_whom_it_names_anew(news: News) -> None:
    with news.writes():
        post = news.stage.answer(news.thread, news.cast.bob, "Ask @sue.")
    news.spread()
    news.choose(news.cast.cleo, named=Way(False, False))
    for text in ("Ask @sue or @mallory or @cleo.", "Ask @sue or @mallory, I said."):
        with news.writes():
            edit_post(
                news.session,
                news.thread,
                post,
                news.cast.bob,
                text=text,
                markup=news.stage.markup,
                now=news.stage.clock(),
            )
        news.spread()
    assert news.told_all() == {"ada": ["answered"], "sue": ["named"], "mallory": ["named"]}


def test_an_accepted_answer_is_told_to_its_author_and_to_those_who_wait_for_it(news: News) -> None:
    cast = news.cast
    with news.writes():
        post = news.stage.answer(news.thread, cast.bob)
        have_same_problem(news.session, news.thread, cast.mallory, news.stage.clock())
        follow_thread(news.session, news.thread, cast.sue, news.stage.clock())
    news.spread()
    with news.writes():
        accept_answer(news.session, news.thread, post, cast.cleo, now=news.stage.clock.pass_by(minutes=1))
    news.spread()
    assert news.told_all() == {
        "ada": ["answered", "solved"], "bob": ["accepted"], "mallory": ["followed", "solved"], "sue": ["followed", "solved"],
    }  # fmt: skip


def test_an_acceptance_that_was_taken_back_at_once_is_no_news(news: News) -> None:
    with news.writes():
        post = news.stage.answer(news.thread, news.cast.bob)
        follow_thread(news.session, news.thread, news.cast.sue, news.stage.clock())
        accept_answer(news.session, news.thread, post, news.cast.ada, now=news.stage.clock())
        withdraw_acceptance(news.session, news.thread, news.cast.ada, now=news.stage.clock())
    assert sorted(map(str, news.spread())) == ["cancelled", "sent"]
    assert "solved" not in news.told(news.cast.sue)


def test_who_wants_no_acceptances_hears_of_none_in_other_words(news: News) -> None:
    news.choose(news.cast.bob, accepted=Way(False, False))
    with news.writes():
        post = news.stage.answer(news.thread, news.cast.bob)
        accept_answer(news.session, news.thread, post, news.cast.ada, now=news.stage.clock())
    news.spread()
    assert news.told(news.cast.bob) == []


def test_history_tells_nobody(news: News) -> None:
    stage, cast, session = news.stage, news.cast, news.session
    with news.writes():
        before = session.scalar(select(func.count()).select_from(Delivery).where(Delivery.kind == Kind.NEWS))
        old = {"markup": stage.markup, "now": stage.clock(), "history": True}
        thread = ask(session, stage.board("old"), cast.ada, title="An old one", text="@bob?", **old)
        post = answer(session, thread, cast.bob, text="@ada: yes", **old)
        comment(session, thread, post, cast.ada, text="@bob: thanks", **old)
        accept_answer(session, thread, post, cast.ada, now=stage.clock(), history=True)
        after = session.scalar(select(func.count()).select_from(Delivery).where(Delivery.kind == Kind.NEWS))
    assert (news.spread(), news.told_all(), before) == ([], {}, after)


class TestPrivateAndHidden:
    @pytest.fixture
    def lounge(self, news: News) -> Thread:
        """Sue, whose rights let her in, asks; Mallory followed before the board was closed."""
        with news.writes():
            board = news.stage.board("lounge")
            thread = news.stage.thread(news.cast.sue, board)
            follow_thread(news.session, thread, news.cast.mallory, news.stage.clock())
            board.private_since = news.stage.clock()
        news.spread()
        return thread

    def test_of_a_private_board_only_those_hear_who_may_enter(self, news: News, lounge: Thread) -> None:
        with news.writes():
            news.stage.answer(lounge, news.cast.ann, "@mallory, @bob and @cleo")
        news.spread()
        assert news.told_all() == {"sue": ["answered"], "cleo": ["named"]}

    def test_who_lost_the_right_to_enter_hears_no_more(self, news: News, lounge: Thread) -> None:
        with news.writes():
            news.cast.sue.rights = []
            news.stage.answer(lounge, news.cast.ann)
        news.spread()
        assert news.told_all() == {}

    def test_of_what_was_hidden_before_it_was_told_nobody_hears(self, news: News) -> None:
        with news.writes():
            news.stage.answer(news.thread, news.cast.bob).hidden_at = news.stage.clock()
        assert news.spread() == [State.CANCELLED]
        with news.writes():
            news.stage.answer(news.thread, news.cast.bob)
            news.thread.hidden_at = news.stage.clock()
        news.spread()
        assert news.told_all() == {}


class TestWhoIsTold:
    def test_nobody_of_their_own_act_twice_or_after_closing(self, news: News) -> None:
        about = About("thing:1", by_id=news.cast.ada.id)
        with news.writes():
            news.cast.cleo.closed_at = news.stage.clock()
            session, now = news.session, news.stage.clock()
            assert not tell(session, news.cast.ada.id, NAMED, about, now)
            assert tell(session, news.cast.bob.id, NAMED, about, now)
            assert not tell(session, news.cast.bob.id, EVENTS["followed"], about, now)
            assert not tell(session, news.cast.cleo.id, NAMED, about, now)
            assert not tell(session, 999_999, NAMED, about, now)
        assert news.told_all() == {"bob": ["named"]}

    def test_what_is_for_staff_reaches_staff_alone(self, news: News) -> None:
        with news.writes():
            everybody = {one.id: SUSPICION for one in news.cast.everybody()}
            assert tell_all(news.session, everybody, About("suspicion:1"), news.stage.clock()) == 3
        assert set(news.told_all()) == {"ann", "cleo", "max"}

    def test_as_each_chose(self, news: News) -> None:
        cast = news.cast
        news.choose(cast.ada, named=Way(False, False))
        news.choose(cast.bob, named=Way(False, True))
        news.choose(cast.sue, named=Way(True, True))
        with news.writes():
            told = {one.id: NAMED for one in (cast.ada, cast.bob, cast.sue, cast.mallory)}
            assert tell_all(news.session, told, About("thing:1"), news.stage.clock()) == 3
        assert [mail.payload for mail in news.mails()] == [
            {"notice": one} for one in news.session.scalars(select(Notice.id).where(Notice.account_id.in_([cast.bob.id, cast.sue.id])).order_by(Notice.id))
        ]  # fmt: skip
        counts = {one.name: one.unread_notices for one in (cast.ada, cast.bob, cast.sue, cast.mallory)}
        assert counts == {"ada": 0, "bob": 0, "sue": 1, "mallory": 1}

    def test_no_mail_goes_to_who_takes_a_rest_or_came_in_with_an_import(self, news: News) -> None:
        now = news.stage.clock()
        with news.writes():
            news.cast.ada.mail_paused_until = now + timedelta(days=1)
            news.cast.bob.email_key = "bob@import.invalid"
            news.cast.sue.mail_paused_until = now - timedelta(days=1)
            told = {one.id: EVENTS["answered"] for one in (news.cast.ada, news.cast.bob, news.cast.sue)}
            tell_all(news.session, told, About("thing:1"), now)
        (mail,) = news.mails()
        notice = news.session.get_one(Notice, mail.payload["notice"])
        assert (notice.account_id, notice.mail_id) == (news.cast.sue.id, mail.id)
        assert len(news.told_all()) == 3


class TestThanks:
    def test_are_gathered_until_they_are_read(self, news: News) -> None:
        cast = news.cast
        with news.writes():
            post = news.stage.answer(news.thread, cast.bob)
        for giver in (cast.ada, cast.sue, cast.cleo):
            with news.writes():
                give_kudos(news.session, news.thread, post, giver, news.stage.clock.pass_by(minutes=1))
        (notice,) = news.session.scalars(select(Notice).where(Notice.account_id == cast.bob.id))
        assert (notice.details["count"], notice.by_id, notice.made_at) == (3, cast.cleo.id, news.stage.clock())
        assert cast.bob.unread_notices == 1
        with news.writes():
            read_notice(news.session, notice.id, cast.bob, news.stage.clock())
            give_kudos(news.session, news.thread, post, cast.mallory, news.stage.clock())
        assert news.told(cast.bob) == ["thanked", "thanked"]

    def test_of_another_post_stand_apart(self, news: News) -> None:
        with news.writes():
            for _number in range(2):
                post = news.stage.answer(news.thread, news.cast.bob)
                give_kudos(news.session, news.thread, post, news.cast.ada, news.stage.clock())
        assert news.told(news.cast.bob) == ["thanked", "thanked"]

    def test_taken_back_count_no_more_and_given_again_are_no_news(self, news: News) -> None:
        cast = news.cast
        with news.writes():
            post = news.stage.answer(news.thread, cast.bob)
            give_kudos(news.session, news.thread, post, cast.sue, news.stage.clock())
            give_kudos(news.session, news.thread, post, cast.ada, news.stage.clock())
            take_back_kudos(news.session, news.thread, post, cast.ada, news.stage.clock())
        (notice,) = news.session.scalars(select(Notice).where(Notice.account_id == cast.bob.id))
        assert (notice.details["count"], notice.by_id) == (1, cast.sue.id)
        with news.writes():
            take_back_kudos(news.session, news.thread, post, cast.sue, news.stage.clock())
        shown = select(Notice.id).where(Notice.account_id == cast.bob.id, Notice.in_page)
        assert (news.session.scalars(shown).all(), cast.bob.unread_notices) == ([], 0)
        with news.writes():
            give_kudos(news.session, news.thread, post, cast.ada, news.stage.clock())
            take_back_kudos(news.session, news.thread, post, cast.ada, news.stage.clock())
        assert (news.session.scalars(shown).all(), cast.bob.unread_notices) == ([], 0)


class TestCounting:
    def test_the_count_is_that_of_the_rows_whatever_happens(self, news: News) -> None:
        bob, session, now = news.cast.bob, news.session, news.stage.clock()

        def even(count: int) -> None:
            session.rollback()
            session.refresh(bob)
            assert bob.unread_notices == count_unread(session, bob) == count

        with news.writes():
            for number in range(4):
                tell(session, bob.id, NAMED, About(f"thing:{number}"), now)
        even(4)
        ids = session.scalars(select(Notice.id).where(Notice.account_id == bob.id).order_by(Notice.id)).all()
        with news.writes():
            read_notice(session, ids[1], bob, now)
            read_notice(session, ids[1], bob, now)
        even(3)
        with news.writes():
            read_all_notices(session, bob, ids[2], now)
        even(1)
        with news.writes():
            bob.unread_notices = 77  # whatever went wrong is mended by the next reading
        with news.writes():
            read_all_notices(session, bob, ids[3], now)
        even(0)

    def test_what_was_read_long_ago_goes_and_nothing_else(self, news: News) -> None:
        session, bob, now = news.session, news.cast.bob, news.stage.clock()
        with news.writes():
            for key, event in (("old", NAMED), ("agreed", ANSWER_EDITED), ("unread", NAMED), ("lately", NAMED)):
                tell(session, bob.id, event, About(key), now)
            read = {"old": now, "agreed": now, "lately": now + timedelta(days=1)}
            for notice in session.scalars(select(Notice).where(Notice.key.in_(read))):
                notice.read_at = read[notice.key]
        with news.writes():
            assert forget_old_notices(session, now + KEPT_FOR) == 0
            assert forget_old_notices(session, now + KEPT_FOR + timedelta(hours=1), most=1) == 1
            assert forget_old_notices(session, now + KEPT_FOR + timedelta(hours=1)) == 0
        assert set(session.scalars(select(Notice.key))) == {"agreed", "unread", "lately"}

    def test_nobody_reads_anothers(self, news: News) -> None:
        with news.writes():
            tell(news.session, news.cast.bob.id, NAMED, About("thing:1"), news.stage.clock())
        (notice,) = news.session.scalars(select(Notice))
        for other in (news.cast.ada, news.cast.max):
            with pytest.raises(NotFound), news.writes():
                read_notice(news.session, notice.id, other, news.stage.clock())
        with news.writes():
            read_all_notices(news.session, news.cast.ada, 999_999, news.stage.clock())
        news.session.refresh(notice)
        assert notice.read_at is None


class TestSpreading:
    def test_a_thread_that_hundreds_follow_takes_a_batch_for_each_hundred(self, news: News, app: object) -> None:
        crowd = [person(f"crowd{number}") for number in range(BATCH * 2 + 5)]
        with news.writes():
            news.session.add_all(crowd)
            news.session.flush()
            for one in crowd:
                follow_thread(news.session, news.thread, one, news.stage.clock())
            news.stage.answer(news.thread, news.cast.bob)
        news.spread()
        made = select(func.count()).select_from(Notice).where(Notice.event == "followed")
        assert news.session.scalar(made) == len(crowd)
        counts = news.session.scalars(select(Account.unread_notices).where(Account.name.startswith("crowd"))).all()
        assert set(counts) == {1}

    def test_what_a_killed_worker_began_another_ends_and_nobody_hears_twice(self, news: News) -> None:
        with news.writes():
            follow_thread(news.session, news.thread, news.cast.sue, news.stage.clock())
            post = news.stage.answer(news.thread, news.cast.bob)
        with news.writes():
            (row,) = claiming.due(news.session, [Kind.NEWS], news.stage.clock(), 10)
            assert claiming.claim(news.session, row, news.stage.clock())
            about = About(f"post:{post.id}", news.thread.id, post.id, news.cast.bob.id)
            tell(news.session, news.cast.ada.id, EVENTS["answered"], about, news.stage.clock())
        assert spread_news(news.parts.sessions, row, news.stage.clock) is None
        news.stage.clock.now += LEASE + timedelta(seconds=1)
        assert spread_news(news.parts.sessions, row, news.stage.clock) == State.SENT
        assert news.told_all() == {"ada": ["answered"], "sue": ["followed"]}
        assert news.cast.ada.unread_notices == 1


class TestChoosing:
    def test_only_what_differs_is_kept(self, news: News) -> None:
        ada, session = news.cast.ada, news.session
        news.choose(ada, answered=Way(True, True), followed=Way(True, True), suspicion=Way(False, True))
        assert session.scalars(select(NoticeChoice.event)).all() == ["followed"]
        news.choose(ada, followed=Way(True, False))
        assert session.scalars(select(NoticeChoice.event)).all() == []

    def test_stopping_mails_leaves_the_page_alone_and_can_be_done_twice(self, news: News) -> None:
        for _time in range(2):
            with news.writes():
                stop_mails(news.session, news.cast.ada, ["answered", "followed", "suspicion", "no such"])
        (choice,) = news.session.scalars(select(NoticeChoice))
        assert (choice.event, choice.in_page, choice.by_mail) == ("answered", True, False)

    @pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "2026-03-01", "2027-06-01", "0001-01-01", "9999-12-31"])
    def test_a_day_that_cannot_be_is_refused(self, news: News, day: str) -> None:
        with pytest.raises(Invalid) as caught, news.writes():
            zone, now = news.parts.settings.time_zone, news.stage.clock()
            choose_notices(news.session, news.cast.ada, {}, paused_until=day, zone=zone, now=now)
        assert set(caught.value.fields) == {"paused_until"}


def test_a_reply_that_came_from_a_network_is_told_too(news: News) -> None:
    from tests.web.test_forum_pages import mention_of

    with news.writes():
        connection = news.stage.connection(news.session.get_one(Board, news.thread.board_id))
        mention = mention_of(news.thread, connection, 7, news.stage.clock())
        news.session.add(mention)
        news.session.flush()
        continue_thread(news.session, news.thread, mention, news.stage.markup, news.stage.clock())
    news.spread()
    assert news.told_all() == {"ada": ["answered"]}
