"""A closed month reads the same whatever comes later, and what comes later stands in the month in which it came."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from forum.actions.close_period import close_period
from forum.actions.qualify_claims import review_claims
from forum.ledger.closed_period import ClosedPeriod, Frozen
from forum.ledger.contact import Contact, ContactFile, ContactMatch
from forum.ledger.period import Period
from forum.ledger.programme import ExchangeRate, ProgrammeCost
from forum.reports.deflection_frozen import figures_of, freeze_report
from forum.reports.deflection_report import deflection_report
from forum.reports.deflection_scope import Scope
from forum.reports.deflection_shape import DeflectionReport, Figure, ResponseTimes
from forum.reports.plain import as_plain, from_plain
from forum.threads.thread import Thread
from tests.cast import Cast
from tests.reports.ledger_scene import LedgerScene

SEPTEMBER, OCTOBER = Period(2026, 9), Period(2026, 10)


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def scene(session: Session, cast: Cast) -> LedgerScene:
    """A September with askers who said yes, no and nothing, with a mention, costs and programme costs."""
    scene = LedgerScene(session, cast)
    scene.cost("phone", "8.00")
    scene.cost("network", "2.50")
    for intent in ("yes", "yes", "no", None, None):
        scene.solved(intent, "phone" if intent == "yes" else None)
    scene.mentioned("1")
    session.add(programme(scene, "100.00"))
    scene.days_pass()
    scene.clock.now = datetime(2026, 10, 12, 9, tzinfo=UTC)
    return scene


def programme(scene: LedgerScene, amount: str) -> ProgrammeCost:
    return ProgrammeCost(
        period=SEPTEMBER.name, part="platform", amount=Decimal(amount), currency="EUR", source="A bill",
        entered_by_id=scene.cast.fay.id, entered_at=scene.clock(),
    )  # fmt: skip


def close(scene: LedgerScene, period: Period) -> ClosedPeriod:
    def freeze(session: Session, month: Period) -> Frozen:
        return freeze_report(session, month, currency="EUR", zone=UTC, now=scene.clock())

    closed = close_period(
        scene.session, period, scene.cast.fay, freeze=freeze, zone=UTC, days=7, now=scene.clock.pass_by(minutes=1)
    )
    scene.session.commit()
    return closed


def a_late_contact(scene: LedgerScene, claim_id: int) -> None:
    """Days of the closed month are known only now, and one asker did call in them."""
    now, session = scene.clock.pass_by(minutes=1), scene.session
    file = ContactFile(
        name="september.csv", source="genesys", arrived_by="upload", sha256="x", state="imported",
        covers_from=date(2026, 8, 1), covers_until=date(2026, 10, 1), arrived_at=now, imported_at=now,
    )  # fmt: skip
    session.add(file)
    session.flush()
    contact = Contact(
        file_id=file.id, source="genesys", external_id="1", channel="phone",
        happened_at=datetime(2026, 9, 4, tzinfo=UTC), imported_at=now,
    )  # fmt: skip
    session.add(contact)
    session.flush()
    session.add(ContactMatch(contact_id=contact.id, claim_id=claim_id, matched_at=now))
    session.commit()


def read_again(report: DeflectionReport) -> dict[str, object]:
    """What the page shows of the month itself, as text."""
    return json.loads(json.dumps(figures_of(report)))


def test_a_closed_month_reads_the_same_after_all_that_comes_later(scene: LedgerScene) -> None:
    before = scene.report(SEPTEMBER)
    close(scene, SEPTEMBER)
    rows = [(row.id, row.contacts, row.money) for row in scene.entries(SEPTEMBER)[0]]
    assert figures_of(scene.report(SEPTEMBER)) | {"rates": None} == figures_of(before) | {"rates": None}
    assert all(rate.frozen for rate in scene.report(SEPTEMBER).rates)
    on_its_day = read_again(scene.report(SEPTEMBER))
    assert on_its_day["total"] == json.loads(json.dumps(scene.session.query(ClosedPeriod).one().figures))["total"]

    scene.cost("phone", "80.00")  # valid from before the month
    scene.session.add(programme(scene, "999.00"))
    claims = [row.claim_id for row in scene.entries(SEPTEMBER)[0] if row.kind == "direct" and row.intent == "yes"]
    a_late_contact(scene, claims[0])
    contacted = scene.claim_by_id(claims[0])
    contacted.review_from = scene.clock()
    scene.session.commit()
    assert review_claims(scene.session, UTC, scene.clock.pass_by(minutes=1)) == 1
    scene.session.commit()

    assert read_again(scene.report(SEPTEMBER)) == on_its_day
    assert [(row.id, row.contacts, row.money) for row in scene.entries(SEPTEMBER)[0]] == rows
    assert scene.report(SEPTEMBER).programme == before.programme
    october = scene.report(OCTOBER)
    assert (october.total.quantity, october.total.likely, october.total.money) == (-1, -1, Decimal("-8.00"))
    assert october.late is not None and (october.late.rows, october.late.figure) == (1, october.total)
    [row] = scene.entries(scope=Scope(OCTOBER, OCTOBER, late=True))[0]
    assert row.late and (row.contacts, row.money, row.why) == (-1, Decimal("-8.00"), "contacted")


def test_without_its_frozen_parameters_the_month_would_read_otherwise(scene: LedgerScene) -> None:
    close(scene, SEPTEMBER)
    scene.cost("phone", "80.00")
    month = Scope(SEPTEMBER, SEPTEMBER)
    now = scene.clock()
    live = deflection_report(scene.session, month, currency="EUR", zone=UTC, now=now, thawed=False)
    assert live.total.money is not None and scene.report(SEPTEMBER).total.money is not None
    assert live.total.money > scene.report(SEPTEMBER).total.money


def test_what_is_taken_back_after_closing_is_worth_what_it_was_when_it_was_closed(scene: LedgerScene) -> None:
    """A row of September, taken back in November at September's frozen rate, two of three."""
    [silent, _other] = [row for row in scene.entries(SEPTEMBER)[0] if row.kind == "direct" and not row.intent]
    scene.clock.now = datetime(2026, 11, 15, 9, tzinfo=UTC)
    for month in (SEPTEMBER, OCTOBER):
        close(scene, month)
    assert scene.report(OCTOBER).closed == [OCTOBER] and scene.report().closed == [SEPTEMBER, OCTOBER]
    scene.cost("phone", "80.00")
    scene.withdraw(scene.session.get_one(Thread, silent.thread_id))
    november = scene.report(Period(2026, 11))
    assert silent.contacts == Decimal("0.666667") and silent.money is not None
    assert (november.total.likely, november.total.money) == (-silent.contacts, -silent.money)


