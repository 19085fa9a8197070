"""The programme: invited, on probation, promoted, paused, ended, thanked. Who may do which, and what a member hears of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.answer_invitation import PROBATION, accept_invitation, decline_invitation
from forum.actions.invite_superfan import LASTS, invite_superfan, take_invitation_back
from forum.actions.name_superfan import end_superfan, name_superfan
from forum.actions.note_programme_export import note_programme_export
from forum.actions.pause_superfan import pause_superfan, resume_superfan
from forum.actions.promote_superfan import promote_due, promote_superfan
from forum.actions.thank_member import thank_member
from forum.actions.write_terms import write_terms
from forum.kernel.database import writing
from forum.kernel.errors import Conflict, ForumError, Invalid, NotAllowed
from forum.moderation.log import LogEntry
from forum.notices.notice import Notice
from forum.outbox.delivery import State
from forum.people.account import Account
from forum.people.permissions import RIGHTS, Act
from forum.reports.superfan_member import waiting_invitation
from forum.superfans.grant import Invitation, ProgrammeTerms, SuperfanGrant, Thanks
from forum.superfans.shipped_terms import TERMS
from tests.actions.listening_world import an_answered_mention, listening_world
from tests.application import QuietParts
from tests.cast import Cast
from tests.scene import NOON

WITHOUT_APPROVAL = Act.SEND_WITHOUT_APPROVAL.value


@pytest.fixture(autouse=True)
def terms(session: Session) -> ProgrammeTerms:
    made = ProgrammeTerms(texts=dict(TERMS), made_by_id=None, made_at=NOON)
    session.add(made)
    session.commit()
    return made


@pytest.fixture
def invited(session: Session, cast: Cast) -> Invitation:
    made = invite_superfan(session, cast.bob, cast.cleo, words="You know mesh.", now=NOON)
    session.commit()
    return made


@pytest.fixture
def probation(session: Session, cast: Cast, invited: Invitation) -> SuperfanGrant:
    """Bob's, since noon."""
    grant = accept_invitation(session, cast.bob, invited.id, NOON)
    session.commit()
    return grant


def heard(session: Session, account: Account) -> list[tuple[str, str | None]]:
    found = select(Notice).where(Notice.account_id == account.id).order_by(Notice.id)
    return [(one.event, one.details.get("step")) for one in session.scalars(found)]


def log(session: Session, account: Account) -> list[str]:
    found = select(LogEntry).where(LogEntry.about == f"account:{account.id}").order_by(LogEntry.id)
    return [str(one.details.get("superfan", one.act)) for one in session.scalars(found)]


def test_an_invitation_waits_with_the_terms_of_now_for_thirty_days(
    session: Session, cast: Cast, invited: Invitation, terms: ProgrammeTerms
) -> None:
    assert (invited.terms_id, invited.expires_at, invited.words) == (terms.id, NOON + LASTS, "You know mesh.")
    assert heard(session, cast.bob) == [("invited", None)]
    assert log(session, cast.bob) == ["invited"]
    assert cast.bob.superfan_since is None


def test_inviting_twice_is_one_invitation(session: Session, cast: Cast, invited: Invitation) -> None:
    again = invite_superfan(session, cast.bob, cast.max, words="Please!", now=NOON + timedelta(days=1))
    assert again.id == invited.id
    assert heard(session, cast.bob) == [("invited", None)]


@pytest.mark.parametrize("name", ["ann", "fay", "max", "sue"])
def test_neither_staff_nor_who_has_a_place_is_invited(session: Session, cast: Cast, name: str) -> None:
    with pytest.raises(Conflict):
        invite_superfan(session, getattr(cast, name), cast.cleo, words="", now=NOON)
    assert session.scalars(select(Invitation)).all() == []


def test_without_terms_nobody_is_invited(session: Session, cast: Cast, terms: ProgrammeTerms) -> None:
    session.delete(terms)
    session.flush()
    with pytest.raises(Conflict):
        invite_superfan(session, cast.bob, cast.cleo, words="", now=NOON)


