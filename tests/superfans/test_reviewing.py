"""Members are reviewed within a minute of what happened and at night: they rise, fall after a grace, and earn badges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.give_points import review_soon
from forum.actions.review_members import mark_stale, review_due, review_is_due
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.notices.notice import Notice
from forum.people.account import Account
from forum.people.permissions import Act, may
from forum.superfans.badge import Badge, BadgeAward
from forum.superfans.rank import MemberMeasure, Rank, RankChange, ReviewDue
from forum.threads.board import Board
from forum.threads.thread import Thread
from tests.application import QuietParts
from tests.cast import Cast
from tests.scene import Stage


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def ranks(session: Session, stage: Stage, cast: Cast) -> list[Rank]:
    """One for an answer, one for two solutions, which lets its holder accept for others."""
    del cast
    made = [
        rank(stage, "helper", 1, "answers >= 1"),
        rank(stage, "expert", 2, "solutions >= 2", rights=[Act.ACCEPT_FOR_OTHERS]),
    ]
    session.add_all(made)
    session.commit()
    return made


def rank(stage: Stage, name: str, position: int, formula: str, **facts: object) -> Rank:
    began = stage.clock() - timedelta(days=30)
    return Rank(
        name=name, position=position, formula=formula, titles={"en": name.capitalize()}, icon="star", colour="slate",
        **{"rights": [], "grace_days": 7, "made_at": began, "changed_at": began, **facts},
    )  # fmt: skip


def badge(stage: Stage, name: str, formula: str, **facts: object) -> Badge:
    began = stage.clock() - timedelta(days=30)
    return Badge(
        name=name,
        formula=formula,
        titles={"en": name},
        icon="star",
        colour="slate",
        made_at=began,
        changed_at=began,
        **facts,
    )


def solve(stage: Stage, cast: Cast, times: int = 1) -> list[Thread]:
    """Bob solves questions of Ada's."""
    board = stage.session.scalar(select(Board)) or stage.board()
    threads = []
    for _time in range(times):
        thread = stage.thread(cast.ada, board)
        accept_answer(
            stage.session, thread, stage.answer(thread, cast.bob), cast.ada, now=stage.clock.pass_by(minutes=1)
        )
        threads.append(thread)
    stage.session.commit()
    return threads


def review(stage: Stage, **more: bool) -> int:
    done = review_due(stage.session, stage.clock.pass_by(seconds=30), zone=UTC, **more)
    stage.session.commit()
    return done


def events(session: Session, account: Account) -> list[str]:
    return list(session.scalars(select(Notice.event).where(Notice.account_id == account.id).order_by(Notice.id)))


def told(session: Session, account: Account) -> list[str]:
    return [one for one in events(session, account) if one.startswith(("rank", "badge"))]


# Rising


def test_a_solver_rises_gets_the_right_and_hears_of_it(
    stage: Stage, session: Session, cast: Cast, ranks: list[Rank]
) -> None:
    solve(stage, cast, 2)
    assert not may(cast.bob, Act.ACCEPT_FOR_OTHERS)
    assert review(stage) == 2
    session.refresh(cast.bob)
    assert cast.bob.rank_id == ranks[1].id
    assert may(cast.bob, Act.ACCEPT_FOR_OTHERS) and not may(cast.bob, Act.EDIT_TAGS)
    assert cast.bob.superfan_since is not None
    assert told(session, cast.bob) == ["rank_risen"]
    change = session.scalars(select(RankChange)).one()
    assert (change.account_id, change.from_id, change.to_id) == (cast.bob.id, None, ranks[1].id)


def test_a_second_review_changes_nothing(stage: Stage, session: Session, cast: Cast, ranks: list[Rank]) -> None:
    solve(stage, cast, 2)
    review(stage)
    review_soon(session, [cast.bob.id], stage.clock())
    assert review(stage) == 1
    assert session.scalar(select(func.count()).select_from(RankChange)) == 1
    assert told(session, cast.bob) == ["rank_risen"]
    assert session.scalar(select(func.count()).select_from(ReviewDue)) == 0


def test_history_is_reviewed_without_a_word(stage: Stage, session: Session, cast: Cast, ranks: list[Rank]) -> None:
    session.add(badge(stage, "first", "solutions >= 1"))
    solve(stage, cast, 2)
    before = events(session, cast.bob)
    review(stage, quiet=True)
    assert events(session, cast.bob) == before
    assert session.get_one(Account, cast.bob.id).rank_id == ranks[1].id
    assert session.scalars(select(RankChange.at)).one() == stage.clock()


