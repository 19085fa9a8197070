"""Importing another community: each thing comes in through its action, at its own time, once, and asks nothing of anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.import_community import Imported, Importing, clean_source, import_community
from forum.actions.link_duplicate import link_duplicate
from forum.actions.review_members import review_due
from forum.importing.stackexchange.dump import open_dump
from forum.kernel.database import writing
from forum.kernel.errors import Conflict, Invalid
from forum.ledger.claim import Claim
from forum.markup.recent import RecentMarkup
from forum.markup.renderer import MarkdownMarkup
from forum.notices.notice import Notice
from forum.outbox.delivery import Delivery
from forum.people.account import Account
from forum.superfans.helping import HelpRound
from forum.superfans.points import PointEntry
from forum.superfans.rank import MemberMeasure, ReviewDue
from forum.threads.acceptance import Acceptance
from forum.threads.board import Board
from forum.threads.imported import ImportedRow, ImportedVote
from forum.threads.post import Comment, Post
from forum.threads.thread import Tag, Thread, ThreadLink, ThreadTag
from tests.application import QuietParts
from tests.cast import Cast
from tests.importing.dumps import question, remark, reply, user, vote, write_dump
from tests.scene import NOON, Stage


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return write_dump(
        tmp_path / "casks",
        Users=[user(1, "Ada L."), user(2, "Bob"), user(3, "Bob"), user(-1, "Community", AboutMe="<p>I <b>clean</b>.</p>")],
        Posts=[
            question(1, 1, AcceptedAnswerId="2", LastEditDate="2020-02-03T00:00:00"), reply(2, 1, 2),
            reply(3, 1, None, OwnerDisplayName="user17", CreationDate="2020-02-01T11:30:00"),
            question(4, 2, CreationDate="2020-02-05T10:00:00", Title="Does it leak too?"),
        ],
        Comments=[remark(1, 2, 3, "Is it *tight*?"), remark(2, 1, None, UserDisplayName="user17")],
        Votes=[vote(1, 2), vote(2, 2, day="2020-02-04"), vote(3, 2, 3), vote(4, 1), vote(5, 2, 1, "2020-02-02"), vote(6, 3)],
        PostHistory=[],
        PostLinks=[{"Id": "1", "PostId": "4", "RelatedPostId": "1", "LinkTypeId": "3", "CreationDate": "2020-02-06T08:00:00"}],
    )  # fmt: skip


def bring(parts: QuietParts, dump: Path, source: str = "casks", board: str = "Casks", **more: object) -> Imported:
    markup = RecentMarkup(MarkdownMarkup())
    tools = Importing(parts.sessions, markup, lambda: NOON, source, board, "Answerback", **more)  # type: ignore[arg-type]
    with open_dump(dump, markup.render) as opened:
        return import_community(tools, opened, lambda _done, _total: None)


def account(session: Session, name: str) -> Account:
    return session.scalars(select(Account).where(Account.name == name)).one()


def test_a_community_comes_in_with_everything_at_its_own_time(parts: QuietParts, session: Session, dump: Path) -> None:
    done = bring(parts, dump, language="en")
    assert done.came_in == {
        "member": 5,
        "question": 2,
        "answer": 2,
        "comment": 2,
        "vote": 5,
        "acceptance": 1,
        "duplicate": 1,
    }
    first, second = session.scalars(select(Thread).order_by(Thread.id))
    asked, answered = datetime(2020, 2, 1, 10, tzinfo=UTC), datetime(2020, 2, 1, 11, tzinfo=UTC)
    assert (first.title, first.language, first.created_at, first.reply_count) == (
        "Why does my cask leak?",
        "en",
        asked,
        2,
    )
    assert (first.first_reply_at, first.solved_at) == (answered, datetime(2020, 2, 2, tzinfo=UTC))
    posts = session.scalars(select(Post).where(Post.thread_id == first.id).order_by(Post.number)).all()
    assert [(post.text, post.kudos_count, post.down_count) for post in posts] == [
        ("It drips at night.", 1, 0), ("Change the seal.", 2, 1), ("Change the seal.", 1, 0),
    ]  # fmt: skip
    assert first.kudos_count == 4
    assert posts[0].edited_at == datetime(2020, 2, 3, tzinfo=UTC)
    accepted = session.scalars(select(Acceptance)).one()
    assert (accepted.post_id, accepted.accepted_by_id) == (posts[1].id, account(session, "Ada-L").id)
    notes = session.execute(select(Comment.text, Account.display_name).join(Account).order_by(Comment.id)).all()
    assert [tuple(note) for note in notes] == [("Is it *tight*?", "Bob"), ("Thanks.", "user17")]
    tags = session.scalars(select(Tag.name).join(ThreadTag).where(ThreadTag.thread_id == first.id))
    assert sorted(tags) == ["cask", "leak"]
    link = session.scalars(select(ThreadLink)).one()
    assert (link.thread_id, link.other_id, link.kind) == (second.id, first.id, "duplicate")
    board = session.scalars(select(Board)).one()
    assert (board.slug, board.name, board.thread_count) == ("casks", "Casks", 2)


def test_its_people_have_names_of_their_own_and_can_neither_sign_in_nor_be_reached(
    parts: QuietParts, session: Session, dump: Path, cast: Cast
) -> None:
    bring(parts, dump)
    people = session.scalars(select(Account).where(Account.email.endswith(".invalid")).order_by(Account.id)).all()
    former = people[-1].name
    assert [(one.name, one.display_name) for one in people] == [
        ("Community-1", "Community"), ("Ada-L", "Ada L."), ("Bob-2", "Bob"), ("Bob-3", "Bob"), (former, "user17"),
    ]  # fmt: skip
    assert {(one.password_hash, one.email_confirmed_at, one.role) for one in people} == {(None, None, "customer")}
    assert people[0].bio == "I clean."
    assert people[1].created_at == datetime(2020, 1, 1, 8, tzinfo=UTC)
    assert account(session, "bob").id == cast.bob.id


def test_up_votes_earn_points_by_their_day_for_answers_alone_and_acceptances_as_ever(
    parts: QuietParts, session: Session, dump: Path
) -> None:
    bring(parts, dump)
    bob = account(session, "Bob")
    rows = (
        select(PointEntry.kind, PointEntry.points, PointEntry.at)
        .where(PointEntry.account_id == bob.id)
        .order_by(PointEntry.id)
    )
    assert [(kind, points, at.day) for kind, points, at in session.execute(rows)] == [
        ("imported_kudos", 1, 1), ("acceptance", 10, 2), ("first_to_solve", 3, 2), ("imported_kudos", 1, 4),
    ]  # fmt: skip
    assert (bob.points, bob.solutions) == (15, 1)
    assert account(session, "Ada-L").points == 0
    votes = session.execute(
        select(ImportedVote.remote_id, ImportedVote.up, ImportedVote.at).order_by(ImportedVote.id)
    ).all()
    assert [(remote_id, up, at.day) for remote_id, up, at in votes] == [
        ("1", True, 1), ("3", False, 1), ("4", True, 1), ("6", True, 1), ("2", True, 4),
    ]  # fmt: skip


def test_it_asks_nothing_of_anybody(parts: QuietParts, session: Session, dump: Path, cast: Cast) -> None:
    bring(parts, dump)
    for model in (Claim, Notice, HelpRound):
        assert session.scalar(select(func.count()).select_from(model)) == 0, model
    # Each thread goes to the index once, and nothing else leaves.
    deliveries = session.execute(select(Delivery.kind, Delivery.thread_id).order_by(Delivery.thread_id)).all()
    threads = session.scalars(select(Thread.id).order_by(Thread.id)).all()
    assert [tuple(one) for one in deliveries] == [("index", thread_id) for thread_id in threads]


def test_a_second_run_changes_nothing_and_a_later_dump_brings_what_is_new(
    parts: QuietParts, session: Session, dump: Path
) -> None:
    first = bring(parts, dump)
    before = session.scalar(select(func.count()).select_from(ImportedRow))
    session.rollback()
    again = bring(parts, dump)
    assert (again.came_in, again.left_out, again.remarks) == ({}, first.left_out, first.remarks)
    assert session.scalar(select(func.count()).select_from(ImportedRow)) == before
    assert session.scalar(select(func.count()).select_from(Delivery)) == 2
    session.rollback()
    later = (
        (dump / "Votes.xml")
        .read_text()
        .replace("</all>", '<row Id="9" PostId="3" VoteTypeId="2" CreationDate="2020-03-01"/></all>')
    )
    (dump / "Votes.xml").write_text(later)
    assert bring(parts, dump).came_in == {"vote": 1}
    assert bring(parts, dump, source="other").came_in["question"] == 2  # another community may have the same numbers


def test_nothing_is_cut_silently(parts: QuietParts, session: Session, tmp_path: Path) -> None:
    folder = write_dump(
        tmp_path / "long",
        Users=[user(1, "N" * 80, AboutMe="about " * 200)],
        Posts=[
            question(1, 1, Title="t " * 200, Body=f"<p>{'word ' * 5_000}</p>", Tags="<a><b><c><d><e><f><no!tag>"),
            question(2, 1, Title="Hm?", Body="  ", Tags=""),
        ],
        Comments=[remark(1, 1, 1, "note " * 200), remark(2, 1, 1, " ")],
    )  # fmt: skip
    done = bring(parts, folder)
    long, short = session.scalars(select(Post).order_by(Post.id))
    assert (len(long.text), long.text[-5:], short.text) == (20_000, "word…", "…") or len(long.text) < 20_000
    assert long.text.endswith("word…")
    titles = session.scalars(select(Thread.title).order_by(Thread.id)).all()
    assert (len(titles[0]) <= 150, titles[0][-1]) == (True, "…")
    assert titles[1].startswith("Hm?")
    notes = session.scalars(select(Comment.text).order_by(Comment.id)).all()
    assert (len(notes[0]) <= 600, notes[0][-5:], notes[1]) == (True, "note…", "…")
    assert sorted(session.scalars(select(Tag.name))) == ["a", "b", "c", "d", "e"]
    assert len(account(session, "N" * 30).display_name) == 60
    said = "\n".join(done.remarks)
    for words in (
        "1 display names were cut to 60 characters: member 1", "1 words about oneself were cut", "1 titles were cut",
        "1 titles were too short", "1 texts were longer than this forum takes and were cut: question 1",
        "1 comments were longer", "2 texts were empty", "1 tags were left out",
    ):  # fmt: skip
        assert words in said


def test_what_a_rule_refuses_is_left_out_by_name_and_never_tried_again(
    parts: QuietParts, session: Session, dump: Path
) -> None:
    votes = (dump / "Votes.xml").read_text()
    bring(parts, dump)
    thread = session.scalars(select(Thread).order_by(Thread.id)).first()
    assert thread is not None
    with writing():
        thread.locked_at = NOON
        session.commit()
    posts = (dump / "Posts.xml").read_text()
    more = '<row Id="8" PostTypeId="2" ParentId="1" OwnerUserId="2" CreationDate="2020-03-01" Body="&lt;p&gt;New&lt;/p&gt;"/></all>'
    (dump / "Posts.xml").write_text(posts.replace("</all>", more))
    (dump / "Votes.xml").write_text(
        votes.replace("</all>", '<row Id="9" PostId="8" VoteTypeId="2" CreationDate="2020-03-02"/></all>')
    )
    done = bring(parts, dump)
    assert done.came_in == {}
    assert any("2 rows were refused" in remark and "answer 8, vote 9" in remark for remark in done.remarks)
    assert bring(parts, dump).remarks == done.remarks


def test_ranks_and_badges_are_reviewed_as_each_day_ended_and_live_members_are_left_for_now(
    parts: QuietParts, session: Session, dump: Path, cast: Cast, stage: Stage
) -> None:
    thread = stage.thread(cast.ada)
    accept_answer(session, thread, stage.answer(thread, cast.bob), cast.ada, now=stage.clock())
    session.commit()
    seen: list[datetime] = []

    def review(within: Session, now: datetime) -> int:
        seen.append(now)
        return review_due(within, now, zone=ZoneInfo("UTC"), quiet=True)

    bring(parts, dump, review=review)
    days = {datetime(2020, 2, day, 23, 59, 59, tzinfo=UTC) for day in (1, 2, 4, 5, 6)}
    assert set(seen) == days
    measured = select(MemberMeasure.measured_at).where(MemberMeasure.account_id == account(session, "Bob-2").id)
    assert session.scalars(measured).one() in days
    assert cast.bob.id in session.scalars(select(ReviewDue.account_id)).all()  # his mark waits for a worker of today


def test_a_private_board_takes_no_import(parts: QuietParts, session: Session, dump: Path, stage: Stage) -> None:
    stage.board("casks", private_since=NOON)
    session.commit()
    with pytest.raises(Conflict, match="private"):
        bring(parts, dump)
    assert session.scalar(select(func.count()).select_from(Account)) == 0


@pytest.mark.parametrize("source", ["", "Beer", "-beer", "a b", "x" * 41, "bier.ch", "bier\n"])
def test_a_source_is_a_plain_word(source: str) -> None:
    with pytest.raises(Invalid):
        clean_source(source)
    assert clean_source("beer-2024") == "beer-2024"


def test_a_duplicate_is_linked_once_and_never_to_itself(session: Session, cast: Cast, stage: Stage) -> None:
    board = stage.board()
    one, other = stage.thread(cast.ada, board), stage.thread(cast.ada, board)
    first = link_duplicate(session, one, other, stage.clock())
    assert link_duplicate(session, one, other, stage.clock.pass_by(days=1)).id == first.id
    assert link_duplicate(session, other, one, stage.clock() + timedelta(days=2)).id != first.id
    with pytest.raises(Conflict):
        link_duplicate(session, one, one, stage.clock())
