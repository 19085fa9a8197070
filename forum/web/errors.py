"""Errors become pages here and nowhere else: a rule's sentence, what to do next, and the right status."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from forum.kernel.errors import ForumError
from forum.web.extensions import db
from forum.web.guard import API
from forum.web.i18n import say

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.register_error_handler(ForumError, _forum_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _unexpected)


def _forum_error(error: ForumError) -> ResponseReturnValue:
    db.session.rollback()
    return _page(error.status, say(error.message))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    db.session.rollback()
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    sentences = {
        401: _("Please sign in first."),
        403: _("You may not do that here."),
        404: _("There is nothing at this address."),
        405: _("This page cannot be used that way."),
        413: _("That is too large to send."),
        429: _("That was a lot in a short time. Please wait a moment and try again."),
    }
    response = _page(status, sentences.get(status) or _("This request could not be understood."))
    for name, value in error.get_response().headers:
        if name.lower() in {"retry-after", "allow"}:
            response.headers[name] = value
    return response


def _database_error(error: OperationalError) -> ResponseReturnValue:
    log.error("the database did not answer: %s", error.orig)
    db.session.rollback()
    return _page(503, _("The community is very busy just now. Nothing of yours was lost; please try again."))


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.exception("unexpected error on %s %s", request.method, request.path, exc_info=error)
    db.session.rollback()
    return _page(500, _("Something went wrong on our side. It has been noted; please try again."))


def _page(status: int, sentence: str) -> Response:
    """A page for people, problem+json (RFC 9457) for programs that ask for it."""
    if request.accept_mimetypes.best == "application/json" or request.path.startswith(API):
        response = jsonify({"type": "about:blank", "title": sentence, "status": status})
        response.content_type = "application/problem+json"
    else:
        response = make_response(render_template("errors/error.html", code=status, sentence=sentence))
    response.status_code = status
    return response
