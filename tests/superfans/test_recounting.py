"""The recount finds nothing after whatever people do, and finds every kind of tampering."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.follow_thread import have_same_problem
from forum.actions.give_kudos import give_kudos, take_back_kudos
from forum.actions.give_points import reversal
from forum.actions.import_vote import import_vote
from forum.actions.recount_points import recount_points
from forum.actions.recount_sums import recount_sums
from forum.actions.review_members import review_due
from forum.actions.set_weight import set_weight
from forum.actions.ship_ranks import ship_ranks
from forum.actions.void_kudos import restore_kudos, void_kudos
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.kernel.errors import ForumError
from forum.people.account import Account
from forum.superfans.causes import CAUSES
from forum.superfans.points import PointEntry
from forum.superfans.rank import Rank
from forum.superfans.standings import StandingRow
from forum.superfans.suspicion import Suspicion
from forum.threads.post import Kudos, Post
from forum.threads.thread import Thread
from tests.cast import Cast
from tests.scene import Stage


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


class Life:
    """A small community in which one thing after another happens, from a seed."""

    def __init__(self, session: Session, cast: Cast, seed: int) -> None:
        self.session, self.cast, self.chance = session, cast, random.Random(seed)
        self.stage = Stage(session)
        self.people = [cast.ada, cast.bob, cast.sue, cast.mallory, cast.ann]
        self.boards = [self.stage.board("wifi"), self.stage.board("mesh")]
        self.happened: set[str] = set()

    def live(self, steps: int) -> None:
        self.ask()
        choices: list[Callable[[], None]] = [
            self.ask, self.answer, self.answer, self.answer, self.accept, self.accept, self.thank, self.thank, self.thank,
            self.thank, self.take_back, self.withdraw, self.suffer, self.vote, self.void, self.restore, self.weigh, self.wait,
        ]  # fmt: skip
        for _step in range(steps):
            act = self.chance.choice(choices)
            try:
                with self.session.begin_nested():
                    act()
                    self.happened.add(act.__name__)
            except (ForumError, IndexError):
                pass
        self.session.commit()

    def ask(self) -> None:
        thread = self.stage.thread(self.someone(), self.chance.choice(self.boards))
        if self.chance.random() < 0.3:
            thread.origin_network, thread.language = "Sandbox", "zh"

    def answer(self) -> None:
        self.stage.answer(self.one(Thread), self.someone())

    def accept(self) -> None:
        post = self.one(Post, Post.number > 1)
        thread = self.session.get_one(Thread, post.thread_id)
        by = self.chance.choice([self.cast.ann, self.session.get_one(Account, thread.author_id)])
        accept_answer(self.session, thread, post, by, now=self.stage.clock.pass_by(minutes=1))

    def withdraw(self) -> None:
        withdraw_acceptance(self.session, self.one(Thread), self.cast.cleo, now=self.stage.clock.pass_by(minutes=1))

    def thank(self) -> None:
        """Mallory thanks nobody but Bob."""
        by = self.someone()
        post = self.one(Post, Post.author_id == self.cast.bob.id) if by is self.cast.mallory else self.one(Post)
        thread = self.session.get_one(Thread, post.thread_id)
        give_kudos(self.session, thread, post, by, self.stage.clock.pass_by(minutes=1))

    def take_back(self) -> None:
        kudos = self.one(Kudos, Kudos.taken_back_at.is_(None))
        post = self.session.get_one(Post, kudos.post_id)
        thread, by = self.session.get_one(Thread, post.thread_id), self.session.get_one(Account, kudos.giver_id)
        take_back_kudos(self.session, thread, post, by, self.stage.clock.pass_by(minutes=1))

    def suffer(self) -> None:
        have_same_problem(self.session, self.one(Thread), self.someone(), self.stage.clock.pass_by(minutes=1))

    def vote(self) -> None:
        post = self.one(Post)
        import_vote(
            self.session, self.session.get_one(Thread, post.thread_id), post, source="beer", remote_id=str(uuid4()),
            up=self.chance.random() < 0.8, at=self.stage.clock.pass_by(minutes=1),
        )  # fmt: skip

    def void(self) -> None:
        ids = [one.id for one in self.session.scalars(select(Kudos)) if self.chance.random() < 0.3]
        found = Suspicion(kind="ring", key=str(uuid4()), score=1.0, evidence={}, found_at=self.stage.clock())
        self.session.add(found)
        self.session.flush()
        void_kudos(self.session, found, ids, self.stage.clock.pass_by(minutes=1))

    def restore(self) -> None:
        restore_kudos(self.session, self.one(Suspicion), self.stage.clock.pass_by(minutes=1))

    def weigh(self) -> None:
        kind = self.chance.choice(list(CAUSES))
        cap = None if CAUSES[kind].daily_cap is None else self.chance.randrange(1, 9)
        board = self.chance.choice([None, self.boards[0].id])
        now = self.stage.clock.pass_by(minutes=1)
        set_weight(
            self.session,
            self.cast.max,
            kind=kind,
            board_id=board,
            points=self.chance.randrange(8),
            daily_cap=cap,
            now=now,
        )

    def wait(self) -> None:
        self.stage.clock.pass_by(hours=self.chance.randrange(30))

    def flatter(self) -> None:
        """Mallory thanks Bob three times."""
        for _time in range(3):
            thread = self.stage.thread(self.cast.ada, self.boards[0])
            post = self.stage.answer(thread, self.cast.bob)
            give_kudos(self.session, thread, post, self.cast.mallory, self.stage.clock.pass_by(minutes=1))

    def someone(self) -> Account:
        return self.chance.choice(self.people)

    def one(self, model: type, *conditions: object) -> object:
        return self.chance.choice(self.session.scalars(select(model).where(*conditions).order_by(model.id)).all())


def differences(session: Session, life: Life) -> list[str]:
    session.expire_all()
    return [one.what for one in (*recount_points(session), *recount_sums(session, life.stage.clock()))]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_do_the_recount_finds_no_difference(session: Session, cast: Cast, seed: int) -> None:
    life = Life(session, cast, seed)
    ship_ranks(session, life.stage.clock())
    life.flatter()
    for _day in range(3):
        life.live(60)
        life.stage.clock.pass_by(minutes=3)
        while review_due(session, life.stage.clock(), zone=UTC):
            session.commit()
        assert differences(session, life) == []
    assert life.happened >= {"accept", "thank", "vote", "withdraw"}
    rows = session.scalars(select(PointEntry)).all()
    assert {row.why for row in rows} >= {None, "one_person"} and any(row.of_id for row in rows)


# Tampering


@pytest.fixture
def life(session: Session, cast: Cast) -> Life:
    """Bob solves two questions of Ada's, with kudos that stand and kudos that were taken back; he holds a rank."""
    life = Life(session, cast, 1)
    stage = life.stage
    ship_ranks(session, stage.clock())
    for number in range(2):
        thread = stage.thread(cast.ada, life.boards[0])
        post = stage.answer(thread, cast.bob)
        accept_answer(session, thread, post, cast.ada, now=stage.clock.pass_by(minutes=1))
        for giver in (cast.ada, cast.mallory):
            give_kudos(session, thread, post, giver, stage.clock.pass_by(minutes=1))
        if number:
            take_back_kudos(session, thread, post, cast.mallory, stage.clock.pass_by(minutes=1))
        import_vote(session, thread, post, source="beer", remote_id=str(number), up=True, at=stage.clock())
    stage.clock.pass_by(minutes=3)
    review_due(session, stage.clock(), zone=UTC)
    session.commit()
    assert differences(session, life) == []
    return life


