"""From 0001 to 0002 the ledger's rows get what they are told apart by, and both rollups add up to them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.ledger.checking_totals import check_totals
from forum.ledger.entry import Entry
from forum.web.extensions import db
from tests.migrations.test_migrations import bare, database_url, reflected, row_of, upgrade

__all__ = ["bare", "database_url"]  # the fixtures of the other module

AT = datetime(2026, 9, 1, tzinfo=UTC)
DIMENSIONS = ("board_id", "network", "language", "intent", "channel", "day", "valued_on", "quantity")


@pytest.fixture
def migrated(bare: Flask) -> Flask:
    """Three claims: one said yes on the phone, one is a mention's, one was taken back in the next month."""
    upgrade(bare, "0001")
    tables = reflected().tables
    with db.engine.begin() as connection:

        def add(name: str, **facts: Any) -> None:
            connection.execute(tables[name].insert().values({**row_of(tables[name]), **facts}))

        add("accounts", id=1)
        for number, slug in ((1, "wifi"), (2, "mesh")):
            add("boards", id=number, slug=slug)
        for number, (board, language) in enumerate(((1, "en"), (2, "zh"), (2, None)), start=1):
            add("threads", id=number, board_id=board, language=language)
            add("posts", id=number, thread_id=number, number=1)
            add("acceptances", id=number, thread_id=number, post_id=number, accepted_at=AT)
        add("connections", id=1, kind="bluesky")
        add("mentions", id=1, connection_id=1, thread_id=2)
        add("claims", id=1, thread_id=1, acceptance_id=1, basis="acceptance:1", intent="yes", channel="phone")
        add("claims", id=2, thread_id=2, acceptance_id=2, basis="acceptance:2:mention:1", mention_id=1)
        add("claims", id=3, thread_id=3, acceptance_id=3, basis="acceptance:3")
        said = {"quantity": 1, "day": date(2026, 9, 8)}
        add(
            "ledger_entries",
            **said,
            id=1,
            kind="direct",
            basis="acceptance:1",
            thread_id=1,
            acceptance_id=1,
            claim_id=1,
        )
        add(
            "ledger_entries", **said, id=2, kind="social", basis="acceptance:2:mention:1", thread_id=2, acceptance_id=2,
            claim_id=2, mention_id=1,
        )  # fmt: skip
        add(
            "ledger_entries",
            **said,
            id=3,
            kind="direct",
            basis="acceptance:3",
            thread_id=3,
            acceptance_id=3,
            claim_id=3,
        )
        back = {"quantity": -1, "day": date(2026, 10, 2), "reverses_id": 3, "why": "withdrawn"}
        add(
            "ledger_entries",
            **back,
            id=4,
            kind="direct",
            basis="acceptance:3",
            thread_id=3,
            acceptance_id=3,
            claim_id=3,
        )
    upgrade(bare, "0002")
    return bare


def test_rows_get_board_network_language_intent_channel_and_the_month_that_values_them(migrated: Flask) -> None:
    september = date(2026, 9, 8)
    rows = db.session.execute(sa.select(*[getattr(Entry, name) for name in DIMENSIONS]).order_by(Entry.id)).all()
    assert [tuple(row) for row in rows] == [
        (1, "here", "en", "yes", "phone", september, september, 1),
        (2, "bluesky", "zh", "", "", september, september, 1),
        (2, "here", "", "", "", september, september, 1),
        (2, "here", "", "", "", date(2026, 10, 2), september, -1),
    ]


def test_both_rollups_add_up_to_the_rows(migrated: Flask) -> None:
    assert list(check_totals(db.session())) == []
    metadata = reflected()
    with db.engine.connect() as connection:
        by_day = metadata.tables["entry_totals"]
        assert connection.execute(sa.select(sa.func.sum(by_day.c.quantity), sa.func.sum(by_day.c.rows))).one() == (2, 4)
        answers = metadata.tables["answer_totals"]
        found = connection.execute(
            sa.select(answers.c.month, answers.c.valued_month, answers.c.quantity)
            .where(answers.c.acceptance_id == 3)
            .order_by(answers.c.month)
        ).all()
    assert [tuple(row) for row in found] == [
        (date(2026, 9, 1), date(2026, 9, 1), 1),
        (date(2026, 10, 1), date(2026, 9, 1), -1),
    ]
