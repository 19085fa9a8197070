"""The ledger's rules through the real actions, and finance's figures as the sum of the ledger's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.qualify_claims import qualify_claims
from forum.actions.state_intent import state_intent
from forum.kernel.errors import ForumError
from forum.ledger.claim import Claim
from forum.ledger.entry import Entry
from forum.ledger.period import Period
from forum.ledger.proportion import Proportion
from forum.outbox.delivery import State
from forum.reports.deflection_claims import ClaimList, claims_of_thread, list_claims
from forum.reports.deflection_shape import Lapse
from forum.threads.post import Post
from forum.threads.thread import Thread
from tests.application import QuietParts
from tests.cast import Cast
from tests.reports.ledger_scene import LedgerScene

SEPTEMBER, OCTOBER, DECEMBER = Period(2026, 9), Period(2026, 10), Period(2026, 12)


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def scene(session: Session, cast: Cast) -> LedgerScene:
    return LedgerScene(session, cast)


def outcome(scene: LedgerScene, claim: Claim) -> tuple[str | None, str | None]:
    scene.session.refresh(claim)
    return claim.outcome, claim.reason


# What a claim needs


def test_a_claim_waits_for_its_day_and_then_counts_once(scene: LedgerScene) -> None:
    thread = scene.solved("yes", "phone")
    assert scene.days_pass(6) == 0
    assert scene.days_pass(2) == 1 and scene.days_pass(2) == 0
    assert outcome(scene, scene.claim(thread)) == ("qualified", None)
    assert [(row.kind, row.quantity) for row in scene.session.scalars(select(Entry))] == [("direct", 1)]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda scene: scene.solved("no"), "would_not_have_contacted"),
        (lambda scene: scene.mentioned("1", state=State.HELD), "not_mirrored"),
        (lambda scene: scene.mentioned("1", state=State.FAILED), "not_mirrored"),
        (lambda scene: scene.mentioned("1", state=State.CANCELLED), "not_mirrored"),
    ],
    ids=["asker says no", "held", "failed", "called back"],
)
def test_a_claim_lapses_with_its_reason(scene: LedgerScene, make: Callable[[LedgerScene], object], reason: str) -> None:
    make(scene)
    scene.days_pass(10)
    claim = scene.session.scalars(select(Claim)).one()
    assert outcome(scene, claim) == ("lapsed", reason)
    assert scene.session.scalars(select(Entry)).all() == []
    assert scene.report(SEPTEMBER).lapsed_claims == [Lapse(reason, 1)]


def test_what_staff_asked_is_nothing_saved(scene: LedgerScene) -> None:
    thread = scene.stage.thread(scene.cast.ann, scene.board)
    post = scene.stage.answer(thread, scene.cast.bob)
    accept_answer(scene.session, thread, post, scene.cast.ann, now=scene.clock())
    scene.days_pass()
    assert outcome(scene, scene.claim(thread)) == ("lapsed", "asked_by_staff")


def test_an_agents_own_reply_in_the_conversation_lapses_it_but_not_one_after_its_day(scene: LedgerScene) -> None:
    helped, late = scene.mentioned("1"), scene.mentioned("2")
    scene.stage.answer(helped, scene.cast.ann, "I can help, too.")
    scene.clock.pass_by(days=8)
    scene.stage.answer(late, scene.cast.ann, "Is it well?")
    scene.days_pass(1)
    assert outcome(scene, scene.claim(helped)) == ("lapsed", "agent_replied")
    assert outcome(scene, scene.claim(late)) == ("qualified", None)


def test_the_asker_who_comes_back_unsolved_lapses_it_and_nobody_else_does(scene: LedgerScene) -> None:
    back, stranger, solved, late = (scene.mentioned(number) for number in "1234")
    scene.clock.pass_by(days=1)
    scene.says_on_network(back, "unsolved")
    scene.says_on_network(stranger, "unsolved", author_id="99")
    scene.says_on_network(solved, "solved")
    scene.clock.pass_by(days=8)
    scene.says_on_network(late, "unsolved")
    scene.days_pass(1)
    assert outcome(scene, scene.claim(back)) == ("lapsed", "came_back_unsolved")
    assert {outcome(scene, scene.claim(thread)) for thread in (stranger, solved, late)} == {("qualified", None)}


def test_the_askers_days_begin_when_the_answer_reaches_them(scene: LedgerScene) -> None:
    thread = scene.mentioned("1", state=State.WAITING)
    assert scene.days_pass(8) == 0  # still on its way: waited for
    reply = scene.reply(thread)
    reply.state, reply.settled_at = State.SENT, scene.clock()
    scene.session.commit()
    assert scene.days_pass(6) == 0
    scene.says_on_network(thread, "unsolved")
    assert scene.days_pass(2) == 1
    assert outcome(scene, scene.claim(thread)) == ("lapsed", "came_back_unsolved")


def test_a_thread_of_a_network_that_is_gone_opens_no_claim(scene: LedgerScene) -> None:
    thread = scene.mentioned("1")
    scene.withdraw(thread)
    scene.connection.removed_at = scene.clock()
    post = scene.session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 2)).one()
    accept_answer(scene.session, thread, post, scene.cast.cleo, now=scene.clock())
    scene.session.commit()
    assert [claim.reason for claim in scene.session.scalars(select(Claim))] == ["withdrawn"]


def test_what_the_list_foresees_is_what_the_job_decides(scene: LedgerScene) -> None:
    scene.solved("no"), scene.solved("yes"), scene.solved(), scene.solved(by=scene.cast.ann)
    scene.mentioned("1"), scene.mentioned("2", state=State.HELD), scene.mentioned("3", by=scene.cast.ann)
    scene.says_on_network(scene.mentioned("4"), "unsolved")
    scene.stage.answer(scene.mentioned("5"), scene.cast.ann)
    foreseen = {claim.id: claim.outlook for claim in list_claims(scene.session, ClaimList("waiting")).rows}
    assert len(foreseen) == 9 and scene.days_pass() == 9
    assert {claim.id: claim.reason for claim in scene.session.scalars(select(Claim))} == foreseen


# What the figures say


def test_who_says_yes_counts_whole_and_who_says_nothing_with_the_months_rate(scene: LedgerScene) -> None:
    for intent in ("yes", "yes", "yes", "no", None, None):
        scene.solved(intent)
    scene.days_pass()
    report = scene.report()
    assert report.rates[0].known == Proportion(3, 4)
    assert (report.total.quantity, report.total.likely) == (5, Decimal("4.5000"))  # 3 + 2 x 3/4
    assert 3 <= report.total.low < 4.5 < report.total.high <= 5
    assert report.kinds.lines[0].figure == report.total == scene.report(SEPTEMBER).total


def test_without_any_answer_nothing_counts(scene: LedgerScene) -> None:
    scene.solved(), scene.solved()
    scene.days_pass()
    report = scene.report()
    assert (report.total.quantity, report.total.likely, report.total.high) == (2, 0, 0)
    assert [rate.known.of for rate in report.rates] == [0]  # and the page says so


def test_social_counts_with_the_share_that_staff_answered_in_the_90_days_before_the_month(scene: LedgerScene) -> None:
    for number in "1234":
        scene.mentioned(number, by=scene.cast.ann if number == "1" else None)
    scene.days_pass()
    september = scene.report(SEPTEMBER)
    assert (september.total.quantity, september.total.likely, september.kinds.assisted) == (
        3,
        0,
        1,
    )  # nothing known before
    scene.clock.pass_by(days=25)
    scene.mentioned("5"), scene.mentioned("6")
    scene.days_pass()
    october = scene.report(OCTOBER)
    assert (october.total.quantity, october.total.likely) == (2, Decimal("0.5000"))  # one of four
    assert [(rate.network, rate.known.yes, rate.known.of) for rate in october.rates] == [("sandbox", 1, 4)]
    assert scene.report(SEPTEMBER).total == september.total  # what came later does not change it


def test_staffs_answer_moves_cost_and_counts_nothing(scene: LedgerScene) -> None:
    scene.cost("phone", "8.00")
    scene.solved("yes", "phone", by=scene.cast.ann)
    scene.days_pass()
    report = scene.report()
    assert report.kinds.assisted == 1 and report.total.quantity == 0 and report.total.money == 0


def test_a_withdrawn_acceptance_is_a_row_more_and_the_figure_falls_in_the_open_month(scene: LedgerScene) -> None:
    scene.cost("phone", "8.00")
    scene.solved("yes", "phone"), scene.solved("no")
    thread = scene.solved()
    scene.days_pass()
    assert (scene.report().total.likely, scene.report().total.money) == (Decimal("1.5000"), Decimal("12.00"))
    scene.clock.pass_by(days=30)
    scene.withdraw(thread)
    newest = scene.entries()[0][0]
    assert (newest.quantity, newest.contacts, newest.money, newest.why) == (
        -1, Decimal("-0.5000"), Decimal("-4.00"), "withdrawn",
    )  # fmt: skip
    assert (scene.report().total.likely, scene.report().total.money) == (Decimal("1.0000"), Decimal("8.00"))
    assert scene.report(SEPTEMBER).total.likely == Decimal("1.5000")  # a past month keeps what it said
    assert scene.report(OCTOBER).total.likely == Decimal("-0.5000")
    assert claims_of_thread(scene.session, thread.id)[0].reversed


def test_money_needs_an_entered_cost_and_says_what_has_none(scene: LedgerScene) -> None:
    for channel in ("phone", "chat", None):
        scene.solved("yes", channel)
    scene.days_pass()
    assert scene.report().total.money is None and not scene.report().has_costs
    scene.cost("phone", "8.01")
    assert (scene.report().total.money, scene.report().unpriced) == (Decimal("16.02"), 1)  # the unnamed: the cheapest
    scene.cost("chat", "4.50")
    assert (scene.report().total.money, scene.report().unpriced) == (Decimal("17.01"), 0)
    assert scene.report(currency=None).total.money is None
    assert scene.report(currency="CHF").total.money is None  # an earlier currency's costs price nothing


def test_every_figure_is_the_sum_of_the_rows_behind_it(scene: LedgerScene) -> None:
    scene.cost("phone", "8.37")
    scene.cost("network", "3.33")
    other = scene.stage.board("setup")
    for round_ in range(3):
        for intent in ("yes", "yes", "no", None, None):
            scene.solved(intent, "phone" if intent == "yes" else None)
        scene.mentioned(f"{round_}a", by=scene.cast.ann), scene.mentioned(f"{round_}b")
        odd = scene.solved()
        odd.board_id = other.id
        scene.days_pass(9)
        if round_ == 1:
            scene.withdraw(odd)
        scene.clock.pass_by(days=20)
    report = scene.report()
    figures = [(report.total, {})]
    figures += [(line.figure, {"kind": str(line.key)}) for line in report.kinds.lines]
    figures += [(line.figure, {"board": line.key}) for line in report.by_board]
    figures += [(line.figure, {"network": line.key}) for line in report.by_network]
    for figure, narrowed in figures:
        rows, page = scene.entries(**narrowed)
        assert sum(row.contacts for row in rows) == figure.likely == page.contacts
        assert sum(row.money or 0 for row in rows) == figure.money == page.money
        assert sum(row.quantity for row in rows) == figure.quantity == page.quantity
        assert figure.low <= figure.likely <= figure.high
    for lines in (report.by_month, report.kinds.lines, report.by_board, report.by_network):
        assert sum(line.figure.likely for line in lines) == report.total.likely
        assert sum(line.figure.money or 0 for line in lines) == report.total.money
    for line in report.by_month:
        assert line.figure == scene.report(Period.named(line.key)).total
    assert report == scene.report()  # the same rows give the same bounds


def test_the_report_costs_the_same_queries_however_many_rows(scene: LedgerScene) -> None:
    scene.solved("yes", "phone"), scene.mentioned("1"), scene.solved()
    scene.days_pass(), scene.solved("yes"), scene.cost("phone", "8.00")
    few = _costs(scene)
    for number in range(5):
        scene.solved("yes", "chat"), scene.mentioned(f"m{number}"), scene.solved("no")
    scene.days_pass(40), scene.solved(), scene.solved()
    assert few == _costs(scene)
    medians = 0 if scene.session.get_bind().dialect.name == "postgresql" else 2  # it counts them with the questions
    assert few == [27 + medians, 13, 2]  # with one month alone it is one more: whether it is closed


def _costs(scene: LedgerScene) -> list[int]:
    """How many queries the report takes, a list of rows, a list of claims."""
    found = []
    for look in (scene.report, scene.entries, lambda: list_claims(scene.session, ClaimList())):
        with counted(scene.session) as sent:
            look()
        found.append(len(sent))
    return found


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    session.commit()
    session.expunge_all()
    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)


# Whatever people do, in whatever order

STEPS = st.lists(
    st.sampled_from(["accept", "accept another", "withdraw", "yes", "no", "days pass", "a day passes"]), max_size=12
)


@given(steps=STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_order_rows_add_up_and_nothing_is_decided_twice(
    session: Session, cast: Cast, steps: list[str]
) -> None:
    scene = LedgerScene(session, cast)
    run = session.query(Post).count()
    scene.clock.pass_by(days=400 * run)  # a time of this run's own
    board = scene.stage.board(f"b{run}")
    thread = scene.stage.thread(cast.ada, board)
    posts = [scene.stage.answer(thread, cast.bob), scene.stage.answer(thread, cast.sue)]
    session.commit()
    decided: dict[int, datetime | None] = {}
    for step in steps:
        _take(scene, thread, posts, step)
        for claim in session.scalars(select(Claim).where(Claim.thread_id == thread.id)):
            assert decided.get(claim.id) in {None, claim.decided_at}
            decided[claim.id] = claim.decided_at
    rows = session.scalars(select(Entry).where(Entry.thread_id == thread.id)).all()
    originals = [row for row in rows if row.reverses_id is None]
    reversals = [row for row in rows if row.reverses_id is not None]
    assert len({row.basis for row in originals}) == len(originals)
    assert len({row.reverses_id for row in reversals}) == len(reversals)
    standing = len(originals) - len(reversals)
    assert standing in {0, 1} and standing <= (thread.solved_at is not None)
    listed, page = scene.entries(board=board.slug)
    lines = [line.figure for line in scene.report().by_board if line.key == board.slug]
    assert sum(figure.likely for figure in lines) == sum(row.contacts for row in listed) == page.contacts
    assert sum(figure.quantity for figure in lines) == sum(row.quantity for row in listed) == standing


def _take(scene: LedgerScene, thread: Thread, posts: list[Post], step: str) -> None:
    """One step as a person would; what the rules forbid just then changes nothing."""
    session = scene.session
    try:
        if step.startswith("accept"):
            post = posts[1] if step == "accept another" else posts[0]
            accept_answer(session, thread, post, scene.cast.ada, now=scene.clock.pass_by(minutes=1))
        elif step == "withdraw":
            scene.withdraw(thread)
        elif step in {"yes", "no"}:
            newest = select(Claim).where(Claim.thread_id == thread.id).order_by(Claim.id.desc()).limit(1)
            if (claim := session.scalar(newest)) is not None:
                state_intent(session, claim, thread, scene.cast.ada, intent=step, channel=None, now=scene.clock())
        else:
            scene.days_pass(8 if step == "days pass" else 1)
    except ForumError:
        session.rollback()
    session.commit()


def test_two_workers_at_once_decide_each_claim_once(scene: LedgerScene, parts: QuietParts) -> None:
    """Where rows can be locked one by one, the second finds them taken; on SQLite it waits for the first's commit."""
    scene.solved("yes"), scene.solved()
    later = scene.clock.pass_by(days=8) + timedelta(minutes=1)
    with parts.sessions() as first, parts.sessions() as second:
        assert qualify_claims(first, UTC, later) == 2
        if scene.session.get_bind().dialect.name == "postgresql":
            assert qualify_claims(second, UTC, later) == 0
        first.commit()
        second.rollback()
        assert qualify_claims(second, UTC, later) == 0
        second.commit()
    assert len(scene.session.scalars(select(Entry)).all()) == 2
