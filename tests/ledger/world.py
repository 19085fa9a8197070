"""A small community whose ledger a property test puts through anything, and what must hold of it whatever happened.

`INVARIANTS` is a list of functions that take the world and assert; whoever has a figure to hold against the ledger (a
report, an export) adds one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.accept_answer import accept_answer
from forum.actions.answer_survey import answer_survey
from forum.actions.close_period import close_period, why_not_yet
from forum.actions.count_views import count_views
from forum.actions.find_bots import call_bot
from forum.actions.forget_reader import forget_reader
from forum.actions.import_contacts import settle_coverage
from forum.actions.match_contacts import askers_by_hash, hold_contacts
from forum.actions.qualify_claims import qualify_claims, review_claims
from forum.actions.recompute_period import recompute
from forum.actions.settle_reader_weeks import qualify_reader_weeks, review_reader_weeks
from forum.actions.state_intent import state_intent
from forum.actions.take_contacts import take_contacts
from forum.actions.triage_mentions import open_thread
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.actions.withdraw_contact_file import withdraw_contact_file
from forum.exports import gathering
from forum.exports.json_file import json_of
from forum.kernel.database import open_engine, writing
from forum.ledger.booking import said_by
from forum.ledger.checking_rows import standing_of
from forum.ledger.checking_totals import check_totals
from forum.ledger.claim import Claim, Kind
from forum.ledger.closed_period import ClosedPeriod, Frozen
from forum.ledger.contact import ContactFile, FileState
from forum.ledger.contact_keys import ContactKeys
from forum.ledger.contact_rows import Row
from forum.ledger.cost import ContactCost
from forum.ledger.entry import Entry
from forum.ledger.period import Period, periods
from forum.ledger.reader_week import ReaderWeek
from forum.ledger.sealing_rows import seal_of
from forum.ledger.survey import Question
from forum.ledger.totals import AnswerTotal, EntryTotal
from forum.ledger.viewing import Reader, View, week_of
from forum.listening.mention import Mention, Route, Word
from forum.markup.renderer import MarkdownMarkup
from forum.outbox.delivery import Delivery, State
from forum.outbox.delivery import Kind as DeliveryKind
from forum.people.account import Account
from forum.reports.deflection_frozen import freeze_report
from forum.reports.deflection_rows import entries_with
from forum.reports.deflection_scope import Scope
from forum.threads.acceptance import Acceptance
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread
from forum.wiring.translator import say
from tests.actions.listening_world import a_connection, a_mention
from tests.cast import Cast, add_cast
from tests.scene import Clock, Stage

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 9, 16, 9, tzinfo=UTC)
DAYS = 7
KEYS = ContactKeys(b"a key for tests alone")
QUESTIONS = tuple(Question)
AUDITOR = gathering.Reader("Fay", "en", "Community", say, "EUR", ZONE)


@cache
def markup() -> MarkdownMarkup:
    return MarkdownMarkup()


class World:
    """Everything happens at `clock`, a minute after each other, by the actions that people and workers use."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)
        self.clock = Clock(START)
        self.session: Session = self.sessions()
        self.cast: Cast = add_cast(self.session)
        self.stage = Stage(self.session, self.clock)
        self.stage.__dict__["markup"] = markup()
        self.boards: list[Board] = [self.stage.board("wifi"), self.stage.board("mesh")]
        self.connection = a_connection(self.boards[0].id, account_remote_id="1")
        self.session.add_all(
            [self.connection, _cost("phone", "8.01", self.cast.fay), _cost("network", "4.35", self.cast.fay)]
        )
        self.session.commit()
        self.gone: set[int] = set()
        self.bots: set[tuple[date, str]] = (
            set()
        )  # readers in their weeks that will be found out whenever they are counted
        self.closed: dict[str, tuple[str, list[Any]]] = {}
        self.batches = self.contacts = self.mentions = 0

    def end(self) -> None:
        self.session.close()
        self.engine.dispose()

    # What people do

    def ask(self, by: Account, board: int = 0) -> Thread:
        with self._commit():
            return self.stage.thread(by, self.boards[board])

    def mention(self) -> Thread:
        """Somebody asks on the network."""
        with self._commit():
            self.mentions += 1
            now = self.clock.pass_by(minutes=1)
            told = {"route": Route.COMMUNITY, "created_at": now, "imported_at": now, "author_id": f"m{self.mentions}"}
            told |= {"conversation_id": f"c{self.mentions}"}
            mention = a_mention(self.connection.id, f"m{self.mentions}", **told)
            self.session.add(mention)
            self.session.flush()
            return open_thread(self.session, mention, self.connection, markup(), now)

    def answer(self, thread: Thread, by: Account) -> Post:
        with self._commit():
            return self.stage.answer(thread, by)

    def accept(self, thread: Thread, post: Post) -> Acceptance:
        """By the asker; by staff where the question came from a network. The reply is out a minute later."""
        asker = next((one for one in self.cast.everybody() if one.id == thread.author_id), None)
        by = asker if asker is not None and asker.id not in self.gone else self.cast.cleo
        with self._commit():
            now = self.clock.pass_by(minutes=1)
            acceptance = accept_answer(self.session, thread, post, by, days=DAYS, zone=ZONE, now=now)
            replies = select(Delivery).where(
                Delivery.acceptance_id == acceptance.id,
                Delivery.kind == DeliveryKind.REPLY,
                Delivery.settled_at.is_(None),
            )
            for reply in self.session.scalars(replies):
                reply.state, reply.settled_at = State.SENT, self.clock.pass_by(minutes=1)
            return acceptance

    def withdraw(self, thread: Thread) -> None:
        with self._commit():
            now = self.clock.pass_by(minutes=1)
            withdraw_acceptance(self.session, thread, self.cast.cleo, why="not so", zone=ZONE, now=now)

    def intend(self, claim: Claim, thread: Thread, intent: str, channel: str | None) -> None:
        with self._commit():
            asker = self.session.get_one(Account, thread.author_id)
            state_intent(
                self.session, claim, thread, asker, intent=intent, channel=channel, now=self.clock.pass_by(minutes=1)
            )

    def says_unsolved(self, thread: Thread, at: datetime | None = None) -> None:
        """The asker on the network; `at`, where it is read only later."""
        with self._commit():
            now = self.clock.pass_by(minutes=1)
            asked = self.session.scalars(
                select(Mention).where(Mention.thread_id == thread.id, Mention.opens_thread)
            ).one()
            self.mentions += 1
            told = {
                "conversation_id": asked.conversation_id, "author_id": asked.author_id, "route": Route.PRIVATE,
                "thread_id": thread.id, "word": Word.UNSOLVED, "created_at": at or now, "imported_at": now,
            }  # fmt: skip
            self.session.add(a_mention(self.connection.id, f"w{self.mentions}", **told))
            self._mark_claims_of(thread, now)

    def view(self, reader: str, thread: Thread, at: datetime | None = None) -> None:
        """`reader` is a name of the cast or anybody else; `at`, where the view is counted only later."""
        self.batches += 1
        now = self.clock.pass_by(minutes=1)
        view = View(thread.id, self.reader(reader, at or now), at or now)
        with self._commit():
            count_views(self.session, f"batch-{self.batches}", [view], zone=ZONE, days=DAYS, now=now)
        self.say_bots()

    def survey(self, reader: str, thread: Thread, answers: Sequence[str]) -> None:
        with self._commit():
            for question, answer in zip(QUESTIONS, answers, strict=False):
                now = self.clock.pass_by(minutes=1)
                told = {"question": question, "answer": answer, "channel": "phone" if question == "contact" else None}
                if answer == "no":
                    told["channel"] = None
                answer_survey(self.session, self.reader(reader, now), thread.id, **told, zone=ZONE, days=DAYS, now=now)

    # What becomes known

    def contact_file(self, people: Sequence[tuple[Account, datetime]], covers: tuple[date, date] | None) -> ContactFile:
        """The call centre's word of who contacted it when, and perhaps which days it knows in full."""
        with self._commit():
            now = self.clock.pass_by(minutes=1)
            hold_contacts(self.session)
            first, last = covers or (None, None)
            file = ContactFile(
                name="calls.csv", source="genesys", arrived_by="upload", sha256="0", state=FileState.WAITING,
                covers_from=first, covers_until=last, arrived_at=now, mapping={},
            )  # fmt: skip
            self.session.add(file)
            self.session.flush()
            rows = []
            for who, at in people:
                self.contacts += 1
                rows.append(Row(f"call-{self.contacts}", "phone", at, None, KEYS.of_email(who.email_key)))
            take_contacts(self.session, file, rows, askers_by_hash(self.session, KEYS), now)
            settle_coverage(self.session, file, KEYS, ZONE, now)
            return file

    def withdraw_file(self, file: ContactFile) -> None:
        with self._commit():
            now = self.clock.pass_by(minutes=1)
            withdraw_contact_file(self.session, file, self.cast.fay, KEYS, ZONE, now)

    def bot(self, week: ReaderWeek) -> None:
        with self._commit():
            call_bot(self.session, week, "test", self.clock.pass_by(minutes=1))

    def say_bots(self) -> None:
        for week in self.session.scalars(select(ReaderWeek).where(ReaderWeek.bot_at.is_(None))).all():
            if (week.week, week.reader) in self.bots:
                self.bot(week)

    def waiting_claim(self, thread: Thread) -> Claim | None:
        """The latest claim, where its asker may still say what they would have done."""
        latest = select(Claim).where(Claim.thread_id == thread.id).order_by(Claim.id.desc()).limit(1)
        claim = self.session.scalar(latest.execution_options(populate_existing=True))
        due = claim is not None and claim.due_at <= self.clock()
        return claim if claim is not None and not due and claim.decided_at is None and claim.intent is None else None

    def erase(self, who: Account) -> None:
        """The links from what was read to who read it are cut, and whoever it was can never come back."""
        with self._commit():
            now = self.clock.pass_by(minutes=1)
            forget_reader(self.session, who.id)
            who.closed_at, who.email_key, who.customer_number = now, f"gone-{who.id}", None
            self.gone.add(who.id)

    def moves(self, thread: Thread, board: int) -> None:
        with self._commit():
            thread.board_id = self.boards[board].id

    # What workers and finance do

    def days_pass(self, days: float) -> None:
        self.clock.pass_by(days=days)

    def work(self) -> None:
        """The job that settles, as often as it finds something."""
        now = self.clock()
        steps: list[Callable[[Session], int]] = [
            lambda session: qualify_claims(session, ZONE, now, days=DAYS, keys=KEYS),
            lambda session: qualify_reader_weeks(session, ZONE, now),
            lambda session: review_claims(session, ZONE, now),
            lambda session: review_reader_weeks(session, ZONE, now),
        ]
        for step in steps:
            done = 1
            while done:
                with self._commit():
                    done = step(self.session)

    def close(self) -> str | None:
        """The first month that is still open, if it may be closed by now."""
        last = self.session.scalar(select(func.max(ClosedPeriod.name)))
        period = Period.of(START.date()) if last is None else Period.named(last).moved(1)  # type: ignore[union-attr]
        now = self.clock.pass_by(minutes=1)

        def freeze(session: Session, month: Period) -> Frozen:
            return freeze_report(session, month, currency="EUR", zone=ZONE, now=now)

        if why_not_yet(self.session, period, zone=ZONE, days=DAYS, now=now) is not None:
            self.session.rollback()
            return None
        with self._commit():
            close_period(self.session, period, self.cast.fay, freeze=freeze, zone=ZONE, days=DAYS, now=now)
        self.closed[period.name] = (seal_of(self.session, period).sha256, self.rows(period))
        self.session.rollback()
        return period.name

    # What may be asked

    def reader(self, name: str, at: datetime) -> Reader:
        week = week_of(at, ZONE)
        known = {one.name: one for one in self.cast.everybody()}.get(name)
        if known is None:
            return Reader(week, f"hash-of-{name}", None, False, 1, True, 10_000)
        return Reader(week, f"a:{known.id}", known.id, known.is_staff, 1, True, 10_000)

    def rows(self, period: Period | None = None) -> list[Any]:
        columns = select(*Entry.__table__.columns).order_by(Entry.id)
        if period is not None:
            columns = columns.where(Entry.day >= period.first, Entry.day <= period.last)
        return list(self.session.execute(columns).all())

    def months(self) -> list[Period]:
        return list(periods(Period.of(START.date()), Period.of(self.clock().date())))

    def standing(self) -> set[tuple[Any, ...]]:
        """What stands, by names that do not depend on the order in which things came."""
        weeks = {week.id: (week.week, week.reader) for week in self.session.scalars(select(ReaderWeek))}
        found = set()
        for rows in by_unit(self.rows()).values():
            if (row := standing_of(rows)) is not None:
                found.add((weeks.get(row.reader_week_id), row.claim_id, *vars(said_by(row)).items()))
        self.session.rollback()
        return found

    def _mark_claims_of(self, thread: Thread, now: datetime) -> None:
        for claim in self.session.scalars(select(Claim).where(Claim.thread_id == thread.id)):
            if claim.decided_at is not None and claim.review_from is None:
                claim.review_from = now

    def _commit(self) -> Any:
        return _Committing(self.session)


