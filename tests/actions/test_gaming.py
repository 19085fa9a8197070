"""Gaming: found once, shown with figures, voided and restored by rows, settled by those who may."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.find_gaming import find_gaming
from forum.actions.finish_settling import finish_settling
from forum.actions.give_kudos import take_back_kudos
from forum.actions.raise_suspicion import QUIET_FOR, raise_suspicion
from forum.actions.settle_suspicion import MOST_TURNS, Verdict, settle_suspicion, verdicts
from forum.actions.void_kudos import void_kudos
from forum.kernel.database import writing
from forum.kernel.errors import Conflict, NotAllowed
from forum.moderation.log import LogEntry
from forum.notices.notice import Notice
from forum.people.account import Account, BrowserSession
from forum.superfans.findings import Finding
from forum.superfans.points import PointEntry
from forum.superfans.standings import Span, StandingRow
from forum.superfans.suspicion import Suspicion, SuspicionKind, SuspicionMember, SuspicionState
from forum.threads.post import Kudos, Post
from forum.threads.thread import Thread
from tests.actions.gaming_scene import NIGHT, GamingScene
from tests.application import QuietParts
from tests.cast import Cast

DAY = timedelta(days=1)
YESTERDAY = NIGHT - timedelta(hours=10)


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def scene(session: Session, cast: Cast) -> GamingScene:
    return GamingScene(session)


@pytest.fixture
def giver(scene: GamingScene) -> Account:
    """Somebody who has nothing in common with the cast."""
    return scene.people("gil")[0]


def void(session: Session, suspicion: Suspicion, by: Account, verdict: Verdict = Verdict.VOID) -> int:
    """With what a worker does afterwards."""
    changed = settle_suspicion(session, suspicion, verdict, by, seen=suspicion.state, now=NIGHT + DAY)
    session.commit()
    while finish_settling(session, NIGHT + DAY):
        session.commit()
    session.rollback()
    return changed


def counts(session: Session) -> tuple[int, int, int]:
    """Kudos as posts, threads and rows count them."""
    session.expire_all()
    rows = select(func.count()).where(Kudos.taken_back_at.is_(None), Kudos.voided_at.is_(None))
    return (
        session.scalar(select(func.sum(Post.kudos_count))) or 0,
        session.scalar(select(func.sum(Thread.kudos_count))) or 0,
        session.scalar(rows) or 0,
    )


def standing_points(session: Session, account: Account) -> tuple[int, int, int]:
    """The account's points as it, its ledger and the boards say."""
    session.expire_all()
    ledger = session.scalar(select(func.sum(PointEntry.points)).where(PointEntry.account_id == account.id))
    board = session.scalar(
        select(StandingRow.points).where(
            StandingRow.account_id == account.id, StandingRow.span == Span.ALL, StandingRow.scope == ""
        )
    )
    return account.points, ledger or 0, board or 0


