"""All that is kept about one person, for themselves to take along."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from forum.ledger.claim import Claim
from forum.ledger.contact import Contact, ContactMatch
from forum.ledger.reader_week import ReaderWeek, Reading
from forum.ledger.report_view import SavedView
from forum.ledger.survey import Survey
from forum.notices.notice import Notice, NoticeChoice
from forum.people.account import Account, BrowserSession
from forum.superfans.badge import Badge, BadgeAward
from forum.superfans.grant import Invitation, SuperfanGrant, Thanks
from forum.superfans.helping import Availability, Expertise, HelpRequest, Mute
from forum.superfans.points import PointEntry
from forum.superfans.rank import MemberMeasure, Rank, RankChange
from forum.superfans.standings import StandingRow
from forum.superfans.suspicion import Suspicion, SuspicionMember
from forum.threads.acceptance import Acceptance
from forum.threads.post import Comment, Kudos, Post
from forum.threads.thread import Follow, SameProblem, Thread


def own_data(session: Session, account: Account) -> dict[str, Any]:
    """Ready for JSON. One query for each kind of thing; nothing of anybody else's is in it."""
    mine = account.id
    return {
        "account": _account(account),
        "sessions": _rows(session, select(BrowserSession.created_at, BrowserSession.last_seen_at, BrowserSession.browser, BrowserSession.address, BrowserSession.revoked_at).where(BrowserSession.account_id == mine)),
        "threads": _rows(session, select(Thread.id, Thread.title, Thread.kind, Thread.language, Thread.created_at, Thread.solved_at).where(Thread.author_id == mine)),
        "posts": _rows(session, select(Post.id, Post.thread_id, Post.number, Post.text, Post.summary, Post.created_at, Post.edited_at).where(Post.author_id == mine)),
        "comments": _rows(session, select(Comment.id, Comment.post_id, Comment.text, Comment.created_at).where(Comment.author_id == mine)),
        "kudos_given": _rows(session, select(Kudos.post_id, Kudos.given_at, Kudos.taken_back_at).where(Kudos.giver_id == mine)),
        "following": _rows(session, select(Follow.thread_id, Follow.since).where(Follow.account_id == mine)),
        "same_problem": _rows(session, select(SameProblem.thread_id, SameProblem.said_at).where(SameProblem.account_id == mine)),
        "acceptances": _rows(session, select(Acceptance.thread_id, Acceptance.post_id, Acceptance.accepted_at, Acceptance.withdrawn_at).where(Acceptance.accepted_by_id == mine)),
        "answers_about_contacting": _rows(session, select(Claim.thread_id, Claim.intent, Claim.channel, Claim.intent_at, Claim.outcome).join(Thread, Thread.id == Claim.thread_id).where(Thread.author_id == mine, Claim.kind == "direct")),
        "contacts_found": _rows(session, select(Claim.thread_id, Contact.channel, Contact.happened_at, ContactMatch.matched_at).join(ContactMatch, ContactMatch.claim_id == Claim.id).join(Contact, Contact.id == ContactMatch.contact_id).join(Thread, Thread.id == Claim.thread_id).where(Thread.author_id == mine)),
        "weeks_of_reading": _rows(session, select(ReaderWeek.week, ReaderWeek.views, ReaderWeek.first_at, ReaderWeek.last_at).where(ReaderWeek.account_id == mine)),
        "solved_threads_read": _rows(session, select(ReaderWeek.week, Reading.thread_id, Reading.first_at).join(Reading, Reading.reader_week_id == ReaderWeek.id).where(ReaderWeek.account_id == mine)),
        "survey_answers": _rows(session, select(ReaderWeek.week, Survey.thread_id, Survey.problem, Survey.found, Survey.contact, Survey.enough, Survey.channel, Survey.answered_at).join(Survey, Survey.reader_week_id == ReaderWeek.id).where(ReaderWeek.account_id == mine)),
        "points": _rows(session, select(PointEntry.cause, PointEntry.points, PointEntry.at).where(PointEntry.account_id == mine)),
        "superfan": _rows(session, select(SuperfanGrant.given_at, SuperfanGrant.reason, SuperfanGrant.rights, SuperfanGrant.probation_until, SuperfanGrant.promoted_at, SuperfanGrant.paused_at, SuperfanGrant.paused_why, SuperfanGrant.ended_at).where(SuperfanGrant.account_id == mine)),
        "invitations": _rows(session, select(Invitation.at, Invitation.words, Invitation.expires_at, Invitation.answer, Invitation.answered_at).where(Invitation.account_id == mine)),
        "thanks_from_staff": _rows(session, select(Thanks.at, Thanks.reason).where(Thanks.account_id == mine)),
        "ranks": _rows(session, select(Rank.name, RankChange.at).join_from(RankChange, Rank, Rank.id == RankChange.to_id, isouter=True).where(RankChange.account_id == mine)),
        "badges": _rows(session, select(Badge.name, BadgeAward.number, BadgeAward.at, BadgeAward.pinned_at, BadgeAward.revoked_at).join(Badge, Badge.id == BadgeAward.badge_id).where(BadgeAward.account_id == mine)),
        "measures": _rows(session, select(MemberMeasure.values, MemberMeasure.measured_at).where(MemberMeasure.account_id == mine)),
        "leaderboards": _rows(session, select(StandingRow.span, StandingRow.starts_on, StandingRow.scope, StandingRow.points, StandingRow.solutions, StandingRow.kudos).where(StandingRow.account_id == mine)),
        "expertise": _rows(session, select(Expertise.field, Expertise.subject, Expertise.weight, Expertise.learnt_at).where(Expertise.account_id == mine)),
        "not_asked_about": _rows(session, select(Mute.field, Mute.subject, Mute.since).where(Mute.account_id == mine)),
        "availability": _rows(session, select(Availability.hours, Availability.away_until, Availability.asks_a_day, Availability.last_here_at).where(Availability.account_id == mine)),
        "asked_for_help": _rows(session, select(HelpRequest.thread_id, HelpRequest.reasons, HelpRequest.asked_at, HelpRequest.reply, HelpRequest.replied_at).where(HelpRequest.account_id == mine)),
        "vote_findings": _rows(session, select(Suspicion.kind, Suspicion.state, Suspicion.found_at, Suspicion.settled_at).join(SuspicionMember, SuspicionMember.suspicion_id == Suspicion.id).where(SuspicionMember.account_id == mine)),
        "notifications": _rows(session, select(Notice.event, Notice.thread_id, Notice.post_id, Notice.made_at, Notice.read_at).where(Notice.account_id == mine)),
        "notification_choices": _rows(session, select(NoticeChoice.event, NoticeChoice.in_page, NoticeChoice.by_mail).where(NoticeChoice.account_id == mine)),
        "saved_views": _rows(session, select(SavedView.name, SavedView.query, SavedView.made_at).where(SavedView.account_id == mine)),
    }  # fmt: skip


def _account(account: Account) -> dict[str, Any]:
    names = (
        "name", "display_name", "email", "customer_number", "role", "superfan_since", "language", "theme", "bio",
        "created_at", "points", "solutions", "rights", "mail_paused_until", "off_leaderboards_since",
    )  # fmt: skip
    return {name: _plain(getattr(account, name)) for name in names}


def _rows(session: Session, query: Any) -> list[dict[str, Any]]:
    found: Iterable[Row[Any]] = session.execute(query)
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in found]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, (datetime, date)) else value