class _Committing:
    """One commit, under SQLite's write lock from its beginning, as in life."""

    def __init__(self, session: Session) -> None:
        self._session, self._writing = session, writing()

    def __enter__(self) -> None:
        self._session.rollback()
        self._writing.__enter__()

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            self._session.commit()
        else:
            self._session.rollback()
        self._writing.__exit__(None, None, None)


def by_unit(rows: Sequence[Any]) -> dict[tuple[int | None, int | None], list[Any]]:
    units: dict[tuple[int | None, int | None], list[Any]] = {}
    for row in rows:
        units.setdefault((row.claim_id, row.reader_week_id), []).append(row)
    return units


def nothing_is_counted_twice(world: World) -> None:
    for unit, rows in by_unit(world.rows()).items():
        reversed_ids = {row.reverses_id for row in rows}
        standing = [row for row in rows if row.reverses_id is None and row.id not in reversed_ids]
        assert len(standing) <= 1, unit
        assert sum(row.quantity for row in rows) == len(standing)


def a_known_person_counts_in_one_kind_a_week(world: World) -> None:
    asked = world.session.execute(
        select(Thread.author_id, Claim.opened_at, Claim.due_at)
        .join(Thread, Thread.id == Claim.thread_id)
        .where(Claim.kind == Kind.DIRECT)
    ).all()
    weeks = {week.id: week for week in world.session.scalars(select(ReaderWeek)) if week.review_from is None}
    for (_claim, week_id), rows in by_unit(world.rows()).items():
        week = weeks.get(week_id) if week_id is not None else None
        if week is None or week.account_id is None or standing_of(rows) is None:
            continue
        sunday = week.week + timedelta(days=6)
        for author_id, opened_at, due_at in asked:
            runs = opened_at.astimezone(ZONE).date() <= sunday and due_at.astimezone(ZONE).date() >= week.week
            assert not (author_id == week.account_id and runs), (week.id, author_id)


