"""A solved thread's page tells of its readers, and asks some of them: who is counted, who is asked, what is not kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.settle_reader_weeks import qualify_reader_weeks
from forum.kernel.settings import Settings
from forum.ledger.reader_week import ReaderSalt, ReaderWeek, Reading
from forum.ledger.survey import Survey
from forum.ledger.viewing import View, end_of, week_of
from forum.threads.post import Post
from forum.threads.thread import Thread
from forum.wiring.salts import Salts
from tests.application import QuietParts, SignInAs
from tests.cast import Cast
from tests.scene import Stage
from tests.services.redis import RedisServer
from tests.web.test_forum_pages import counted
from workers import jobs

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
YES = {"answer": "yes"}


@pytest.fixture
def settings(settings: Settings, redis_server: RedisServer) -> Settings:
    """Everybody is drawn."""
    return replace(settings, redis_url=redis_server.url, survey_share=100)


@pytest.fixture
def parts(settings: Settings) -> Iterator[QuietParts]:
    made = QuietParts(settings)
    made.redis.flushall()
    jobs.work_with(made)
    yield made
    made.redis.close()
    made.sessions.kw["bind"].dispose()


@pytest.fixture
def thread(thread: Thread, session: Session, cast: Cast) -> Thread:
    """Sue's answer is accepted."""
    post = session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 2)).one()
    accept_answer(session, thread, post, cast.ada, now=datetime.now(UTC) - timedelta(hours=4))
    session.commit()
    return thread


def read(
    client: FlaskClient, thread: Thread | int, agent: str = FIREFOX, address: str = "192.0.2.7", **headers: str
) -> int:
    """What the page's element sends."""
    told = client.post(
        f"/threads/{thread if isinstance(thread, int) else thread.id}/views",
        headers={"User-Agent": agent, **{name.replace("_", "-"): value for name, value in headers.items()}},
        environ_overrides={"REMOTE_ADDR": address},
    )
    assert told.data == b""
    return told.status_code


def waiting(parts: QuietParts) -> list[View]:
    return [View.read(line) for line in parts.redis.lrange("views", 0, -1)]


def page_of(client: FlaskClient, thread: Thread, agent: str = FIREFOX, address: str = "192.0.2.7") -> str:
    got = client.get(
        f"/threads/{thread.id}-{thread.slug}", headers={"User-Agent": agent}, environ_overrides={"REMOTE_ADDR": address}
    )
    assert got.status_code == 200
    return got.text


