"""A forum of any size for `bench.deflection`: solved threads, their readers, contacts, claims and the ledger's rows.

The same for the same day and scale. What people did is written in bulk: threads as rows, reader-weeks, readings and their
entries by INSERT ... SELECT over a table of numbers. Claims are decided by the daily job itself. `recompute` holds all of it
to the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import md5
from typing import Any

from sqlalchemy import Connection, create_engine, event, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from bench.deflection_readers import LURKERS, Readers
from bench.deflection_span import CHUNK, Scale, Span, add, midnight
from bench.deflection_threads import ASKERS, BOARDS, CHANNELS, DAYS, FIRST_ASKER, Told, by_staff, is_social
from forum.actions.qualify_claims import qualify_claims
from forum.kernel.base import Base
from forum.kernel.database import writing
from forum.ledger.claim import Claim
from forum.ledger.contact import Contact, ContactFile, ContactMatch
from forum.ledger.cost import Channel, ContactCost
from forum.ledger.entry import Entry
from forum.ledger.programme import Part, ProgrammeCost
from forum.ledger.reader_week import ReaderWeek, Reading, ThreadViews
from forum.ledger.survey import Survey
from forum.ledger.totals import AnswerTotal, EntryTotal
from forum.listening.connection import Connection as NetworkConnection
from forum.listening.mention import Mention
from forum.outbox.delivery import Delivery
from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread

FINANCE = 2  # the account that reads the report
BULKY = (ReaderWeek, Reading, Entry, Contact, Survey, ThreadViews)


class World:
    """A database with all that such a forum would hold."""

    def __init__(self, url: str, scale: Scale, now: datetime) -> None:
        self.engine, self.span = create_engine(url, poolclass=NullPool), Span(scale, now)
        self.on_postgres = self.engine.dialect.name == "postgresql"

    def make(self) -> None:
        if not self.on_postgres:
            event.listen(self.engine, "connect", _prepare_sqlite)
        Base.metadata.create_all(self.engine)
        with self._bulk() as connection:
            self._people(connection)
            self._threads(connection)
            self._contacts(connection)
        self._decide_claims()
        readers = Readers(self.span, self.on_postgres)
        with self._bulk() as connection:
            self._drop_indexes(connection)
            readers.come(connection)
            readers.count(connection)
            self._make_indexes(connection)
            readers.add_up(connection)
        self._tidy()

    def counts(self) -> dict[str, int]:
        with self.engine.connect() as connection:
            return {
                model.__tablename__: connection.scalar(select(func.count()).select_from(model)) or 0
                for model in (Thread, ReaderWeek, Reading, Entry, EntryTotal, AnswerTotal, Survey, Contact, Claim)
            }

    @contextmanager
    def _bulk(self) -> Iterator[Connection]:
        """One transaction in which nobody checks what refers to what; `recompute` would find what does not fit."""
        with self.engine.begin() as connection:
            if self.on_postgres:
                for setting in (
                    "session_replication_role = replica",
                    "work_mem = '128MB'",
                    "maintenance_work_mem = '512MB'",
                ):
                    connection.exec_driver_sql(f"SET LOCAL {setting}")
            yield connection

    def _drop_indexes(self, connection: Connection) -> None:
        """They are made anew in one go, which is much faster than row by row."""
        for model in BULKY:
            for index in model.__table__.indexes:  # type: ignore[attr-defined]
                index.drop(connection)

    def _make_indexes(self, connection: Connection) -> None:
        for model in BULKY:
            for index in model.__table__.indexes:  # type: ignore[attr-defined]
                index.create(connection)

    def _tidy(self) -> None:
        """What autovacuum does in life, and the numbers that the next rows get."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not self.on_postgres:
                connection.exec_driver_sql("ANALYZE")
                return
            for table in Base.metadata.sorted_tables:
                keys = list(table.primary_key.columns)
                if len(keys) == 1 and keys[0].name == "id":
                    connection.exec_driver_sql(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT coalesce(max(id), 1) FROM {table.name}))"
                    )
            connection.exec_driver_sql("VACUUM ANALYZE")
            connection.exec_driver_sql("CHECKPOINT")

    def _people(self, connection: Connection) -> None:
        roles = {1: "admin", FINANCE: "finance", 3: "moderator", 4: "agent"}
        began = midnight(self.span.first) - timedelta(days=30)
        add(
            connection,
            Account,
            (
                {
                    "id": number,
                    "name": f"person{number}",
                    "name_key": f"person{number}",
                    "display_name": f"Person {number}",
                    "email": f"person{number}@example.org",
                    "email_key": f"person{number}@example.org",
                    "role": roles.get(number, "customer"),
                    "customer_number": f"C{number}" if number % 3 else None,
                    "created_at": began,
                }
                for number in range(1, FIRST_ASKER + ASKERS + LURKERS)
            ),
        )
        add(
            connection,
            Board,
            (
                {"id": number, "slug": f"board-{number}", "name": f"Board {number}", "created_at": began}
                for number in range(1, BOARDS + 1)
            ),
        )
        add(
            connection,
            NetworkConnection,
            (
                {
                    "id": number, "kind": kind, "title": kind.title(), "account_remote_id": "brand", "board_id": 1,
                    "made_at": began, "paused_at": began,
                }
                for number, kind in enumerate(("bluesky", "x"), start=1)
            ),
        )  # fmt: skip
        costs = zip(Channel, ("6.40", "4.10", "3.60", "8.90", "2.75"), strict=True)
        add(
            connection,
            ContactCost,
            (
                {
                    "channel": channel, "amount": amount, "currency": "EUR", "valid_from": self.span.first - timedelta(days=60),
                    "source": "bench", "entered_by_id": FINANCE, "entered_at": began,
                }
                for channel, amount in costs
            ),
        )  # fmt: skip
        add(
            connection,
            ProgrammeCost,
            (
                {
                    "period": f"{month:%Y-%m}", "part": part, "amount": 9000, "currency": "EUR", "source": "bench",
                    "entered_by_id": FINANCE, "entered_at": self.span.now,
                }
                for month in self.span.months
                for part in Part
            ),
        )  # fmt: skip

    def _threads(self, connection: Connection) -> None:
        every = range(1, self.span.scale.threads + 1)
        for start in range(0, len(every), CHUNK):
            made = [Told(number, self.span.accepted_at(number)) for number in every[start : start + CHUNK]]
            add(connection, Thread, (told.thread() for told in made))
            add(connection, Mention, (told.mention() for told in made if told.network))
            add(connection, Post, (post for told in made for post in told.posts()))
            add(connection, Acceptance, (told.acceptance() for told in made))
            add(connection, Delivery, (told.reply() for told in made if told.network))
            add(connection, Claim, (told.claim() for told in made))

    def _contacts(self, connection: Connection) -> None:
        """A file a month, each of which knows its days in full; one contact in 500 is an asker's own within their days."""
        months = self.span.months
        share = self.span.scale.contacts // len(months)
        matches: list[dict[str, Any]] = []
        for place, month in enumerate(months):
            last = min((month + timedelta(days=31)).replace(day=1) - timedelta(days=1), self.span.now.date())
            add(
                connection,
                ContactFile,
                [
                    {
                        "id": place + 1, "name": f"{month}.csv", "source": "bench", "arrived_by": "upload", "sha256": f"{place:064}",
                        "state": "imported", "covers_from": month, "covers_until": last, "read": share, "taken": share,
                        "mapping": {}, "problems": [], "arrived_at": midnight(last), "imported_at": midnight(last),
                    }
                ],
            )  # fmt: skip
            span = (last - month).total_seconds() + 86_000
            add(
                connection,
                Contact,
                (
                    {
                        "id": place * share + number + 1,
                        "file_id": place + 1,
                        "source": "bench",
                        "external_id": f"{place}-{number}",
                        "channel": CHANNELS[number % 4],
                        "happened_at": midnight(month) + timedelta(seconds=span * number / share),
                        "customer_hash": md5(f"c{place}-{number}".encode()).hexdigest() * 2 if number % 3 else None,
                        "email_hash": md5(f"m{place}-{number}".encode()).hexdigest() * 2 if number % 2 else None,
                        "imported_at": midnight(last),
                    }
                    for number in range(share)
                ),
            )
        for number in range(7, self.span.scale.threads, 25):
            if not is_social(number) and not by_staff(number):
                opened = self.span.accepted_at(number) + timedelta(days=2)
                place = months.index(min(opened, self.span.now).date().replace(day=1))
                matches.append(
                    {"contact_id": place * share + 1 + number % share, "claim_id": number, "matched_at": opened}
                )
        add(connection, ContactMatch, matches)

    def _decide_claims(self) -> None:
        """As the daily job would, in as many commits."""
        done = 1
        while done:
            with writing(), Session(self.engine) as session, session.begin():
                done = qualify_claims(session, UTC, self.span.now, days=DAYS)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.create_function("md5", 1, lambda words: md5(words.encode()).hexdigest(), deterministic=True)
    for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-256000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
