"""A community in numbers: two boards, answers and surveys of two months, prices in two currencies; rows come from the test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from forum.ledger.booking import book
from forum.ledger.claim import Claim
from forum.ledger.contact import Contact, ContactFile
from forum.ledger.cost import ContactCost
from forum.ledger.period import Period
from forum.ledger.programme import ExchangeRate, ProgrammeCost
from forum.ledger.reader_week import ReaderWeek
from forum.ledger.survey import Survey
from forum.listening.connection import Connection
from forum.threads.acceptance import Acceptance
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread
from tests.actions.listening_world import a_connection
from tests.cast import Cast
from tests.scene import Clock, Stage

AUGUST, SEPTEMBER, OCTOBER = Period(2026, 8), Period(2026, 9), Period(2026, 10)
NOW = datetime(2026, 10, 28, 12, tzinfo=UTC)
ANSWERED, SILENT, JOINT = 120, 30, 12  # of September's drawn readers


@dataclass
class World:
    session: Session
    cast: Cast
    boards: list[Board]
    threads: list[Thread]
    acceptances: list[Acceptance]
    connection: Connection

    def row(self, place: int, **facts: Any) -> dict[str, Any]:
        """A row of the ledger about the thread number `place`, as booking takes it."""
        thread = self.threads[place % len(self.threads)]
        told: dict[str, Any] = {
            "kind": "direct", "grade": "stated", "thread_id": thread.id, "mention_id": None,
            "acceptance_id": self.acceptances[place % len(self.threads)].id, "claim_id": None, "reader_week_id": None,
            "board_id": thread.board_id, "network": "here", "language": "en", "intent": "", "channel": "",
            "day": date(2026, 9, 10), "valued_on": date(2026, 9, 10), "quantity": 1, "reverses_id": None, "why": None,
            "created_at": NOW,
        }  # fmt: skip
        told.update(facts)
        return told


def a_world(session: Session, cast: Cast) -> World:
    """Committed. September's askers: 30 of 40 would have called; October's: one of two. Readers of September alone answered."""
    stage = Stage(session, Clock(datetime(2026, 8, 3, 9, tzinfo=UTC)))
    boards = [stage.board("wifi"), stage.board("setup")]
    threads = [stage.thread(cast.ada, boards[number % 2]) for number in range(4)]
    posts = [stage.answer(thread, cast.sue if number == 0 else cast.bob) for number, thread in enumerate(threads)]
    connection = a_connection(boards[0].id, account_remote_id="1")
    acceptances = [accepted(thread, post, cast) for thread, post in zip(threads, posts, strict=True)]
    session.add_all([connection, *acceptances])
    session.flush()
    world = World(session, cast, boards, threads, acceptances, connection)
    _askers(world, SEPTEMBER, yes=30, no=10)
    _askers(world, OCTOBER, yes=1, no=1)
    _readers(world)
    _finance(world)
    session.commit()
    return world


def accepted(thread: Thread, post: Post, cast: Cast) -> Acceptance:
    thread.solved_at = post.created_at
    return Acceptance(thread_id=thread.id, post_id=post.id, accepted_by_id=cast.ada.id, accepted_at=post.created_at)


def _askers(world: World, month: Period, *, yes: int, no: int) -> None:
    at = month.begins(UTC) + timedelta(days=9)
    for number in range(yes + no):
        said_yes = number < yes
        world.session.add(
            Claim(
                kind="direct", thread_id=world.threads[number % 4].id, acceptance_id=world.acceptances[number % 4].id,
                basis=f"asker:{month.name}:{number}", opened_at=at - timedelta(days=7), due_at=at, decided_at=at,
                intent="yes" if said_yes else "no", channel="phone" if said_yes else None,
                outcome="qualified" if said_yes else "lapsed", reason=None if said_yes else "would_not_have_contacted",
            )
        )  # fmt: skip


def _readers(world: World) -> None:
    """Each drawn one stands in the ledger; one in ten of those who answered would have contacted us."""
    session, due = world.session, datetime(2026, 9, 14, tzinfo=UTC)
    weeks = [
        ReaderWeek(
            week=date(2026, 8, 31), reader=f"r{number}", first_at=due, last_at=due, views=1, drawn=True, draw_share=500,
            due_at=due, decided_at=due, outcome="qualified",
        )
        for number in range(ANSWERED + SILENT)
    ]  # fmt: skip
    session.add_all(weeks)
    session.flush()
    for number, week in enumerate(weeks[:ANSWERED]):
        said = "yes" if number < JOINT else "no"
        session.add(
            Survey(
                reader_week_id=week.id, thread_id=world.threads[0].id, problem="yes", found="yes", contact=said,
                enough=said, channel="chat" if said == "yes" else None, begun_at=due, answered_at=due,
            )
        )  # fmt: skip
    rows = [
        world.row(
            number, kind="indirect", grade="surveyed", reader_week_id=week.id, day=due.date(), valued_on=due.date(),
            basis=f"reader-week:{week.id}", language="" if number % 3 else "en",
        )
        for number, week in enumerate(weeks)
    ]  # fmt: skip
    book(session, rows)


def _finance(world: World) -> None:
    fay = world.cast.fay.id
    told = {"source": "A ledger", "entered_by_id": fay, "entered_at": NOW}
    costs = [
        ("phone", "8.37", "EUR", date(2026, 1, 1)), ("phone", "9.13", "EUR", date(2026, 9, 12)),
        ("chat", "4.99", "USD", date(2026, 1, 1)), ("network", "3.33", "EUR", date(2026, 9, 20)),
        ("store", "20.00", "CHF", date(2026, 1, 1)),
    ]  # fmt: skip
    world.session.add_all(
        [
            *(
                ContactCost(channel=channel, amount=Decimal(amount), currency=currency, valid_from=day, **told)
                for channel, amount, currency, day in costs
            ),
            ExchangeRate(currency="USD", rate=Decimal("0.91"), into="EUR", valid_from=date(2026, 8, 1), **told),
            ExchangeRate(currency="USD", rate=Decimal("0.87"), into="EUR", valid_from=date(2026, 9, 8), **told),
            ProgrammeCost(period="2026-09", part="platform", amount=Decimal("50.00"), currency="EUR", **told),
            ProgrammeCost(period="2026-09", part="rewards", amount=Decimal("10.00"), currency="USD", **told),
            ProgrammeCost(period="2026-09", part="rewards", amount=Decimal("20.00"), currency="USD", **told),
            ProgrammeCost(period="2026-10", part="platform", amount=Decimal("70.00"), currency="CHF", **told),
        ]
    )


def know_contacts(world: World, first: date, last: date) -> ContactFile:
    """Contact data that covers these days, with one contact in it."""
    file = ContactFile(
        name="calls.csv", source="genesys", arrived_by="upload", sha256="x", state="imported", covers_from=first,
        covers_until=last, arrived_at=NOW, imported_at=NOW,
    )  # fmt: skip
    world.session.add(file)
    world.session.flush()
    happened_at = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    world.session.add(
        Contact(
            file_id=file.id, source="genesys", external_id=f"{first}", channel="phone", happened_at=happened_at,
            imported_at=NOW,
        )
    )  # fmt: skip
    world.session.flush()
    return file