class TestWhoIsCounted:
    def test_a_visitor_by_a_hash_and_nothing_else(self, client: FlaskClient, parts: QuietParts, thread: Thread) -> None:
        assert read(client, thread) == 204
        (view,) = waiting(parts)
        assert (view.thread_id, view.reader.account_id, view.reader.by_staff) == (thread.id, None, False)
        assert re.fullmatch("[0-9a-f]{64}", view.reader.key)
        line = parts.redis.lrange("views", 0, -1)[0].decode()
        assert "192.0.2" not in line
        assert "Firefox" not in line
        assert client.get_cookie("answerback") is None

    def test_the_same_visitor_is_the_same_and_others_are_others(
        self, app: Flask, parts: QuietParts, thread: Thread
    ) -> None:
        for agent, address in (
            (FIREFOX, "192.0.2.7"),
            (FIREFOX, "192.0.2.7"),
            (PHONE, "192.0.2.7"),
            (FIREFOX, "192.0.2.8"),
        ):
            read(app.test_client(), thread, agent, address)
        keys = [view.reader.key for view in reversed(waiting(parts))]
        assert keys[0] == keys[1]
        assert len(set(keys)) == 3

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
            ("::ffff:192.0.2.7", "192.0.2.7", True),
        ],
    )
    def test_an_ipv6_network_is_one_reader(
        self, client: FlaskClient, parts: QuietParts, thread: Thread, one: str, other: str, same: bool
    ) -> None:
        read(client, thread, address=one)
        read(client, thread, address=other)
        first, second = waiting(parts)
        assert (first.reader.key == second.reader.key) is same

    def test_a_member_by_their_account(
        self, client: FlaskClient, parts: QuietParts, thread: Thread, cast: Cast, sign_in_as: SignInAs
    ) -> None:
        read(sign_in_as(client, cast.mallory), thread)
        (view,) = waiting(parts)
        assert (view.reader.key, view.reader.account_id) == (f"a:{cast.mallory.id}", cast.mallory.id)

    @pytest.mark.parametrize(("who", "is_staff"), [("ann", True), ("fay", True), ("max", True), ("sue", False)])
    def test_staff_are_told_apart(
        self,
        client: FlaskClient,
        parts: QuietParts,
        thread: Thread,
        cast: Cast,
        sign_in_as: SignInAs,
        who: str,
        is_staff: bool,
    ) -> None:
        read(sign_in_as(client, getattr(cast, who)), thread)
        assert waiting(parts)[0].reader.by_staff is is_staff

    @pytest.mark.parametrize(
        "agent",
        [
            "",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            "python-requests/2.32.3",
            "curl/8.5.0",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36",
        ],
    )
    def test_no_program(self, client: FlaskClient, parts: QuietParts, thread: Thread, agent: str) -> None:
        assert read(client, thread, agent) == 204
        assert waiting(parts) == []

    @pytest.mark.parametrize("said", ["prefetch", "prefetch;prerender"])
    def test_no_page_that_was_loaded_ahead(
        self, client: FlaskClient, parts: QuietParts, thread: Thread, said: str
    ) -> None:
        assert read(client, thread, Sec_Purpose=said) == 204
        assert waiting(parts) == []

    def test_not_from_another_site(self, client: FlaskClient, parts: QuietParts, thread: Thread) -> None:
        told = client.post(f"/threads/{thread.id}/views", headers={"Sec-Fetch-Site": "cross-site"})
        assert told.status_code == 403
        assert waiting(parts) == []

    def test_a_flood_from_one_address_is_cut_without_a_word(
        self, client: FlaskClient, parts: QuietParts, thread: Thread
    ) -> None:
        assert {read(client, thread) for _ in range(130)} == {204}
        assert len(waiting(parts)) == 120
        read(client, thread, address="192.0.2.9")
        assert len(waiting(parts)) == 121

    def test_from_page_to_ledger(self, client: FlaskClient, session: Session, thread: Thread) -> None:
        read(client, thread)
        read(client, 999_999)
        jobs.count_views()
        session.rollback()
        week = session.scalars(select(ReaderWeek)).one()
        assert (week.views, week.salt_number, week.drawn, week.draw_share) == (1, 1, True, 10_000)
        assert session.scalars(select(Reading)).one().thread_id == thread.id
        assert qualify_reader_weeks(session, UTC, datetime.now(UTC) + timedelta(days=20)) == 1
        assert week.outcome == "qualified"


