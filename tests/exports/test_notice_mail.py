"""Mails about notices through a real SMTP server: what they say and to whom, what spares a mail, and the way to end them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.choose_notices import stop_mails
from forum.actions.comment import comment
from forum.actions.give_kudos import give_kudos, take_back_kudos
from forum.actions.read_notices import read_all_notices
from forum.actions.send_mail import send_mail
from forum.actions.spread_news import spread_news
from forum.actions.tell import About, tell
from forum.exports.mail_writer import mail_writer
from forum.exports.notice_mail import LONGEST_QUOTE, STALE, read_stop_token
from forum.kernel.database import writing
from forum.notices.events import ANSWERED, EVENTS, STAFF_THANKS
from forum.notices.notice import Notice, NoticeChoice
from forum.notices.wording import Told, sentence
from forum.outbox import claiming
from forum.outbox.delivery import Delivery, Kind, State
from forum.outbox.mail import NOTICE_WAITS, Writer
from forum.threads.board import Board
from forum.threads.post import Post as ForumPost
from forum.threads.thread import Thread
from forum.wiring.mailer import SmtpMailer
from forum.wiring.parts import Parts
from forum.wiring.translator import say
from tests.cast import Cast
from tests.scene import Stage
from tests.services.postbox import Postbox


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


class Post:
    """A stage with a worker for news and mails."""

    def __init__(self, parts: Parts, session: Session, cast: Cast, mailer: SmtpMailer) -> None:
        self.parts, self.session, self.cast, self.mailer = parts, session, cast, mailer
        self.stage = Stage(session)
        self.settings = replace(parts.settings, public_url="https://forum.example", site_name="Routerly Community")
        with self.writes():
            self.thread = self.stage.thread(cast.ada)
        self.work()

    @property
    def writer(self) -> Writer:
        return mail_writer(self.settings, say, self.stage.markup, self.stage.clock)

    @contextmanager
    def writes(self) -> Iterator[None]:
        self.session.rollback()
        with writing():
            yield
            self.session.commit()

    def work(self) -> list[State | None]:
        """What workers do until nothing is due; the outcomes of the mails."""
        for number in self._due(Kind.NEWS):
            spread_news(self.parts.sessions, number, self.stage.clock)
        return [send_mail(self.parts.sessions, one, self.mailer, self.stage.clock, self.writer) for one in self._due(Kind.MAIL)]  # fmt: skip

    def wait(self) -> list[State | None]:
        self.stage.clock.now += NOTICE_WAITS
        return self.work()

    def _due(self, kind: Kind) -> list[int]:
        self.session.rollback()
        found = list(claiming.due(self.session, [kind], self.stage.clock(), 100))
        self.session.rollback()
        return found


@pytest.fixture
def post(parts: Parts, session: Session, cast: Cast, mailer: SmtpMailer) -> Post:
    return Post(parts, session, cast, mailer)


def test_a_reply_arrives_two_minutes_later_with_its_first_words_and_the_ways_to_it_and_out(
    post: Post, postbox: Postbox
) -> None:
    with post.writes():
        written = post.stage.answer(post.thread, post.cast.bob, "Choose **channel 36**.\n\n" + "And again. " * 60)
    assert post.work() == []
    assert post.wait() == [State.SENT]
    (letter,) = postbox.letters
    assert letter["To"] == "ada@example.com"
    assert letter["Subject"] == "Bob replied to your question “My wifi drops every night”"
    lines = letter.get_content().splitlines()
    assert lines[0] == letter["Subject"]
    assert lines[1].startswith("> Choose channel 36. And again.")
    assert len(lines[1]) <= LONGEST_QUOTE + 2
    assert lines[2] == f"https://forum.example/posts/{written.id}"
    assert (
        "You get this mail from Routerly Community because you want to hear of: Somebody replied to your question"
        in lines
    )
    stop = letter["List-Unsubscribe"].strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"No more mails about it: {stop}" in lines
    assert "What else we mail you: https://forum.example/account/notifications" in lines
    token = stop.removeprefix("https://forum.example/mail/stop/")
    assert read_stop_token(post.settings.secret_key, token) == (post.cast.ada.id, ["answered"])
    assert post.wait() == []


def test_it_is_in_the_readers_language(post: Post, postbox: Postbox) -> None:
    with post.writes():
        post.cast.ada.language = "zh_Hans"
        tell(
            post.session,
            post.cast.ada.id,
            STAFF_THANKS,
            About("thanks:1", by_id=post.cast.cleo.id, details={"reason": "多谢"}),
            post.stage.clock(),
        )
    post.wait()
    (letter,) = postbox.letters
    assert letter["Subject"] == say(sentence(Told("staff_thanks", who="Cleo")), "zh_Hans")
    assert say(EVENTS["staff_thanks"].title, "zh_Hans") in letter.get_content()
    assert "> 多谢" in letter.get_content().splitlines()


def test_what_was_read_in_the_page_meanwhile_is_not_mailed(post: Post, postbox: Postbox) -> None:
    with post.writes():
        post.stage.answer(post.thread, post.cast.bob)
    post.work()
    with post.writes():
        read_all_notices(post.session, post.cast.ada, 999_999, post.stage.clock())
    assert post.wait() == [State.CANCELLED]
    assert postbox.letters == []


def test_who_wants_it_by_mail_alone_gets_it_though_no_page_shows_it(post: Post, postbox: Postbox) -> None:
    with post.writes():
        post.session.add(NoticeChoice(account_id=post.cast.ada.id, event="answered", in_page=False, by_mail=True))
        post.stage.answer(post.thread, post.cast.bob)
    post.work()
    assert post.wait() == [State.SENT]
    assert post.cast.ada.unread_notices == 0


def test_several_things_of_one_thread_make_one_mail_and_another_thread_its_own(post: Post, postbox: Postbox) -> None:
    with post.writes():
        post.session.add(NoticeChoice(account_id=post.cast.ada.id, event="named", in_page=True, by_mail=True))
        other = post.stage.thread(post.cast.ada, post.stage.board("mesh"), title="Another question")
        first = post.stage.answer(post.thread, post.cast.bob)
        post.stage.answer(other, post.cast.bob)
    post.work()
    post.stage.clock.pass_by(seconds=30)
    with post.writes():
        text, now = "@ada: so it is", post.stage.clock()
        comment(post.session, post.thread, first, post.cast.sue, text=text, markup=post.stage.markup, now=now)
    post.work()
    assert post.wait() == [State.SENT, State.SENT]
    both, single = sorted(postbox.letters, key=lambda letter: "more" not in letter["Subject"])
    assert both["Subject"] == "Bob replied to your question “My wifi drops every night”, and 1 more"
    assert "Sue wrote your name in “My wifi drops every night”\n> @ada: so it is\n" in both.get_content().replace(
        "\r\n", "\n"
    )
    assert single["Subject"] == "Bob replied to your question “Another question”"
    token = both["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    assert read_stop_token(post.settings.secret_key, token) == (post.cast.ada.id, ["answered", "named"])


def test_what_comes_after_the_mail_has_left_makes_another(post: Post, postbox: Postbox) -> None:
    for _number in range(2):
        with post.writes():
            post.stage.answer(post.thread, post.cast.bob)
        post.work()
        assert post.wait() == [State.SENT]
    assert len(postbox.letters) == 2
    assert len({letter["Message-ID"] for letter in postbox.letters}) == 2


class TestNothingIsSentAnyMore:
    @pytest.fixture
    def told(self, post: Post) -> Notice:
        with post.writes():
            post.stage.answer(post.thread, post.cast.bob)
        post.work()
        return post.session.scalars(select(Notice)).one()

    def check(self, post: Post, postbox: Postbox) -> None:
        assert post.wait() == [State.CANCELLED]
        assert postbox.letters == []

    def test_to_who_has_left(self, post: Post, postbox: Postbox, told: Notice) -> None:
        with post.writes():
            post.cast.ada.closed_at = post.stage.clock()
        self.check(post, postbox)

    def test_to_who_takes_a_rest(self, post: Post, postbox: Postbox, told: Notice) -> None:
        with post.writes():
            post.cast.ada.mail_paused_until = post.stage.clock() + timedelta(days=3)
        self.check(post, postbox)

    def test_to_who_stopped_such_mails(self, post: Post, postbox: Postbox, told: Notice) -> None:
        with post.writes():
            stop_mails(post.session, post.cast.ada, ["answered"])
        self.check(post, postbox)

    def test_of_a_thread_that_was_hidden_or_made_private(self, post: Post, postbox: Postbox, told: Notice) -> None:
        with post.writes():
            post.session.get_one(Board, post.thread.board_id).private_since = post.stage.clock()
        self.check(post, postbox)

    def test_of_a_hidden_thread(self, post: Post, postbox: Postbox, told: Notice) -> None:
        with post.writes():
            post.session.get_one(Thread, post.thread.id).hidden_at = post.stage.clock()
        self.check(post, postbox)

    def test_of_what_was_long_ago(self, post: Post, postbox: Postbox, told: Notice) -> None:
        post.stage.clock.now += STALE
        self.check(post, postbox)

    def test_of_what_was_taken_back(self, post: Post, postbox: Postbox) -> None:
        session, now = post.session, post.stage.clock()
        with post.writes():
            session.add(NoticeChoice(account_id=post.cast.ada.id, event="thanked", in_page=True, by_mail=True))
            question = session.scalars(select(ForumPost).where(ForumPost.thread_id == post.thread.id)).one()
            give_kudos(session, post.thread, question, post.cast.bob, now)
            take_back_kudos(session, post.thread, question, post.cast.bob, now)
        self.check(post, postbox)


def test_a_title_cannot_write_headers_into_a_mail(post: Post, postbox: Postbox) -> None:
    with post.writes():
        post.session.get_one(Thread, post.thread.id).title = "Two\r\nBcc: mallory@example.com\r\n\r\nlines"
        tell(
            post.session,
            post.cast.ada.id,
            ANSWERED,
            About("post:1", post.thread.id, None, post.cast.bob.id),
            post.stage.clock(),
        )
    assert post.wait() == [State.SENT]
    (letter,) = postbox.letters
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Bob replied to your question “Two Bcc: mallory@example.com lines”"


def test_a_row_that_nobody_can_write_is_a_mistake_and_stays(post: Post) -> None:
    with post.writes():
        now = post.stage.clock()
        post.session.add(Delivery(kind=Kind.MAIL, key="mail:x", made_at=now, due_at=now, payload={"riddle": 1}))
    with pytest.raises(ValueError, match="mail:x"):
        post.work()
