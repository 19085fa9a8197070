"""Find the contacts that speak against claims: the asker's own, between the asking and the claim's day.

Contacts come before a claim is opened, while it waits, or long after it was decided; a customer's number may be set last
of all. Whichever comes later looks for the other, so the order in which they arrive changes nothing. Whoever matches or
changes what is covered takes the turn CONTACTS alone; whoever decides claims shares it, so that neither misses the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, Row, and_, delete, false, func, insert, not_, or_, select, update
from sqlalchemy.orm import Session

from forum.kernel.database import take_turns
from forum.ledger.claim import Claim, Kind
from forum.ledger.contact import Contact, ContactFile, ContactMatch, FileState
from forum.ledger.contact_keys import ContactKeys
from forum.ledger.deciding import covers
from forum.people.account import Account
from forum.threads.thread import Thread

CONTACTS = "contacts"
CARRIES = "carries"  # in ContactFile.mapping: which keys of people the file's rows hold
CUSTOMERS, EMAILS = "customer", "email"
KEY = "key"  # in ContactFile.mapping: the mark of the key that its hashes were made with
BATCH = 500

Span = tuple[date, date]
Asked = Row[Claim, datetime, Account]


def hold_contacts(session: Session, *, shared: bool = False) -> None:
    """Take the turn before any claim is locked. Alone for who imports or withdraws, shared for who decides."""
    take_turns(session, CONTACTS, shared=shared)


def match_claims(session: Session, claim_ids: Sequence[int], keys: ContactKeys, zone: tzinfo, now: datetime) -> int:
    """Match these claims with all contacts there are, and say of each whether its asker can be found. How many were new."""
    added = 0
    for start in range(0, len(claim_ids), BATCH):
        rows = _asked(session, Claim.id.in_(claim_ids[start : start + BATCH]))
        added += _match_asked(session, rows, keys, now)
        _say_matchable(rows, _spans(session, keys), keys, zone, now)
    session.flush()
    return added


def match_contacts(session: Session, contacts: Sequence[Contact], askers: Mapping[str, set[int]], now: datetime) -> int:
    """Match these contacts with the claims of `askers`, as `askers_by_hash` found them; how many matches were new."""
    people = {contact.id: askers_of(contact, askers) for contact in contacts}
    authors = set().union(*people.values()) if people else set()
    if not authors:
        return 0
    by_author: dict[int, list[Asked]] = defaultdict(list)
    for row in _asked(session, Thread.author_id.in_(authors)):
        by_author[row[2].id].append(row)
    pairs = {
        (contact.id, claim.id)
        for contact in contacts
        for author_id in people[contact.id]
        for claim, asked_at, _account in by_author[author_id]
        if asked_at <= contact.happened_at <= claim.due_at
    }
    return _add(session, pairs, now)


def askers_by_hash(session: Session, keys: ContactKeys) -> Mapping[str, set[int]]:
    """Everybody with a direct claim, by the hashes under which contact data would know them."""
    found: dict[str, set[int]] = defaultdict(set)
    rows = session.execute(
        select(Account.id, Account.customer_number, Account.email_key)
        .join(Thread, Thread.author_id == Account.id)
        .join(Claim, Claim.thread_id == Thread.id)
        .where(Claim.kind == Kind.DIRECT, Account.closed_at.is_(None))
        .distinct()
    )
    for account_id, number, email in rows:
        for known in (keys.of_customer(number), keys.of_email(email)):
            if known is not None:
                found[known].add(account_id)
    return found


def askers_of(contact: Contact, askers: Mapping[str, set[int]]) -> set[int]:
    known = (contact.customer_hash, contact.email_hash)
    return set().union(*(askers.get(one, set()) for one in known if one is not None))


def match_anew(session: Session, account: Account, keys: ContactKeys, zone: tzinfo, now: datetime) -> None:
    """After the account is known by another number: matches that no longer hold go, new ones come."""
    hold_contacts(session)
    session.flush()
    claims = [row[0] for row in _asked(session, Thread.author_id == account.id)]
    ids = [claim.id for claim in claims]
    known = [one for one in (keys.of_customer(account.customer_number), keys.of_email(account.email_key)) if one]
    mine = or_(Contact.customer_hash.in_(known), Contact.email_hash.in_(known))
    gone = session.scalars(
        select(ContactMatch)
        .join(Contact, Contact.id == ContactMatch.contact_id)
        .where(ContactMatch.claim_id.in_(ids), not_(func.coalesce(mine, false())))
        .where(
            or_(Contact.customer_hash.is_not(None), Contact.email_hash.is_not(None))
        )  # erased: nobody can say any more
    ).all()
    _mark(session, {match.claim_id for match in gone}, now)
    session.execute(delete(ContactMatch).where(ContactMatch.id.in_([match.id for match in gone])))
    match_claims(session, ids, keys, zone, now)


def look_again(session: Session, first: date, last: date, keys: ContactKeys, zone: tzinfo, now: datetime) -> None:
    """After the days that contact data knows have changed between these two: which askers can now be found in it."""
    begin = datetime.combine(first, time(), zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    spans = _spans(session, keys)
    touched = and_(Thread.created_at < end, Claim.due_at >= begin)
    for rows in _asked_in_batches(session, touched):
        _say_matchable(rows, spans, keys, zone, now)
        session.flush()


def _asked_in_batches(session: Session, touched: ColumnElement[bool]) -> Iterator[Sequence[Asked]]:
    after = 0
    while rows := _asked(session, and_(touched, Claim.id > after), limit=BATCH * 4):
        yield rows
        after = rows[-1][0].id


def _asked(session: Session, which: ColumnElement[bool], limit: int | None = None) -> Sequence[Asked]:
    """Direct claims with the time of asking and the asker."""
    query = (
        select(Claim, Thread.created_at, Account)
        .join(Thread, Thread.id == Claim.thread_id)
        .join(Account, Account.id == Thread.author_id)
        .where(Claim.kind == Kind.DIRECT, which)
        .order_by(Claim.id)
    )
    return session.execute(query.limit(limit) if limit else query).all()


def _match_asked(session: Session, rows: Sequence[Asked], keys: ContactKeys, now: datetime) -> int:
    known: dict[str, list[Asked]] = defaultdict(list)
    for row in rows:
        account = row[2]
        if account.closed_at is None:
            for one in (keys.of_customer(account.customer_number), keys.of_email(account.email_key)):
                if one is not None:
                    known[one].append(row)
    if not known:
        return 0
    contacts = session.execute(
        select(Contact.id, Contact.happened_at, Contact.customer_hash, Contact.email_hash)
        .where(or_(Contact.customer_hash.in_(known), Contact.email_hash.in_(known)))
        .where(Contact.happened_at >= min(row[1] for row in rows))
        .where(Contact.happened_at <= max(row[0].due_at for row in rows))
    )
    pairs = {
        (contact_id, claim.id)
        for contact_id, happened_at, customer_hash, email_hash in contacts
        for one in (customer_hash or "", email_hash or "")
        for claim, asked_at, _account in known.get(one, ())
        if asked_at <= happened_at <= claim.due_at
    }
    return _add(session, pairs, now)


def _add(session: Session, pairs: set[tuple[int, int]], now: datetime) -> int:
    """Matches that are not there yet; decided claims are marked, once each."""
    if not pairs:
        return 0
    there = session.execute(
        select(ContactMatch.contact_id, ContactMatch.claim_id).where(
            ContactMatch.contact_id.in_({contact_id for contact_id, _claim_id in pairs}),
            ContactMatch.claim_id.in_({claim_id for _contact_id, claim_id in pairs}),
        )
    )
    new = sorted(pairs - {(row.contact_id, row.claim_id) for row in there})
    if not new:
        return 0
    session.execute(
        insert(ContactMatch),
        [{"contact_id": contact_id, "claim_id": claim_id, "matched_at": now} for contact_id, claim_id in new],
    )
    _mark(session, {claim_id for _contact_id, claim_id in new}, now)
    return len(new)


def _mark(session: Session, claim_ids: set[int], now: datetime) -> None:
    session.flush()
    session.execute(
        update(Claim)
        .where(Claim.id.in_(claim_ids), Claim.decided_at.is_not(None))
        .values(review_from=func.coalesce(Claim.review_from, now))
        .execution_options(synchronize_session="fetch")
    )


def _spans(session: Session, keys: ContactKeys) -> Sequence[tuple[Span, frozenset[str]]]:
    """The days that are known in full, each span with the keys by which it knows people.

    A file that holds no contact at all says that nobody came, whoever it was. Hashes of another key find nobody.
    """
    rows = session.execute(
        select(ContactFile.covers_from, ContactFile.covers_until, ContactFile.mapping).where(
            ContactFile.state == FileState.IMPORTED,
            ContactFile.covers_from.is_not(None),
            ContactFile.covers_until.is_not(None),
        )
    )
    return [
        ((first, last), frozenset(mapping.get(CARRIES, (CUSTOMERS, EMAILS))))
        for first, last, mapping in rows
        if first is not None and last is not None and mapping.get(KEY, keys.mark) == keys.mark
    ]


def _say_matchable(
    rows: Sequence[Asked],
    spans: Sequence[tuple[Span, frozenset[str]]],
    keys: ContactKeys,
    zone: tzinfo,
    now: datetime,
) -> None:
    """An asker can be found when contact data that knows every day since the asking knows people by a key of theirs.

    Of an erased person nothing more can become known: what was known stays.
    """
    for claim, asked_at, account in rows:
        if account.closed_at is not None:
            if claim.matchable_at is not None and claim.decided_at is not None:
                claim.review_from = claim.review_from or now
            continue
        own = {CUSTOMERS} if keys.of_customer(account.customer_number) else set()
        own |= {EMAILS} if keys.of_email(account.email_key) else set()
        days = [span for span, carried in spans if carried & own]
        can = covers(days, asked_at.astimezone(zone).date(), claim.due_at.astimezone(zone).date())
        if can == (claim.matchable_at is not None):
            continue
        claim.matchable_at = now if can else None
        if claim.decided_at is not None:
            claim.review_from = claim.review_from or now


def mark_matched_by(session: Session, file_id: int, now: datetime) -> None:
    """The decided claims that this file's contacts speak against have to be looked at again."""
    matched = (
        select(ContactMatch.claim_id)
        .join(Contact, Contact.id == ContactMatch.contact_id)
        .where(Contact.file_id == file_id)
    )
    session.flush()
    session.execute(
        update(Claim)
        .where(Claim.id.in_(matched), Claim.decided_at.is_not(None))
        .values(review_from=func.coalesce(Claim.review_from, now))
        .execution_options(synchronize_session="fetch")
    )
