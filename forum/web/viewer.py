"""Who is looking: Flask-Login over our own sessions, which can be listed and revoked.

The signed cookie carries a secret; the row behind it keeps the digest alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, request
from flask_login import UserMixin, current_user, login_user
from sqlalchemy import select, update
from werkzeug.wrappers import Response

from forum.kernel.clock import utc_now
from forum.kernel.ids import token_digest
from forum.people.account import Account, BrowserSession
from forum.people.permissions import Act, require
from forum.web.context import parts, session, viewer
from forum.web.extensions import db, login

SEEN_EVERY = timedelta(minutes=5)
P = ParamSpec("P")
R = TypeVar("R")


class Viewer(UserMixin):  # type: ignore[misc]  # Flask-Login brings no types
    """A signed-in browser and its account."""

    def __init__(self, token: str, browser: BrowserSession, account: Account) -> None:
        self.token = token
        self.browser = browser
        self.account = account

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    login.user_loader(_load)
    login.unauthorized_handler(_ask_to_sign_in)
    login.session_protection = None  # a phone changes its address; sessions are revoked by their rows
    del app


def sign_browser_in(token: str) -> None:
    """Remember a session just made by the sign_in action in this browser's cookie."""
    found = _load(token)
    if found is None:
        raise ValueError("no such session")
    login_user(found, remember=False)


def needs(act: Act) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """A page that only some may open. A visitor is asked to sign in; anybody else without the right sees 403."""

    def wrap(route: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(route)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            if not current_user.is_authenticated:
                return _ask_to_sign_in()
            require(viewer(), act)
            return route(*args, **kwargs)

        return guarded

    return wrap


def needs_sign_in(route: Callable[P, R]) -> Callable[P, R | Response]:
    """A page of one's own, which everybody who is signed in has."""

    @wraps(route)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        return route(*args, **kwargs) if current_user.is_authenticated else _ask_to_sign_in()

    return guarded


def _load(token: str) -> Viewer | None:
    now = utc_now()
    row = (
        session()
        .execute(
            select(BrowserSession, Account)
            .join(Account, Account.id == BrowserSession.account_id)
            .where(
                BrowserSession.token_digest == token_digest(token),
                BrowserSession.revoked_at.is_(None),
                BrowserSession.created_at > now - timedelta(days=parts().settings.session_days),
                Account.closed_at.is_(None),
            )
        )
        .first()
    )
    if row is None:
        return None
    browser, account = row
    if now - browser.last_seen_at > SEEN_EVERY and request.method not in {"GET", "HEAD"}:
        db.session.execute(update(BrowserSession).where(BrowserSession.id == browser.id).values(last_seen_at=now))
    return Viewer(token, browser, account)


def _ask_to_sign_in() -> Response:
    from forum.web.sign_in import sign_in_page  # noqa: PLC0415  that page's module stands on this one

    return sign_in_page()
