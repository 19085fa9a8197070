"""Contacts and claims on one stage: files are imported, calls of the API taken, claims decided, in any order."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.confirm_contact_file import confirm_contact_file
from forum.actions.import_contacts import Importing, import_waiting_contacts
from forum.actions.qualify_claims import qualify_claims, review_claims
from forum.actions.receive_contact_file import receive_contact_file
from forum.actions.receive_contacts import Received, receive_contacts
from forum.actions.set_customer_number import set_customer_number
from forum.actions.withdraw_contact_file import withdraw_contact_file
from forum.kernel.database import writing
from forum.ledger.claim import Claim
from forum.ledger.contact import ContactFile
from forum.ledger.contact_plan import Plan
from forum.ledger.contact_text import pack
from forum.ledger.entry import Entry
from forum.people.account import Account
from forum.threads.thread import Thread
from forum.wiring.parts import Parts
from tests.cast import Cast
from tests.reports.ledger_scene import LedgerScene

HEAD = "id,happened_at,channel,customer,email\n"


class ContactScene:
    def __init__(self, parts: Parts, session: Session, cast: Cast) -> None:
        self.parts, self.session, self.cast = parts, session, cast
        self.scene = LedgerScene(session, cast)
        self.clock = self.scene.clock
        self.keys = parts.contact_keys

    @property
    def tools(self) -> Importing:
        return Importing(self.parts.sessions, self.keys, UTC, self.clock)

    def solved(self) -> Claim:
        """Ada's thread, answered by Bob and accepted; its claim comes to its day a week later."""
        return self.scene.claim(self.scene.solved())

    def asked_at(self, claim: Claim) -> datetime:
        return self.session.get_one(Thread, claim.thread_id).created_at

    def import_file(
        self, rows: str, *, covers: tuple[date, date] | None = None, source: str = "genesys", head: str = HEAD
    ) -> ContactFile:
        file = self.confirmed_file(rows, covers=covers, source=source, head=head)
        import_waiting_contacts(self.tools)
        self.session.rollback()
        self.session.refresh(file)
        return file

    def confirmed_file(
        self, rows: str, *, covers: tuple[date, date] | None = None, source: str = "genesys", head: str = HEAD
    ) -> ContactFile:
        self.session.rollback()
        with writing():
            packed, now = pack(io.BytesIO((head + rows).encode())), self.clock()
            file = receive_contact_file(
                self.session, self.cast.fay, name="contacts.csv", packed=packed, zone="UTC", now=now
            )
            plan = Plan.kept({**file.mapping, "order": "ymd"})
            confirm_contact_file(
                self.session, file, plan, source=source, covers=covers, by=self.cast.fay, today=now.date(), now=now
            )
            self.session.commit()
        return file

    def send(self, sent: object, source: str = "genesys") -> Received:
        self.session.rollback()
        with writing():
            received = receive_contacts(
                self.session, sent, source=source, by=self.cast.fay, keys=self.keys, zone=UTC, now=self.clock()
            )
            self.session.commit()
        return received

    def withdraw(self, file: ContactFile) -> None:
        self.session.rollback()
        with writing():
            withdraw_contact_file(self.session, file, self.cast.fay, self.keys, UTC, self.clock())
            self.session.commit()

    def number(self, account: Account, number: str) -> None:
        self.session.rollback()
        with writing():
            set_customer_number(self.session, account, number, self.cast.ann, self.keys, UTC, self.clock())
            self.session.commit()

    def settle(self) -> None:
        """What the nightly job does to claims."""
        self.session.rollback()
        with writing():
            while qualify_claims(self.session, UTC, self.clock(), keys=self.keys):
                pass
            while review_claims(self.session, UTC, self.clock()):
                pass
            self.session.commit()

    def to_the_day_of(self, claim: Claim) -> None:
        self.clock.now = max(self.clock(), claim.due_at)

    def later(self, claim: Claim) -> None:
        """Some days after the claim was decided, so that all its days are over."""
        self.clock.now = max(self.clock(), claim.due_at + timedelta(days=2))

    def days_of(self, claim: Claim) -> tuple[date, date]:
        return self.asked_at(claim).date(), claim.due_at.date()

    def standing(self, claim: Claim) -> tuple[str, str, str] | None:
        """Kind, grade and the month's day of the row that stands for the claim; None where none does."""
        reversed_ids = select(Entry.reverses_id).where(Entry.reverses_id.is_not(None))
        query = select(Entry).where(
            Entry.claim_id == claim.id, Entry.reverses_id.is_(None), Entry.id.not_in(reversed_ids)
        )
        found = self.session.scalars(query).one_or_none()
        return None if found is None else (found.kind, found.grade, found.valued_on.isoformat())

    def now(self, claim: Claim) -> Claim:
        self.session.rollback()
        self.session.refresh(claim)
        return claim
