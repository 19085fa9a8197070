"""The monthly mail: a view and a month make one mail with the PDF, through a real SMTP server, whoever is killed on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.mail_reports import latest_due, mail_day, mail_reports
from forum.actions.send_mail import send_mail
from forum.exports.report_mail import ReportWriter
from forum.ledger.period import Period
from forum.ledger.report_view import SavedView
from forum.moderation.log import LogEntry
from forum.outbox.delivery import LEASE, Delivery, State
from forum.outbox.mail import Mail
from forum.people.roles import Role
from forum.wiring.mailer import FolderMailer, SmtpMailer
from forum.wiring.parts import Parts
from forum.wiring.translator import say
from tests.cast import Cast
from tests.exports.scene import FullScene
from tests.services.postbox import Dying, Postbox

SEPTEMBER = Period(2026, 9)


@pytest.fixture
def scene(session: Session, cast: Cast) -> FullScene:
    return FullScene(session, cast).fill()


@pytest.fixture
def view(scene: FullScene, cast: Cast) -> SavedView:
    """Fay's, of one board and twelve months, mailed since the summer."""
    made = SavedView(account_id=cast.fay.id, name="Wi-Fi", query="board=wifi&span=12", made_at=scene.clock(), mailed_since=datetime(2026, 7, 1, tzinfo=UTC))  # fmt: skip
    scene.session.add(made)
    scene.session.commit()
    return made


@pytest.fixture
def writer(parts: Parts, scene: FullScene) -> ReportWriter:
    return ReportWriter(replace(parts.settings, public_url="https://forum.example"), say, scene.clock)


def make(scene: FullScene) -> int:
    """What the job does, at the scene's time."""
    made = mail_reports(scene.session, UTC, scene.clock(), days=7)
    scene.session.commit()
    return made


def delivery(session: Session) -> Delivery:
    session.rollback()
    found = select(Delivery).where(Delivery.key.startswith("mail:report:"))
    return session.scalars(found.execution_options(populate_existing=True)).one()


@pytest.mark.parametrize(
    ("zone", "days", "now", "month"),
    [
        ("UTC", 7, "2026-11-08T05:59", "2026-09"), ("UTC", 7, "2026-11-08T06:00", "2026-10"),
        ("Asia/Shanghai", 7, "2026-11-07T22:00", "2026-10"), ("UTC", 0, "2026-11-01T06:00", "2026-10"),
        ("UTC", 40, "2026-11-08T06:00", "2026-08"), ("UTC", 7, "2026-01-08T06:00", "2025-12"),
    ],
)  # fmt: skip
def test_a_month_is_due_when_its_last_claim_has_come_to_its_day(zone: str, days: int, now: str, month: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert latest_due(ZoneInfo(zone), at, days).name == month


def test_a_view_and_a_month_make_one_mail_however_often_the_job_runs(scene: FullScene, view: SavedView, cast: Cast) -> None:  # fmt: skip
    assert [make(scene), make(scene)] == [1, 0]
    made = delivery(scene.session)
    assert (made.key, made.payload) == (f"mail:report:{view.id}:2026-09", {"report": {"view": view.id, "month": "2026-09"}})  # fmt: skip
    noted = scene.session.scalars(select(LogEntry).where(LogEntry.act == "export_deflection")).one()
    assert (noted.by_id, noted.details["mailed"]) == (cast.fay.id, "2026-09")
    scene.clock.now = mail_day(Period(2026, 10), UTC, 7)
    assert [make(scene), make(scene)] == [1, 0]


def test_nothing_is_mailed_that_nobody_asked_for_in_time(scene: FullScene, view: SavedView) -> None:
    view.mailed_since = None
    scene.session.commit()
    assert make(scene) == 0
    view.mailed_since = mail_day(SEPTEMBER, UTC, 7) + timedelta(seconds=1)
    scene.session.commit()
    assert make(scene) == 0


def test_the_pdf_of_the_month_arrives_once_and_says_the_pages_figures(
    parts: Parts, scene: FullScene, view: SavedView, writer: ReportWriter, mailer: SmtpMailer, postbox: Postbox
) -> None:
    make(scene)
    mail = delivery(scene.session)
    assert send_mail(parts.sessions, mail.id, mailer, scene.clock, writer) == State.SENT
    assert send_mail(parts.sessions, mail.id, mailer, scene.clock, writer) is None
    (letter,) = postbox.letters
    total = scene.report(SEPTEMBER).total
    assert (letter["To"], letter["Subject"]) == ("fay@example.com", "Call deflection, September 2026: Wi-Fi")
    body = letter.get_body()
    assert body is not None
    text = body.get_content()
    assert f"€{total.money_low:,}" in text
    assert "https://forum.example/reports/deflection?from=2026-09&to=2026-09&board=wifi" in text
    (file,) = letter.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("call-deflection-2026-09.pdf", "application/pdf")
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(file.get_content())).pages)
    assert "Call deflection, September 2026" in words and f"€{total.money:,.2f}" in words


