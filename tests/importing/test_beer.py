"""A whole real community, compared row by row with what its dump says, which is read here by other means."""

from __future__ import annotations

import html
import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.import_community import Imported, Importing, import_community
from forum.actions.recount_points import recount_points
from forum.actions.recount_sums import recount_sums
from forum.actions.review_members import review_due
from forum.actions.ship_ranks import ship_ranks
from forum.importing.stackexchange.dump import open_dump
from forum.kernel.database import open_engine
from forum.ledger.claim import Claim
from forum.markup.recent import RecentMarkup
from forum.markup.renderer import MarkdownMarkup
from forum.notices.notice import Notice
from forum.outbox.delivery import Delivery
from forum.people.account import Account
from forum.reports.leaderboards import Wanted, leaderboard
from forum.superfans.badge import Badge, BadgeAward
from forum.superfans.points import PointEntry
from forum.superfans.rank import Rank, RankChange
from forum.superfans.standings import EVER, Span, StandingRow
from forum.threads.acceptance import Acceptance
from forum.threads.imported import ImportedRow, ImportedVote
from forum.threads.post import Comment, Post
from forum.threads.thread import Tag, Thread, ThreadLink, ThreadTag
from tests.importing.dumps import BEER, Row, beer_rows, needs_beer
from tests.scene import NOON

pytestmark = [needs_beer, pytest.mark.timeout(900)]  # the import itself takes about a minute on two idle cores


