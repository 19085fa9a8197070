"""On which days something was recorded that may have led to a row of the ledger, from the events themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.database import numbers
from forum.ledger.checking_rows import Known
from forum.ledger.claim import Claim
from forum.ledger.contact import ContactFile, ContactMatch
from forum.ledger.reader_week import ReaderWeek, Reading, ViewBatch
from forum.ledger.survey import Survey
from forum.listening.mention import Mention, Word
from forum.moderation.log import LogEntry
from forum.people.permissions import Act
from forum.threads.acceptance import Acceptance

# What they change of other claims is not written down claim by claim, only that it was done.
FAR_REACHING = (Act.IMPORT_CONTACTS, Act.SET_CUSTOMER_NUMBERS, Act.ERASE_PEOPLE)


def days_of_contact_data(session: Session, zone: tzinfo) -> set[date]:
    """Contact data that came or went, and customer numbers that were set: any claim may have been regraded by them."""
    files = session.execute(select(ContactFile.imported_at, ContactFile.withdrawn_at)).all()
    acts = session.scalars(select(LogEntry.at).where(LogEntry.act.in_(FAR_REACHING)))
    return _days([at for row in files for at in row] + list(acts), zone)


def days_of_view_batches(session: Session, zone: tzinfo) -> set[date]:
    """Views that came long after they happened; a batch is remembered for some days only."""
    return _days(session.scalars(select(ViewBatch.counted_at).distinct()), zone)


def add_days_of_claims(session: Session, claims: Sequence[Claim], known: Mapping[int, Known], zone: tzinfo) -> None:
    ids = numbers(claim.id for claim in claims)
    for claim in claims:
        times = (claim.due_at, claim.intent_at, claim.matchable_at, claim.review_from)
        known[claim.id].days |= _days(times, zone)
    withdrawn = (
        select(Claim.id, Acceptance.withdrawn_at)
        .join(Acceptance, Acceptance.id == Claim.acceptance_id)
        .where(Claim.id.in_(ids), Acceptance.withdrawn_at.is_not(None))
    )
    matched = select(ContactMatch.claim_id, ContactMatch.matched_at).where(ContactMatch.claim_id.in_(ids))
    for query in (withdrawn, matched):
        for claim_id, at in session.execute(query):
            known[claim_id].days |= _days([at], zone)
    heard = (  # when a post on the network was imported is written down, when it was understood is not
        select(Claim.id, Mention.imported_at)
        .join(Mention, Mention.thread_id == Claim.thread_id)
        .where(Claim.id.in_(ids), Mention.word == Word.UNSOLVED)
    )
    for claim_id, at in session.execute(heard):
        known[claim_id].since |= _days([at], zone)


def add_days_of_reader_weeks(
    session: Session, weeks: Sequence[ReaderWeek], known: Mapping[int, Known], zone: tzinfo
) -> None:
    ids = numbers(week.id for week in weeks)
    for week in weeks:
        known[week.id].days |= _days((week.due_at, week.bot_at, week.review_from), zone)
    withdrawn = (
        select(Reading.reader_week_id, Acceptance.withdrawn_at)
        .join(Acceptance, Acceptance.id == Reading.acceptance_id)
        .where(Reading.reader_week_id.in_(ids), Acceptance.withdrawn_at.is_not(None))
    )
    answered = select(Survey.reader_week_id, Survey.answered_at).where(Survey.reader_week_id.in_(ids))
    for query in (withdrawn, answered):
        for week_id, at in session.execute(query):
            known[week_id].days |= _days([at], zone)


def _days(times: Iterable[datetime | None], zone: tzinfo) -> set[date]:
    return {at.astimezone(zone).date() for at in times if at is not None}
