"""Forget what the programme and the notices know of somebody who is erased. What counts for others stays: points, awards, ranks held."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, cast, delete, literal, select, update
from sqlalchemy.orm import Session

from forum.actions.hold_replies import hold_replies
from forum.moderation.log import LogEntry
from forum.notices.notice import Notice, NoticeChoice
from forum.outbox.delivery import Delivery, State
from forum.people.account import Account
from forum.people.permissions import Act
from forum.superfans.badge import BadgeAward
from forum.superfans.grant import Invitation, SuperfanGrant, Thanks
from forum.superfans.helping import Availability, Expertise, ExpertiseDue, HelpRequest, Mute
from forum.superfans.rank import MemberMeasure, ReviewDue
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post

# What is about this person and nobody else.
THEIR_OWN = (
    Notice, NoticeChoice, Expertise, ExpertiseDue, Mute, Availability, HelpRequest, MemberMeasure, ReviewDue,
)  # fmt: skip
# Words of staff about them that the log repeats.
SAID_IN_LOG = ("reason", "why", "words")


def forget_member(session: Session, account: Account, by: Account, now: datetime) -> None:
    """The caller holds the account's row and closes it."""
    _forget_mails(session, account, now)
    for model in THEIR_OWN:
        session.execute(delete(model).where(model.account_id == account.id))
    session.execute(update(BadgeAward).where(BadgeAward.account_id == account.id).values(pinned_at=None))
    _end_programme(session, account, by, now)
    _forget_words(session, account)
    _forget_replies(session, account, now)
    account.unread_notices, account.mail_paused_until = 0, None
    account.rank_id, account.rank_falls_at, account.rights = None, None, []
    account.off_leaderboards_since = now
    session.flush()


def _forget_mails(session: Session, account: Account, now: datetime) -> None:
    """Those that wait are called back; one that a worker has in hand finds nothing to say any more."""
    mails = select(Notice.mail_id).where(Notice.account_id == account.id, Notice.mail_id.is_not(None))
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(mails), Delivery.state == State.WAITING)
        .values(state=State.CANCELLED, settled_at=now)
        .execution_options(synchronize_session=False)
    )


def _end_programme(session: Session, account: Account, by: Account, now: datetime) -> None:
    standing = update(SuperfanGrant).where(SuperfanGrant.account_id == account.id, SuperfanGrant.ended_at.is_(None))
    session.execute(standing.values(ended_at=now, ended_by_id=by.id))
    waiting = update(Invitation).where(Invitation.account_id == account.id, Invitation.answered_at.is_(None))
    session.execute(waiting.values(answer="withdrawn", answered_at=now))


def _forget_words(session: Session, account: Account) -> None:
    """What staff wrote to them or about them; that it happened, and when, stays."""
    mine = account.id
    session.execute(update(SuperfanGrant).where(SuperfanGrant.account_id == mine).values(reason="", paused_why=""))
    session.execute(update(Invitation).where(Invitation.account_id == mine).values(words=""))
    session.execute(update(Thanks).where(Thanks.account_id == mine).values(reason=""))
    for entry in session.scalars(select(LogEntry).where(LogEntry.about == f"account:{mine}")):
        entry.details = {name: value for name, value in entry.details.items() if name not in SAID_IN_LOG}


def _forget_replies(session: Session, account: Account, now: datetime) -> None:
    """What is kept of replies to networks with their answers: the text before staff changed it, which is signed with
    their name, and why staff declined it. That it happened, and who did it, stays.

    One that waits in words signed with their name waits for staff again, to go out without it. One that may stand on
    the network already keeps its words: by them it is found there.
    """
    accepted = select(Acceptance).join(Post, Post.id == Acceptance.post_id).where(Post.author_id == account.id)
    for acceptance in session.scalars(accepted.where(Acceptance.withdrawn_at.is_(None))):
        hold_replies(session, acceptance, "erased", now, worded_only=True)
    theirs = accepted.with_only_columns(Acceptance.id)
    written = select(literal("delivery:").concat(cast(Delivery.id, String))).where(Delivery.acceptance_id.in_(theirs))
    entries = select(LogEntry).where(LogEntry.act == Act.APPROVE_REPLIES, LogEntry.about.in_(written))
    for entry in session.scalars(entries):
        entry.details = {name: value for name, value in entry.details.items() if name not in (*SAID_IN_LOG, "before")}
    of_theirs = update(Delivery).where(Delivery.acceptance_id.in_(theirs), Delivery.taken_over_by_id.is_(None))
    refused = of_theirs.where(Delivery.state == State.FAILED)  # it would be sent anew: worded anew, then
    session.execute(refused.values(text=None, edited_by_id=None))
    declined = update(Delivery).where(Delivery.acceptance_id.in_(theirs), Delivery.refused_why.is_not(None))
    session.execute(declined.values(refused_why=""))  # None would say that nobody declined it