def entry(session: Session, kind: str) -> PointEntry:
    return session.scalars(select(PointEntry).where(PointEntry.kind == kind, PointEntry.of_id.is_(None)).limit(1)).one()


def test_a_row_with_other_points_or_for_somebody_else_is_found(session: Session, cast: Cast, life: Life) -> None:
    for kind in ("acceptance", "kudos", "imported_kudos", "first_to_solve"):
        for change in (
            {"points": PointEntry.points + 1},
            {"account_id": cast.sue.id},
            {"at": life.stage.clock()},
            {"why": "cap"},
        ):
            one = entry(session, kind)
            session.execute(update(PointEntry).where(PointEntry.id == one.id).values(**change))
            assert one.cause in differences(session, life), (kind, change)
            session.rollback()


def test_a_row_that_is_missing_or_that_nothing_earned_is_found(session: Session, cast: Cast, life: Life) -> None:
    taken = select(PointEntry.of_id).where(PointEntry.of_id.is_not(None))
    one = session.scalars(
        select(PointEntry).where(PointEntry.kind == "kudos", PointEntry.of_id.is_(None), PointEntry.id.not_in(taken))
    ).first()
    assert one is not None
    session.execute(delete(PointEntry).where(PointEntry.id == one.id))
    assert one.cause in differences(session, life)
    session.rollback()
    session.add(PointEntry(account_id=cast.bob.id, kind="kudos", cause="kudos:4711", points=2, at=life.stage.clock()))
    session.flush()
    assert "kudos:4711" in differences(session, life)
    session.rollback()


