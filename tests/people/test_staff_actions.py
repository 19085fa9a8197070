"""What staff do about people, and how the first admin comes to be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.give_role import give_role
from forum.actions.name_superfan import end_superfan, name_superfan
from forum.actions.set_up_admin import make_setup_link, set_up_admin
from forum.kernel.clock import utc_now
from forum.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, may
from forum.people.roles import Role
from forum.superfans.grant import SuperfanGrant
from forum.threads.board import Board
from tests.cast import PASSWORD, Cast, person

NOW = utc_now()


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


def log(session: Session) -> list[tuple[str, str, int, dict[str, str]]]:
    entries = session.scalars(select(LogEntry).order_by(LogEntry.id))
    return [(one.act, one.about, one.by_id, one.details) for one in entries]


def set_up(session: Session, secret: str, name: str = "grace", password: str = PASSWORD) -> str:
    return set_up_admin(
        session, secret, name=name, email="grace@example.com", password=password, browser="", address="", now=NOW
    )


# Roles


def test_an_admin_gives_a_role_and_the_log_says_so(session: Session, cast: Cast) -> None:
    give_role(session, cast.bob, "agent", cast.max, NOW)
    session.commit()
    assert cast.bob.role == Role.AGENT
    assert may(cast.bob, Act.APPROVE_REPLIES)
    assert log(session) == [
        ("give_roles", f"account:{cast.bob.id}", cast.max.id, {"before": "customer", "after": "agent"})
    ]


def test_nobody_else_gives_roles(session: Session, cast: Cast) -> None:
    for somebody in (cast.ada, cast.sue, cast.ann, cast.cleo, cast.fay, cast.mallory):
        with pytest.raises(NotAllowed):
            give_role(session, somebody, "admin", somebody, NOW)
    assert log(session) == []


def test_an_admin_cannot_give_up_the_last_key(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict):
        give_role(session, cast.max, "customer", cast.max, NOW)
    assert cast.max.role == Role.ADMIN


def test_who_has_lost_the_role_meanwhile_gives_none(session: Session, cast: Cast) -> None:
    stale = session.get_one(Account, cast.max.id)
    session.execute(Account.__table__.update().where(Account.__table__.c.id == stale.id).values(role="customer"))
    with pytest.raises(NotAllowed):
        give_role(session, cast.bob, "agent", stale, NOW)


def test_a_role_that_does_not_exist_is_refused_and_the_same_role_changes_nothing(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid):
        give_role(session, cast.bob, "superfan", cast.max, NOW)
    give_role(session, cast.bob, "customer", cast.max, NOW)
    assert log(session) == []


# Superfans


def test_a_moderator_names_a_superfan_whose_answers_then_go_out_at_once(session: Session, cast: Cast) -> None:
    grant = name_superfan(session, cast.bob, cast.cleo, reason="  Knows\nmesh ", now=NOW)
    session.commit()
    assert (grant.account_id, grant.given_by_id, grant.given_at, grant.reason) == (
        cast.bob.id,
        cast.cleo.id,
        NOW,
        "Knows mesh",
    )
    assert cast.bob.superfan_since == NOW
    assert may(cast.bob, Act.SEND_WITHOUT_APPROVAL)
    assert log(session) == [
        ("name_superfans", f"account:{cast.bob.id}", cast.cleo.id, {"superfan": "named", "reason": "Knows mesh"})
    ]


def test_naming_twice_leaves_one_grant(session: Session, cast: Cast) -> None:
    first = name_superfan(session, cast.bob, cast.cleo, now=NOW)
    again = name_superfan(session, cast.bob, cast.max, now=NOW + timedelta(days=1))
    assert again is first
    assert cast.bob.superfan_since == NOW


def test_the_status_ends_and_can_be_given_again(session: Session, cast: Cast) -> None:
    end_superfan(session, cast.sue, cast.cleo, now=NOW)
    end_superfan(session, cast.sue, cast.cleo, now=NOW + timedelta(days=1))
    session.commit()
    [ended] = session.scalars(select(SuperfanGrant).where(SuperfanGrant.account_id == cast.sue.id))
    assert (ended.ended_by_id, ended.ended_at, cast.sue.superfan_since) == (cast.cleo.id, NOW, None)
    assert not may(cast.sue, Act.SEND_WITHOUT_APPROVAL)
    name_superfan(session, cast.sue, cast.cleo, now=NOW)
    assert cast.sue.superfan_since == NOW


def test_staff_cannot_be_superfans(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict):
        name_superfan(session, cast.ann, cast.cleo, now=NOW)


def test_only_moderators_and_admins_name_superfans(session: Session, cast: Cast) -> None:
    for somebody in (cast.ada, cast.sue, cast.ann, cast.fay, cast.mallory):
        with pytest.raises(NotAllowed):
            name_superfan(session, cast.bob, somebody, now=NOW)
        with pytest.raises(NotAllowed):
            end_superfan(session, cast.sue, somebody, now=NOW)
    assert cast.sue.superfan_since is not None


# Set-up


def test_the_set_up_link_makes_the_first_admin_and_the_first_board(session: Session) -> None:
    set_up(session, make_setup_link(session, NOW))
    session.commit()
    grace = session.scalars(select(Account)).one()
    assert (grace.name, grace.role) == ("grace", Role.ADMIN)
    assert [(one.slug, one.name) for one in session.scalars(select(Board))] == [("general", "General")]


def test_boards_that_stand_already_are_left_alone(session: Session) -> None:
    session.add(Board(slug="wifi", name="Wi-Fi", created_at=NOW))
    set_up(session, make_setup_link(session, NOW))
    assert [one.slug for one in session.scalars(select(Board))] == ["wifi"]


def test_a_set_up_link_works_once_and_a_newer_one_voids_it(session: Session) -> None:
    older, newer = make_setup_link(session, NOW), make_setup_link(session, NOW)
    session.commit()
    with pytest.raises(NotFound):
        set_up(session, older)
    session.rollback()
    set_up(session, newer)
    session.commit()
    with pytest.raises((NotFound, Conflict, Invalid)):
        set_up(session, newer, name="second")


def test_a_form_with_a_mistake_leaves_the_link_good(session: Session) -> None:
    secret = make_setup_link(session, NOW)
    session.commit()
    with pytest.raises(Invalid):
        set_up(session, secret, password="short")
    session.rollback()
    set_up(session, secret)


def test_where_an_admin_is_there_is_no_set_up(session: Session) -> None:
    secret = make_setup_link(session, NOW)
    session.add(person("max", Role.ADMIN))
    session.commit()
    with pytest.raises(Conflict):
        make_setup_link(session, NOW)
    with pytest.raises(Conflict):
        set_up(session, secret)
