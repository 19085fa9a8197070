"""The browser in hand: what is noted of it at sign-in, how it is signed in, and what it is called in the list of sessions."""

from __future__ import annotations

from typing import TypedDict, cast

from flask import request
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import current_user

from forum.actions.sign_out import sign_out
from forum.people.account import BrowserSession
from forum.web.context import commit, now, session
from forum.web.viewer import sign_browser_in

# In this order, since most browsers also call themselves by the names below theirs.
_FAMILIES = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
             ("Chromium", "Chromium"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


class Noted(TypedDict):
    browser: str
    address: str


def noted() -> Noted:
    """What a session row keeps, so that its owner knows it again."""
    return {"browser": request.user_agent.string[:200].replace("\x00", ""), "address": request.remote_addr or ""}


def in_hand() -> BrowserSession | None:
    """The session row of this browser; None for a visitor."""
    return cast(BrowserSession, current_user.browser) if current_user.is_authenticated else None


def enter(secret: str) -> None:
    """Commit, and let this browser keep the new session's secret; a session that it held before ends."""
    if (before := in_hand()) is not None:
        sign_out(session(), before, now())
    commit()
    cookie.permanent = True
    sign_browser_in(secret)


def browser_words(user_agent: str) -> str:
    """Such as Firefox on Linux."""
    family = next((word for mark, word in _FAMILIES if mark in user_agent), None)
    system = next((word for mark, word in _SYSTEMS if mark in user_agent), None)
    if family and system:
        return str(_("%(browser)s on %(system)s", browser=family, system=system))
    return family or system or str(_("A browser"))
