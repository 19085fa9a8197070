"""Asking, answering, editing, commenting, thanking: what each leaves in the database, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.comment import comment
from forum.actions.edit_post import edit_post
from forum.actions.follow_thread import follow_thread, have_same_problem, have_same_problem_no_more, unfollow_thread
from forum.actions.give_kudos import give_kudos, take_back_kudos
from forum.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from forum.outbox.delivery import Delivery
from forum.superfans.points import PointEntry
from forum.threads.board import Board
from forum.threads.post import Comment, Kudos, Post, Revision
from forum.threads.thread import Follow, Tag, Thread, ThreadTag
from tests.cast import Cast
from tests.scene import Stage


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


def test_a_question_is_a_thread_with_its_first_post_its_tags_and_its_asker_as_follower(
    session: Session, cast: Cast, stage: Stage
) -> None:
    thread = stage.thread(cast.ada, title="  My  wifi drops\n", text="Since **4.2**", tags=["WiFi 6", "#R6", "wifi-6"])
    session.commit()
    post = session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
    assert (thread.title, thread.slug, thread.reply_count) == ("My wifi drops", "my-wifi-drops", 0)
    assert (post.number, post.text, post.plain) == (1, "Since **4.2**", "Since 4.2")
    assert "<strong>4.2</strong>" in post.html
    tags = select(Tag.name).join(ThreadTag).where(ThreadTag.thread_id == thread.id)
    assert set(session.scalars(tags)) == {"wifi-6", "r6"}
    assert session.scalars(select(Follow.account_id)).all() == [cast.ada.id]
    assert session.scalars(select(Delivery.kind)).all() == ["index"]
    assert session.scalars(select(Board.thread_count)).all() == [1]


def test_the_same_form_sent_twice_makes_one_thread_and_one_reply(session: Session, cast: Cast, stage: Stage) -> None:
    board = stage.board()
    first = stage.thread(cast.ada, board, submission_key="k")
    assert stage.thread(cast.ada, board, submission_key="k").id == first.id
    reply = stage.answer(first, cast.bob, submission_key="k")  # another person's key is another key
    assert stage.answer(first, cast.bob, "else", submission_key="k").id == reply.id
    assert session.scalar(select(func.count()).select_from(Post)) == 2


@pytest.mark.parametrize(
    ("title", "text", "field"),
    [
        ("", "text", "title"),
        ("x" * 151, "text", "title"),
        ("A good title", " \n ", "text"),
        ("A good title", "x" * 20_001, "text"),
    ],
)
def test_what_cannot_be_a_question_is_refused_by_field(
    cast: Cast, stage: Stage, title: str, text: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        stage.thread(cast.ada, title=title, text=text)
    assert set(refused.value.fields) == {field}


def test_text_is_kept_as_written_but_for_line_ends_and_what_no_database_keeps(
    session: Session, cast: Cast, stage: Stage
) -> None:
    thread = stage.thread(cast.ada, text="a\r\nb\x00c \ud800 <script>")
    session.commit()
    assert session.scalars(select(Post.text).where(Post.thread_id == thread.id)).one() == "a\nbc ? <script>"


def test_a_reply_is_counted_followed_and_notes_the_first_answer_by_somebody_else(
    session: Session, cast: Cast, stage: Stage
) -> None:
    thread = stage.thread(cast.ada)
    stage.answer(thread, cast.ada, "One more thing: it is an R6.")
    assert thread.first_reply_at is None
    reply = stage.answer(thread, cast.bob)
    stage.answer(thread, cast.sue)
    assert (thread.reply_count, thread.post_count, thread.first_reply_at) == (3, 4, reply.created_at)
    assert set(session.scalars(select(Follow.account_id))) == {cast.ada.id, cast.bob.id, cast.sue.id}


def test_nothing_is_added_to_a_locked_thread(cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    thread.locked_at = stage.clock()
    with pytest.raises(Conflict):
        stage.answer(thread, cast.bob)
    with pytest.raises(Conflict):
        comment(stage.session, thread, reply, cast.ada, text="Thanks", markup=stage.markup, now=stage.clock())


def test_an_edit_keeps_what_was_said_before_and_a_stranger_may_not(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    question = session.scalars(select(Post)).one()
    with pytest.raises(NotAllowed):
        edit_post(session, thread, question, cast.mallory, text="no", markup=stage.markup, now=stage.clock())
    later = stage.clock.pass_by(minutes=5)
    for _twice in range(2):  # the second changes nothing, so no history grows
        edit_post(
            session, thread, question, cast.ada, text="Since 4.2.1", title="Wifi drops", markup=stage.markup, now=later
        )
    revision = session.scalars(select(Revision)).one()
    assert (revision.text, revision.title) == ("Since the update. It is an R6.", "My wifi drops every night")
    assert (question.plain, thread.slug, question.edited_at) == ("Since 4.2.1", "wifi-drops", later)


def test_a_moderator_edits_for_others_and_the_log_says_so(session: Session, cast: Cast, stage: Stage) -> None:
    from forum.moderation.log import LogEntry

    thread = stage.thread(cast.ada)
    question = session.scalars(select(Post)).one()
    edit_post(session, thread, question, cast.cleo, text="Tidied", markup=stage.markup, now=stage.clock())
    entry = session.scalars(select(LogEntry)).one()
    assert (entry.by_id, entry.about) == (cast.cleo.id, f"post:{question.id}")


def test_kudos_are_given_once_counted_and_worth_points(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    first = give_kudos(session, thread, reply, cast.ada, stage.clock())
    assert give_kudos(session, thread, reply, cast.ada, stage.clock()).id == first.id
    session.commit()
    session.refresh(reply), session.refresh(thread), session.refresh(cast.bob)
    assert (reply.kudos_count, thread.kudos_count, cast.bob.points) == (1, 1, 2)
    with pytest.raises(Conflict):
        give_kudos(session, thread, reply, cast.bob, stage.clock())


def test_kudos_can_be_taken_back_within_a_day_and_given_again(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    give_kudos(session, thread, reply, cast.ada, stage.clock())
    take_back_kudos(session, thread, reply, cast.ada, stage.clock.pass_by(hours=23))
    with pytest.raises(NotFound):
        take_back_kudos(session, thread, reply, cast.ada, stage.clock())
    give_kudos(session, thread, reply, cast.ada, stage.clock())
    with pytest.raises(Conflict):
        take_back_kudos(session, thread, reply, cast.ada, stage.clock() + timedelta(hours=25))
    session.commit()
    session.refresh(reply), session.refresh(cast.bob)
    assert (reply.kudos_count, cast.bob.points) == (1, 2)
    assert session.scalar(select(func.sum(PointEntry.points))) == 2
    assert session.scalar(select(func.count()).select_from(Kudos)) == 2


def test_same_problem_counts_once_a_person_and_never_the_asker(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    for _twice in range(2):
        have_same_problem(session, thread, cast.bob, stage.clock())
    assert thread.same_problem_count == 1
    with pytest.raises(Conflict):
        have_same_problem(session, thread, cast.ada, stage.clock())
    for _twice in range(2):
        have_same_problem_no_more(session, thread, cast.bob)
    assert thread.same_problem_count == 0


def test_following_twice_is_following_and_ends(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    for _twice in range(2):
        follow_thread(session, thread, cast.bob, stage.clock())
    follows = select(func.count()).select_from(Follow).where(Follow.account_id == cast.bob.id)
    assert session.scalar(follows) == 1
    unfollow_thread(session, thread, cast.bob)
    assert session.scalar(follows) == 0


def test_a_comment_is_short_and_made_once(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    for _twice in range(2):
        comment(
            session, thread, reply, cast.ada, text="Thanks!", submission_key="c", markup=stage.markup, now=stage.clock()
        )
    assert session.scalar(select(func.count()).select_from(Comment)) == 1
    with pytest.raises(Invalid):
        comment(session, thread, reply, cast.ada, text="x" * 601, markup=stage.markup, now=stage.clock())
    assert session.get(Thread, thread.id).reply_count == 1