def test_a_reversal_that_is_no_mirror_is_missing_or_is_too_many_is_found(session: Session, life: Life) -> None:
    back = session.scalars(select(PointEntry).where(PointEntry.of_id.is_not(None))).one()
    cause, original = back.cause, back.cause.rsplit(":", 1)[0]
    session.execute(update(PointEntry).where(PointEntry.id == back.id).values(points=PointEntry.points - 1))
    assert cause in differences(session, life)
    session.rollback()
    session.execute(delete(PointEntry).where(PointEntry.id == back.id))
    assert original in differences(session, life)
    session.rollback()
    one = entry(session, "acceptance")
    session.add(reversal(one, life.stage.clock(), "withdrawn"))
    session.flush()
    assert one.cause in differences(session, life)
    session.rollback()


def test_every_sum_that_was_changed_is_found_and_mended(session: Session, cast: Cast, life: Life) -> None:
    bob, now = cast.bob.id, life.stage.clock()
    helper = session.scalars(select(Rank).where(Rank.name == "helper")).one()
    everywhere = (StandingRow.span == "week", StandingRow.scope == "", StandingRow.account_id == bob)
    tampered = {
        f"account {bob}: points, solutions": update(Account).where(Account.id == bob).values(points=Account.points + 1),
        f"account {bob}: rank": update(Account).where(Account.id == bob).values(rank_id=helper.id),
        "board week 2026-03-02 all": update(StandingRow).where(*everywhere).values(kudos=StandingRow.kudos + 1),
        "board all 1970-01-01 board:1": delete(StandingRow).where(
            StandingRow.span == "all", StandingRow.scope == "board:1"
        ),
        "post 2: kudos": update(Post).where(Post.id == 2).values(kudos_count=0),
        "thread 1: kudos": update(Thread).where(Thread.id == 1).values(kudos_count=99),
    }
    for what, statement in tampered.items():
        session.execute(statement)
        session.commit()
        assert [one for one in differences(session, life) if one.startswith(what)], what
        list(recount_sums(session, now, mend=True))
        session.commit()
        review_due(session, life.stage.clock(), zone=UTC)
        session.commit()
        assert [one for one in differences(session, life) if not one.endswith("rank")] == [], what


def test_old_rules_hold_for_rows_from_before(session: Session, cast: Cast, life: Life) -> None:
    """An old ledger gave two for kudos whoever gave them, and nothing for being first."""
    del cast
    given, newer = PointEntry.of_id.is_(None), ("first_to_solve", "imported_kudos")
    old = update(PointEntry).where(PointEntry.kind.not_in(newer), given)
    session.execute(old.values(why="old_rules"))
    session.execute(delete(PointEntry).where(PointEntry.kind == "first_to_solve"))
    assert list(recount_points(session)) == []
    session.execute(update(PointEntry).where(PointEntry.kind == "kudos", given).values(points=3))
    expected = [one.expected.split(", ")[-2:] for one in recount_points(session) if one.what.count(":") == 1]
    assert expected == [["2", "old_rules"]] * 4
    session.rollback()


def test_the_command_says_what_differs_and_mends_sums(app: Flask, session: Session, cast: Cast, life: Life) -> None:
    del life
    runner = app.test_cli_runner()
    assert runner.invoke(args=["superfans", "recount"]).output == "No difference.\n"
    session.execute(update(Account).where(Account.id == cast.bob.id).values(points=1))
    session.commit()
    found = runner.invoke(args=["superfans", "recount"])
    assert found.exit_code == 1 and f"account {cast.bob.id}: points" in found.output
    mended = runner.invoke(args=["superfans", "recount", "--mend"])
    assert mended.exit_code == 0 and "1 sums were set right." in mended.output
    assert runner.invoke(args=["superfans", "recount"]).exit_code == 0


def test_days_and_spans_are_those_of_the_boards() -> None:
    from forum.actions.recount_sums import _spans
    from forum.superfans.standings import Span, start_of

    for number in range(800):
        day = date(2024, 1, 1) + timedelta(days=number)
        assert list(_spans(day)) == [(span.value, start_of(span, day)) for span in Span]