class TestRings:
    @pytest.fixture
    def ring(self, scene: GamingScene, cast: Cast) -> list[Account]:
        members = scene.people("rhea", "rolf", "rita", "ross")
        scene.ring(cast.ada, members)
        return members

    def raised(self, parts: QuietParts, scene: GamingScene) -> Suspicion:
        find_gaming(parts.sessions, NIGHT)
        (suspicion,) = scene.suspicions(SuspicionKind.RING)
        return suspicion

    def test_a_ring_is_raised_with_its_members_and_figures(
        self, parts: QuietParts, scene: GamingScene, ring: Sequence[Account]
    ) -> None:
        suspicion = self.raised(parts, scene)
        members = scene.session.scalars(
            select(SuspicionMember.account_id).where(SuspicionMember.suspicion_id == suspicion.id)
        )
        assert set(members) == {one.id for one in ring}
        assert suspicion.state == SuspicionState.OPEN
        assert suspicion.evidence["kudos"] == 4 * 3 * 7
        assert suspicion.evidence["reciprocity"] == 1.0
        assert {one["inside"] for one in suspicion.evidence["members"]} == {21}
        assert counts(scene.session)[0] == 84  # nothing is voided until staff say so

    def test_looking_again_raises_it_no_second_time(
        self, parts: QuietParts, scene: GamingScene, ring: Sequence[Account]
    ) -> None:
        first = self.raised(parts, scene)
        assert find_gaming(parts.sessions, NIGHT + DAY) == 0
        (suspicion,) = scene.suspicions(SuspicionKind.RING)
        assert suspicion.id == first.id
        assert suspicion.evidence["until"].startswith("2026-10-21")  # the evidence is that of tonight

    def test_a_ring_that_grew_by_one_is_the_same(
        self, parts: QuietParts, scene: GamingScene, ring: list[Account], cast: Cast
    ) -> None:
        first = self.raised(parts, scene)
        (fifth,) = scene.people("ruby")
        theirs = [scene.reply(cast.ada, fifth) for _ in range(8)]
        for n, one in enumerate(ring):
            posts = scene.session.scalars(select(Post).where(Post.author_id == one.id)).all()
            for number in range(7):
                scene.thank(fifth, posts[number], NIGHT - timedelta(days=20 - number, minutes=n))
                scene.thank(one, theirs[number], NIGHT - timedelta(days=20 - number, minutes=n))
        scene.session.commit()
        assert find_gaming(parts.sessions, NIGHT + DAY) == 0
        (suspicion,) = scene.suspicions(SuspicionKind.RING)
        assert suspicion.id == first.id
        assert len(suspicion.evidence["members"]) == 5

    def test_voiding_takes_counts_and_points_back_by_rows_and_restoring_gives_the_same_again(
        self, parts: QuietParts, scene: GamingScene, ring: Sequence[Account], cast: Cast
    ) -> None:
        session = scene.session
        before = {one.id: standing_points(session, one) for one in ring}
        rows = session.scalar(select(func.count()).select_from(PointEntry)) or 0
        suspicion = self.raised(parts, scene)
        assert void(session, suspicion, cast.cleo) == 84
        assert counts(session) == (0, 0, 0)
        assert [standing_points(session, one) for one in ring] == [(0, 0, 0)] * 4
        assert session.scalar(select(func.count()).select_from(PointEntry)) == 2 * rows
        assert suspicion.state == SuspicionState.VOIDED and suspicion.settled_by_id == cast.cleo.id
        assert void(session, suspicion, cast.cleo, Verdict.DISMISS) == 84
        assert counts(session) == (84, 84, 84)
        assert {one.id: standing_points(session, one) for one in ring} == before
        assert session.scalar(select(func.count()).select_from(PointEntry)) == 3 * rows

    def test_of_many_kudos_the_rest_follows_batch_by_batch_and_turning_round_half_way_leaves_nothing_over(
        self, parts: QuietParts, scene: GamingScene, ring: Sequence[Account], cast: Cast
    ) -> None:
        session, suspicion = scene.session, self.raised(parts, scene)
        settled = {"seen": "open", "now": NIGHT + DAY}
        assert settle_suspicion(session, suspicion, Verdict.VOID, cast.cleo, **settled) == 84
        session.commit()
        assert counts(session) == (34, 34, 34)
        settled["seen"] = "voided"
        assert settle_suspicion(session, suspicion, Verdict.REOPEN, cast.max, **settled) == 50
        session.commit()
        assert counts(session) == (84, 84, 84)
        settled["seen"] = "open"
        settle_suspicion(session, suspicion, Verdict.VOID, cast.cleo, **settled)
        session.commit()
        assert [finish_settling(session, NIGHT + DAY) for _batch in range(2)] == [34, 0]
        assert counts(session) == (0, 0, 0)
        settled["seen"] = "voided"
        assert settle_suspicion(session, suspicion, Verdict.DISMISS, cast.cleo, **settled) == 84
        assert counts(session) == (50, 50, 50)
        assert [finish_settling(session, NIGHT + DAY) for _batch in range(2)] == [34, 0]
        assert counts(session) == (84, 84, 84)

    def test_a_verdict_is_not_about_kudos_that_come_after_it(
        self, parts: QuietParts, scene: GamingScene, ring: list[Account], cast: Cast
    ) -> None:
        suspicion = self.raised(parts, scene)
        void(scene.session, suspicion, cast.cleo)
        scene.thank(ring[0], scene.reply(cast.ada, ring[1], NIGHT), NIGHT + 2 * DAY)
        scene.session.commit()
        assert finish_settling(scene.session, NIGHT + 3 * DAY) == 0
        assert counts(scene.session) == (1, 1, 1)

    def test_kudos_from_outside_keep_counting(
        self, parts: QuietParts, scene: GamingScene, ring: Sequence[Account], cast: Cast
    ) -> None:
        post = scene.session.scalars(select(Post).where(Post.author_id == ring[0].id)).first()
        assert post is not None
        scene.thank(cast.bob, post, NIGHT - DAY)
        scene.session.commit()
        void(scene.session, self.raised(parts, scene), cast.cleo)
        assert counts(scene.session) == (1, 1, 1)
        assert standing_points(scene.session, ring[0])[0] == 2

    def test_a_dismissed_ring_is_left_in_peace_for_half_a_year(
        self, parts: QuietParts, scene: GamingScene, ring: Sequence[Account], cast: Cast
    ) -> None:
        void(scene.session, self.raised(parts, scene), cast.cleo, Verdict.DISMISS)
        assert find_gaming(parts.sessions, NIGHT + 2 * DAY) == 0
        settled = scene.suspicions(SuspicionKind.RING)[0]
        settled.settled_at = NIGHT - QUIET_FOR
        scene.session.commit()
        assert find_gaming(parts.sessions, NIGHT + 2 * DAY) == 1

    def test_a_voided_ring_that_goes_on_is_raised_anew_by_its_new_kudos_alone(
        self, parts: QuietParts, scene: GamingScene, ring: list[Account], cast: Cast
    ) -> None:
        void(scene.session, self.raised(parts, scene), cast.cleo)
        assert find_gaming(parts.sessions, NIGHT + 2 * DAY) == 0
        for suspicion in scene.suspicions(SuspicionKind.RING):
            assert suspicion.state == SuspicionState.VOIDED
        self.go_on(scene, ring, cast)
        assert find_gaming(parts.sessions, NIGHT + 20 * DAY) == 1
        first, second = scene.suspicions(SuspicionKind.RING)
        assert (first.state, second.state) == (SuspicionState.VOIDED, SuspicionState.OPEN)
        assert second.evidence["kudos"] == 4 * 3 * 12

    def go_on(self, scene: GamingScene, ring: list[Account], cast: Cast) -> None:
        for number in range(12):
            for receiver in ring:
                post = scene.reply(cast.ada, receiver, NIGHT + DAY)
                for giver in ring:
                    if giver is not receiver:
                        scene.thank(giver, post, NIGHT + (2 + number) * DAY)
        scene.session.commit()

    def test_each_step_is_logged_with_its_reason(
        self, parts: QuietParts, scene: GamingScene, ring: Sequence[Account], cast: Cast
    ) -> None:
        session, suspicion = scene.session, self.raised(parts, scene)
        settle_suspicion(session, suspicion, Verdict.VOID, cast.cleo, seen="open", why=" They said so. ", now=NIGHT)
        settle_suspicion(session, suspicion, Verdict.REOPEN, cast.max, seen="voided", now=NIGHT)
        log = session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
        assert [(one.act, one.about, one.by_id) for one in log] == [
            ("settle_suspicions", f"suspicion:{suspicion.id}", cast.cleo.id),
            ("settle_suspicions", f"suspicion:{suspicion.id}", cast.max.id),
        ]
        assert log[0].details == {"verdict": "void", "was": "open", "kudos": 84, "why": "They said so."}
        assert (suspicion.state, suspicion.settled_at) == (SuspicionState.OPEN, None)