class TestTheSalt:
    WEEK = week_of(datetime.now(UTC), UTC)

    def salts(self, parts: QuietParts) -> Salts:
        """As another process has them."""
        return Salts(lambda: parts.redis, parts.sessions, UTC, embedded=False)

    def test_all_processes_share_it_and_it_ends_an_hour_after_its_week(self, parts: QuietParts, cast: Cast) -> None:
        one, two = self.salts(parts), self.salts(parts)
        assert two.known(self.WEEK) is None
        made = one.of(self.WEEK, datetime.now(UTC))
        assert made is not None
        assert (made.number, len(made.secret)) == (1, 32)
        assert two.known(self.WEEK) == two.held(self.WEEK) == made
        ends = end_of(self.WEEK, UTC) + timedelta(hours=1)
        assert parts.redis.expiretime(f"salt:{self.WEEK}") == int(ends.timestamp())

    def test_it_stands_nowhere_in_the_database(self, parts: QuietParts, session: Session) -> None:
        made = self.salts(parts).of(self.WEEK, datetime.now(UTC))
        row = session.scalars(select(ReaderSalt)).one()
        assert made is not None
        assert (row.week, row.number) == (self.WEEK, 1)
        assert {column.key for column in ReaderSalt.__table__.columns} == {"week", "number", "made_at"}
        assert made.secret.hex() not in repr(made)

    def test_a_lost_one_is_followed_by_the_second_and_held_where_it_was(self, parts: QuietParts, cast: Cast) -> None:
        one, two = self.salts(parts), self.salts(parts)
        first = one.of(self.WEEK, datetime.now(UTC))
        parts.redis.flushall()
        second = two.of(self.WEEK, datetime.now(UTC))
        assert first is not None
        assert second is not None
        assert (first.number, second.number) == (1, 2)
        assert first.secret != second.secret
        assert one.of(self.WEEK, datetime.now(UTC)) == first

    def test_nobody_makes_it_twice_at_once(self, parts: QuietParts, session: Session) -> None:
        parts.redis.set(f"salt:{self.WEEK}:making", "1")
        assert self.salts(parts).of(self.WEEK, datetime.now(UTC)) is None
        assert session.scalars(select(ReaderSalt)).all() == []

    def test_the_one_of_the_week_before_is_destroyed_and_forgotten(self, parts: QuietParts, cast: Cast) -> None:
        salts = self.salts(parts)
        salts.of(self.WEEK, datetime.now(UTC))
        after = self.WEEK + timedelta(days=7)
        made = salts.of(after, datetime.now(UTC))
        assert made is not None
        assert made.number == 1
        assert not parts.redis.exists(f"salt:{self.WEEK}")
        assert salts.held(self.WEEK) is None

    def test_a_reader_first_seen_after_the_loss_does_not_count_and_a_member_does(
        self, app: Flask, parts: QuietParts, session: Session, thread: Thread, cast: Cast, sign_in_as: SignInAs
    ) -> None:
        parts.salts.of(self.WEEK, datetime.now(UTC))
        parts.redis.flushall()
        parts.salts._held = None  # the process was started anew
        read(app.test_client(), thread)
        read(sign_in_as(app.test_client(), cast.mallory), thread)
        jobs.count_views()
        session.rollback()
        qualify_reader_weeks(session, UTC, datetime.now(UTC) + timedelta(days=20))
        reasons = dict(session.execute(select(ReaderWeek.account_id, ReaderWeek.reason)).all())
        assert reasons == {None: "salt_lost", cast.mallory.id: None}


class TestThePage:
    def test_says_that_it_was_read_where_a_member_solved_it(self, client: FlaskClient, thread: Thread) -> None:
        assert f'<count-view src="/threads/{thread.id}/views" hidden></count-view>' in page_of(client, thread)

    def test_not_while_it_is_open_nor_where_staff_solved_it(
        self, client: FlaskClient, session: Session, stage: Stage, cast: Cast
    ) -> None:
        open_one = stage.thread(cast.ada)
        session.commit()
        assert "count-view" not in page_of(client, open_one)
        post = stage.answer(open_one, cast.ann)
        accept_answer(session, open_one, post, cast.ada, now=stage.clock.pass_by(minutes=1))
        session.commit()
        assert "count-view" not in page_of(client, open_one)

    def test_costs_no_query_more_drawn_or_not_and_asks_redis_nothing(
        self, app: Flask, client: FlaskClient, parts: QuietParts, thread: Thread
    ) -> None:
        page_of(client, thread)

        def cost() -> tuple[int, int]:
            with counted(app) as sent:
                page = page_of(app.test_client(), thread)
            assert ("turbo-frame" in page) is (parts.salts.held(TestTheSalt.WEEK) is not None)
            return len(sent), parts.redis.info("stats")["total_commands_processed"]

        undrawn, commands = cost()
        assert cost() == (undrawn, commands + 1)  # the look itself
        read(client, thread)
        drawn, commands = cost()
        assert drawn == undrawn
        assert cost() == (undrawn, commands + 1)

    @pytest.mark.parametrize(
        ("who", "asked"),
        [("mallory", True), ("bob", True), ("ada", False), ("sue", False), ("ann", False), ("fay", False)],
    )
    def test_asks_neither_staff_nor_the_asker_nor_who_answered(
        self, client: FlaskClient, thread: Thread, cast: Cast, sign_in_as: SignInAs, who: str, asked: bool
    ) -> None:
        sign_in_as(client, getattr(cast, who))
        read(client, thread)
        assert ('id="survey"' in page_of(client, thread)) is asked
        framed = client.get(f"/threads/{thread.id}/survey", headers={"User-Agent": FIREFOX, "Turbo-Frame": "survey"})
        assert ("<form" in framed.text) is asked

    def test_asks_nobody_where_the_share_is_0(self, parts: QuietParts, thread: Thread, settings: Settings) -> None:
        from forum.web.app import create_app

        app = create_app(QuietParts(replace(settings, survey_share=0)))
        client = app.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        read(client, thread)
        assert waiting(parts)[0].reader.drawn is False
        assert 'id="survey"' not in page_of(client, thread)


