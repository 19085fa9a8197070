"""The week in numbers: who gets it, once a week, what it says and how it is ended, through a real SMTP server."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.actions.mail_impact import mail_impact, monday_of, next_monday, week_name
from forum.actions.send_mail import send_mail
from forum.exports.impact_mail import ImpactWriter
from forum.ledger.period import Period
from forum.ledger.reader_week import ReaderWeek
from forum.notices.notice import NoticeChoice
from forum.outbox.delivery import Delivery, State
from forum.outbox.mail import Mail
from forum.people.roles import Role
from forum.reports.deflection_rows import list_entries
from forum.reports.deflection_scope import Scope
from forum.reports.impact import impact_of, month_of
from forum.wiring.mailer import SmtpMailer
from forum.wiring.parts import Parts
from forum.wiring.translator import say
from tests.cast import Cast
from tests.exports.scene import FullScene
from tests.services.postbox import Postbox

MONDAY = date(2026, 9, 14)
AFTER = datetime(2026, 9, 21, 8, tzinfo=UTC)


@pytest.fixture
def scene(session: Session, cast: Cast) -> FullScene:
    """Bob, a superfan, solved what 180 people read in the middle of September."""
    made = FullScene(session, cast).fill()
    session.execute(update(ReaderWeek).values(week=MONDAY))
    cast.bob.superfan_since = made.clock()
    session.commit()
    return made


@pytest.fixture
def writer(parts: Parts, scene: FullScene) -> ImpactWriter:
    return ImpactWriter(replace(parts.settings, public_url="https://forum.example"), say, scene.clock)


def make(session: Session, now: datetime = AFTER) -> int:
    made = mail_impact(session, UTC, now)
    session.commit()
    return made


def the_row(session: Session) -> Delivery:
    return session.scalars(select(Delivery).where(Delivery.key.startswith("mail:impact:"))).one()


def written(session: Session, writer: ImpactWriter) -> Mail | None:
    row = the_row(session)
    return writer(session, row.key, row.payload)


def test_one_member_and_week_make_one_mail_from_monday_morning_on(
    session: Session, scene: FullScene, cast: Cast
) -> None:
    assert make(session, datetime(2026, 9, 21, 7, 59, tzinfo=UTC)) == 0  # the week before had no reader
    assert [make(session), make(session), make(session, datetime(2026, 9, 27, 23, tzinfo=UTC))] == [1, 0, 0]
    assert the_row(session).key == f"mail:impact:{cast.bob.id}:2026-W38"
    assert make(session, datetime(2026, 9, 28, 8, tzinfo=UTC)) == 0  # nobody read anything in the week after


def test_it_says_how_many_read_and_what_that_saved_by_the_companys_own_estimate(
    session: Session, scene: FullScene, writer: ImpactWriter, cast: Cast
) -> None:
    make(session)
    mail = written(session, writer)
    assert mail is not None and mail.to == "bob@example.com"
    assert "People who read answers of yours last week: 180" in mail.text
    september = Period(2026, 9)
    contacts = list_entries(session, Scope(september, september), currency=None, zone=UTC).contacts
    impact = impact_of(session, cast.bob, MONDAY, UTC)
    assert impact is not None and impact.saved is not None
    assert impact.saved.contacts == contacts > Decimal(10)
    assert impact.saved.low < contacts < impact.saved.high
    assert (
        f"about {round(contacts)}." in mail.text
        and f"95 % range is {impact.saved.low} to {impact.saved.high}." in mail.text
    )
    assert "the company's own estimate" in mail.text
    assert "https://forum.example/people/bob" in mail.text


def test_the_companys_figure_is_for_superfans_alone(
    session: Session, scene: FullScene, writer: ImpactWriter, cast: Cast
) -> None:
    cast.bob.superfan_since = None
    make(session)
    mail = written(session, writer)
    assert mail is not None and "180" in mail.text and "estimate" not in mail.text


def test_it_speaks_the_members_language(session: Session, scene: FullScene, writer: ImpactWriter, cast: Cast) -> None:
    cast.bob.language = "zh_Hans"
    make(session)
    mail = written(session, writer)
    assert mail is not None and "2026年9月" in mail.text


@pytest.mark.parametrize("reader", ["own", "staff", "bot"])
def test_who_is_no_other_person_is_no_reader(session: Session, scene: FullScene, cast: Cast, reader: str) -> None:
    facts = {"own": {"account_id": cast.bob.id}, "staff": {"by_staff": True}, "bot": {"bot_at": scene.clock()}}[reader]
    session.execute(update(ReaderWeek).values(**facts))
    session.commit()
    assert make(session) == 0
    assert impact_of(session, cast.bob, MONDAY, UTC) is None


def test_whoever_declined_rests_left_or_became_staff_gets_none(session: Session, scene: FullScene, cast: Cast) -> None:
    choice = NoticeChoice(account_id=cast.bob.id, event="impact", in_page=False, by_mail=False)
    session.add(choice)
    assert make(session) == 0
    session.delete(choice)
    cast.bob.mail_paused_until = datetime(2026, 12, 1, tzinfo=UTC)
    assert make(session) == 0
    cast.bob.mail_paused_until, cast.bob.closed_at = None, scene.clock()
    assert make(session) == 0
    cast.bob.closed_at, cast.bob.role = None, Role.AGENT
    assert make(session) == 0
    cast.bob.role, cast.bob.email_key = Role.CUSTOMER, "bob@imported.invalid"
    assert make(session) == 0
    cast.bob.email_key, cast.bob.solutions = "bob@example.com", 0
    assert make(session) == 0
    cast.bob.solutions = 1
    assert make(session) == 1


@pytest.mark.parametrize("what", ["declined", "left", "unread", "nonsense"])
def test_what_changed_meanwhile_stops_a_mail_that_was_not_sent_yet(
    session: Session, scene: FullScene, writer: ImpactWriter, cast: Cast, what: str
) -> None:
    make(session)
    row = the_row(session)
    if what == "declined":
        session.add(NoticeChoice(account_id=cast.bob.id, event="impact", in_page=False, by_mail=False))
    elif what == "left":
        cast.bob.closed_at = scene.clock()
    elif what == "unread":
        session.execute(update(ReaderWeek).values(bot_at=scene.clock()))
    else:
        row.payload = {"impact": {"account": cast.bob.id, "week": "2026-W99"}}
    session.commit()
    assert writer(session, row.key, row.payload) is None


def test_it_travels_with_the_link_that_ends_it(
    parts: Parts, session: Session, scene: FullScene, writer: ImpactWriter, mailer: SmtpMailer, postbox: Postbox
) -> None:
    make(session)
    number = the_row(session).id
    assert send_mail(parts.sessions, number, mailer, scene.clock, writer) == State.SENT
    assert send_mail(parts.sessions, number, mailer, scene.clock, writer) is None
    [letter] = postbox.letters
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].startswith("<https://forum.example/mail/stop/")


@pytest.mark.parametrize(
    ("now", "zone", "wanted"),
    [
        ("2026-11-22T10:00", "UTC", "2026-11-23T08:00"), ("2026-11-23T07:59", "UTC", "2026-11-23T08:00"),
        ("2026-11-23T08:00", "UTC", "2026-11-30T08:00"), ("2026-11-22T23:30", "Asia/Shanghai", "2026-11-23T00:00"),
        ("2026-03-23T08:00", "Europe/Berlin", "2026-03-30T06:00"),
    ],
)  # fmt: skip
def test_the_next_monday_is_the_companys(now: str, zone: str, wanted: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert next_monday(at, ZoneInfo(zone)) == datetime.fromisoformat(wanted).replace(tzinfo=UTC)


def test_weeks_have_the_names_that_iso_gives_them() -> None:
    assert week_name(date(2026, 11, 16)) == "2026-W47" and monday_of("2026-W47") == date(2026, 11, 16)
    assert week_name(date(2024, 12, 30)) == "2025-W01"
    assert monday_of("2026-W54") is monday_of("x") is None
    assert (month_of(date(2026, 9, 14)), month_of(date(2026, 9, 7))) == (Period(2026, 9), Period(2026, 8))