def test_the_next_rank_is_told_once_in_a_month(stage: Stage, session: Session, cast: Cast, ranks: list[Rank]) -> None:
    solve(stage, cast)
    review(stage)
    assert told(session, cast.bob) == ["rank_risen", "rank_near"]
    details = session.scalars(select(Notice.details).where(Notice.event == "rank_near")).one()
    assert details == {"rank": ranks[1].id, "metric": "solutions", "missing": 1}
    review_soon(session, [cast.bob.id], stage.clock())
    review(stage)
    assert told(session, cast.bob) == ["rank_risen", "rank_near"]


# Falling


def test_a_fall_is_announced_and_comes_after_the_grace_and_takes_the_right(
    stage: Stage, session: Session, cast: Cast, ranks: list[Rank]
) -> None:
    first, _second = solve(stage, cast, 2)
    review(stage)
    withdraw_acceptance(session, first, cast.ada, now=stage.clock.pass_by(minutes=1))
    session.commit()
    review(stage)
    session.refresh(cast.bob)
    assert cast.bob.rank_id == ranks[1].id and may(cast.bob, Act.ACCEPT_FOR_OTHERS)
    assert cast.bob.rank_falls_at == stage.clock() + timedelta(days=7)
    assert told(session, cast.bob) == ["rank_risen", "rank_falling"]

    stage.clock.pass_by(days=8)
    assert mark_stale(session, stage.clock(), zone=UTC) == 2
    review(stage)
    session.refresh(cast.bob)
    assert (cast.bob.rank_id, cast.bob.rank_falls_at) == (ranks[0].id, None)
    assert not may(cast.bob, Act.ACCEPT_FOR_OTHERS) and cast.bob.superfan_since is None
    assert told(session, cast.bob) == ["rank_risen", "rank_falling", "rank_fallen", "rank_near"]


def test_what_slides_out_of_its_window_is_seen_at_night(stage: Stage, session: Session, cast: Cast) -> None:
    lately = rank(stage, "lately", 1, "solutions_7d >= 1", grace_days=0)
    session.add(lately)
    solve(stage, cast)
    review(stage)
    session.refresh(cast.bob)
    assert cast.bob.rank_id == lately.id
    assert not review_is_due(session, stage.clock(), zone=UTC)
    stage.clock.pass_by(days=7)
    assert review_is_due(session, stage.clock(), zone=UTC)
    mark_stale(session, stage.clock(), zone=UTC)
    review(stage)
    session.refresh(cast.bob)
    assert cast.bob.rank_id is None
    assert not review_is_due(session, stage.clock(), zone=UTC)


# Whom it concerns


def test_staff_and_who_left_hold_no_rank(stage: Stage, session: Session, cast: Cast, ranks: list[Rank]) -> None:
    board = stage.board()
    thread = stage.thread(cast.ada, board)
    for person in (cast.ann, cast.mallory, cast.bob):
        stage.answer(thread, person)
    review_soon(session, [cast.ann.id, cast.mallory.id, cast.bob.id], stage.clock())
    review(stage)
    cast.mallory.closed_at = stage.clock()
    review_soon(session, [cast.mallory.id], stage.clock())
    session.commit()
    review(stage)
    for person in (cast.ann, cast.mallory, cast.bob):
        session.refresh(person)
    assert (cast.ann.rank_id, cast.mallory.rank_id, cast.bob.rank_id) == (None, None, ranks[0].id)
    measured = set(session.scalars(select(MemberMeasure.account_id)))
    assert cast.bob.id in measured and not measured & {cast.ann.id, cast.mallory.id}


def test_members_who_never_did_anything_are_never_looked_at(
    stage: Stage, session: Session, cast: Cast, ranks: list[Rank]
) -> None:
    del cast, ranks
    assert not review_is_due(session, stage.clock.pass_by(days=3), zone=UTC)
    assert mark_stale(session, stage.clock(), zone=UTC) == 0