def test_another_currency_makes_a_closed_months_money_unknown_not_wrong(scene: LedgerScene) -> None:
    close(scene, SEPTEMBER)
    report = scene.report(SEPTEMBER, currency="CHF")
    assert report.total.money is None and "other_currency" in {gap.what for gap in report.gaps}
    assert report.total.likely == scene.report(SEPTEMBER).total.likely


def test_an_exchange_rate_entered_later_does_not_reach_into_a_closed_month(scene: LedgerScene) -> None:
    close(scene, SEPTEMBER)
    before = scene.report(SEPTEMBER).total
    scene.session.add(
        ExchangeRate(
            currency="USD", rate=Decimal("0.9"), into="EUR", valid_from=date(2026, 9, 1), source="A bank",
            entered_by_id=scene.cast.fay.id, entered_at=scene.clock(),
        )
    )  # fmt: skip
    scene.session.commit()
    assert scene.report(SEPTEMBER).total == before


def test_what_is_made_plain_can_be_read_again() -> None:
    figure = Figure(3, 1.25, Decimal("2.5000"), 3.5, None, Decimal("12.10"), Decimal("13.00"))
    assert from_plain(Figure, json.loads(json.dumps(as_plain(figure)))) == figure
    times = [ResponseTimes("bluesky", None, 4, [], 12.5)]
    assert from_plain(list[ResponseTimes], json.loads(json.dumps(as_plain(times)))) == times
    with pytest.raises(TypeError, match="has no plain form"):
        as_plain(timedelta(days=1))
