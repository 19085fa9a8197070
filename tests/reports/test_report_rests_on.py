"""What the report rests on: surveys, rates, prices, programme costs, response times, and what it says it does not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from forum.kernel.money import CENT
from forum.ledger.booking import book
from forum.ledger.claim import Claim
from forum.ledger.entry import Entry
from forum.ledger.proportion import Proportion
from forum.ledger.reader_week import MonthViews, ReaderSalt, ReaderWeek
from forum.ledger.report_view import ResponseTarget
from forum.ledger.survey import Survey
from forum.outbox.delivery import Delivery
from forum.reports.answer_share import share_of_member, share_of_thread
from forum.reports.deflection_report import deflection_report
from forum.reports.deflection_scope import Scope
from forum.reports.deflection_shape import DeflectionReport
from tests.actions.listening_world import a_mention
from tests.cast import Cast
from tests.reports.report_world import (
    ANSWERED,
    AUGUST,
    JOINT,
    NOW,
    OCTOBER,
    SEPTEMBER,
    SILENT,
    World,
    a_world,
    know_contacts,
)


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def world(session: Session, cast: Cast) -> World:
    return a_world(session, cast)


def report(
    world: World, *, currency: str | None = "EUR", rate: Decimal | None = None, **narrowed: Any
) -> DeflectionReport:
    scope = replace(Scope(AUGUST, OCTOBER), **narrowed)
    return deflection_report(world.session, scope, currency=currency, zone=UTC, now=NOW, yearly_rate=rate)


def test_readers_count_with_the_joint_share_of_those_who_answered(world: World) -> None:
    found = report(world)
    [_august, september, october] = found.survey
    assert (september.drawn, september.answered, september.joint) == (ANSWERED + SILENT, ANSWERED, JOINT)
    assert (september.silent, september.response, september.enough) == (SILENT, Decimal("0.8"), True)
    assert (october.drawn, october.enough) == (0, False)
    indirect = found.kinds.lines[2].figure
    assert (indirect.quantity, indirect.likely) == (150, 150 * Decimal("0.1000"))
    assert indirect.low < 15 < indirect.high
    # Were the thirty silent ones a no, twelve of a hundred and fifty would be the rate.
    assert found.if_silent_meant_no.likely == 150 * Decimal("0.0800")


def test_a_half_answered_survey_is_a_no_and_one_without_an_answer_is_silent(world: World) -> None:
    session = world.session
    silent = session.query(ReaderWeek).order_by(ReaderWeek.id.desc()).limit(2).all()
    for week, problem in zip(silent, ("yes", None), strict=True):
        session.add(
            Survey(
                reader_week_id=week.id, thread_id=world.threads[0].id, problem=problem, begun_at=NOW, answered_at=NOW
            )
        )
    session.flush()
    september = report(world).survey[1]
    assert (september.answered, september.joint, september.silent) == (ANSWERED + 1, JOINT, SILENT - 1)


def test_a_reader_whose_row_was_taken_back_and_booked_again_is_asked_once(world: World) -> None:
    session = world.session
    first = session.query(Entry).filter(Entry.reader_week_id.is_not(None)).order_by(Entry.id).first()
    assert first is not None
    row = world.row(0, kind="indirect", grade="surveyed", reader_week_id=first.reader_week_id, language="en")
    place = {"board_id": first.board_id, "language": first.language}
    book(session, [{**row, **place, "quantity": -1, "reverses_id": first.id, "basis": first.basis, "why": "regraded"}])
    book(session, [{**row, "basis": f"{first.basis}#2"}])
    september = report(world).survey[1]
    assert (september.drawn, september.answered, september.joint) == (ANSWERED + SILENT, ANSWERED, JOINT)
    assert sum(one.known.of for line in report(world).by_board for one in line.own) == ANSWERED


def test_under_a_hundred_answers_readers_count_nothing_and_the_report_says_so(world: World) -> None:
    session = world.session
    for survey in session.query(Survey).order_by(Survey.id).limit(21):
        session.delete(survey)
    session.flush()
    found = report(world)
    assert found.kinds.lines[2].figure.likely == 0 == found.kinds.lines[2].figure.high
    [gap] = [gap for gap in found.gaps if gap.what == "not_enough_answers"]
    assert (gap.period, gap.count) == (SEPTEMBER, ANSWERED - 21)


def test_a_part_with_under_a_hundred_answers_is_allocated(world: World) -> None:
    """The survey's reader-weeks alternate between the boards, so each has sixty of the answers."""
    found = report(world)
    assert [[one.known.of for one in line.own] for line in found.by_board] == [[ANSWERED // 2], [ANSWERED // 2]]
    assert all(line.allocated and not line.own[0].enough for line in [*found.by_board, *found.by_language])
    assert not any(line.allocated for line in [*found.by_month, *found.by_network])


def test_a_board_with_a_hundred_answers_of_its_own_draws_its_range_from_them(world: World) -> None:
    asked = datetime(2026, 9, 20, tzinfo=UTC)
    world.session.add_all([
        Claim(
            kind="direct", thread_id=world.threads[0].id, acceptance_id=world.acceptances[0].id, basis=f"own:{number}",
            opened_at=asked, due_at=asked, decided_at=asked, intent="no", outcome="lapsed",
            reason="would_not_have_contacted",
        )
        for number in range(100)
    ])  # fmt: skip
    book(world.session, [world.row(place, basis=f"silent:{place}") for place in (0, 1)])
    found = report(world, kind="direct")
    lines = {line.key: line for line in found.by_board}
    [wifi], [setup] = lines["wifi"].own, lines["setup"].own
    assert (wifi.known.of, wifi.enough, lines["wifi"].allocated) == (120, True, False)
    assert (setup.known.of, setup.enough, lines["setup"].allocated) == (20, False, True)
    assert lines["wifi"].figure.likely == lines["setup"].figure.likely == Proportion(30, 140).rate
    assert lines["wifi"].figure.high < lines["setup"].figure.high  # nearly nobody there would have called


def test_rates_in_force_name_their_rows_and_answers(world: World) -> None:
    book(world.session, [world.row(0, kind="social", network="bluesky", basis="mention:1")])
    rates = {rate.name: rate for rate in report(world).rates}
    assert rates["direct:2026-09"].known == Proportion(30, 40)
    assert (rates["indirect:2026-09"].known, rates["indirect:2026-09"].quantity) == (Proportion(JOINT, ANSWERED), 150)
    assert (rates["social:bluesky:2026-09"].known.of, rates["social:bluesky:2026-09"].enough) == (0, False)
    assert ("unknown_staff_rate", "bluesky") in {(gap.what, gap.network) for gap in report(world).gaps}


def test_a_price_follows_its_exchange_rate_and_one_without_a_rate_prices_nothing(world: World) -> None:
    asked = {"intent": "yes", "channel": "chat"}
    days = [date(2026, 9, 7), date(2026, 9, 8)]
    book(world.session, [
        *(world.row(0, **asked, day=day, valued_on=day, basis=f"chat:{day}") for day in days),
        world.row(0, intent="yes", channel="store", basis="store"),
    ])  # fmt: skip
    found = report(world)
    money = {line.key: line.figure.money for line in found.by_channel}
    assert money["chat"] == Decimal("4.5409") + Decimal("4.3413")  # 4.99 at .91, then at .87
    assert money["store"] == 0 and found.unpriced == 1
    gaps = {(gap.what, gap.channel, gap.currency) for gap in found.gaps}
    assert {("no_exchange_rate", "store", "CHF"), ("no_cost", "store", None)} <= gaps
    chat = [price for price in found.prices if price.channel == "chat"]
    assert [(price.valid_from, price.amount) for price in chat] == [
        (date(2026, 8, 1), Decimal("4.5409")), (date(2026, 9, 8), Decimal("4.3413")),
    ]  # fmt: skip


def test_whose_channel_nobody_named_costs_the_cheapest_while_few_named_theirs(world: World) -> None:
    [mix] = [mix for mix in report(world).mixes if mix.kind == "indirect"]
    assert (mix.named, mix.enough, mix.cheapest) == ({"chat": JOINT}, False, "network")
    assert mix.price == Decimal("3.3300")


def test_programme_costs_of_a_month_set_the_return(world: World) -> None:
    programme = report(world, rate=Decimal("0.08")).programme
    assert programme is not None
    # The later row of a part holds: 50 and 20 dollars at .87; October's francs have no rate.
    assert programme.cost == Decimal("67.40") and programme.months_without == [AUGUST, OCTOBER]
    total = report(world).total.money
    assert total is not None and programme.net == total.quantize(CENT) - Decimal("67.40")
    assert programme.roi == (programme.net / Decimal("67.40")).quantize(Decimal("0.0001"))
    assert programme.present_value is not None and programme.payback is None
    assert report(world, board="wifi").programme is None and report(world, currency=None).programme is None


def test_coverage_counts_the_days_that_contact_data_knows(world: World) -> None:
    asked = {"intent": "yes", "channel": "phone"}
    book(world.session, [world.row(0, **asked, grade=grade, basis=grade) for grade in ("checked", "stated")])
    assert "no_contact_data" in {gap.what for gap in report(world).gaps}
    know_contacts(world, date(2026, 9, 1), date(2026, 9, 10))
    know_contacts(world, date(2026, 9, 5), date(2026, 9, 14))
    coverage = report(world).coverage
    assert (coverage.checked, coverage.stated, coverage.share) == (1, 1, Decimal("0.5"))
    assert (coverage.days_covered, coverage.days) == (14, 31 + 30 + 28)
    assert "no_contact_data" not in {gap.what for gap in report(world).gaps}
    assert report(world, grade="checked").total.likely == 1  # the strict setting


def test_top_threads_share_the_estimate_and_a_filter_reaches_them(world: World) -> None:
    book(world.session, [world.row(1, intent="yes", channel="phone", grade="checked", basis="yes")])
    top = report(world).top_threads
    assert sum(one.contacts for one in top) == report(world).total.likely
    assert top[0].id == world.threads[1].id
    assert {one.id for one in report(world, board="wifi").top_threads} == {world.threads[0].id, world.threads[2].id}
    assert [one.contacts for one in report(world, grade="checked").top_threads] == [1]
    first = next(one for one in top if one.id == world.threads[0].id)
    assert share_of_thread(world.session, world.threads[0].id, UTC) == first.contacts
    assert share_of_member(world.session, world.cast.sue.id, UTC) == first.contacts
    assert share_of_member(world.session, world.cast.mallory.id, UTC) is None


def test_answers_on_a_network_are_timed_against_the_targets(world: World) -> None:
    session, asked = world.session, datetime(2026, 9, 10, 8, tzinfo=UTC)
    for number, minutes in enumerate((10, 50, 3_000, None)):
        mention = a_mention(
            world.connection.id, f"m{number}", created_at=asked, imported_at=asked, opens_thread=True,
            thread_id=world.threads[0].id,
        )  # fmt: skip
        session.add(mention)
        session.flush()
        if minutes is not None:
            at = asked + timedelta(minutes=minutes)
            session.add(
                Delivery(
                    kind="reply", key=f"reply:{number}", state="sent", made_at=asked, due_at=asked, settled_at=at,
                    mention_id=mention.id, acceptance_id=world.acceptances[0].id, thread_id=world.threads[0].id,
                )
            )  # fmt: skip
    for share in ("0.2", "0.9"):
        session.add(
            ResponseTarget(network="", minutes=60, share=Decimal(share), set_by_id=world.cast.max.id, set_at=NOW)
        )
    session.flush()
    [times] = report(world).responses
    assert (times.mentions, times.median_minutes) == (4, 50.0)
    assert {one.minutes: one.answered for one in times.within} == {15: 1, 60: 2, 120: 2, 1440: 2, 0: 3}
    assert [one.target for one in times.within if one.minutes == 60] == [Decimal("0.9")]
    assert all(one.by_member == one.answered and one.by_staff == 0 for one in times.within)
    assert times.within[1].share(times.mentions) == Decimal("0.5")


def test_what_stands_beside_is_no_deflection(world: World) -> None:
    session = world.session
    session.add_all(
        [
            MonthViews(month=AUGUST.first, views=30),
            MonthViews(month=AUGUST.moved(-1).first, views=99),
        ]
    )
    know_contacts(world, date(2026, 9, 1), date(2026, 9, 2))
    know_contacts(world, date(2026, 10, 1), date(2026, 10, 2)).state = "withdrawn"
    session.flush()
    beside = report(world).beside
    assert (beside.solved_views, beside.contacts, beside.self_service) == (30, 1, 30)
    assert (beside.questions, beside.questions_solved, beside.accepted, beside.accepted_by_members) == (4, 4, 4, 4)
    # Asked in the first four minutes, answered in the four after them: each waited four minutes.
    assert (beside.first_answer_minutes, beside.solution_minutes) == (4.0, 4.0)


def test_lost_salts_and_lapsed_readers_are_told(world: World) -> None:
    session, at = world.session, datetime(2026, 9, 14, tzinfo=UTC)
    session.add_all([
        ReaderSalt(week=date(2026, 9, 7), number=number, made_at=at) for number in (1, 2)
    ])  # fmt: skip
    session.add(
        ReaderWeek(
            week=date(2026, 8, 31), reader="bot", first_at=at, last_at=at, due_at=at, decided_at=at, outcome="lapsed",
            reason="bot",
        )
    )  # fmt: skip
    session.flush()
    found = report(world)
    assert [gap.week for gap in found.gaps if gap.what == "salt_lost"] == [date(2026, 9, 7)]
    assert [(lapse.reason, lapse.count) for lapse in found.lapsed_readers] == [("bot", 1)]
    assert sum(lapse.count for lapse in found.lapsed_claims) == 11


def test_who_sees_no_money_gets_none(world: World) -> None:
    found = report(world, currency=None)
    assert not found.has_costs and not found.prices and found.programme is None
    figures = [found.total, found.previous, found.if_silent_meant_no, *(line.figure for line in found.by_board)]
    assert all(figure.money is None and figure.money_low is None for figure in figures)
    assert all(swing.money is None for swing in found.sensitivity)
    assert found.total.likely == report(world).total.likely
