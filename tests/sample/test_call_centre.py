"""The sample's call centre: files come on Mondays, some askers turn up in them, and their claims lapse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.ledger.claim import Claim, Reason
from forum.ledger.contact import Contact, ContactFile, ContactMatch, FileState
from forum.ledger.cost import ContactCost
from forum.ledger.entry import Entry
from forum.ledger.period import Period
from forum.ledger.programme import ExchangeRate, ProgrammeCost
from forum.ledger.report_view import ResponseTarget, SavedView
from forum.people.roles import Role
from forum.reports.deflection_claims import ClaimList, list_claims
from forum.sample.call_centre import A_WEEK, SOURCE, CallCentre, number_customers
from forum.sample.days import Nights
from forum.sample.finance import PER_CONTACT, PER_MONTH, Books
from forum.wiring.parts import Parts
from tests.cast import Cast, person
from tests.scene import Clock, Stage

ZONE = ZoneInfo("Asia/Tokyo")  # so that a file for UTC's days would be seen
BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOW = BEGAN + timedelta(days=40)


@pytest.fixture
def asked(session: Session, cast: Cast) -> Session:
    """Sixty threads by people who have told their number, all solved, two a day."""
    people = [*cast.everybody(), *(person(f"asker{place}") for place in range(30))]
    session.add_all(people)
    number_customers(people)
    numbered = [one for one in people if one.customer_number]
    assert numbered
    assert all(one.role == Role.CUSTOMER for one in numbered)
    stage = Stage(session, Clock(BEGAN))
    board = stage.board()
    for place in range(60):
        stage.clock.pass_by(hours=12)
        asker = numbered[place % len(numbered)]
        thread = stage.thread(asker, board)
        answer = stage.answer(thread, next(one for one in numbered if one is not asker))
        accept_answer(session, thread, answer, asker, zone=ZONE, now=stage.clock.pass_by(minutes=1))
    session.commit()
    return session


def live(parts: Parts, until: datetime = NOW) -> None:
    centre = CallCentre(parts.sessions, parts.contact_keys, ZONE, until)
    Nights(parts.sessions, parts.contact_keys, ZONE, 7).live_through(BEGAN, until, centre.send)


def test_a_file_comes_each_monday_and_its_weeks_are_known_without_a_gap(asked: Session, parts: Parts) -> None:
    live(parts)
    files = asked.scalars(select(ContactFile).order_by(ContactFile.id)).all()
    assert len(files) == 6  # 2 March is a Monday itself
    assert {file.state for file in files} == {FileState.IMPORTED}
    assert {file.source for file in files} == {SOURCE}
    assert all(file.taken >= A_WEEK and file.refused == 0 for file in files)
    for earlier, later in pairwise(files):
        assert later.covers_from == earlier.covers_until + timedelta(days=1)  # type: ignore[operator]
    assert files[0].covers_from is not None
    assert files[0].covers_from.weekday() == 0


def test_some_askers_turn_up_and_their_claims_lapse_others_are_checked(asked: Session, parts: Parts) -> None:
    live(parts)
    contacted = asked.scalars(select(Claim).where(Claim.reason == Reason.CONTACTED)).all()
    matches = asked.scalar(select(func.count()).select_from(ContactMatch))
    assert 0 < len(contacted) < 20
    assert matches
    standing = {
        grade: count
        for grade, count in asked.execute(select(Entry.grade, func.sum(Entry.quantity)).group_by(Entry.grade))
        if count
    }
    assert standing["checked"] > 20
    assert standing["stated"]  # the last days are covered by no file yet


def test_a_claim_that_was_checked_later_does_not_read_as_taken_back(asked: Session, parts: Parts) -> None:
    live(parts)
    regraded = set(asked.scalars(select(Entry.claim_id).where(Entry.why == Reason.REGRADED)))
    assert regraded
    shown = {
        row.id: row for state in ("qualified", "lapsed") for row in list_claims(asked, ClaimList(state=state)).rows
    }
    assert not any(row.reversed for row in shown.values() if row.state == "qualified")
    taken_back = {claim_id for claim_id in regraded & set(shown) if shown[claim_id].state == "lapsed"}
    assert all(shown[claim_id].reversed for claim_id in taken_back)


def test_who_called_stands_in_the_database_as_a_hash_alone(asked: Session, parts: Parts) -> None:
    live(parts)
    assert all(len(one or "") == 64 for one in asked.scalars(select(Contact.customer_hash)))


def test_the_books_are_opened_once_and_a_month_is_booked_on_its_third_day(session: Session, cast: Cast) -> None:
    books = Books("EUR", ZONE, 7, Period(2026, 3), Period(2026, 4))
    books.open(session, BEGAN)
    day = BEGAN
    while day < NOW + timedelta(days=30):
        books.book(session, day)
        day += timedelta(days=1)
    session.commit()
    costs = session.scalars(select(ProgrammeCost)).all()
    assert {(row.period, row.currency) for row in costs} == {
        (month, currency) for month in ("2026-03", "2026-04") for currency in ("EUR", "USD")
    }
    assert len(costs) == 2 * (len(PER_MONTH) + 1)
    assert {row.source for row in costs} == {"sample"}
    assert set(session.scalars(select(ContactCost.channel))) == set(PER_CONTACT)
    assert session.scalars(select(ExchangeRate.currency)).one() == "USD"
    assert len(session.scalars(select(ResponseTarget)).all()) == 5
    assert session.scalars(select(SavedView.account_id)).one() == cast.fay.id