def test_words_may_not_be_a_novel(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        invite_superfan(session, cast.bob, cast.cleo, words="x" * 1001, now=NOON)
    assert set(caught.value.fields) == {"words"}


def test_who_accepts_begins_with_two_weeks_in_which_answers_wait(
    session: Session, cast: Cast, probation: SuperfanGrant, invited: Invitation
) -> None:
    assert probation.probation_until == NOON + PROBATION == NOON + timedelta(days=14)
    assert cast.bob.superfan_since == NOON
    assert set(cast.bob.rights) == {right.value for right in RIGHTS} - {WITHOUT_APPROVAL}
    assert invited.answer == "accepted"
    assert heard(session, cast.bob) == [("invited", None), ("programme", "joined")]


def test_who_declines_stays_as_they_are_and_may_be_invited_again(
    session: Session, cast: Cast, invited: Invitation
) -> None:
    decline_invitation(session, cast.bob, invited.id, NOON)
    assert (invited.answer, cast.bob.superfan_since) == ("declined", None)
    with pytest.raises(Conflict):
        accept_invitation(session, cast.bob, invited.id, NOON)
    assert invite_superfan(session, cast.bob, cast.cleo, words="", now=NOON).id != invited.id


def test_after_thirty_days_it_is_too_late(session: Session, cast: Cast, invited: Invitation) -> None:
    later = NOON + LASTS
    assert waiting_invitation(session, cast.bob, later - timedelta(seconds=1)) is not None
    assert waiting_invitation(session, cast.bob, later) is None
    with pytest.raises(Conflict):
        accept_invitation(session, cast.bob, invited.id, later)
    session.rollback()
    fresh = invite_superfan(session, cast.bob, cast.cleo, words="", now=later)
    assert fresh.id != invited.id
    assert (invited.answer, invited.answered_at) == ("expired", later)


def test_an_invitation_is_taken_back(session: Session, cast: Cast, invited: Invitation) -> None:
    assert take_invitation_back(session, cast.bob, cast.cleo, NOON)
    assert not take_invitation_back(session, cast.bob, cast.cleo, NOON)
    with pytest.raises(Conflict):
        accept_invitation(session, cast.bob, invited.id, NOON)


def test_who_is_named_has_no_invitation_left_and_keeps_what_they_have(
    session: Session, cast: Cast, invited: Invitation
) -> None:
    grant = name_superfan(session, cast.bob, cast.max, reason="Mesh.", now=NOON + timedelta(days=1))
    assert (invited.answer, invited.answered_at) == ("withdrawn", NOON + timedelta(days=1))
    with pytest.raises(Conflict):
        accept_invitation(session, cast.bob, invited.id, NOON + timedelta(days=2))
    assert (grant.probation_until, set(cast.bob.rights)) == (None, {right.value for right in RIGHTS})


def test_nobody_accepts_an_invitation_of_somebody_else(session: Session, cast: Cast, invited: Invitation) -> None:
    for act in (accept_invitation, decline_invitation):
        with pytest.raises(Conflict):
            act(session, cast.mallory, invited.id, NOON)
    assert cast.mallory.superfan_since is None
    assert invited.answered_at is None


def test_who_became_staff_meanwhile_does_not_join(session: Session, cast: Cast, invited: Invitation) -> None:
    cast.bob.role = "agent"
    with pytest.raises(Conflict):
        accept_invitation(session, cast.bob, invited.id, NOON)


def test_staff_promote_before_the_time(session: Session, cast: Cast, probation: SuperfanGrant) -> None:
    assert promote_superfan(session, cast.bob, cast.cleo, NOON + timedelta(days=3))
    assert WITHOUT_APPROVAL in cast.bob.rights
    assert probation.promoted_by_id == cast.cleo.id
    assert heard(session, cast.bob)[-1] == ("programme", "promoted")
    assert log(session, cast.bob) == ["invited", "promoted"]
    assert not promote_superfan(session, cast.bob, cast.cleo, NOON + timedelta(days=3))


def test_probation_ends_by_itself_and_not_a_moment_before(
    session: Session, cast: Cast, probation: SuperfanGrant
) -> None:
    assert promote_due(session, NOON + PROBATION - timedelta(seconds=1)) == 0
    assert promote_due(session, NOON + PROBATION) == 1
    assert (probation.promoted_at, probation.promoted_by_id) == (NOON + PROBATION, None)
    assert WITHOUT_APPROVAL in cast.bob.rights
    assert heard(session, cast.bob)[-1] == ("programme", "promoted")
    assert promote_due(session, NOON + PROBATION) == 0


@pytest.mark.parametrize(
    ("facts", "promoted"),
    [({"state": State.CANCELLED, "refused_why": "Wrong."}, 0), ({"state": State.SENT, "taken_over_by_id": 4}, 0),
     ({"state": State.CANCELLED}, 1), ({"state": State.SENT}, 1), ({"state": State.HELD}, 1)],
)  # fmt: skip
def test_where_something_was_declined_in_it_a_person_decides(
    session: Session, cast: Cast, parts: QuietParts, probation: SuperfanGrant, facts: dict[str, object], promoted: int
) -> None:
    session.rollback()
    world = listening_world(parts.sessions)
    if facts.get("taken_over_by_id"):
        facts = {**facts, "taken_over_by_id": cast.ann.id}
    made = an_answered_mention(session, world.connection_id, world.board_id, "1", cast.bob, **facts)  # type: ignore[arg-type]
    made.settled_at = NOON + timedelta(days=1)
    session.commit()
    assert promote_due(session, NOON + PROBATION) == promoted
    session.commit()
    if not promoted:
        assert promote_superfan(session, cast.bob, cast.cleo, NOON + PROBATION)


def test_what_was_declined_before_probation_or_of_others_does_not_count(
    session: Session, cast: Cast, parts: QuietParts, probation: SuperfanGrant
) -> None:
    session.rollback()
    world = listening_world(parts.sessions)
    for number, (author, days) in enumerate([(cast.bob, -1), (cast.mallory, 1)]):
        made = an_answered_mention(
            session, world.connection_id, world.board_id, str(number), author, State.CANCELLED, refused_why="Wrong."
        )
        made.settled_at = NOON + timedelta(days=days)
    session.commit()
    assert promote_due(session, NOON + PROBATION) == 1


def test_nobody_is_promoted_while_paused_or_after_the_end(
    session: Session, cast: Cast, probation: SuperfanGrant
) -> None:
    pause_superfan(session, cast.bob, cast.cleo, reason="Rest.", now=NOON)
    assert promote_due(session, NOON + PROBATION) == 0
    resume_superfan(session, cast.bob, cast.cleo, NOON)
    end_superfan(session, cast.bob, cast.cleo, now=NOON)
    assert promote_due(session, NOON + PROBATION) == 0


def test_paused_all_rights_rest_and_come_back(session: Session, cast: Cast) -> None:
    rights = list(cast.sue.rights)
    assert pause_superfan(session, cast.sue, cast.cleo, reason=" Too\nharsh. ", now=NOON)
    assert (cast.sue.rights, cast.sue.superfan_since) == ([], None)
    assert not pause_superfan(session, cast.sue, cast.cleo, reason="Again.", now=NOON)
    grant = session.scalars(select(SuperfanGrant)).one()
    assert grant.paused_why == "Too harsh."
    assert resume_superfan(session, cast.sue, cast.cleo, NOON)
    assert not resume_superfan(session, cast.sue, cast.cleo, NOON)
    assert cast.sue.rights == rights
    assert heard(session, cast.sue) == [("programme", "paused"), ("programme", "resumed")]
    assert log(session, cast.sue) == ["paused", "resumed"]


def test_nobody_is_paused_without_a_reason_or_a_place(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid):
        pause_superfan(session, cast.sue, cast.cleo, reason=" ", now=NOON)
    for act in (
        lambda: pause_superfan(session, cast.bob, cast.cleo, reason="Rest.", now=NOON),
        lambda: resume_superfan(session, cast.bob, cast.cleo, NOON),
        lambda: promote_superfan(session, cast.bob, cast.cleo, NOON),
    ):
        with pytest.raises(Conflict):
            act()


def test_the_end_is_told_with_its_reason(session: Session, cast: Cast) -> None:
    end_superfan(session, cast.sue, cast.cleo, reason="You asked for it.", now=NOON)
    notice = session.scalars(select(Notice).where(Notice.account_id == cast.sue.id)).one()
    assert (notice.event, notice.details["step"], notice.details["why"]) == ("programme", "ended", "You asked for it.")


def test_thanks_have_a_reason_and_are_read(session: Session, cast: Cast) -> None:
    thanks = thank_member(session, cast.bob, cast.ann, reason="For the guide.\r\nReally.", now=NOON)
    assert thanks.reason == "For the guide.\nReally."
    assert heard(session, cast.bob) == [("staff_thanks", None)]
    for reason in ("", " ", "x" * 601):
        with pytest.raises(Invalid):
            thank_member(session, cast.bob, cast.ann, reason=reason, now=NOON)
    with pytest.raises(Conflict):
        thank_member(session, cast.ann, cast.ann, reason="Me.", now=NOON)
    assert len(session.scalars(select(Thanks)).all()) == 1


def test_new_terms_are_a_new_version_and_an_invitation_keeps_its_own(
    session: Session, cast: Cast, invited: Invitation, terms: ProgrammeTerms
) -> None:
    fresh = write_terms(session, {"en": "Be kind.", "zh_Hans": "", "zh_Hant": "請友善。"}, cast.max, NOON)
    assert fresh.texts == {"en": "Be kind.", "zh_Hant": "請友善。"}
    assert write_terms(session, {"en": "Be kind.", "zh_Hant": "請友善。"}, cast.max, NOON).id == fresh.id
    assert invited.terms_id == terms.id
    assert invite_superfan(session, cast.ada, cast.cleo, words="", now=NOON).terms_id == fresh.id


@pytest.mark.parametrize("texts", [{}, {"en": " "}, {"zh_Hans": "友善。"}, {"en": "x" * 10_001}])
def test_terms_need_english(session: Session, cast: Cast, texts: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        write_terms(session, texts, cast.max, NOON)
    assert set(caught.value.fields) == {"terms-en"}
    assert len(session.scalars(select(ProgrammeTerms)).all()) == 1


Do = Callable[[Session, Cast, Account, datetime], object]
ACTS: dict[str, tuple[set[str], Do]] = {
    "invite": ({"cleo", "max"}, lambda s, c, by, now: invite_superfan(s, c.bob, by, words="", now=now)),
    "take back": ({"cleo", "max"}, lambda s, c, by, now: take_invitation_back(s, c.bob, by, now)),
    "promote": ({"cleo", "max"}, lambda s, c, by, now: promote_superfan(s, c.sue, by, now)),
    "pause": ({"cleo", "max"}, lambda s, c, by, now: pause_superfan(s, c.sue, by, reason="Rest.", now=now)),
    "resume": ({"cleo", "max"}, lambda s, c, by, now: resume_superfan(s, c.sue, by, now)),
    "end": ({"cleo", "max"}, lambda s, c, by, now: end_superfan(s, c.sue, by, now=now)),
    "thank": ({"ann", "cleo", "max"}, lambda s, c, by, now: thank_member(s, c.mallory, by, reason="Yes.", now=now)),
    "terms": ({"max"}, lambda s, c, by, now: write_terms(s, {"en": "Be kind."}, by, now)),
    "export": ({"cleo", "max"}, lambda s, c, by, now: note_programme_export(s, by, form="csv", query="", now=now)),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", ["ada", "bob", "sue", "ann", "cleo", "fay", "max"])
def test_each_act_is_for_those_it_is_meant_for(session: Session, cast: Cast, act: str, name: str) -> None:
    allowed, do = ACTS[act]
    try:
        do(session, cast, getattr(cast, name), NOON)
        refused = False
    except NotAllowed:
        refused = True
    except ForumError:
        refused = False
    assert refused == (name not in allowed)


class TestOnBothDatabases:
    @pytest.fixture
    def database_url(self, any_database_url: str) -> str:
        return any_database_url

    def test_two_who_invite_at_once_make_one_invitation(self, session: Session, cast: Cast, parts: QuietParts) -> None:
        who = [cast.cleo.id, cast.max.id]
        found = self.at_once(
            parts, cast, lambda other, bob, place: invite_superfan(other, bob, other.get_one(Account, who[place]), words="", now=NOON).id
        )  # fmt: skip
        assert len(set(found)) == 1
        session.rollback()
        assert len(session.scalars(select(Invitation)).all()) == 1
        assert heard(session, cast.bob) == [("invited", None)]

    def test_accepting_twice_at_once_makes_one_place(
        self, session: Session, cast: Cast, parts: QuietParts, invited: Invitation
    ) -> None:
        number = invited.id
        session.rollback()

        def accept(other: Session, bob: Account, _place: int) -> object:
            try:
                return accept_invitation(other, bob, number, NOON).id
            except Conflict:
                return None

        found = self.at_once(parts, cast, accept)
        assert sorted(one is None for one in found) == [False, True]
        session.rollback()
        assert len(session.scalars(select(SuperfanGrant).where(SuperfanGrant.account_id == cast.bob.id)).all()) == 1

    @staticmethod
    def at_once(parts: QuietParts, cast: Cast, do: Callable[[Session, Account, int], object]) -> list[object]:
        bob_id, start, found = cast.bob.id, threading.Barrier(2), []

        def run(place: int) -> None:
            start.wait()
            with writing(), parts.sessions.begin() as session:
                found.append(do(session, session.get_one(Account, bob_id), place))

        both = [threading.Thread(target=run, args=(place,)) for place in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join(30)
        return found