class TestSettling:
    """Of one suspicion, whatever it was found by."""

    @pytest.fixture
    def suspicion(self, scene: GamingScene, cast: Cast, giver: Account) -> Suspicion:
        kudos = scene.series(giver, cast.bob, cast.ada, 2, YESTERDAY)
        finding = Finding(
            SuspicionKind.RING,
            "ring:1",
            1.0,
            [giver.id, cast.bob.id],
            {"since": (YESTERDAY - DAY).isoformat(), "until": NIGHT.isoformat()},
        )
        made = raise_suspicion(scene.session, finding, NIGHT)
        assert made is not None and len(kudos) == 2
        scene.session.commit()
        return made

    @pytest.mark.parametrize("who", ["ada", "bob", "sue", "ann", "fay", "mallory"])
    def test_nobody_but_moderators_and_admins_may_settle(
        self, scene: GamingScene, suspicion: Suspicion, cast: Cast, who: str
    ) -> None:
        with pytest.raises(NotAllowed):
            settle_suspicion(scene.session, suspicion, Verdict.VOID, getattr(cast, who), seen="open", now=NIGHT)

    def test_who_is_in_it_does_not_decide_it(self, scene: GamingScene, suspicion: Suspicion, cast: Cast) -> None:
        scene.session.add(SuspicionMember(suspicion_id=suspicion.id, account_id=cast.cleo.id))
        with pytest.raises(Conflict):
            settle_suspicion(scene.session, suspicion, Verdict.DISMISS, cast.cleo, seen="open", now=NIGHT)

    def test_what_was_decided_meanwhile_is_not_decided_again(
        self, scene: GamingScene, suspicion: Suspicion, cast: Cast
    ) -> None:
        void(scene.session, suspicion, cast.cleo, Verdict.DISMISS)
        with pytest.raises(Conflict):
            settle_suspicion(scene.session, suspicion, Verdict.VOID, cast.max, seen="open", now=NIGHT)
        with pytest.raises(Conflict):
            settle_suspicion(scene.session, suspicion, Verdict.DISMISS, cast.max, seen="dismissed", now=NIGHT)

    def test_to_and_fro_ends_before_the_ledgers_causes_grow_too_long(
        self, scene: GamingScene, suspicion: Suspicion, cast: Cast
    ) -> None:
        for turn in range(MOST_TURNS):
            void(scene.session, suspicion, cast.cleo, Verdict.DISMISS if turn % 2 else Verdict.VOID)
        with pytest.raises(Conflict):
            void(scene.session, suspicion, cast.cleo)
        longest = scene.session.scalar(select(func.max(func.length(PointEntry.cause)))) or 0
        assert longest + 10 + len(":withdrawn") <= 120  # ids may have ten digits more

    def test_two_staff_at_once_decide_it_once(
        self, parts: QuietParts, scene: GamingScene, suspicion: Suspicion, cast: Cast
    ) -> None:
        suspicion_id, outcomes = suspicion.id, []
        staff = [cast.cleo.id, cast.max.id]
        scene.session.rollback()
        ready = threading.Barrier(2)

        def decide(account_id: int) -> None:
            ready.wait()
            try:
                with writing(), parts.sessions.begin() as session:
                    suspicion = session.get_one(Suspicion, suspicion_id)
                    by = session.get_one(Account, account_id)
                    outcomes.append(settle_suspicion(session, suspicion, Verdict.VOID, by, seen="open", now=NIGHT))
            except Conflict:
                outcomes.append("conflict")

        threads = [threading.Thread(target=decide, args=[one]) for one in staff]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes, key=str) == [2, "conflict"]
        assert counts(scene.session) == (0, 0, 0)


