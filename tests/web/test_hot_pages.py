"""No query of a page that people wait for grows with the points ledger: proved by what the databases say that they read.

A ledger is made, then forty and a hundred times as long, on every day and for every helper, so that a query which counts
somebody's rows, or a week's, costs far more at the end. A list that stops at a limit costs the same.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.superfans_world import LongLedger
from forum.actions.give_kudos import give_kudos
from forum.actions.give_points import review_soon
from forum.actions.recount_points import recount_points
from forum.actions.recount_sums import recount_sums
from forum.actions.review_members import review_due
from forum.actions.ship_ranks import ship_ranks
from forum.kernel.clock import utc_now
from forum.people.account import Account
from forum.superfans.standings import Span, StandingRow, start_of
from forum.threads.post import Post
from tests.application import SignInAs
from tests.cast import Cast, person
from tests.scene import Clock, Stage
from tests.web.hot_pages import LEDGER, Asked, Read, asked, reads_of, steps_of, touches_the_ledger

HELPERS, ANSWERS = 12, 50
MOST_ROWS = 500  # of a table of the ledger, whatever a statement of a page asks; `MOST_READ` of the front page
LONG, LONGER = 40, 100
Page = tuple[str, str]  # who looks, and the address

# Statements that read the ledger's tables at all, by their page. All others must read from rollups.
MAY_READ_THE_LEDGER: Mapping[str, int] = {
    "/": 1,  # of the latest 500 acceptances, how many by staff
    "/threads/": 3,  # the standing acceptance; the reader's own kudos; for staff the claims of the latest acceptance
    "/people/helper11": 1,  # the latest they solved
    "/people/helper11/points": 1,  # the ledger itself, a page of it
    "/staff/superfans": 1,  # answers accepted in 90 days
}
# What may cost more: a count of 90 days for staff alone, and awards, of which a badge gives at most a thousand.
GROWS = ("count(*) AS count_1 FROM acceptances WHERE acceptances.accepted_at >=", "badge_awards")


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@dataclass
class Community:
    session: Session
    helpers: Sequence[int]
    boards: Sequence[int]
    now: datetime

    def grow(self, lots: int) -> None:
        self.session.rollback()  # what pages wrote since is seen
        LongLedger(self.session.connection(), self.helpers, self.boards, self.now).grow(lots)
        review_soon(self.session, self.helpers, self.now)
        review_due(self.session, utc_now(), zone=UTC, quiet=True)
        self.session.commit()
        if self.session.get_bind().dialect.name == "postgresql":  # what autovacuum does in life
            bind = self.session.get_bind().engine
            with bind.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")

    def weigh(self, sent: Sequence[Asked]) -> list[int | Sequence[Read]]:
        """What each statement costs: steps on SQLite, what was read of each table on PostgreSQL."""
        engine = self.session.get_bind().engine
        if engine.dialect.name == "sqlite":
            connection = sqlite3.connect(str(engine.url.database))
            connection.execute("SELECT 1 FROM accounts").fetchall()  # it knows the tables from here on
            try:
                return [steps_of(connection, one) for one in sent]
            finally:
                connection.close()
        with engine.connect() as connection:
            connection.exec_driver_sql("SET enable_seqscan = off")  # as where tables are too large to be read whole
            return [reads_of(connection, one) for one in sent]


@pytest.fixture
def community(session: Session, cast: Cast) -> Community:
    """With a thread of fifty answers, whose authors were all thanked this week."""
    now = utc_now().replace(microsecond=0)
    stage = Stage(session, Clock(now - timedelta(hours=2)))
    ship_ranks(session, now - timedelta(days=100))
    boards = [stage.board("wifi"), stage.board("mesh")]
    people = [person(f"helper{number}", created_at=now - timedelta(days=300)) for number in range(HELPERS)]
    session.add_all(people)
    session.flush()
    hot = stage.thread(cast.ada, boards[0])
    posts = [stage.answer(hot, people[number % HELPERS]) for number in range(ANSWERS)]
    for post in posts[:HELPERS]:
        give_kudos(session, hot, post, cast.ada, utc_now())
    session.commit()
    return Community(session, [one.id for one in people], [one.id for one in boards], now)


@pytest.fixture
def pages(session: Session, community: Community) -> Sequence[Page]:
    hot = session.scalars(select(Post).where(Post.number == ANSWERS)).one().thread_id
    thread = f"/threads/{hot}-my-wifi-drops-every-night"
    scopes = ("", f"board:{community.boards[0]}", "language:zh", "network:Sandbox")
    measures = cycle(("points", "solutions", "kudos"))
    boards = [
        f"/leaderboards?span={span}&scope={scope}&by={next(measures)}"
        for span, scope in product(("week", "month", "quarter", "all"), scopes)
    ]
    visited = ["/", "/unanswered", "/solved", "/boards/wifi", thread, "/people/helper11", "/ranks", "/badges", *boards]
    own = ["/", thread, "/people/helper11", "/people/helper11/points", "/help-now", "/notifications", "/leaderboards", "/badges", "/programme"]  # fmt: skip
    lists = [f"/staff/superfans?tab={tab}" for tab in ("superfans", "soon", "quiet", "invited")]
    staff = [*lists, "/staff/superfans/helper11", thread, "/people/helper11"]
    return [*(("visitor", one) for one in visited), *(("member", one) for one in own), *(("staff", one) for one in staff)]  # fmt: skip


@pytest.fixture
def browsers(app: Flask, session: Session, community: Community, cast: Cast, sign_in_as: SignInAs) -> Mapping[str, FlaskClient]:  # fmt: skip
    member = session.get_one(Account, community.helpers[-1])
    return {
        "visitor": app.test_client(),
        "member": sign_in_as(app.test_client(), member),
        "staff": sign_in_as(app.test_client(), cast.max),
    }


@pytest.mark.timeout(900)
def test_no_query_of_a_hot_page_grows_with_the_ledger(
    app: Flask, session: Session, community: Community, pages: Sequence[Page], browsers: Mapping[str, FlaskClient]
) -> None:
    community.grow(1)
    assert [*recount_points(session), *recount_sums(session, utc_now())] == []
    session.commit()
    few = {page: len(sent_for(app, browsers, page)) for page in pages}
    community.grow(LONG - 1)
    before = {page: weighed(app, community, browsers, page) for page in pages}
    community.grow(LONGER - LONG)
    after = {page: weighed(app, community, browsers, page) for page in pages}
    assert [*recount_points(session), *recount_sums(session, utc_now())] == []
    assert {page: len(of_page) for page, of_page in after.items()} == few
    wrong = [line for page in pages for line in too_much(page, before[page], after[page])]
    assert not wrong, "\n".join(wrong)


def test_the_front_page_names_who_solved_most_this_week_as_the_leaderboards_do(
    app: Flask, session: Session, cast: Cast
) -> None:
    """Neither who left the boards, nor staff, nor what was solved on a private board."""
    stage = Stage(session)
    public, private = stage.board("wifi"), stage.board("secret", private_since=stage.clock())
    cast.mallory.off_leaderboards_since = stage.clock()
    solved = ((cast.bob, public, 2), (cast.mallory, public, 3), (cast.ann, public, 4), (cast.sue, private, 5))
    for account, board, number in solved:
        for scope in ("", f"board:{board.id}"):
            first = start_of(Span.WEEK, utc_now().date())
            row = StandingRow(span="week", starts_on=first, scope=scope, account_id=account.id, points=10 * number)
            row.solutions = number
            session.add(row)
    session.commit()
    side = app.test_client().get("/").text.partition("This week")[2].partition("</section>")[0]
    assert re.findall(r"/people/(\w+)", side) == ["bob"] and ">2</b>" in side


def sent_for(app: Flask, browsers: Mapping[str, FlaskClient], page: Page) -> list[Asked]:
    """Of the second visit: the first one notes the visitor."""
    who, address = page
    browsers[who].get(address)
    with asked(app) as sent:
        assert browsers[who].get(address).status_code == 200, address
    return sent


Weighed = list[tuple[Asked, "int | Sequence[Read]"]]


def weighed(app: Flask, community: Community, browsers: Mapping[str, FlaskClient], page: Page) -> Weighed:
    sent = sent_for(app, browsers, page)
    return list(zip(sent, community.weigh(sent), strict=True))


def too_much(page: Page, before: Weighed, after: Weighed) -> Iterator[str]:
    """What is wrong with a page, a line for each statement."""
    reading = [one for one, _cost in after if touches_the_ledger(one)]
    if len(reading) > may_read(page[1]):
        yield f"{page}: {len(reading)} statements read the ledger: {reading}"
    for (_one, once), (one, twice) in zip(before, after, strict=True):
        flat = " ".join(one.sql.split())
        if any(known in flat for known in GROWS):
            continue
        if isinstance(once, int) and isinstance(twice, int):
            if twice > once * 1.2 + 200:
                yield f"{page}: {once} steps became {twice}: {flat}"
        elif not isinstance(once, int) and not isinstance(twice, int):
            yield from (f"{page}: {read}: {flat}" for read in twice if read.table in LEDGER and is_too_much(read, once))


def is_too_much(read: Read, before: Sequence[Read]) -> bool:
    rows = max((one.rows for one in before if one.table == read.table), default=0)
    return read.how == "Seq Scan" or read.rows > min(rows * 1.2 + 20, MOST_ROWS)


def may_read(address: str) -> int:
    path = address.partition("?")[0]
    if path.startswith("/staff/superfans"):
        path = "/staff/superfans"
    elif path.startswith("/threads/"):
        path = "/threads/"
    elif path in {"/unanswered", "/solved"}:
        path = "/"
    return MAY_READ_THE_LEDGER.get(path, 0)
