"""What every request and every answer passes: the origin check of unsafe methods, the write lock, security headers.

Unsafe requests must come from our own pages: browsers say so in Sec-Fetch-Site, older ones in Origin. This needs no
token in the page, so a cached page serves everybody and a form works for signed-out people too.

Under /api/ nobody is known by a cookie: it is taken away before anything can read it. So a page of another site can ask
there for nothing in a visitor's name, whatever it sends, and programs need not pretend to be a browser. The same holds
where a mail's own link ends mails: the link alone says whose.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from forum.kernel.database import set_writing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


API = "/api/"
STOP_MAIL = "/mail/stop/"  # mail programs ask there (RFC 8058), who have no page of ours to come from
COOKIELESS = (API, STOP_MAIL)


class WithoutCookies:
    """Takes the cookie off every request to the API, and off those that end mails."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith(COOKIELESS):
            environ.pop("HTTP_COOKIE", None)
        return self._application(environ, start_response)


class PrivateCookies(SecureCookieSessionInterface):
    """Keeps the cookie off answers that are the same for everybody: a cache between would hand it to others."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified or not response.headers.get("Cache-Control", "").startswith("public"):
            super().save_session(app, session, response)


def bearer(header: str | None) -> str | None:
    """The secret of an Authorization header; None where it brings none."""
    kind, _space, secret = (header or "").partition(" ")
    return secret.strip() or None if kind.lower() == "bearer" else None


def init_app(app: Flask) -> None:
    app.wsgi_app = WithoutCookies(app.wsgi_app)  # type: ignore[method-assign]  # Flask documents it as the place for middleware
    app.session_interface = PrivateCookies()
    app.before_request(_check_origin)
    app.before_request(_take_write_lock)
    app.after_request(_add_headers)


def _check_origin() -> None:
    if request.method in SAFE or request.path.startswith(COOKIELESS):
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            abort(403)
        return
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    if origin is None or urlsplit(origin).netloc != request.host:
        abort(403)


def _take_write_lock() -> None:
    set_writing(request.method not in SAFE)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.path.startswith("/static/"):
        if request.args.get("v"):  # the address changes with the content
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        headers.setdefault("Cache-Control", "private, no-cache")
        if not headers["Cache-Control"].startswith("public"):  # what is the same for everybody
            response.vary.update(("Cookie", "Accept-Language"))
    return response