@pytest.fixture(scope="module")
def imported(
    empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[sessionmaker[Session], Imported]]:
    path = tmp_path_factory.mktemp("beer") / "forum.db"
    path.write_bytes(empty_sqlite.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    sessions, markup = sessionmaker(engine, expire_on_commit=False), RecentMarkup(MarkdownMarkup())
    review = partial(review_due, zone=UTC, quiet=True)
    tools = Importing(sessions, markup, lambda: NOON, "beer", "Beer", "Answerback", "en", review)
    with sessions.begin() as session:
        ship_ranks(session, datetime(2014, 1, 1, tzinfo=UTC))
    begun = time.process_time()
    with open_dump(BEER, markup.render) as dump:
        done = import_community(tools, dump, lambda _done, _total: None)
    print(f"{sum(done.came_in.values()) / (time.process_time() - begun):.0f} happenings a second of processor time")  # noqa: T201
    yield sessions, done
    engine.dispose()


@pytest.fixture
def done(imported: tuple[sessionmaker[Session], Imported]) -> Imported:
    return imported[1]


@pytest.fixture
def session(imported: tuple[sessionmaker[Session], Imported]) -> Iterator[Session]:
    with imported[0]() as session:
        yield session


@pytest.fixture(scope="module")
def posts() -> dict[str, Row]:
    return {row["Id"]: row for row in beer_rows("Posts") if row["PostTypeId"] in ("1", "2")}


def became(session: Session, kind: str) -> dict[int, str]:
    """The dump's number of each row of ours."""
    rows = select(ImportedRow.local_id, ImportedRow.remote_id).where(ImportedRow.kind == kind)
    return {row.local_id: row.remote_id for row in session.execute(rows)}


def posts_became(session: Session) -> dict[int, str]:
    questions = became(session, "question")
    firsts = select(Post.id, Post.thread_id).where(Post.number == 1)
    return became(session, "answer") | {post_id: questions[thread_id] for post_id, thread_id in session.execute(firsts)}


def at(row: Row, name: str = "CreationDate") -> datetime:
    return datetime.fromisoformat(row[name]).replace(tzinfo=UTC)


def test_every_person_came_in(session: Session, done: Imported) -> None:
    members = became(session, "member")
    here = {
        members[account.id]: (account.display_name, account.created_at) for account in session.scalars(select(Account))
    }
    there = {row["Id"]: (" ".join(row["DisplayName"].split()), at(row)) for row in beer_rows("Users")}
    assert len(there) == 3948
    assert {key: here[key] for key in there} == there
    left = {
        row.get("OwnerDisplayName", "")
        for row in beer_rows("Posts")
        if "OwnerUserId" not in row and row["PostTypeId"] in "12"
    }
    left |= {row["UserDisplayName"] for row in beer_rows("Comments") if "UserId" not in row}
    assert sorted(name for key, (name, _at) in here.items() if key not in there) == sorted(left)


def test_every_thread_came_in(session: Session, posts: dict[str, Row]) -> None:
    tags = defaultdict(set)
    for thread_id, name in session.execute(select(ThreadTag.thread_id, Tag.name).join(Tag)):
        tags[thread_id].add(name)
    questions = became(session, "question")
    here = {
        questions[thread.id]: (thread.title, thread.created_at, tags[thread.id], thread.reply_count, thread.language)
        for thread in session.scalars(select(Thread))
    }
    answers = Counter(row["ParentId"] for row in posts.values() if row["PostTypeId"] == "2")
    there = {
        key: (row["Title"].strip(), at(row), set(re.findall("<(.+?)>", row["Tags"])), answers[key], "en")
        for key, row in posts.items()
        if row["PostTypeId"] == "1"
    }
    assert len(there) == 591
    assert here == there


def test_every_tag_is_on_as_many_threads_as_the_dump_says(session: Session) -> None:
    counts = select(Tag.name, func.count()).join(ThreadTag).group_by(Tag.name)
    assert {row[0]: row[1] for row in session.execute(counts)} == {
        row["TagName"]: int(row["Count"]) for row in beer_rows("Tags") if row["Count"] != "0"
    }


def test_every_post_came_in_with_its_author_time_text_and_counts(session: Session, posts: dict[str, Row]) -> None:
    members, keys = became(session, "member"), posts_became(session)
    ups, downs = _votes_on(posts, "2"), _votes_on(posts, "3")
    here = list(session.scalars(select(Post)))
    assert {keys[post.id] for post in here} == set(posts)
    assert len(here) == 1989
    bodies = {
        row["PostId"]: row["Text"] for row in beer_rows("PostHistory") if row["PostHistoryTypeId"] in ("2", "5", "8")
    }
    as_written = 0
    for post in here:
        row = posts[keys[post.id]]
        author = row.get("OwnerUserId")
        assert members[post.author_id or 0] == author if author else members[post.author_id or 0].startswith("former-")
        assert post.created_at == at(row)
        assert post.edited_at == (at(row, "LastEditDate") if "LastEditDate" in row else None)
        assert (post.kudos_count, post.down_count) == (ups[row["Id"]], downs[row["Id"]])
        assert _words(post.html) == _words(row["Body"]), row["Id"]
        as_written += post.text == bodies[row["Id"]].replace("\r\n", "\n")
    assert as_written == 1917


def test_every_answer_stands_in_its_thread(session: Session, posts: dict[str, Row]) -> None:
    questions, keys = became(session, "question"), posts_became(session)
    rows = session.execute(select(Post.id, Post.thread_id, Post.number).order_by(Post.thread_id, Post.number)).all()
    times: dict[int, list[datetime]] = defaultdict(list)
    for post_id, thread_id, number in rows:
        row = posts[keys[post_id]]
        assert questions[thread_id] == (row["Id"] if number == 1 else row["ParentId"])
        times[thread_id].append(at(row))
    assert all(in_order == sorted(in_order) for in_order in times.values())


def test_every_accepted_answer_is_accepted_by_its_asker_on_its_day(session: Session, posts: dict[str, Row]) -> None:
    questions, keys, members = became(session, "question"), posts_became(session), became(session, "member")
    days = {row["PostId"]: at(row) for row in beer_rows("Votes") if row["VoteTypeId"] == "1"}
    here = {
        (questions[one.thread_id], keys[one.post_id]): (one.accepted_at, members[one.accepted_by_id])
        for one in session.scalars(select(Acceptance))
    }
    there = {
        (key, row["AcceptedAnswerId"]): row.get("OwnerUserId")
        for key, row in posts.items()
        if "AcceptedAnswerId" in row
    }
    assert len(there) == 359
    assert set(here) == set(there)
    for (question, answer), (accepted_at, by) in here.items():
        assert accepted_at == max(days[answer], at(posts[answer]) + timedelta(seconds=1))
        assert by == there[question, answer] or (there[question, answer] is None and by.startswith("former-"))
    solved = session.scalar(select(func.count()).where(Thread.solved_at.is_not(None)))
    assert solved == len(there)


def test_every_vote_came_in_by_its_day_and_none_before_its_post(session: Session, posts: dict[str, Row]) -> None:
    keys = posts_became(session)
    here = {one.remote_id: (keys[one.post_id], one.up, one.at) for one in session.scalars(select(ImportedVote))}
    there = {
        row["Id"]: (row["PostId"], row["VoteTypeId"] == "2", max(at(row), at(posts[row["PostId"]])))
        for row in beer_rows("Votes")
        if row["VoteTypeId"] in ("2", "3") and row["PostId"] in posts
    }
    assert Counter(up for _post, up, _at in there.values()) == {True: 8862, False: 245}
    assert here == there
    kudos = select(func.sum(Thread.kudos_count))
    assert session.scalar(kudos) == 8862


def test_every_comment_came_in_word_for_word(session: Session) -> None:
    notes, keys, members = became(session, "comment"), posts_became(session), became(session, "member")
    here = {
        notes[one.id]: (keys[one.post_id], one.text, one.created_at, members[one.author_id])
        for one in session.scalars(select(Comment))
    }
    there = {row["Id"]: (row["PostId"], row["Text"], at(row), row.get("UserId")) for row in beer_rows("Comments")}
    assert len(there) == 1860
    assert set(here) == set(there)
    for key, (post, text, written_at, author) in here.items():
        assert (post, text, written_at) == there[key][:3]
        assert author == there[key][3] or (there[key][3] is None and author.startswith("former-"))


def test_every_duplicate_link_came_in(session: Session) -> None:
    questions = became(session, "question")
    here = {
        (questions[one.thread_id], questions[one.other_id], one.made_at) for one in session.scalars(select(ThreadLink))
    }
    there = {
        (row["PostId"], row["RelatedPostId"], at(row)) for row in beer_rows("PostLinks") if row["LinkTypeId"] == "3"
    }
    assert len(there) == 17
    assert here == there


def test_the_points_equal_a_straight_recount(session: Session, posts: dict[str, Row]) -> None:
    """One point an up-vote on an answer, at most 60 a day; ten an acceptance, three more where the first reply solved it."""
    days: Counter[tuple[str, str]] = Counter()
    for row in beer_rows("Votes"):
        post = posts.get(row["PostId"])
        if row["VoteTypeId"] == "2" and post and post["PostTypeId"] == "2":
            days[_author(post), max(row["CreationDate"], post["CreationDate"])[:10]] += 1
    points: Counter[str] = Counter()
    for (author, _day), votes in days.items():
        points[author] += min(votes, 60)
    for row in posts.values():
        answer = posts.get(row.get("AcceptedAnswerId", ""))
        if answer and _author(answer) != _author(row):
            others = [
                one for one in posts.values() if one.get("ParentId") == row["Id"] and _author(one) != _author(row)
            ]
            first = min(others, key=lambda one: (one["CreationDate"], int(one["Id"])))
            points[_author(answer)] += 13 if first is answer else 10
    members = became(session, "member")
    here = {members[one.id]: one.points for one in session.scalars(select(Account).where(Account.points > 0))}
    assert Counter({key: value for key, value in here.items() if not key.startswith("former-")}) == Counter(
        {key: value for key, value in points.items() if not key.startswith("left ")}
    )
    ledger = select(func.sum(PointEntry.points))
    ever = select(func.sum(StandingRow.points)).where(StandingRow.span == "all", StandingRow.scope == "")
    assert session.scalar(ledger) == session.scalar(ever) == sum(points.values()) == sum(here.values())


def test_the_product_s_own_recount_finds_no_difference(session: Session) -> None:
    assert list(recount_points(session)) == []
    assert list(recount_sums(session, NOON)) == []


def test_it_gives_ranks_badges_and_boards_of_their_days(session: Session, posts: dict[str, Row]) -> None:
    began, ended = min(at(row) for row in posts.values()), max(at(row) for row in beer_rows("Votes"))
    names = select(Rank.name, func.count()).join(Account, Account.rank_id == Rank.id).group_by(Rank.name)
    held = {row[0]: row[1] for row in session.execute(names)}
    assert held["new-member"] > held["contributor"] > held["helper"] > 5
    changes = session.scalars(select(RankChange.at)).all()
    assert len(changes) >= sum(held.values()) and began <= min(changes) <= max(changes) < ended + timedelta(days=1)
    given = select(Badge.name, func.count()).join(BadgeAward, BadgeAward.badge_id == Badge.id).group_by(Badge.name)
    badges = {row[0]: row[1] for row in session.execute(given)}
    solvers = select(func.count()).where(Account.solutions > 0)
    assert badges["first-solution"] == session.scalar(solvers)
    awarded = session.scalars(select(BadgeAward.at)).all()
    assert began <= min(awarded) <= max(awarded) < ended + timedelta(days=1)
    weeks = select(func.count(StandingRow.starts_on.distinct())).where(StandingRow.span == "week")
    assert (session.scalar(weeks) or 0) > 100
    board = leaderboard(session, Wanted(Span.ALL, EVER), NOON)
    assert [line.place for line in board.lines] == sorted(line.place for line in board.lines) and len(board.lines) >= 20


def test_nobody_was_asked_told_or_counted(session: Session, done: Imported) -> None:
    assert session.scalar(select(func.count()).select_from(Claim)) == 0
    assert session.scalar(select(func.count()).select_from(Notice)) == 0
    assert [tuple(row) for row in session.execute(select(Delivery.kind, func.count()).group_by(Delivery.kind))] == [
        ("index", 591)
    ]
    assert len(done.remarks) == 2  # texts that were turned from HTML, and long words about oneself
    assert done.left_out["up-votes and down-votes on posts that do not come in"] == 514


def _votes_on(posts: dict[str, Row], kind: str) -> Counter[str]:
    return Counter(row["PostId"] for row in beer_rows("Votes") if row["VoteTypeId"] == kind and row["PostId"] in posts)


def _author(row: Row) -> str:
    return row.get("OwnerUserId") or f"left {row.get('OwnerDisplayName', '')}"


def _words(page: str) -> list[str]:
    page = re.sub(r'<img src="([^"]*)"(?: alt="([^"]*)")?[^>]*>', lambda found: f" {found[2] or found[1]} ", page)
    page = re.sub(r"</?(?!em|strong|a|sub|sup|code|i|b|strike|span)\w+[^>]*>", " ", page)
    return re.findall(r"\w+", unicodedata.normalize("NFKC", html.unescape(re.sub(r"<[^>]+>", "", page))))
