"""The sample's superfan programme: ranks and badges from what was planted, whom to ask, what is new for whom, who is invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.answer_invitation import accept_invitation
from forum.actions.ask_for_help import ask_for_help
from forum.actions.invite_superfan import invite_superfan
from forum.actions.learn_expertise import learn_due
from forum.actions.review_members import review_due
from forum.actions.spread_news import spread_news
from forum.actions.thank_member import thank_member
from forum.kernel.database import writing
from forum.notices.notice import Notice
from forum.outbox.delivery import Delivery, Kind
from forum.people.account import Account
from forum.people.roles import Role
from forum.search.port import Subjects
from forum.superfans.helping import HelpRound

NEWS_OF = timedelta(days=3)  # what happened before that has been read
ASKED_SINCE = timedelta(days=2)
WELCOME = "You have helped so many here, and so kindly. Would you like to do it with us?"
BECAUSE = "Your answers on mesh and cabling saved many people an evening. Thank you!"


@dataclass(frozen=True)
class Programme:
    sessions: sessionmaker[Session]
    subjects: Subjects
    zone: tzinfo

    def review(self, at: datetime) -> None:
        """Ranks and badges as of then; nobody is told of what happened before they came to look."""
        while True:
            with writing(), self.sessions.begin() as session:
                if not review_due(session, at, zone=self.zone, quiet=True):
                    return

    def open(self, now: datetime) -> None:
        """After everything has happened: what workers would have done meanwhile, and what staff did for the programme."""
        self.review(now)
        while learn_due(self.sessions, self.subjects, now):
            pass
        self._spread(now)
        with writing(), self.sessions.begin() as session:
            _invite(session, now)
            _end_old_searches(session, now)
        while self._ask(now):
            pass
        with writing(), self.sessions.begin() as session:
            _read_old_notices(session, now)
            # The sample's people live at addresses that no mail reaches.
            session.execute(update(Notice).values(mail_id=None))
            session.execute(delete(Delivery).where(Delivery.kind == Kind.MAIL))

    def _ask(self, now: datetime) -> int:
        with writing(), self.sessions.begin() as session:
            return ask_for_help(session, self.subjects, now)

    def _spread(self, now: datetime) -> None:
        with writing(), self.sessions.begin() as session:
            session.execute(delete(Delivery).where(Delivery.kind == Kind.NEWS, Delivery.made_at < now - NEWS_OF))
        with self.sessions() as session:
            news = session.scalars(select(Delivery.id).where(Delivery.kind == Kind.NEWS).order_by(Delivery.id)).all()
        for delivery_id in news:
            spread_news(self.sessions, delivery_id, lambda: now)


def _invite(session: Session, now: datetime) -> None:
    """The best of those who are no superfans yet: one is on probation, one has an invitation before them."""
    best = select(Account).where(
        Account.role == Role.CUSTOMER, Account.superfan_since.is_(None), Account.solutions > 0
    ).order_by(Account.solutions.desc(), Account.id)  # fmt: skip
    moderator = session.scalars(select(Account).where(Account.role == Role.MODERATOR).order_by(Account.id)).first()
    if moderator is None:
        return
    for number, member in enumerate(session.scalars(best.limit(2)).all()):
        at = now - timedelta(days=6 - 4 * number)
        invitation = invite_superfan(session, member, moderator, words=WELCOME, now=at)
        if number == 0:
            accept_invitation(session, member, invitation.id, at + timedelta(hours=5))
    proud = select(Account).where(Account.superfan_since.is_not(None)).order_by(Account.solutions.desc(), Account.id)
    for member in session.scalars(proud.limit(1)):
        thank_member(session, member, moderator, reason=BECAUSE, now=now - timedelta(days=1))


def _end_old_searches(session: Session, now: datetime) -> None:
    old = update(HelpRound).where(HelpRound.begun_at < now - ASKED_SINCE)
    session.execute(old.values(due_at=None))


def _read_old_notices(session: Session, now: datetime) -> None:
    old = update(Notice).where(Notice.read_at.is_(None), Notice.made_at < now - NEWS_OF)
    session.execute(old.values(read_at=Notice.made_at))
    unread = select(func.count()).where(Notice.account_id == Account.id, Notice.read_at.is_(None)).scalar_subquery()
    session.execute(update(Account).values(unread_notices=unread))
