"""Erasing a person: everything that names them goes, everything that counts stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, Column, Table, func, inspect, select
from sqlalchemy.orm import Session

from forum.actions.approve_reply import approve_edited_reply, approve_reply
from forum.actions.decline_reply import decline_reply
from forum.actions.erase_person import erase_person, erase_self
from forum.actions.preview_reply import draft_replies
from forum.actions.reword_reply import reword_reply
from forum.actions.sign_in import find_known
from forum.actions.take_over_reply import take_over_reply
from forum.kernel.base import Base, UtcDateTime
from forum.kernel.database import writing
from forum.kernel.errors import Conflict, Invalid, NotAllowed
from forum.ledger.claim import Claim
from forum.ledger.contact import Contact, ContactMatch
from forum.ledger.entry import Entry
from forum.ledger.totals import AnswerTotal, EntryTotal
from forum.moderation.log import LogEntry
from forum.outbox.delivery import Delivery
from forum.outbox.mail import mail_delivery
from forum.people.account import Account
from forum.reports.own_data import own_data
from tests.actions.contact_scene import ContactScene
from tests.application import QuietParts, SignInAs
from tests.cast import PASSWORD, Cast
from tests.looping import SandboxLoop


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def stage(parts: QuietParts, session: Session, cast: Cast) -> ContactScene:
    return ContactScene(parts, session, cast)


def erase(stage: ContactScene, account: Account, by: Account | None = None) -> None:
    stage.session.rollback()
    with writing():
        erase_person(stage.session, account, by or stage.cast.max, stage.keys, UTC, stage.clock())
        stage.session.commit()


def rows(session: Session, model: type[Base]) -> list[tuple[object, ...]]:
    session.rollback()
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return sorted((tuple(row) for row in session.execute(select(table))), key=str)


def everything(session: Session) -> str:
    session.rollback()
    return "\n".join(str(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table)))


def test_nothing_names_them_any_more_and_nothing_counts_otherwise(stage: ContactScene) -> None:
    ada, session = stage.cast.ada, stage.session
    with writing():
        ada.bio, ada.email, ada.email_key = "Lives at Elm Street", "Ada.Unique@example.com", "ada.unique@example.com"
        ada.display_name, ada.name, ada.name_key = "Ada Unique", "ada-unique", "ada-unique"
        session.add(mail_delivery("7", ada.email, "Hello Ada Unique", "Hello", stage.clock()))
        session.commit()
    stage.number(ada, "K-77-UNIQUE")
    contacted, spared = stage.solved(), stage.solved()
    stage.later(contacted)
    spared_from = stage.asked_at(spared)
    lines = f"1,{(spared_from - timedelta(minutes=1)).isoformat()},phone,K-77-unique,ADA.unique@example.com\n"
    stage.import_file(lines, covers=stage.days_of(contacted))
    stage.settle()
    ledger = [rows(session, model) for model in (Entry, EntryTotal, AnswerTotal, ContactMatch)]
    assert "unique" in everything(session).lower()
    hashes = {stage.keys.of_customer("k-77-unique"), stage.keys.of_email("ada.unique@example.com")}

    erase(stage, ada)

    assert "unique" not in everything(session).lower()
    assert "Elm Street" not in everything(session)
    stored = {hash_ for row in session.scalars(select(Contact)) for hash_ in (row.customer_hash, row.email_hash)}
    assert not stored & hashes
    assert [rows(session, model) for model in (Entry, EntryTotal, AnswerTotal, ContactMatch)] == ledger
    with writing():
        for claim in session.scalars(select(Claim)):
            claim.review_from = stage.clock()  # whatever makes somebody look at them again
        session.commit()
    stage.clock.pass_by(days=40)
    stage.settle()
    assert [rows(session, model) for model in (Entry, EntryTotal, AnswerTotal, ContactMatch)] == ledger
    session.refresh(ada)
    assert (ada.name, ada.display_name, ada.closed_at is not None) == (f"former-member-{ada.id}", "Former member", True)
    assert find_known(session, "ada-unique").account_id is None
    assert find_known(session, "ada.unique@example.com").account_id is None
    assert session.scalars(select(LogEntry.act).order_by(LogEntry.id.desc())).first() == "erase_people"


@pytest.mark.parametrize("decided", [approve_edited_reply, take_over_reply], ids=["edited", "taken over"])
def test_the_log_of_replies_keeps_what_was_done_and_no_text_of_theirs(
    stage: ContactScene, parts: QuietParts, decided: Callable[..., bool]
) -> None:
    session, cast = stage.session, stage.cast
    loop = SandboxLoop(parts, session, cast)
    replies = {author.name: loop.accepted(loop.answered(by=author), by=cast.sue) for author in (cast.bob, cast.ada)}
    for reply in replies.values():
        draft = draft_replies(session, [reply.id], loop.outside)[0]
        changed = reword_reply(draft, "Staff's own words.", "text")
        with loop.writes():
            assert decided(session, reply, cast.ann, changed, loop.clock())
    declined = loop.accepted(loop.answered(by=cast.bob), by=cast.sue)
    with loop.writes():
        assert decline_reply(session, declined, cast.ann, reason="Bob is wrong.", now=loop.clock())
    step = details_of(session, replies["bob"])["step"]
    assert "Bob at Routerly" in details_of(session, replies["bob"])["before"]

    erase(stage, cast.bob)

    assert details_of(session, replies["bob"]) == {"step": step}
    assert details_of(session, declined) == {"step": "refused"}
    assert loop.now(declined).refused_why == ""  # declined it stays
    assert "Ada at Routerly" in details_of(session, replies["ada"])["before"]  # somebody else's


def test_no_reply_goes_out_under_their_name_any_more(stage: ContactScene, parts: QuietParts) -> None:
    session, cast = stage.session, stage.cast
    loop = SandboxLoop(parts, session, cast)
    author, other = cast.bob, cast.ada
    approved, edited, theirs_not = (
        loop.accepted(loop.answered(by=one), by=cast.sue) for one in (author, author, other)
    )
    draft = draft_replies(session, [edited.id], loop.outside)[0]
    with loop.writes():
        assert approve_reply(session, approved, cast.ann, text="Yes.\n\n— Bob at Routerly Community", now=loop.clock())
        assert approve_reply(session, theirs_not, cast.ann, text="As shown.", now=loop.clock())
        words = reword_reply(draft, "Other words.", "text")
        assert approve_edited_reply(session, edited, cast.ann, words, loop.clock())

    erase(stage, author)

    assert [loop.now(one).state for one in (approved, edited, theirs_not)] == ["held", "held", "waiting"]
    again = draft_replies(session, [approved.id, edited.id], loop.outside)
    assert [(draft.text, draft.words.credit) for draft in again] == [(None, "Routerly Community")] * 2
    told = select(Delivery.payload).where(Delivery.kind == "news", Delivery.key.like("%:erased"))
    assert {payload["id"] for payload in session.scalars(told)} == {approved.id, edited.id}


def test_a_refused_reply_of_theirs_keeps_no_words_and_one_that_may_stand_keeps_its_own(
    stage: ContactScene, parts: QuietParts
) -> None:
    session, cast = stage.session, stage.cast
    loop = SandboxLoop(parts, session, cast)
    refused, uncertain = (loop.accepted(loop.answered(by=cast.bob), by=cast.sue) for _ in range(2))
    with loop.writes():
        for reply, state in ((refused, "failed"), (uncertain, "uncertain")):
            reply.state, reply.text, reply.edited_by_id = state, "Yes. — Bob at Routerly Community", cast.ann.id

    erase(stage, cast.bob)

    assert (loop.now(refused).state, loop.now(refused).text, loop.now(refused).edited_by_id) == ("failed", None, None)
    assert loop.now(uncertain).text == "Yes. — Bob at Routerly Community"  # by them it is found on the network


def details_of(session: Session, reply: Delivery) -> dict[str, str]:
    session.rollback()
    return session.scalars(select(LogEntry.details).where(LogEntry.about == f"delivery:{reply.id}")).one()


def test_what_is_known_when_a_waiting_asker_is_erased_still_counts(stage: ContactScene) -> None:
    claim = stage.solved()
    stage.clock.pass_by(days=1)
    stage.import_file(f"1,{stage.asked_at(claim).isoformat()},phone,,ada@example.com\n")
    erase(stage, stage.cast.ada)
    stage.to_the_day_of(claim)
    stage.settle()
    assert stage.now(claim).reason == "contacted"


def test_who_may(stage: ContactScene) -> None:
    with pytest.raises(NotAllowed):
        erase(stage, stage.cast.ada, by=stage.cast.cleo)
    with pytest.raises(Conflict):
        erase(stage, stage.cast.max)  # no admin, so that one always stays
    erase(stage, stage.cast.ada)
    with pytest.raises(Conflict):
        erase(stage, stage.cast.ada)
    with pytest.raises(Invalid):
        erase_self(stage.session, stage.cast.bob, password="wrong", keys=stage.keys, zone=UTC, now=stage.clock())


def test_the_way_out_from_ones_own_page(
    client: FlaskClient, app: Flask, stage: ContactScene, sign_in_as: SignInAs
) -> None:
    claim = stage.solved()
    stage.session.commit()
    browser, other = sign_in_as(client, stage.cast.ada), sign_in_as(app.test_client(), stage.cast.ada)
    data = json.loads(browser.get("/account/data.json").data)
    assert (data["account"]["name"], len(data["threads"]), len(data["posts"])) == ("ada", 1, 1)
    assert data["answers_about_contacting"][0]["thread_id"] == claim.thread_id
    assert "password_hash" not in data["account"]
    assert "bob@" not in json.dumps(data)
    refused = browser.post("/account/erasure", data={"erase_password": "wrong"})
    assert refused.status_code == 422
    assert "This is not your password." in refused.text
    assert browser.post("/account/erasure", data={"erase_password": PASSWORD}).status_code == 303
    for one in (browser, other):
        assert one.get("/account").status_code == 303  # to the sign-in page
    page = browser.get(f"/threads/{claim.thread_id}")
    assert page.status_code == 200 or client.get(page.location).status_code == 200
    assert client.get("/people/ada").status_code == 404


def test_staff_set_numbers_and_an_admin_erases_on_the_persons_page(
    client: FlaskClient, app: Flask, stage: ContactScene, sign_in_as: SignInAs
) -> None:
    stage.session.commit()
    ann, boss = sign_in_as(client, stage.cast.ann), sign_in_as(app.test_client(), stage.cast.max)
    assert "/people/ada/data" in ann.get("/people/ada").text
    assert ann.post("/people/ada/customer-number", data={"customer_number": "K-1"}).status_code == 303
    taken = ann.post("/people/bob/customer-number", data={"customer_number": " k-1 "})
    assert taken.status_code == 422
    assert "Another account has this customer" in taken.text
    assert "Erase this person" not in ann.get("/people/ada/data").text
    assert 'value="k-1"' in boss.get("/people/ada/data").text
    assert boss.post("/people/ada/erasure").status_code == 303
    assert boss.get("/people/ada").status_code == 404
    ada = sign_in_as(app.test_client(), stage.cast.bob)
    assert ada.post("/account/customer-number", data={"customer_number": "K-1"}).status_code == 303  # free again


# Tables of which every row that names somebody as theirs stays, with the reason.
KEPT = {
    "badge_awards": "counts of who holds what; the name is gone",
    "point_entries": "the ledger: rows are only added",
    "rank_changes": "when, not who",
    "standings": "sums of the ledger",
    "superfan_grants": "who gave what when; its words are gone",
    "superfan_invitations": "its words are gone",
    "superfan_thanks": "its words are gone",
    "suspicion_members": "figures of votes that others gave and got, too",
    "reader_weeks": "cut loose, see forget_reader",
    "same_problems": "counted on the thread",
}


def test_every_table_that_knows_members_is_thought_of(stage: ContactScene) -> None:
    """A new table with an account_id is either forgotten or stands in KEPT."""
    session, ada = stage.session, stage.cast.ada
    about = [table for table in Base.metadata.sorted_tables if is_about_members(table)]
    with writing():
        fill_references(session, ada)
        for table in about:
            session.execute(table.insert().values(row_about(session, table, ada)))
        session.commit()
    data = json.dumps(own_data(session, ada))
    assert data.count("unique words") >= len(WORDS)
    erase(stage, ada)
    left = {table.name for table in about if session.scalar(select(func.count()).where(table.c.account_id == ada.id))}
    assert left == set(KEPT) - {"reader_weeks"}
    assert "unique words" not in everything(session)
    session.refresh(ada)
    assert (ada.rights, ada.rank_id, ada.unread_notices, ada.mail_paused_until) == ([], None, 0, None)


def is_about_members(table: Table) -> bool:
    column = table.columns.get("account_id")
    return column is not None and any(key.column.table.name == "accounts" for key in column.foreign_keys)


# Where staff or the member wrote something.
WORDS = {"superfan_grants.reason", "superfan_grants.paused_why", "superfan_invitations.words", "superfan_thanks.reason",
         "expertise_mutes.subject", "saved_views.name"}  # fmt: skip


def fill_references(session: Session, ada: Account) -> None:
    """What the rows below refer to, each with the number 1, and a mail that waits."""
    for name in ("ranks", "badges", "programme_terms", "suspicions", "boards", "threads", "deliveries"):
        table = Base.metadata.tables[name]
        if session.scalar(select(func.count()).select_from(table).where(table.c.id == 1)) == 0:
            session.execute(table.insert().values(row_about(session, table, ada)))
    ada.rank_id, ada.rights, ada.unread_notices = 1, ["edit_tags"], 1
    session.flush()


def row_about(session: Session, table: Table, account: Account) -> dict[str, object]:
    """One row: references are 1, the account's are the account; words that staff or the member wrote are telling."""
    row: dict[str, object] = {}
    for column in table.columns:
        path = f"{table.name}.{column.name}"
        targets = {key.column.table.name for key in column.foreign_keys}
        if "accounts" in targets:
            row[column.name] = account.id if column.name == "account_id" else None if column.nullable else account.id
        elif path in WORDS:
            row[column.name] = "unique words"
        elif column.name == "mail_id" or (targets and not column.nullable):
            row[column.name] = 1
        elif not column.nullable and column.name != "id":
            row[column.name] = a_value(column)
    return row


def a_value(column: Column[object]) -> object:
    if isinstance(column.type, JSON):
        return {}
    if isinstance(column.type, UtcDateTime):
        return datetime(2026, 1, 1, tzinfo=UTC)
    kinds = {str: "x", int: 1, bool: True, float: 1.0, date: date(2026, 1, 1)}
    return kinds[column.type.python_type]
