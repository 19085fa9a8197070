"""Plants the sample community through the same actions that people use, each at its own time in the past."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.index_threads import index_threads, rebuild_index
from forum.actions.mirror_answer import Outside, Say
from forum.actions.name_superfan import name_superfan
from forum.actions.ship_ranks import ship_ranks
from forum.kernel.database import writing
from forum.kernel.lease import Switch
from forum.ledger.contact_keys import ContactKeys
from forum.ledger.period import Period
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.markup.port import Markup
from forum.networks.sandbox import posting
from forum.networks.sandbox.models import SandboxAccount
from forum.networks.sandbox.network import SandboxNetwork
from forum.outbox.delivery import Delivery, Kind
from forum.outbox.making import index_thread
from forum.people.account import Account
from forum.people.passwords import hash_password
from forum.people.roles import Role
from forum.sample.call_centre import CallCentre, number_customers
from forum.sample.clearing import clear_tables
from forum.sample.community import community
from forum.sample.content import Community, SamplePerson
from forum.sample.days import Nights
from forum.sample.finance import Books, latest_closable
from forum.sample.lounge import plant_lounge
from forum.sample.news import settle_news
from forum.sample.readers import plant_readers
from forum.sample.replay import Garden, replay
from forum.sample.superfans import Programme
from forum.search.port import Index, Subjects
from forum.threads.board import Board
from forum.threads.thread import Thread

BRAND = "routerly"
PLANTED, PLANTING = "sample_planted_mention", "sample_planting"


@dataclass(frozen=True)
class Shown:
    """An account of the sample that is shown to whoever started it."""

    name: str
    role: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Soil:
    """What planting needs of the running product."""

    sessions: sessionmaker[Session]
    markup: Markup
    index: Index
    say: Say
    public_url: str
    zone: tzinfo
    days: int
    currency: str
    keys: ContactKeys
    subjects: Subjects


def plant(soil: Soil, now: datetime, progress: Callable[[str], None]) -> Sequence[Shown] | None:
    """The accounts to show, or None where a community lives here already. A planting that was cut off begins anew."""
    with writing(), soil.sessions.begin() as session:
        if session.get(Switch, PLANTED) is not None or _lived_in(session):
            return None
        clear_tables(session)
        ship_ranks(session, now - timedelta(days=400))
        session.add(Switch(name=PLANTING, value="", changed_at=now))
    sample = community(now)
    with writing(), soil.sessions.begin() as session:
        shown = _people(session, sample, now)
        connection_id = _places(session, sample, now)
    progress(f"{len(sample.people)} people on {len(sample.boards)} boards")
    programme = Programme(soil.sessions, soil.subjects, soil.zone)
    replay(_garden(soil, connection_id), sample, progress, programme.review)
    readers = _readers(soil, now)
    progress(f"{readers} reader-weeks")
    _live_through(soil, sample.threads[0].at, now)
    programme.open(now)
    progress(f"{plant_lounge(soil.sessions, soil.markup, now)} threads on a private board")
    progress(f"{settle_news(soil.sessions, now)} notifications that are new")
    _index_once(soil, now)
    progress(f"{soil.index.count()} threads can be searched")
    with writing(), soil.sessions.begin() as session:
        newest = session.scalar(select(func.max(Mention.id))) or 0
        session.add(Switch(name=PLANTED, value=str(newest), changed_at=now))
    return shown


def _lived_in(session: Session) -> bool:
    """Whether people are here that no planting of ours has begun with."""
    if session.get(Switch, PLANTING) is not None:
        return False
    return session.scalar(select(Account.id).limit(1)) is not None


def _people(session: Session, sample: Community, now: datetime) -> list[Shown]:
    """Everybody signs up; one of each standing is shown, and those can sign in."""
    accounts = {person.handle: _sign_up(session, person, now) for person in sample.people}
    number_customers(list(accounts.values()))
    admin = next(accounts[person.handle] for person in sample.people if person.role == "admin")
    for person in sample.people:
        if person.superfan:
            name_superfan(session, accounts[person.handle], admin, reason="sample", now=_joined(person, now))
    shown = []
    for standing, person in _one_of_each(sample.people).items():
        password = secrets.token_urlsafe(9)
        accounts[person.handle].password_hash = hash_password(password)
        shown.append(Shown(person.handle, standing, password))
    return shown


def _sign_up(session: Session, person: SamplePerson, now: datetime) -> Account:
    account = Account(
        name=person.handle,
        name_key=person.handle.casefold(),
        display_name=person.name,
        email=f"{person.handle}@example.org",
        email_key=f"{person.handle}@example.org",
        role=Role(person.role),
        # Who reads English has chosen nothing, so a Chinese browser shows Chinese to whoever tries the sample.
        language=None if person.language == "en" else person.language.replace("-", "_"),
        bio=person.bio,
        created_at=_joined(person, now),
    )
    session.add(account)
    session.flush()
    return account


def _joined(person: SamplePerson, now: datetime) -> datetime:
    return now - timedelta(days=person.joined_days_ago)


def _one_of_each(people: Sequence[SamplePerson]) -> Mapping[str, SamplePerson]:
    found: dict[str, SamplePerson] = {}
    for standing in ("admin", "agent", "moderator", "finance", "superfan", "customer"):
        for person in people:
            if ("superfan" if person.superfan else person.role) == standing:
                found.setdefault(standing, person)
    return found


def _places(session: Session, sample: Community, now: datetime) -> int:
    """The boards, the sandbox network's customers, and the connection that listens to it; its id."""
    boards = [
        Board(
            slug=board.slug,
            name=board.name,
            description=board.description,
            kind=board.kind,
            language="zh" if board.language.startswith("zh") else None,
            position=place,
            created_at=now - timedelta(days=400),
        )
        for place, board in enumerate(sample.boards)
    ]
    session.add_all(boards)
    brand = posting.open_account(session, BRAND, sample.site_name, is_brand=True)
    for customer in sample.sandbox_customers:
        posting.open_account(session, customer.handle, customer.name)
    session.flush()
    connection = sandbox_connection(brand, boards[0], now)
    connection.made_at = now - timedelta(days=365)
    session.add(connection)
    session.flush()
    return connection.id