class TestWithoutRedis:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, redis_url="memory://")

    @pytest.fixture
    def parts(self, settings: Settings) -> Iterator[QuietParts]:
        """Limits in memory, everything else finds Redis gone."""
        made = QuietParts(settings)
        yield made
        made.sessions.kw["bind"].dispose()

    def test_every_page_is_shown_and_nobody_is_counted_or_asked(
        self, client: FlaskClient, parts: QuietParts, thread: Thread, session: Session
    ) -> None:
        assert read(client, thread) == 204
        assert "count-view" in page_of(client, thread)
        assert 'id="survey"' not in page_of(client, thread)
        asked = client.get(f"/threads/{thread.id}/survey", headers={"User-Agent": FIREFOX})
        assert asked.status_code == 200
        assert "nothing to ask you" in asked.text
        told = client.post(
            f"/threads/{thread.id}/survey", data={"question": "problem", **YES}, headers={"User-Agent": FIREFOX}
        )
        assert told.status_code == 303
        assert session.scalars(select(ReaderSalt)).all() == session.scalars(select(Survey)).all() == []


class Visitor:
    """A browser without JavaScript that goes through the survey by its links and forms."""

    def __init__(self, client: FlaskClient, thread: Thread, agent: str = FIREFOX) -> None:
        self.client, self.thread, self.headers = client, thread, {"User-Agent": agent}
        self.path = f"/threads/{thread.id}/survey"
        client.environ_base["REMOTE_ADDR"] = "192.0.2.7"

    def question(self, path: str | None = None) -> str | None:
        """Which one the page asks; None: none."""
        page = self.client.get(path or self.path, headers=self.headers)
        assert page.status_code == 200
        found = re.search('name="question" value="([a-z]+)"', page.text)
        if found:
            buttons = re.findall('<button class="([^"]+)" type="submit" name="answer" value="(yes|no)">', page.text)
            assert buttons == [("btn", "yes"), ("btn", "no")]
        return found[1] if found else None

    def says(self, question: str, answer: str, **more: str) -> str:
        told = self.client.post(self.path, data={"question": question, "answer": answer, **more}, headers=self.headers)
        assert told.status_code == 303
        return str(told.headers["Location"])


