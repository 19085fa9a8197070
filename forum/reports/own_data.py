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
from forum.people.account import Account, BrowserSession
from forum.superfans.grant import SuperfanGrant
from forum.superfans.points import PointEntry
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
        "superfan": _rows(session, select(SuperfanGrant.given_at, SuperfanGrant.reason).where(SuperfanGrant.account_id == mine)),
        "saved_views": _rows(session, select(SavedView.name, SavedView.query, SavedView.made_at).where(SavedView.account_id == mine)),
    }  # fmt: skip


def _account(account: Account) -> dict[str, Any]:
    names = (
        "name", "display_name", "email", "customer_number", "role", "superfan_since", "language", "theme", "bio",
        "created_at", "points", "solutions",
    )  # fmt: skip
    return {name: _plain(getattr(account, name)) for name in names}


def _rows(session: Session, query: Any) -> list[dict[str, Any]]:
    found: Iterable[Row[Any]] = session.execute(query)
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in found]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, (datetime, date)) else value