class TestSeries:
    def test_the_job_voids_a_series_at_once_and_staff_restore_it_for_good(
        self, parts: QuietParts, scene: GamingScene, cast: Cast, giver: Account
    ) -> None:
        session = scene.session
        scene.series(giver, cast.bob, cast.ada, 7, YESTERDAY)
        before = standing_points(session, cast.bob)
        assert before[0] > 0
        assert find_gaming(parts.sessions, NIGHT) == 1
        (suspicion,) = scene.suspicions(SuspicionKind.SERIAL)
        assert (suspicion.state, suspicion.settled_by_id) == (SuspicionState.VOIDED, None)
        assert counts(session) == (0, 0, 0)
        assert standing_points(session, cast.bob) == (0, 0, 0)
        assert find_gaming(parts.sessions, NIGHT + DAY) == 0
        assert void(session, suspicion, cast.cleo, Verdict.DISMISS) == 7
        assert counts(session) == (7, 7, 7)
        assert standing_points(session, cast.bob) == before
        assert find_gaming(parts.sessions, NIGHT + 2 * DAY) == 0
        assert counts(session) == (7, 7, 7)

    def test_a_series_that_goes_on_after_the_night_is_voided_with_it(
        self, parts: QuietParts, scene: GamingScene, cast: Cast, giver: Account
    ) -> None:
        scene.series(giver, cast.bob, cast.ada, 6, NIGHT - timedelta(minutes=20))
        find_gaming(parts.sessions, NIGHT)
        scene.series(giver, cast.bob, cast.ada, 6, NIGHT + timedelta(minutes=5))
        assert find_gaming(parts.sessions, NIGHT + DAY) == 0
        (suspicion,) = scene.suspicions(SuspicionKind.SERIAL)
        assert suspicion.evidence["kudos"] == 12
        assert counts(scene.session) == (0, 0, 0)

    def test_a_restored_series_whose_beginning_is_out_of_sight_stays_restored(
        self, parts: QuietParts, scene: GamingScene, cast: Cast, giver: Account
    ) -> None:
        scene.series(giver, cast.bob, cast.ada, 40, NIGHT - timedelta(minutes=50))
        find_gaming(parts.sessions, NIGHT)
        (suspicion,) = scene.suspicions(SuspicionKind.SERIAL)
        void(scene.session, suspicion, cast.cleo, Verdict.DISMISS)
        find_gaming(parts.sessions, NIGHT + 4 * DAY - timedelta(minutes=30))  # sees its last twenty alone
        assert len(scene.suspicions(SuspicionKind.SERIAL)) == 1
        assert counts(scene.session) == (40, 40, 40)

    def test_kudos_taken_back_while_voided_stay_taken_back(
        self, parts: QuietParts, scene: GamingScene, cast: Cast, giver: Account
    ) -> None:
        session = scene.session
        kudos = scene.series(giver, cast.bob, cast.ada, 6, YESTERDAY)
        find_gaming(parts.sessions, NIGHT)
        (suspicion,) = scene.suspicions(SuspicionKind.SERIAL)
        post = session.get_one(Post, kudos[0].post_id)
        take_back_kudos(session, session.get_one(Thread, post.thread_id), post, giver, NIGHT)
        session.commit()
        assert counts(session) == (0, 0, 0)
        assert void(session, suspicion, cast.cleo, Verdict.DISMISS) == 5
        assert counts(session) == (5, 5, 5)
        points = standing_points(session, cast.bob)
        assert points[0] == points[1] == points[2]

    def test_a_reopened_series_is_not_voided_by_the_job_again(
        self, parts: QuietParts, scene: GamingScene, cast: Cast, giver: Account
    ) -> None:
        scene.series(giver, cast.bob, cast.ada, 6, YESTERDAY)
        find_gaming(parts.sessions, NIGHT)
        (suspicion,) = scene.suspicions(SuspicionKind.SERIAL)
        void(scene.session, suspicion, cast.max, Verdict.REOPEN)
        find_gaming(parts.sessions, NIGHT + DAY)
        assert counts(scene.session) == (6, 6, 6)

    def test_voiding_twice_voids_once(self, parts: QuietParts, scene: GamingScene, cast: Cast, giver: Account) -> None:
        kudos = scene.series(giver, cast.bob, cast.ada, 6, YESTERDAY)
        find_gaming(parts.sessions, NIGHT)
        (suspicion,) = scene.suspicions(SuspicionKind.SERIAL)
        assert void_kudos(scene.session, suspicion, [one.id for one in kudos], NIGHT) == 0

    def test_five_thanks_in_an_evening_are_left_alone(
        self, parts: QuietParts, scene: GamingScene, cast: Cast, giver: Account
    ) -> None:
        scene.series(giver, cast.bob, cast.ada, 5, YESTERDAY)
        assert find_gaming(parts.sessions, NIGHT) == 0
        assert counts(scene.session) == (5, 5, 5)


