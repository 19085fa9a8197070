"""The sample's readers: what is written of them agrees with itself, and the daily job lets it count."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.settle_reader_weeks import qualify_reader_weeks
from forum.ledger.entry import Entry
from forum.ledger.reader_week import MonthViews, ReaderWeek, Reading, ThreadViews
from forum.ledger.survey import Survey
from forum.ledger.viewing import due_of, week_of
from forum.sample.readers import plant_readers
from forum.threads.acceptance import Acceptance
from tests.cast import Cast
from tests.scene import Clock, Stage

ZONE = ZoneInfo("Europe/Berlin")
BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOW = BEGAN + timedelta(days=60)


@pytest.fixture
def planted(session: Session, cast: Cast) -> Session:
    """Six answers by Bob and Sue, a day apart, and one by Ann, who is staff."""
    stage = Stage(session, Clock(BEGAN))
    board = stage.board()
    for by in (cast.bob, cast.sue, cast.bob, cast.ann, cast.bob, cast.sue, cast.bob):
        stage.clock.pass_by(days=1)
        thread = stage.thread(cast.ada, board)
        answer = stage.answer(thread, by)
        accept_answer(session, thread, answer, cast.ada, zone=ZONE, now=stage.clock.pass_by(minutes=1))
    plant_readers(session, ZONE, 7, NOW)
    session.commit()
    return session


def test_only_answers_by_members_are_read_and_only_after_they_were_accepted(planted: Session, cast: Cast) -> None:
    read = planted.execute(
        select(Acceptance, Reading.first_at).join(Reading, Reading.acceptance_id == Acceptance.id)
    ).all()
    by_staff = planted.scalars(select(Acceptance.id).join(Acceptance.post).filter_by(author_id=cast.ann.id)).one()
    assert len(read) > 500
    assert all(acceptance.accepted_at < at < NOW for acceptance, at in read)
    assert by_staff not in {acceptance.id for acceptance, _at in read}
    assert len({acceptance.id for acceptance, _at in read}) == 6


def test_a_reader_week_lies_in_its_week_and_comes_to_its_day_after_it(planted: Session) -> None:
    weeks = planted.scalars(select(ReaderWeek)).all()
    assert len(weeks) > 500
    for week in weeks:
        assert week_of(week.first_at, ZONE) == week_of(week.last_at, ZONE) == week.week
        assert week.due_at == due_of(week.week, ZONE, 7)
    readings = Counter(planted.scalars(select(Reading.reader_week_id)))
    assert set(readings) == {week.id for week in weeks}
    assert all(week.views >= readings[week.id] for week in weeks)
    assert any(week.bot_at for week in weeks)
    assert any(week.by_staff for week in weeks)


def test_lately_more_come_than_at_first(planted: Session) -> None:
    weeks = Counter(planted.scalars(select(ReaderWeek.week)))
    first, *_rest, last_whole, _now = sorted(weeks)
    assert weeks[last_whole] > 1.5 * weeks[first]


def test_those_who_were_drawn_and_answered_read_what_they_speak_of(planted: Session) -> None:
    rows = planted.execute(select(Survey, ReaderWeek).join(ReaderWeek, ReaderWeek.id == Survey.reader_week_id)).all()
    read = {
        (row.reader_week_id, row.thread_id)
        for row in planted.execute(select(Reading.reader_week_id, Reading.thread_id))
    }
    assert len(rows) > 50
    for survey, week in rows:
        assert week.drawn
        assert week.bot_at is None
        assert (week.id, survey.thread_id) in read
        assert (survey.channel is None) == (survey.contact != "yes")
        given = [survey.problem, survey.found, survey.contact, survey.enough]
        said = [one for one in given if one is not None]
        assert given == said + [None] * (4 - len(said))  # in their order
        assert "no" not in said[:-1]  # nobody is asked on after a no
    joint = sum(survey.joint for survey, _week in rows) / len(rows)
    assert 0.02 < joint < 0.2


def test_the_daily_job_counts_people_once_a_week_and_no_bot(planted: Session) -> None:
    while qualify_reader_weeks(planted, ZONE, NOW):
        planted.commit()
    counted = set(planted.scalars(select(Entry.reader_week_id)))
    due = planted.scalars(select(ReaderWeek).where(ReaderWeek.due_at <= NOW)).all()
    people = {week.id for week in due if week.bot_at is None and week.account_id is None}
    bots = {week.id for week in due if week.bot_at is not None}
    assert people <= counted
    assert not bots & counted
    assert len(counted) == planted.scalar(select(func.count()).select_from(Entry))


def test_views_are_added_up_by_month_and_each_reading_is_one_at_least(planted: Session) -> None:
    people = planted.scalar(select(func.sum(ReaderWeek.views)).where(ReaderWeek.bot_at.is_(None))) or 0
    bots = select(func.count()).select_from(Reading).join(ReaderWeek, ReaderWeek.id == Reading.reader_week_id)
    read_by_bots = planted.scalar(bots.where(ReaderWeek.bot_at.is_not(None))) or 0
    assert planted.scalar(select(func.sum(ThreadViews.views))) == people + read_by_bots
    assert len(set(planted.scalars(select(ThreadViews.month)))) == 3
    by_month = planted.execute(select(ThreadViews.month, func.sum(ThreadViews.views)).group_by(ThreadViews.month))
    kept = planted.execute(select(MonthViews.month, MonthViews.views))
    assert {tuple(row) for row in by_month} == {tuple(row) for row in kept}


def test_without_a_solved_thread_nobody_reads(session: Session, cast: Cast) -> None:
    assert plant_readers(session, ZONE, 7, NOW) == 0
    assert session.scalar(select(func.count()).select_from(ReaderWeek)) == 0