class TestTheSurvey:
    @pytest.fixture
    def visitor(self, client: FlaskClient, thread: Thread) -> Visitor:
        """Whom the page has asked."""
        read(client, thread)
        return Visitor(client, thread)

    def test_one_question_at_a_time_to_the_end(self, visitor: Visitor, session: Session) -> None:
        page = page_of(visitor.client, visitor.thread)
        assert f'<a class="link strong" href="{visitor.path}">' in page
        for question, following in (
            ("problem", "found"),
            ("found", "contact"),
            ("contact", "enough"),
            ("enough", None),
        ):
            assert visitor.question() == question
            led_to = visitor.says(question, "yes", channel="chat")
            assert visitor.question(led_to) == following
        assert "Thank you" in visitor.client.get(led_to, headers=visitor.headers).text
        survey = session.scalars(select(Survey)).one()
        assert (survey.joint, survey.channel, survey.thread_id) == (True, "chat", visitor.thread.id)
        assert visitor.question() is None

    def test_a_no_ends_it_with_thanks(self, visitor: Visitor, session: Session) -> None:
        visitor.says("problem", "yes")
        led_to = visitor.says("found", "no")
        assert "Thank you" in visitor.client.get(led_to, headers=visitor.headers).text
        assert visitor.question() is None
        assert not session.scalars(select(Survey)).one().joint

    def test_it_is_asked_on_one_thread_a_week(
        self, visitor: Visitor, session: Session, stage: Stage, cast: Cast
    ) -> None:
        other = stage.thread(cast.ada, stage.board("mesh"), title="Another question")
        accept_answer(session, other, stage.answer(other, cast.sue), cast.ada, now=stage.clock.pass_by(minutes=1))
        session.commit()
        elsewhere = Visitor(visitor.client, other)
        assert visitor.question() == "problem"
        assert elsewhere.question() is None
        assert visitor.question() == "problem"
        visitor.says("problem", "yes")
        assert visitor.question() == "found"
        assert elsewhere.question() is None
        elsewhere.says("found", "yes")
        survey = session.scalars(select(Survey)).one()
        assert (survey.thread_id, survey.found) == (visitor.thread.id, None)

    def test_a_frame_gets_the_question_alone(self, visitor: Visitor) -> None:
        whole = visitor.client.get(visitor.path, headers=visitor.headers)
        frame = visitor.client.get(visitor.path, headers={**visitor.headers, "Turbo-Frame": "survey"})
        assert "Turbo-Frame" in whole.headers["Vary"]
        assert '<turbo-frame id="survey"' in whole.text
        assert '<turbo-frame id="survey"' in frame.text
        assert len(frame.text) < len(whole.text) / 2
        assert "<script" not in frame.text

    def test_a_crawler_that_follows_the_link_is_asked_nothing(self, visitor: Visitor) -> None:
        visitor.headers = {"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}
        assert visitor.question() is None

    @pytest.mark.parametrize(
        "form",
        [{}, {"question": "problem"}, {"question": "problem", "answer": "maybe"}, {"question": "id", "answer": "yes"}],
    )
    def test_a_forged_answer_is_refused(self, visitor: Visitor, session: Session, form: dict[str, str]) -> None:
        told = visitor.client.post(visitor.path, data=form, headers=visitor.headers)
        assert told.status_code == 422
        assert session.scalars(select(ReaderWeek)).all() == []

    def test_not_from_another_site(self, visitor: Visitor) -> None:
        told = visitor.client.post(
            visitor.path,
            data={"question": "problem", **YES},
            headers={**visitor.headers, "Sec-Fetch-Site": "cross-site"},
        )
        assert told.status_code == 403

    def test_a_thread_that_is_not_there(self, visitor: Visitor) -> None:
        assert visitor.client.get("/threads/999999/survey").status_code == 404
        assert visitor.client.post("/threads/999999/survey", data=YES).status_code == 404

    def test_what_is_noted_while_asking_ends_with_the_week_and_names_nobody(
        self, visitor: Visitor, parts: QuietParts
    ) -> None:
        visitor.question()
        (key,) = parts.redis.keys("asked:*")
        assert parts.redis.expiretime(key) == int(end_of(TestTheSalt.WEEK, UTC).timestamp())
        stored = json.dumps([entry.decode() for entry in parts.redis.keys("*")])
        assert "Firefox" not in stored


def test_an_operator_calls_a_reader_week_a_bots(
    app: Flask, client: FlaskClient, session: Session, thread: Thread
) -> None:
    read(client, thread)
    jobs.count_views()
    session.rollback()
    week = session.scalars(select(ReaderWeek)).one()
    command = ["readers", "bot", str(week.id), "--why"]
    done = app.test_cli_runner().invoke(args=[*command, "our own monitoring"])
    assert (done.exit_code, done.output) == (0, f"Reader-week {week.id} is a bot's.\n")
    for args in ([*command, "again"], [*command, "w" * 41], ["readers", "bot", "999", "--why", "unknown"]):
        assert app.test_cli_runner().invoke(args=args).exit_code == 1
    session.expire_all()
    session.rollback()
    assert week.bot_why == "our own monitoring"