def test_it_is_in_its_owners_language(
    parts: Parts, scene: FullScene, view: SavedView, cast: Cast, writer: ReportWriter, mailer: SmtpMailer, postbox: Postbox
) -> None:  # fmt: skip
    cast.fay.language = "zh_Hant"
    scene.session.commit()
    make(scene)
    send_mail(parts.sessions, delivery(scene.session).id, mailer, scene.clock, writer)
    (letter,) = postbox.letters
    (file,) = letter.iter_attachments()
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(file.get_content())).pages)
    assert "依月份" in "".join(words.split())


def test_a_worker_that_dies_while_writing_sends_nothing_and_the_next_one_sends_once(
    parts: Parts, scene: FullScene, view: SavedView, writer: ReportWriter, mailer: SmtpMailer, postbox: Postbox
) -> None:
    make(scene)
    mail = delivery(scene.session)

    def killed(*_what: object) -> Mail:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_mail(parts.sessions, mail.id, mailer, scene.clock, killed)
    assert send_mail(parts.sessions, mail.id, mailer, scene.clock, writer) is None  # it may still be alive
    scene.clock.now += LEASE + timedelta(seconds=1)
    assert send_mail(parts.sessions, mail.id, mailer, scene.clock, writer) == State.SENT
    assert len(postbox.letters) == 1


def test_a_worker_that_dies_after_sending_leaves_one_id_for_mailboxes_to_fold(
    parts: Parts, scene: FullScene, view: SavedView, writer: ReportWriter, mailer: SmtpMailer, postbox: Postbox
) -> None:
    make(scene)
    mail = delivery(scene.session)
    with pytest.raises(KeyboardInterrupt):
        send_mail(parts.sessions, mail.id, Dying(mailer), scene.clock, writer)
    scene.clock.now += LEASE + timedelta(seconds=1)
    assert send_mail(parts.sessions, mail.id, mailer, scene.clock, writer) == State.SENT
    assert len({letter["Message-ID"] for letter in postbox.letters}) == 1
    assert make(scene) == 0 and delivery(scene.session).state == State.SENT


@pytest.mark.parametrize("why", ["role", "closed", "stopped", "deleted"])
def test_who_may_no_longer_see_it_gets_none(
    parts: Parts, scene: FullScene, view: SavedView, cast: Cast, writer: ReportWriter, mailer: SmtpMailer, postbox: Postbox, why: str
) -> None:  # fmt: skip
    make(scene)
    mail = delivery(scene.session)
    if why == "role":
        cast.fay.role = Role.AGENT
    elif why == "closed":
        cast.fay.closed_at = scene.clock()
    elif why == "stopped":
        view.mailed_since = None
    else:
        scene.session.delete(view)
    scene.session.commit()
    assert send_mail(parts.sessions, mail.id, mailer, scene.clock, writer) == State.CANCELLED
    assert postbox.letters == [] and delivery(scene.session).state == State.CANCELLED


def test_without_a_mail_server_the_letter_with_its_pdf_is_a_file(
    parts: Parts, scene: FullScene, view: SavedView, writer: ReportWriter
) -> None:
    make(scene)
    folder = parts.settings.mail_folder
    send_mail(parts.sessions, delivery(scene.session).id, FolderMailer(folder, "a@example.com"), scene.clock, writer)
    (file,) = folder.iterdir()
    assert b"application/pdf" in file.read_bytes()
