"""A drawn reader answers the survey, one question at a time. Who may be asked is decided here too."""

from __future__ import annotations

from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forum.kernel.database import lock
from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.ledger.cost import Channel
from forum.ledger.reader_week import ReaderWeek
from forum.ledger.survey import Question, Survey
from forum.ledger.viewing import Reader, due_of
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.private_boards import thread_is_private
from forum.threads.thread import Thread

ASKED_CHANNELS = (Channel.PHONE, Channel.CHAT, Channel.EMAIL, Channel.STORE)


def answer_survey(
    session: Session,
    reader: Reader,
    thread_id: int,
    *,
    question: str,
    answer: str,
    channel: str | None,
    zone: tzinfo,
    days: int,
    now: datetime,
) -> Survey | None:
    """The survey as it stands then; None where this reader is not asked here.

    Only the question that comes next is taken, so a form that was sent twice changes nothing. The reader-week may have
    no row yet, since its views wait to be counted; and it may be decided, and is then looked at again.
    """
    if question not in set(Question) or answer not in {"yes", "no"} or channel not in {None, *ASKED_CHANNELS}:
        raise Invalid(Message("Please choose one of the answers."))
    if not may_be_asked(session, reader, thread_id):
        return None
    week = _reader_week(session, reader, zone, days, now)
    lock(session, week)  # a worker that looks at it again must not take its mark away before this commit
    survey = session.scalar(select(Survey).where(Survey.reader_week_id == week.id))
    if survey is None and week.drawn and question == Question.PROBLEM:
        survey = Survey(reader_week_id=week.id, thread_id=thread_id, begun_at=now, answered_at=now)
        session.add(survey)
    if survey is None or survey.thread_id != thread_id or survey.next_question != question:
        return survey
    setattr(survey, question, answer)
    survey.answered_at = now
    if question == Question.CONTACT and answer == "yes":
        survey.channel = channel
    if week.decided_at is not None and week.review_from is None:
        week.review_from = now
    session.flush()
    return survey


def may_be_asked(session: Session, reader: Reader, thread_id: int) -> bool:
    """Readers that the draw chose, on a public thread that a member solved and in which they have not written themselves."""
    if not reader.drawn or reader.by_staff:
        return False
    solved = select(Acceptance.id).join(Post, Post.id == Acceptance.post_id).where(
        Acceptance.thread_id == thread_id, Acceptance.withdrawn_at.is_(None), Post.by_staff.is_(False)
    ).join(Thread, Thread.id == Acceptance.thread_id).where(~thread_is_private())  # fmt: skip
    if session.scalar(solved) is None:
        return False
    if reader.account_id is None:
        return True
    wrote = select(Post.id).where(Post.thread_id == thread_id, Post.author_id == reader.account_id)
    return session.scalar(wrote.limit(1)) is None


def survey_of(session: Session, reader: Reader) -> Survey | None:
    """What this reader answered in this week."""
    return session.scalar(
        select(Survey)
        .join(ReaderWeek, ReaderWeek.id == Survey.reader_week_id)
        .where(ReaderWeek.week == reader.week, ReaderWeek.reader == reader.key)
    )


def _reader_week(session: Session, reader: Reader, zone: tzinfo, days: int, now: datetime) -> ReaderWeek:
    """The row, made where there is none, and held: two answers at once follow each other."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    made = insert(ReaderWeek).values(
        week=reader.week,
        reader=reader.key,
        account_id=reader.account_id,
        by_staff=reader.by_staff,
        salt_number=reader.salt_number,
        first_at=now,
        last_at=now,
        views=0,
        drawn=reader.drawn,
        draw_share=reader.draw_share,
        due_at=due_of(reader.week, zone, days),
    )
    session.execute(made.on_conflict_do_nothing(index_elements=[ReaderWeek.week, ReaderWeek.reader]))
    return session.scalars(
        select(ReaderWeek)
        .where(ReaderWeek.week == reader.week, ReaderWeek.reader == reader.key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
