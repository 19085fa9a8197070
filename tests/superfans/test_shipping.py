"""What a community begins with, once; the worker that reviews; two of them at once; and the document that says it."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.give_points import review_soon
from forum.actions.review_members import mark_stale, review_due
from forum.actions.ship_ranks import ship_ranks
from forum.kernel.database import writing
from forum.kernel.settings import Settings
from forum.notices.notice import Notice
from forum.people.account import Account
from forum.people.permissions import RIGHTS
from forum.superfans.badge import Badge, BadgeAward
from forum.superfans.causes import CAUSES
from forum.superfans.formula import parse
from forum.superfans.grant import ProgrammeTerms
from forum.superfans.looks import COLOURS, ICONS
from forum.superfans.rank import MemberMeasure, Rank, RankChange, ReviewDue
from forum.superfans.shipped_badges import BADGES
from forum.superfans.shipped_ranks import RANKS
from forum.superfans.shipped_terms import TERMS
from tests.application import QuietParts
from tests.cast import Cast, person
from tests.scene import Clock, Stage
from tests.services.redis import RedisServer
from workers import jobs
from workers.schedule import Schedule

LANGUAGES = {"en", "zh_Hans", "zh_Hant"}


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


# Shipping


def test_everything_shipped_can_be_read_and_shown_in_every_language() -> None:
    for rank in RANKS:
        assert parse(rank.formula) and set(rank.titles) == LANGUAGES and set(rank.rights) <= set(RIGHTS)
    for badge in BADGES:
        assert parse(badge.formula, "number" if badge.repeats else "truth")
        assert set(badge.titles) == set(badge.descriptions) == LANGUAGES
    shipped = [*RANKS, *BADGES]
    assert {one.icon for one in shipped} <= set(ICONS) and {one.colour for one in shipped} <= set(COLOURS)
    assert set(TERMS) == LANGUAGES
    assert (len(RANKS), len(BADGES)) == (7, 17)
    assert [bool(rank.rights) for rank in RANKS] == [False] * 5 + [True] * 2


def test_a_community_is_shipped_its_ranks_once(session: Session, stage: Stage, cast: Cast) -> None:
    del cast
    assert ship_ranks(session, stage.clock()) == (7, 17, 1)
    assert ship_ranks(session, stage.clock()) == (0, 0, 0)
    session.execute(update(Rank).values(retired_at=stage.clock()))
    session.execute(update(Badge).values(retired_at=stage.clock()))
    assert ship_ranks(session, stage.clock()) == (0, 0, 0)
    assert session.scalar(select(func.count()).select_from(ProgrammeTerms)) == 1


def test_an_older_community_is_ranked_without_a_word(session: Session, stage: Stage, cast: Cast) -> None:
    """Whoever wrote before; an event meanwhile is told of as ever."""
    thread = stage.thread(cast.ada)
    accept_answer(session, thread, stage.answer(thread, cast.bob), cast.ada, now=stage.clock.pass_by(minutes=1))
    session.query(ReviewDue).delete()
    before = session.scalar(select(func.count()).select_from(Notice))
    ship_ranks(session, stage.clock())
    assert review_due(session, stage.clock.pass_by(minutes=1), zone=UTC) == 2
    assert session.scalar(select(func.count()).select_from(Notice)) == before
    session.refresh(cast.bob)
    assert session.get_one(Rank, cast.bob.rank_id).name == "new-member"
    assert session.scalars(select(BadgeAward.account_id)).all() == [cast.bob.id]


# The worker


def test_the_worker_reviews_what_is_due_and_what_midnight_made_stale(
    settings: Settings, redis_server: RedisServer, session: Session, stage: Stage, cast: Cast
) -> None:
    parts = QuietParts(replace(settings, redis_url=redis_server.url), Clock())
    ship_ranks(session, stage.clock())
    stage.thread(cast.ada)
    session.commit()
    before = list(jobs._chosen)
    jobs.work_with(parts)
    try:
        for length in (timedelta(minutes=5), timedelta(days=1)):
            parts.clock.now += length  # type: ignore[attr-defined]
            jobs.review_members()
            session.rollback()
            session.expire_all()
            assert session.get_one(MemberMeasure, cast.ada.id).measured_at == parts.clock()
            assert session.get_one(Account, cast.ada.id).rank_id is not None
            assert session.scalar(select(func.count()).select_from(ReviewDue)) == 0
    finally:
        jobs._chosen[:] = before
        parts.sessions.kw["bind"].dispose()


def test_the_schedule_rings_for_members_who_are_due(
    parts: QuietParts, session: Session, stage: Stage, cast: Cast
) -> None:
    schedule, bell = Schedule(parts, "one"), QuietParts.bell.func(parts)
    parts.__dict__["bell"] = bell
    schedule.look(stage.clock())
    assert ("review_members", ()) not in bell.rung
    stage.thread(cast.ada)
    session.commit()
    schedule.look(stage.clock.pass_by(seconds=1))
    assert ("review_members", ()) in bell.rung


def test_two_workers_at_once_do_no_harm(parts: QuietParts, session: Session, stage: Stage, cast: Cast) -> None:
    ship_ranks(session, stage.clock())
    people = [person(f"m{number}") for number in range(30)]
    session.add_all(people)
    session.flush()
    board = stage.board()
    for account in people:
        stage.thread(account, board)
    session.commit()
    now, failed = stage.clock.pass_by(minutes=1), []

    def work() -> None:
        try:
            while True:
                with writing(), parts.sessions.begin() as own:
                    if not review_due(own, now, zone=UTC, most=7):
                        return
        except Exception as error:  # noqa: BLE001  whatever it is, the test shall say it
            failed.append(error)

    workers = [threading.Thread(target=work) for _worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with writing(), parts.sessions.begin() as own:
        review_due(own, now, zone=UTC)  # what each of them left to the others at the very end
    session.rollback()
    assert failed == []
    assert session.scalar(select(func.count()).select_from(RankChange)) == 30
    assert session.scalar(select(func.count()).select_from(ReviewDue)) == 0


def test_a_batch_costs_few_queries_for_each_member(session: Session, stage: Stage, cast: Cast) -> None:
    """What midnight asks of members of whom nothing has changed."""
    from tests.superfans.counting import statements

    ship_ranks(session, stage.clock())
    people = [person(f"m{number}") for number in range(40)]
    session.add_all(people)
    session.flush()
    board = stage.board()
    for account in people:
        stage.thread(account, board)
    review_due(session, stage.clock.pass_by(minutes=1), zone=UTC)
    stage.clock.pass_by(days=1)
    counts = []
    for number in (10, 40):
        review_soon(session, [account.id for account in people[:number]], stage.clock())
        session.flush()
        with statements(session) as sent:
            assert review_due(session, stage.clock(), zone=UTC) == number
        counts.append(len(sent))
    assert (counts[1] - counts[0]) / 30 <= 2
    assert mark_stale(session, stage.clock(), zone=UTC) == 0


# The document


def test_the_document_names_every_cause_with_its_points_and_limit() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "points.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| (\d+)(?: more)? \| (–|\d+) \|$", page, re.MULTILINE)
    assert rows == [
        (str(cause.title), str(cause.points), "–" if cause.daily_cap is None else str(cause.daily_cap))
        for cause in CAUSES.values()
    ]
