"""Signing up and in, sessions, passwords and profiles, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.change_password import change_password
from forum.actions.change_profile import change_profile
from forum.actions.revoke_session import revoke_other_sessions, revoke_session
from forum.actions.sign_in import find_known, sign_in
from forum.actions.sign_out import sign_out
from forum.actions.sign_up import sign_up
from forum.kernel.clock import utc_now
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.ids import token_digest
from forum.people.account import Account, BrowserSession
from forum.people.passwords import is_outdated, is_password
from forum.people.roles import Role
from forum.people.sessions import begin_session, open_sessions
from tests.cast import JOINED, PASSWORD, Cast

NOW = utc_now()


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


def enter(session: Session, name: str, password: str = PASSWORD) -> str:
    return sign_in(session, find_known(session, name), password, browser="Firefox", address="::1", now=NOW)


def browser_of(session: Session, secret: str) -> BrowserSession:
    return session.scalars(select(BrowserSession).where(BrowserSession.token_digest == token_digest(secret))).one()


# Signing up


def test_who_signs_up_is_a_customer_with_a_hashed_password(session: Session) -> None:
    grace = sign_up(session, name="Grace", email="Grace@Example.com", password=PASSWORD, language="zh_Hans", now=NOW)
    session.commit()
    assert (grace.name, grace.name_key, grace.display_name, grace.email_key) == (
        "Grace",
        "grace",
        "Grace",
        "grace@example.com",
    )
    assert (grace.role, grace.language, grace.email_confirmed_at, grace.points) == (Role.CUSTOMER, "zh_Hans", None, 0)
    assert is_password(grace.password_hash, PASSWORD)


def test_all_that_is_wrong_is_said_at_once_and_nobody_is_added(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        sign_up(session, name="admin", email="nowhere", password="short", now=NOW)
    assert set(refused.value.fields) == {"name", "email", "password"}
    assert session.scalar(select(func.count(Account.id))) == 0


@pytest.mark.parametrize(
    ("name", "email", "wrong"),
    [
        ("ADA", "new@example.com", {"name"}),
        ("grace", "Ada@EXAMPLE.com", {"email"}),
        ("Bob", "ada@example.com", {"name", "email"}),
    ],
)
def test_a_name_and_an_address_belong_to_one_account(
    session: Session, cast: Cast, name: str, email: str, wrong: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        sign_up(session, name=name, email=email, password=PASSWORD, now=NOW)
    assert set(refused.value.fields) == wrong
    session.commit()
    assert session.scalar(select(func.count(Account.id))) == 8


def test_a_password_that_is_the_name_is_refused(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        sign_up(session, name="gracehopper", email="g@example.com", password="GraceHopper", now=NOW)
    assert set(refused.value.fields) == {"password"}


# Signing in and out


@pytest.mark.parametrize("name", ["ada", "ADA", "@ada", " ada ", "ada@example.com", "Ada@Example.COM"])
def test_name_or_address_and_password_open_a_session(session: Session, cast: Cast, name: str) -> None:
    browser = browser_of(session, enter(session, name))
    assert (browser.account_id, browser.browser, browser.address) == (cast.ada.id, "Firefox", "::1")
    assert (browser.created_at, browser.revoked_at) == (NOW, None)


def test_the_secret_itself_is_not_kept_and_each_sign_in_has_its_own(session: Session, cast: Cast) -> None:
    one, other = enter(session, "ada"), enter(session, "ada")
    assert one != other
    assert {one, other}.isdisjoint(session.scalars(select(BrowserSession.token_digest)))


def test_a_wrong_name_and_a_wrong_password_are_told_by_one_sentence(session: Session, cast: Cast) -> None:
    said = set()
    for name, password in [("ada", "wrong password"), ("nobody", PASSWORD), ("", ""), ("a\x00da\ud800", PASSWORD)]:
        with pytest.raises(Invalid) as refused:
            enter(session, name, password)
        said.add(str(refused.value.message))
    assert len(said) == 1
    assert session.scalar(select(func.count(BrowserSession.id))) == 0


def test_a_closed_account_and_one_without_password_cannot_sign_in(session: Session, cast: Cast) -> None:
    cast.ada.closed_at, cast.bob.password_hash = NOW, None
    session.commit()
    for name in ("ada", "bob"):
        with pytest.raises(Invalid):
            enter(session, name)


def test_a_password_changed_while_it_was_checked_lets_nobody_in(session: Session, cast: Cast) -> None:
    known = find_known(session, "ada")
    change_password(session, cast.ada, old=PASSWORD, new="another good one", keep=None, now=NOW)
    with pytest.raises(Invalid):
        sign_in(session, known, PASSWORD, browser="", address="", now=NOW)


def test_an_outdated_hash_is_made_anew_at_sign_in(session: Session, cast: Cast) -> None:
    cast.ada.password_hash = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    session.commit()
    enter(session, "ada")
    session.commit()
    assert not is_outdated(cast.ada.password_hash)
    assert is_password(cast.ada.password_hash, PASSWORD)


def test_signing_out_ends_this_browser_and_keeps_when(session: Session, cast: Cast) -> None:
    here, there = browser_of(session, enter(session, "ada")), browser_of(session, enter(session, "ada"))
    sign_out(session, here, NOW)
    sign_out(session, here, NOW + timedelta(days=1))
    assert (here.revoked_at, there.revoked_at) == (NOW, None)


# Sessions


def test_one_ends_ones_own_sessions_but_nobody_elses(session: Session, cast: Cast) -> None:
    mine, hers = browser_of(session, enter(session, "mallory")), browser_of(session, enter(session, "ada"))
    for number in (hers.id, 10**9):
        with pytest.raises(NotFound):
            revoke_session(session, number, cast.mallory, NOW)
    revoke_session(session, mine.id, cast.mallory, NOW)
    assert (mine.revoked_at, hers.revoked_at) == (NOW, None)


def test_signing_out_everywhere_else_keeps_the_browser_in_hand(session: Session, cast: Cast) -> None:
    secrets = [begin_session(session, cast.ada, "", "", NOW + timedelta(seconds=n)) for n in range(3)]
    bobs = browser_of(session, begin_session(session, cast.bob, "", "", NOW))
    here = browser_of(session, secrets[1])
    revoke_other_sessions(session, here, cast.ada, NOW)
    assert [one.id for one in open_sessions(session, cast.ada, JOINED)] == [here.id]
    assert bobs.revoked_at is None


def test_a_session_older_than_the_site_allows_is_not_listed(session: Session, cast: Cast) -> None:
    begin_session(session, cast.ada, "", "", NOW - timedelta(days=31))
    fresh = browser_of(session, begin_session(session, cast.ada, "", "", NOW))
    assert [one.id for one in open_sessions(session, cast.ada, NOW - timedelta(days=30))] == [fresh.id]


# Password and profile


def test_a_new_password_needs_the_old_one(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        change_password(session, cast.ada, old="not the old one", new="another good one", keep=None, now=NOW)
    assert set(refused.value.fields) == {"old_password"}
    assert is_password(cast.ada.password_hash, PASSWORD)


def test_a_new_password_must_be_new_and_good(session: Session, cast: Cast) -> None:
    for new in (PASSWORD, "short", "ada@example.com"):
        with pytest.raises(Invalid) as refused:
            change_password(session, cast.ada, old=PASSWORD, new=new, keep=None, now=NOW)
        assert set(refused.value.fields) == {"new_password"}


def test_a_new_password_signs_every_other_browser_out(session: Session, cast: Cast) -> None:
    here, there = browser_of(session, enter(session, "ada")), browser_of(session, enter(session, "ada"))
    change_password(session, cast.ada, old=PASSWORD, new="another good one", keep=here, now=NOW)
    assert (here.revoked_at, there.revoked_at) == (None, NOW)
    enter(session, "ada", "another good one")


def test_a_profile_takes_its_new_words(session: Session, cast: Cast) -> None:
    change_profile(
        session, cast.ada, display_name="Ada L.", bio="Line one.\r\nLine two.", language="zh_Hant", theme="dark"
    )
    session.commit()
    assert (cast.ada.display_name, cast.ada.bio) == ("Ada L.", "Line one.\nLine two.")
    assert (cast.ada.language, cast.ada.theme) == ("zh_Hant", "dark")
    change_profile(session, cast.ada, display_name="", bio="", language=None, theme=None)
    assert (cast.ada.display_name, cast.ada.language, cast.ada.theme) == ("ada", None, None)


@pytest.mark.parametrize(
    ("field", "value"), [("language", "tlh"), ("theme", "sepia"), ("display_name", "x" * 61), ("bio", "x" * 501)]
)
def test_a_profile_refuses_what_does_not_fit(session: Session, cast: Cast, field: str, value: str) -> None:
    words: dict[str, str | None] = {"display_name": "Ada", "bio": "", "language": None, "theme": None, field: value}
    with pytest.raises(Invalid) as refused:
        change_profile(session, cast.ada, **words)
    assert set(refused.value.fields) == {field}
