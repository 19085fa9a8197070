"""A community whose ledger is as long as one likes: helpers, their solved questions, kudos, votes, points and every sum of them.

Written in bulk, for `bench.superfans` and the test of hot pages; `recount` finds no difference in it. The same for the same
day. A ledger that is a hundred times as long has a hundred times as many rows on every day, for each helper, so whatever
looks at all of somebody's rows, or at all of a week's, takes a hundred times as long.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from forum.kernel.base import Base
from forum.notices.notice import Notice
from forum.people.account import Account
from forum.superfans.causes import ACCEPTED, ACCEPTED_MENTION, FIRST_TO_SOLVE, IMPORTED_KUDOS, KUDOS, Cause
from forum.superfans.points import PointEntry
from forum.superfans.standings import StandingRow, scopes_of, spans_of
from forum.threads.acceptance import Acceptance
from forum.threads.imported import ImportedVote
from forum.threads.post import Kudos, Post
from forum.threads.thread import Thread

DAYS = 80  # so that the quarter, the month and the week all hold more
SOLVED_A_LOT = 3  # questions that each helper solves in a lot
THANKED_BY = 3
CHUNK = 2000
NETWORK = "Sandbox"


class LongLedger:
    """Adds to the ledger, in the connection's transaction; the accounts and boards are there, and maybe rows of before."""

    def __init__(self, connection: Connection, helpers: Sequence[int], boards: Sequence[int], now: datetime) -> None:
        self._connection, self._helpers, self._boards, self._now = connection, helpers, boards, now
        self._last: dict[type[Base], int] = {}
        self._rows: defaultdict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self._standings: defaultdict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
        self._points: Counter[int] = Counter()
        self._solutions: Counter[int] = Counter()

    def grow(self, lots: int) -> None:
        """So many lots, spread evenly over the days before now."""
        if self._connection.dialect.name == "postgresql":
            self._connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for number in range(lots * SOLVED_A_LOT):
            for place in range(len(self._helpers)):
                share = (number + (place + 1) / (len(self._helpers) + 1)) / (lots * SOLVED_A_LOT)
                asked_at = self._now - timedelta(days=DAYS) * (1 - share) - timedelta(hours=3)
                self._solve(number, place, asked_at.replace(microsecond=0))
            if len(self._rows[Post]) >= CHUNK:
                self._write()
        self._write()
        self._write_sums()

    def _solve(self, number: int, place: int, asked_at: datetime) -> None:
        """One question, its accepted answer, and what both earned."""
        others = [*self._helpers[place + 1 :], *self._helpers[:place]]
        helper, asker = self._helpers[place], others[number % len(others)]
        answered_at, accepted_at = asked_at + timedelta(minutes=20), asked_at + timedelta(hours=1)
        imported = (number + place) % 4 == 3
        thread = self._add(
            Thread, board_id=self._boards[(number + place) % len(self._boards)], author_id=asker, kind="question",
            title=f"Question {number} for {helper}", slug=f"question-{number}", language="zh" if imported else "en",
            created_at=asked_at, last_post_at=answered_at, first_reply_at=answered_at, solved_at=accepted_at,
            reply_count=1, post_count=2, kudos_count=THANKED_BY + imported, origin_network=NETWORK if imported else None,
        )  # fmt: skip
        self._post(thread, 1, asker, asked_at, 0)
        post = self._post(thread, 2, helper, answered_at, THANKED_BY + imported)
        acceptance = self._add(
            Acceptance, thread_id=thread["id"], post_id=post["id"], accepted_by_id=asker, accepted_at=accepted_at
        )
        for cause in (ACCEPTED, FIRST_TO_SOLVE, *((ACCEPTED_MENTION,) if imported else ())):
            self._earn(cause, acceptance["id"], helper, thread, accepted_at, cause.points)
        self._add(
            Notice, account_id=helper, event="accepted", key=f"acceptance:{acceptance['id']}", thread_id=thread["id"],
            post_id=post["id"], by_id=asker, details={}, in_page=True, made_at=accepted_at, read_at=accepted_at,
        )  # fmt: skip
        self._thank(number, others, thread, post, accepted_at)
        if imported:
            vote = self._add(
                ImportedVote, source="bench", remote_id=str(post["id"]), post_id=post["id"], up=True, at=accepted_at
            )
            self._earn(IMPORTED_KUDOS, vote["id"], helper, thread, accepted_at, 1)

    def _thank(self, number: int, others: Sequence[int], thread: Any, post: Any, at: datetime) -> None:
        for step in range(THANKED_BY):
            given_at = at + timedelta(minutes=step + 1)
            giver = others[(number + step) % len(others)]
            kudos = self._add(Kudos, post_id=post["id"], giver_id=giver, given_at=given_at, trust="member")
            self._earn(KUDOS, kudos["id"], post["author_id"], thread, given_at, KUDOS.points)

    def _post(self, thread: Any, number: int, author: int, at: datetime, kudos: int) -> dict[str, Any]:
        words = f"Choose channel {number} and restart the router."
        return self._add(
            Post, thread_id=thread["id"], number=number, author_id=author, text=words, html=f"<p>{words}</p>", plain=words,
            by_staff=False, created_at=at, kudos_count=kudos, down_count=0,
        )  # fmt: skip

    def _earn(self, cause: Cause, subject: int, helper: int, thread: Any, at: datetime, points: int) -> None:
        row = self._add(
            PointEntry, account_id=helper, kind=cause.kind, cause=f"{cause.kind}:{subject}", points=points, at=at,
            thread_id=thread["id"], board_id=thread["board_id"], language=thread["language"], network=thread["origin_network"],
        )  # fmt: skip
        sums = {"points": points, "solutions": int(cause.counts_solution), "kudos": int(cause.counts_kudos)}
        for span, first in spans_of(at):
            for scope in scopes_of(PointEntry(**row)):
                self._standings[span.value, first, scope, helper].update(sums)
        self._points[helper] += points
        self._solutions[helper] += sums["solutions"]

    def _add(self, model: type[Base], **values: Any) -> dict[str, Any]:
        if model not in self._last:
            table = model.__table__
            self._last[model] = self._connection.scalar(select(func.max(table.c.id))) or 0
        self._last[model] += 1
        row = {"id": self._last[model], **values}
        self._rows[model].append(row)
        return row

    def _write(self) -> None:
        for model, rows in self._rows.items():
            for start in range(0, len(rows), CHUNK):
                self._connection.execute(insert(model), rows[start : start + CHUNK])
        self._rows.clear()

    def _write_sums(self) -> None:
        """Of rows that stand the sums are made anew."""
        table = StandingRow.__table__
        for row in self._connection.execute(select(*table.c)).mappings():
            key = row["span"], row["starts_on"], row["scope"], row["account_id"]
            self._standings[key].update({name: row[name] for name in ("points", "solutions", "kudos")})
        self._connection.execute(table.delete())
        names = ("span", "starts_on", "scope", "account_id")
        sums = {"points": 0, "solutions": 0, "kudos": 0}
        rows = [dict(zip(names, key, strict=True)) | sums | dict(more) for key, more in self._standings.items()]
        self._connection.execute(insert(StandingRow), rows)
        added = update(Account.__table__).where(Account.__table__.c.id == bindparam("who"))
        added = added.values(
            points=Account.points + bindparam("more"), solutions=Account.solutions + bindparam("solved")
        )
        told = [{"who": one, "more": self._points[one], "solved": self._solutions[one]} for one in self._helpers]
        self._connection.execute(added, told)
        self._standings.clear()
        self._points.clear()
        self._solutions.clear()
        self._go_on()

    def _go_on(self) -> None:
        """The numbers that the next rows get."""
        if self._connection.dialect.name != "postgresql":
            return
        for model in self._last:
            name = model.__tablename__
            self._connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
            )