def sandbox_connection(brand: SandboxAccount, board: Board, now: datetime) -> Connection:
    """The connection to our own network; it needs no credentials and is looked at every two seconds."""
    return Connection(
        kind="sandbox",
        title="Sandbox",
        settings={"handle": brand.handle, "keywords": brand.handle},
        account_remote_id=str(brand.id),
        account_handle=brand.handle,
        account_name=brand.name,
        board_id=board.id,
        poll_seconds=2,
        made_at=now,
        poll_due_at=now,
    )


def _garden(soil: Soil, connection_id: int) -> Garden:
    def outside(at: datetime) -> Outside:
        network = SandboxNetwork(soil.sessions, BRAND, soil.public_url, clock=lambda: at)
        return Outside(lambda _connection: network, soil.say, soil.public_url, "Routerly Community", lambda: at)

    with soil.sessions() as session:
        people = dict(row._tuple() for row in session.execute(select(Account.name, Account.id)))
    return Garden(soil.sessions, soil.markup, connection_id, people, outside, soil.zone, soil.days)


def _readers(soil: Soil, now: datetime) -> int:
    with writing(), soil.sessions.begin() as session:
        return plant_readers(session, soil.zone, soil.days, now)


def _live_through(soil: Soil, first: datetime, now: datetime) -> None:
    month, left = Period.of(first.astimezone(soil.zone).date()), latest_closable(now, soil.zone, soil.days)
    books = Books(soil.currency, soil.zone, soil.days, month, left)
    call_centre = CallCentre(soil.sessions, soil.keys, soil.zone, now)

    def happens(at: datetime) -> None:
        with writing(), soil.sessions.begin() as session:
            books.book(session, at)
            books.close(session, at)
        call_centre.send(at)

    with writing(), soil.sessions.begin() as session:
        books.open(session, first)
    Nights(soil.sessions, soil.keys, soil.zone, soil.days).live_through(first, now, happens)


def _index_once(soil: Soil, now: datetime) -> None:
    """Each thread changed many times on its way here and is indexed once, as it is now."""
    with writing(), soil.sessions.begin() as session:
        session.execute(delete(Delivery).where(Delivery.kind == Kind.INDEX))
    rebuild_index(soil.sessions, soil.index, lambda _done: None)
    with writing(), soil.sessions.begin() as session:
        session.add_all(index_thread(thread_id, now) for thread_id in session.scalars(select(Thread.id)).all())
    while index_threads(soil.sessions, soil.index, lambda: now):
        pass
