"""The call centre of the sample: weekly files of contacts, in which some askers turn up within their claim's days."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.confirm_contact_file import confirm_contact_file
from forum.actions.import_contacts import Importing, import_contact_file
from forum.actions.receive_contact_file import receive_contact_file
from forum.kernel.database import writing
from forum.ledger.claim import Claim, Kind
from forum.ledger.contact_keys import ContactKeys
from forum.ledger.contact_plan import Plan
from forum.ledger.contact_text import pack
from forum.people.account import Account
from forum.people.roles import Role
from forum.threads.thread import Thread

SOURCE = "genesys sample"
FILES_SINCE = timedelta(days=75)  # older claims have nothing to be checked against
A_WEEK = 90  # contacts, nearly all of them by people who are not here
TURNED_UP = 0.09  # of those who asked, within their claim's days
WEEK = timedelta(days=7)
MEDIA = {"voice": 52, "chat": 27, "email": 15, "branch": 6}
HEAD = ("Interaction ID", "Start", "Media", "Customer number", "E-mail")


@dataclass(frozen=True)
class Asked:
    """The number of an asker who can be found in contact data, and the days of one claim of theirs."""

    number: str
    asked_at: datetime
    due_at: datetime


def number_customers(people: Sequence[Account]) -> None:
    """Two in three customers have told their number."""
    customers = [one for one in people if one.role == Role.CUSTOMER]
    for place, account in enumerate(customers):
        if place % 3:
            account.customer_number = f"C-{204_100 + 37 * place}"


@dataclass(frozen=True)
class CallCentre:
    """`now` is the sample's: the last file came on the Monday before it."""

    sessions: sessionmaker[Session]
    keys: ContactKeys
    zone: tzinfo
    now: datetime

    def send(self, at: datetime) -> None:
        """On Mondays: every contact of the week before, as the telephone system exports them."""
        monday = at.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        if monday.weekday() != 0 or at < self.now - FILES_SINCE:
            return
        begin, end = monday - WEEK, monday
        with writing(), self.sessions.begin() as session:
            body = _written(self._rows(_asked(session), begin, end))
            file_id = self._confirmed(session, body, begin, end, at)
        import_contact_file(Importing(self.sessions, self.keys, self.zone, lambda: at), file_id)

    def _rows(self, asked: Sequence[Asked], begin: datetime, end: datetime) -> Iterator[tuple[str, ...]]:
        rng = Random(begin.toordinal())  # noqa: S311 - figures, no secrets
        calls = [(begin + (end - begin) * rng.random(), f"C-{rng.randrange(300_000, 900_000)}") for _ in range(A_WEEK)]
        for one in asked:
            known = Random(f"{one.number} {one.asked_at}")  # noqa: S311  the same whichever week is written
            at = one.asked_at + (one.due_at - one.asked_at) * known.uniform(0.1, 0.9)
            if known.random() < TURNED_UP and begin <= at < end:
                calls.append((at, one.number))
        for place, (at, number) in enumerate(sorted(calls)):
            told = at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")
            media = rng.choices(list(MEDIA), list(MEDIA.values()))[0]
            yield f"G{begin:%y%m%d}-{place:04}", told, media, number, ""

    def _confirmed(self, session: Session, body: bytes, begin: datetime, end: datetime, at: datetime) -> int:
        """Finance uploads it and says that it is complete. Its number."""
        finance = session.scalars(select(Account).where(Account.role == Role.FINANCE).order_by(Account.id)).first()
        assert finance is not None
        name = f"interactions-{begin:%Y-%m-%d}.csv"
        zone = str(self.zone)
        file = receive_contact_file(session, finance, name=name, packed=pack(io.BytesIO(body)), zone=zone, now=at)
        days = begin.date(), (end - timedelta(days=1)).date()
        confirm_contact_file(
            session, file, Plan.kept(file.mapping), source=SOURCE, covers=days, by=finance, today=end.date(), now=at
        )
        return file.id


def _asked(session: Session) -> Sequence[Asked]:
    """Whether they asked before the file was written does not matter: a contact lies within its claim's days."""
    rows = session.execute(
        select(Account.customer_number, Thread.created_at, Claim.due_at)
        .join(Thread, Thread.author_id == Account.id)
        .join(Claim, Claim.thread_id == Thread.id)
        .where(Claim.kind == Kind.DIRECT, Account.customer_number.is_not(None))
        .order_by(Claim.id)
    )
    return [Asked(number, asked_at, due_at) for number, asked_at, due_at in rows if number is not None]


def _written(rows: Iterator[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    writer.writerows(rows)
    return text.getvalue().encode()