def test_a_changed_rank_makes_everybody_stale_and_reviews_them_once(
    stage: Stage, session: Session, cast: Cast, ranks: list[Rank]
) -> None:
    solve(stage, cast)
    review(stage)
    changed = stage.clock.pass_by(minutes=2)
    session.execute(update(Rank).where(Rank.id == ranks[1].id).values(formula="solutions >= 1", changed_at=changed))
    stage.clock.pass_by(minutes=5)
    assert mark_stale(session, stage.clock(), zone=UTC) == 2
    review(stage)
    session.refresh(cast.bob)
    assert cast.bob.rank_id == ranks[1].id
    assert not review_is_due(session, stage.clock(), zone=UTC)


def test_an_event_during_the_review_leaves_its_mark(
    parts: QuietParts, stage: Stage, session: Session, cast: Cast, ranks: list[Rank]
) -> None:
    """The mark is read, then the event renews it, then the review wants to delete what it read."""
    solve(stage, cast)
    read = session.scalars(select(ReviewDue).where(ReviewDue.account_id == cast.bob.id)).one().mark
    review_soon(session, [cast.bob.id], stage.clock())
    session.commit()
    from forum.actions.review_members import _forget_marks

    assert _forget_marks(session, {cast.bob.id: read}) == 0
    session.rollback()
    assert session.get(ReviewDue, cast.bob.id) is not None


# Badges


def test_badges_are_earned_once_repeatables_as_often_as_their_number_says(
    stage: Stage, session: Session, cast: Cast
) -> None:
    single, twice = badge(stage, "first", "solutions >= 1"), badge(stage, "pairs", "solutions / 2", repeats=True)
    session.add_all([single, twice])
    solve(stage, cast, 5)
    review(stage)
    review_soon(session, [cast.bob.id], stage.clock())
    review(stage)
    found = select(BadgeAward.badge_id, BadgeAward.number).where(BadgeAward.account_id == cast.bob.id)
    awards = [tuple(row) for row in session.execute(found.order_by(BadgeAward.badge_id, BadgeAward.number))]
    assert awards == [(single.id, 1), (twice.id, 1), (twice.id, 2)]
    assert told(session, cast.bob) == ["badge", "badge"]


def test_an_award_outlives_the_figures_and_a_revoked_one_does_not_come_back(
    stage: Stage, session: Session, cast: Cast
) -> None:
    session.add(badge(stage, "first", "solutions >= 1"))
    thread, _other = solve(stage, cast, 2)
    review(stage)
    award = session.scalars(select(BadgeAward)).one()
    withdraw_acceptance(session, thread, cast.ada, now=stage.clock.pass_by(minutes=1))
    award.revoked_at, award.revoked_by_id = stage.clock(), cast.cleo.id
    session.commit()
    review(stage)
    assert session.scalars(select(BadgeAward)).one().revoked_at is not None


def test_a_number_without_data_or_below_zero_earns_nothing(stage: Stage, session: Session, cast: Cast) -> None:
    session.add_all(
        [
            badge(stage, "none", "kudos_given / questions", repeats=True),
            badge(stage, "less", "0 - solutions", repeats=True),
            badge(stage, "gone", "no_such_metric >= 1"),
        ]
    )
    solve(stage, cast)
    assert review(stage) == 2
    assert session.scalars(select(BadgeAward)).all() == []


def test_measures_are_kept_as_they_were_measured(stage: Stage, session: Session, cast: Cast) -> None:
    solve(stage, cast)
    review(stage)
    kept = session.get_one(MemberMeasure, cast.bob.id)
    assert kept.measured_at == stage.clock()
    assert (kept.values["solutions"], kept.values["acceptance_rate"], kept.values["solutions_7d"]) == (
        "1",
        "1.0000",
        "1",
    )
    assert kept.values["kudos_per_answer"] is not None
    asker = session.get_one(MemberMeasure, cast.ada.id)
    assert asker.values["acceptance_rate"] is None


NIGHT = datetime(2026, 3, 3, 0, 0, 1, tzinfo=UTC)


def test_the_night_begins_in_the_companys_zone(stage: Stage, session: Session, cast: Cast) -> None:
    from zoneinfo import ZoneInfo

    solve(stage, cast)
    review(stage)
    assert review_is_due(session, NIGHT, zone=UTC)
    assert not review_is_due(session, NIGHT, zone=ZoneInfo("America/New_York"))
    assert review_is_due(session, NIGHT + timedelta(hours=5), zone=ZoneInfo("America/New_York"))