def closed_months_never_change(world: World) -> None:
    for name, (sha256, rows) in world.closed.items():
        period = Period.named(name)
        assert period is not None
        assert world.rows(period) == rows, name
        assert seal_of(world.session, period).sha256 == sha256, name


def totals_are_a_straight_count(world: World) -> None:
    assert list(check_totals(world.session)) == []
    counted = world.session.scalar(select(func.coalesce(func.sum(Entry.quantity), 0)))
    for model in (EntryTotal, AnswerTotal):
        assert world.session.scalar(select(func.coalesce(func.sum(model.quantity), 0))) == counted


def recompute_finds_no_difference(world: World) -> None:
    for month in world.months():
        result = recompute(world.session, month, ZONE, DAYS)
        assert result.differences == [], month.name


INVARIANTS: list[Callable[[World], None]] = [
    nothing_is_counted_twice,
    a_known_person_counts_in_one_kind_a_week,
    closed_months_never_change,
    totals_are_a_straight_count,
    recompute_finds_no_difference,
]


def every_figure_is_the_sum_of_its_rows(world: World) -> None:
    """The page, each table of it, its rows and the file that is given away: one figure, as the rows of the ledger count it."""
    now = world.clock()
    months = world.months()
    scope = Scope(months[0], months[-1])
    edition = gathering.gather(world.session, scope, AUDITOR, now)
    total, given = edition.report.total, json.loads(json_of(edition))
    rows = list(entries_with(world.session, scope, currency="EUR", zone=ZONE))
    assert {row.id for row in rows} == {row.id for row in world.rows() if row.kind != Kind.ASSISTED}
    counted = (
        sum(row.quantity for row in rows),
        sum(row.contacts for row in rows),
        sum(row.money or 0 for row in rows),
    )
    assert (total.quantity, total.likely, total.money) == counted
    assert (
        given["total"]["quantity"],
        Decimal(given["total"]["contacts"]),
        Decimal(given["total"]["money"]),
    ) == counted
    for lines in (
        edition.report.by_month, edition.report.kinds.lines, edition.report.by_board, edition.report.by_network,
        edition.report.by_channel, edition.report.by_language,
    ):  # fmt: skip
        figures = [line.figure for line in lines]
        added = (
            sum(one.quantity for one in figures),
            sum(one.likely for one in figures),
            sum(one.money or 0 for one in figures),
        )
        assert added == counted


def check_figures(world: World) -> None:
    every_figure_is_the_sum_of_its_rows(world)
    world.session.rollback()


def check(world: World) -> None:
    for invariant in INVARIANTS:
        invariant(world)
    world.session.rollback()


def _cost(channel: str, amount: str, by: Account) -> ContactCost:
    told = {"currency": "EUR", "source": "a ledger", "entered_by_id": by.id, "entered_at": START}
    return ContactCost(channel=channel, amount=Decimal(amount), valid_from=START.date() - timedelta(days=60), **told)