class TestOthers:
    def test_an_asker_who_accepts_one_person_always_is_shown_and_only_kudos_between_them_can_be_voided(
        self, parts: QuietParts, scene: GamingScene, cast: Cast
    ) -> None:
        session = scene.session
        helpers = scene.people("hana", "hugo", "hedy", "hans", "hope")
        for n in range(30):
            scene.accept(scene.reply(cast.sue, helpers[n % 5], NIGHT - 40 * DAY), NIGHT - 30 * DAY)
        for n in range(8):
            mine = scene.reply(cast.ada, cast.mallory, NIGHT - 40 * DAY)
            scene.accept(mine, NIGHT - 30 * DAY)
            if n < 2:
                scene.thank(cast.ada, mine, NIGHT - (20 - n) * DAY)
        session.commit()
        assert find_gaming(parts.sessions, NIGHT) == 1
        (suspicion,) = scene.suspicions(SuspicionKind.SELF_SOLVING)
        told = suspicion.evidence
        assert (told["asker"], told["answerer"], told["accepted"], told["of"]) == (cast.ada.id, cast.mallory.id, 8, 8)
        assert len(told["threads"]) == 8
        solutions = cast.mallory.solutions
        assert void(session, suspicion, cast.cleo) == 2
        assert cast.mallory.solutions == solutions  # acceptances are withdrawn on their threads, one by one

    def test_signals_of_one_person_are_shown_but_void_nothing(
        self, parts: QuietParts, scene: GamingScene, cast: Cast
    ) -> None:
        session = scene.session
        for n, account in enumerate([cast.bob, cast.mallory]):
            session.add(
                BrowserSession(
                    account_id=account.id, token_digest=f"digest {n}", created_at=YESTERDAY, last_seen_at=YESTERDAY,
                    browser="Firefox 144", address="192.0.2.7",
                )
            )  # fmt: skip
        for n in range(3):
            scene.thank(cast.mallory, scene.reply(cast.ada, cast.bob), NIGHT - (9 - n) * DAY)
        session.commit()
        assert find_gaming(parts.sessions, NIGHT) == 1
        (suspicion,) = scene.suspicions(SuspicionKind.SOCK_PUPPET)
        assert suspicion.evidence == {"signals": ["one_person", "same_browser", "together"]}
        assert "192.0.2.7" not in str(suspicion.evidence)
        assert verdicts(suspicion.kind, suspicion.state) == [Verdict.DISMISS]
        with pytest.raises(Conflict):
            settle_suspicion(session, suspicion, Verdict.VOID, cast.cleo, seen="open", now=NIGHT)
        assert counts(session) == (3, 3, 3)

    def test_staff_who_may_settle_are_told_once_a_night(
        self, parts: QuietParts, scene: GamingScene, cast: Cast, giver: Account
    ) -> None:
        scene.series(giver, cast.bob, cast.ada, 6, YESTERDAY)
        scene.series(giver, cast.sue, cast.ada, 6, YESTERDAY)
        assert find_gaming(parts.sessions, NIGHT) == 2
        told = scene.session.scalars(select(Notice).where(Notice.event == "suspicion")).all()
        assert sorted(one.account_id for one in told) == sorted([cast.cleo.id, cast.max.id])

    def test_a_quiet_community_is_left_alone(self, parts: QuietParts, scene: GamingScene, cast: Cast) -> None:
        scene.thank(cast.bob, scene.reply(cast.ada, cast.sue), YESTERDAY)
        scene.session.commit()
        assert find_gaming(parts.sessions, NIGHT) == 0
