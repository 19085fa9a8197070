"""From 0002 to 0003 point entries get their cause's kind and place, superfans keep their rights, leaderboards add up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.people.account import Account
from forum.people.permissions import RIGHTS, may
from forum.superfans.points import PointEntry
from forum.superfans.standings import StandingRow
from forum.web.extensions import db
from tests.migrations.test_migrations import bare, database_url, reflected, row_of, upgrade

__all__ = ["bare", "database_url"]  # the fixtures of the other module

SUNDAY, MONDAY = datetime(2026, 9, 6, 23, 59, tzinfo=UTC), datetime(2026, 9, 7, 0, 0, tzinfo=UTC)


@pytest.fixture
def migrated(bare: Flask) -> Flask:
    """Bob was accepted on a thread from Bluesky and thanked; both were taken back a day later. Sue is a superfan."""
    upgrade(bare, "0002")
    tables = reflected().tables
    with db.engine.begin() as connection:

        def add(name: str, /, **facts: Any) -> None:
            connection.execute(tables[name].insert().values({**row_of(tables[name]), **facts}))

        add("accounts", id=1, role="customer")
        for number, since in ((2, None), (3, SUNDAY)):
            names = dict.fromkeys(("name", "name_key", "email", "email_key"), f"p{number}")
            add("accounts", id=number, role="customer", superfan_since=since, **names)
        add("superfan_grants", id=1, account_id=3, given_at=SUNDAY)
        add("boards", id=4, slug="mesh")
        add("threads", id=5, board_id=4, language="zh", origin_network="Bluesky")
        add("posts", id=6, thread_id=5, number=2, author_id=2)
        add("acceptances", id=17, thread_id=5, post_id=6, accepted_at=SUNDAY)
        add("kudos", id=17, post_id=6, giver_id=1, given_at=SUNDAY)
        add("kudos", id=18, post_id=6, giver_id=3, given_at=SUNDAY)
        for number, (cause, points, at) in enumerate(
            (
                ("acceptance:17", 10, SUNDAY), ("kudos:17", 2, SUNDAY), ("kudos:18", 2, SUNDAY),
                ("acceptance:17:withdrawn", -10, MONDAY), ("kudos:17:withdrawn", -2, MONDAY),
            ), start=1,
        ):  # fmt: skip
            add("point_entries", id=number, account_id=2, cause=cause, points=points, at=at)
    upgrade(bare, "0003")
    return bare


def test_entries_know_their_kind_their_place_and_what_they_take_back(migrated: Flask) -> None:
    entry = PointEntry
    columns = (entry.kind, entry.of_id, entry.thread_id, entry.board_id, entry.language, entry.network)
    rows = db.session.execute(sa.select(*columns).order_by(entry.id)).all()
    place = (5, 4, "zh", "Bluesky")
    assert [tuple(row) for row in rows] == [
        ("acceptance", None, *place), ("kudos", None, *place), ("kudos", None, *place),
        ("acceptance", 1, *place), ("kudos", 2, *place),
    ]  # fmt: skip


def test_the_sums_are_of_the_week_in_which_each_row_was_written(migrated: Flask) -> None:
    row = StandingRow
    found = db.session.execute(
        sa.select(row.starts_on, row.points, row.solutions, row.kudos)
        .where(row.span == "week", row.scope == "")
        .order_by(row.starts_on)
    ).all()
    assert [tuple(one) for one in found] == [(date(2026, 8, 31), 14, 1, 2), (date(2026, 9, 7), -12, -1, -1)]
    ever = db.session.scalars(sa.select(row).where(row.span == "all").order_by(row.scope)).all()
    assert [(one.scope, one.points, one.solutions, one.kudos) for one in ever] == [
        (scope, 2, 0, 1) for scope in ("", "board:4", "language:zh", "network:Bluesky")
    ]


def test_a_superfan_may_what_they_could_before_and_others_no_more(migrated: Flask) -> None:
    bob, sue = db.session.get_one(Account, 2), db.session.get_one(Account, 3)
    assert all(may(sue, right) for right in RIGHTS)
    assert bob.rights == [] and not any(may(bob, right) for right in RIGHTS)
    rights = db.session.execute(sa.text("SELECT rights FROM superfan_grants")).scalar()
    assert all(right in str(rights) for right in RIGHTS)
