"""The schedule: once a second it finds what is due in the database and rings for it.

It takes a lease in the database, so any number of these processes may run and one of them rings. It holds no state:
whatever Redis lost is found again by the next look.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import forum.models  # noqa: F401  every model must be known before the first query
from forum.actions.mail_impact import next_monday
from forum.actions.receive_contact_file import KEPT_FOR
from forum.actions.review_members import review_is_due
from forum.actions.ship_ranks import ship_ranks
from forum.kernel.database import writing
from forum.kernel.lease import Lease
from forum.kernel.settings import Settings
from forum.ledger.claim import Claim
from forum.ledger.contact import ContactFile, FileState
from forum.ledger.reader_week import ReaderWeek
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.outbox.claiming import due
from forum.outbox.delivery import Kind
from forum.superfans.helping import ExpertiseDue, HelpRound
from forum.wiring.bell import Bell
from forum.wiring.parts import Parts

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
EVERY = 1.0  # seconds
CONVERSATIONS_EVERY = timedelta(minutes=5)
NIGHT = 2  # o'clock: when the drop folder is looked into
VIEWS_EVERY = timedelta(seconds=5)  # so that a batch is worth its transaction
HELP_EVERY = timedelta(seconds=10)  # so that what a member wrote in a moment is learnt at once
JOB_OF = {
    Kind.INDEX: "index_due",
    Kind.REPLY: "deliver_due",
    Kind.RETRACTION: "deliver_due",
    Kind.MAIL: "mail_due",
    Kind.NEWS: "tell_due",
}


class Schedule:
    """`look` is one round; `run` goes round until told to stop, with a pause of `every` seconds."""

    def __init__(self, parts: Parts, holder: str, every: float = EVERY) -> None:
        self._parts = parts
        self._holder = holder
        self._renew_at: datetime | None = None
        self._every = every
        self._conversations_at = self._views_at = self._folder_at = self._help_at = self._fading_at = parts.clock()
        self._impact_at = parts.clock()

    def run(self, stop: threading.Event) -> None:
        self._ship()
        while not stop.wait(self._every):
            try:
                self.look(self._parts.clock())
            except OperationalError as error:
                log.warning("the database did not answer, looking again: %s", error.orig)
        self._give_back()

    def _ship(self) -> None:
        """Where the database was brought up to date by hand, or the start was killed in between."""
        with writing(), self._parts.sessions.begin() as session:
            ship_ranks(session, self._parts.clock())

    def look(self, now: datetime) -> bool:
        """Ring for everything that is due; False where another process holds the lease."""
        if not self._hold(now):
            return False
        with self._parts.sessions() as session:
            ring_for_due(session, self._parts.bell, now)
            if review_is_due(session, now, zone=self._parts.settings.time_zone):
                self._parts.bell.ring("review_members")
        if now >= self._views_at:
            self._views_at = now + VIEWS_EVERY
            if self._parts.views.any():
                self._parts.bell.ring("count_views")
        if self._parts.settings.contacts_folder is not None and now >= self._folder_at:
            self._folder_at = next_night(now, self._parts.settings.time_zone)
            self._parts.bell.ring("take_dropped_contacts")
        if now >= self._help_at:
            self._help_at = now + HELP_EVERY
            with self._parts.sessions() as session:
                ring_for_help(session, self._parts.bell, now)
        if now >= self._fading_at:
            self._fading_at = next_night(now, self._parts.settings.time_zone)
            self._parts.bell.ring("learn_expertise_anew")
            self._parts.bell.ring("find_gaming")
            self._parts.bell.ring("keep_programme")
            self._parts.bell.ring("forget_old_notices")
        if now >= self._impact_at:
            self._impact_at = next_monday(now, self._parts.settings.time_zone)
            self._parts.bell.ring("mail_impact")
        if now >= self._conversations_at:
            self._conversations_at = now + CONVERSATIONS_EVERY
            self._parts.bell.ring("read_conversations")
            self._parts.bell.ring("mend_index")
            self._parts.bell.ring("mail_reports")
        return True

    def _hold(self, now: datetime) -> bool:
        if self._renew_at is not None and now < self._renew_at:
            return True
        with writing(), self._parts.sessions.begin() as session:
            held = take_lease(session, "schedule", self._holder, now, LEASE)
        self._renew_at = now + LEASE / 3 if held else None
        return held

    def _give_back(self) -> None:
        with writing(), self._parts.sessions.begin() as session:
            session.execute(
                update(Lease)
                .where(Lease.name == "schedule", Lease.holder == self._holder)
                .values(until=self._parts.clock())
            )


def ring_for_due(session: Session, bell: Bell, now: datetime) -> None:
    for kind, job in JOB_OF.items():
        if due(session, [kind], now, 1):
            bell.ring(job)
    readable = select(Connection.id).where(
        Connection.paused_at.is_(None),
        Connection.removed_at.is_(None),
        or_(Connection.poll_due_at.is_(None), Connection.poll_due_at <= now),
        or_(Connection.poll_lease_until.is_(None), Connection.poll_lease_until < now),
    )
    for connection_id in session.scalars(readable):
        bell.ring("import_mentions", connection_id)
    untriaged = select(func.min(Mention.connection_id)).where(
        Mention.route.is_(None), Mention.imported_at < now - timedelta(seconds=30)
    )
    if (stranded := session.scalar(untriaged)) is not None:  # a worker was killed between storing and triage
        bell.ring("import_mentions", stranded)
    if _contacts_are_due(session, now):
        bell.ring("import_contacts_due")
    if _ledger_is_due(session, now):
        bell.ring("qualify_due")


def ring_for_help(session: Session, bell: Bell, now: datetime) -> None:
    """Searches for somebody to answer whose next step is due, and members whose answers have to be learnt."""
    if session.scalar(select(HelpRound.thread_id).where(HelpRound.due_at <= now).limit(1)) is not None:
        bell.ring("ask_for_help")
    if session.scalar(select(ExpertiseDue.account_id).limit(1)) is not None:
        bell.ring("learn_expertise")


def next_night(now: datetime, zone: tzinfo) -> datetime:
    """Two o'clock in the company's time zone, when other systems have written their day."""
    night = now.astimezone(zone).replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return (night if night > now else night + timedelta(days=1)).astimezone(UTC)


def _contacts_are_due(session: Session, now: datetime) -> bool:
    waiting = ContactFile.state == FileState.WAITING
    old = and_(ContactFile.state == FileState.PREVIEWED, ContactFile.arrived_at < now - KEPT_FOR)
    return session.scalar(select(ContactFile.id).where(or_(waiting, old)).limit(1)) is not None


def _ledger_is_due(session: Session, now: datetime) -> bool:
    """Four looks at partial indexes, each of them empty most of the time."""
    return any(
        session.scalar(query.limit(1)) is not None
        for query in (
            select(Claim.id).where(Claim.decided_at.is_(None), Claim.due_at <= now),
            select(ReaderWeek.id).where(ReaderWeek.decided_at.is_(None), ReaderWeek.due_at <= now),
            select(Claim.id).where(Claim.review_from.is_not(None), Claim.decided_at.is_not(None)),
            select(ReaderWeek.id).where(ReaderWeek.review_from.is_not(None), ReaderWeek.decided_at.is_not(None)),
        )
    )


def take_lease(session: Session, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Take or renew a lease by one conditional statement; False where somebody else's still runs."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Lease).values(name=name, holder=holder, until=now + length)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Lease.name],
            set_={"holder": holder, "until": now + length},
            where=or_(Lease.holder == holder, Lease.until < now),
        )
    )
    return session.scalar(select(Lease.holder).where(Lease.name == name)) == holder


def main() -> int:
    return keep(Parts(Settings.from_environment(os.environ)))


def keep(parts: Parts, every: float = EVERY) -> int:
    """Keep the schedule until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=parts.settings.log_level.upper())
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_sign: stop.set())
    Schedule(parts, f"{socket.gethostname()}:{os.getpid()}", every).run(stop)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
