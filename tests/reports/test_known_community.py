"""The calibration counts as the product does: the same community, lived through the real actions, gives the same report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.qualify_claims import qualify_claims, review_claims
from forum.actions.settle_reader_weeks import qualify_reader_weeks
from forum.ledger.claim import Claim
from forum.ledger.contact import Contact, ContactFile, ContactMatch, FileState
from forum.ledger.estimate import bounds
from forum.ledger.period import Period
from forum.ledger.reader_week import ReaderWeek, Reading
from forum.ledger.survey import Survey
from forum.outbox.delivery import State
from forum.reports.deflection_shape import DeflectionReport
from forum.threads.acceptance import Acceptance
from forum.threads.thread import Thread
from tests.cast import Cast
from tests.ledger.community import Asker, Mentioned, Month, Network, Reader, World, draw, look
from tests.reports.ledger_scene import LedgerScene

OCTOBER = Period(2026, 10)
SMALL = World(
    askers=40,
    asker_contacts_anyway=0.3,
    networks={"sandbox": Network(14, 12, 0.4)},
    agent_replies=0.15,
    not_helped=0.3,
    readers=900,
    joint=0.1,
    staff=15,
    own=10,
    bots=60,
    bot_is_found=0.8,
    survey_share=0.4,
    reader_answers=0.6,
)
WEEK = date(2026, 9, 28)
COUNTED = datetime(2026, 10, 12, tzinfo=UTC)  # seven days after that week

T = TypeVar("T")


@pytest.fixture
def scene(session: Session, cast: Cast) -> LedgerScene:
    made = LedgerScene(session, cast)
    made.clock.now = datetime(2026, 9, 10, 12, tzinfo=UTC)
    return made


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_community_gives_the_same_report(scene: LedgerScene, seed: int) -> None:
    [month] = draw(SMALL, seed)
    seen = look([month])
    report = lived_through(scene, month)
    assert {rate.name: rate.known for rate in report.rates} == seen.rates
    for kind, whole in seen.sums.items():
        counted = sum(one.quantity for one in report.scenario.amounts if one.kind == kind)
        assert counted == whole.known + sum(whole.per_rate.values()) > 0
    expected = bounds(seen.total(), seen.rates)
    assert (report.total.low, report.total.high) == (pytest.approx(expected.low), pytest.approx(expected.high))


def lived_through(scene: LedgerScene, month: Month) -> DeflectionReport:
    staff_answer_before(scene, month)
    scene.clock.now = datetime(2026, 10, 2, 9, tzinfo=UTC)
    late = [claim for asker in each(month.askers) if (claim := ask(scene, asker)) is not None]
    for number, one in enumerate(each(month.mentioned["sandbox"])):
        be_mentioned(scene, one, number)
    read(scene, month)
    scene.clock.now = datetime(2026, 10, 25, tzinfo=UTC)
    qualify(scene)
    for claim in late:
        contact(scene, claim)
        claim.review_from = scene.clock()
    scene.session.commit()
    qualify(scene)
    return scene.report(OCTOBER)


def staff_answer_before(scene: LedgerScene, month: Month) -> None:
    """The others of that month were answered by the community, and count in that month."""
    known = month.staff_before["sandbox"]
    for number in range(known.of):
        scene.mentioned(f"before {number}", by=scene.cast.ann if number < known.yes else scene.cast.bob)


def ask(scene: LedgerScene, asker: Asker) -> Claim | None:
    """The claim that a late contact will speak against."""
    claim = scene.claim(scene.solved(asker.said))
    if asker.contact_known and not asker.contact_late:
        contact(scene, claim)
    return claim if asker.contact_late else None


def contact(scene: LedgerScene, claim: Claim) -> None:
    now = scene.clock()
    file = ContactFile(
        name="calls.csv", source="calls", arrived_by="upload", sha256="0" * 64, state=FileState.IMPORTED, arrived_at=now
    )
    scene.session.add(file)
    scene.session.flush()
    made = Contact(
        file_id=file.id, source="calls", external_id=str(claim.id), channel="phone",
        happened_at=claim.opened_at + timedelta(days=1), imported_at=now,
    )  # fmt: skip
    scene.session.add(made)
    scene.session.flush()
    scene.session.add(ContactMatch(contact_id=made.id, claim_id=claim.id, matched_at=now))
    scene.session.commit()


def be_mentioned(scene: LedgerScene, one: Mentioned, number: int) -> None:
    thread = scene.mentioned(str(number), state=State.SENT if one.arrived else State.FAILED)
    if one.agent_replied:
        scene.stage.answer(thread, scene.cast.ann, "I can help, too.")
    if one.said_unsolved:
        scene.says_on_network(thread, "unsolved")


def read(scene: LedgerScene, month: Month) -> None:
    """As the page's beacon and survey leave them: all read one of the askers' threads."""
    asked = (
        select(Acceptance).join(Thread, Thread.id == Acceptance.thread_id).where(Thread.author_id == scene.cast.ada.id)
    )
    solved = scene.session.scalars(asked.limit(1)).one()
    for number, reader in enumerate(each(month.readers)):
        week = _week(scene, reader, number)
        scene.session.add(week)
        scene.session.flush()
        facts = {"reader_week_id": week.id, "thread_id": solved.thread_id}
        scene.session.add(Reading(**facts, acceptance_id=solved.id, first_at=week.first_at))
        if reader.answer in {"yes", "no"}:
            words = (
                dict.fromkeys(("problem", "found", "contact", "enough"), "yes")
                if reader.answer == "yes"
                else {"problem": "no"}
            )
            scene.session.add(Survey(**facts, **words, begun_at=week.first_at, answered_at=week.first_at))
    scene.session.commit()


def _week(scene: LedgerScene, reader: Reader, number: int) -> ReaderWeek:
    at = scene.clock()
    return ReaderWeek(
        week=WEEK, reader=f"reader {number}", first_at=at, last_at=at, views=1, due_at=COUNTED,
        account_id=scene.cast.ada.id if reader.sort == "own" else None, by_staff=reader.sort == "staff",
        bot_at=at if reader.sort == "bot" else None, drawn=reader.answer != "", draw_share=4_000,
    )  # fmt: skip


def qualify(scene: LedgerScene) -> None:
    now = scene.clock()
    while qualify_claims(scene.session, UTC, now) + review_claims(scene.session, UTC, now):
        scene.session.commit()
    while qualify_reader_weeks(scene.session, UTC, now):
        scene.session.commit()


def each(group: Counter[T]) -> Iterator[T]:
    return group.elements()
