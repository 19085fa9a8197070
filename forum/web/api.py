"""The API for other systems: JSON in, JSON or problem+json out, a key instead of a cookie."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from forum.actions.receive_contacts import Faulty, receive_contacts
from forum.kernel.ids import token_digest
from forum.people.account import Account
from forum.people.api_token import ApiToken
from forum.people.api_tokens import find_key, note_use
from forum.people.permissions import Act
from forum.web.context import now, parts, release, session
from forum.web.extensions import limiter
from forum.web.guard import bearer
from forum.web.i18n import say

api = Blueprint("api", __name__, url_prefix="/api")
LARGEST_CALL = 4 * 1024 * 1024  # bytes; 5,000 contacts take about one


def _caller() -> str:
    secret = bearer(request.headers.get("Authorization"))
    return f"key:{token_digest(secret)[:16]}" if secret else get_remote_address()


@api.post("/contacts")
@limiter.limit("600/minute")
@limiter.limit("120/minute", key_func=_caller)
def contacts() -> ResponseReturnValue:
    key = _key(Act.IMPORT_CONTACTS)
    if isinstance(key, Response):
        return key
    token, by = key
    release()  # what a slow line sends must not hold the database
    request.max_content_length = LARGEST_CALL
    try:
        sent = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        return _problem(400, _("This is no JSON."))
    try:
        received = receive_contacts(
            session(),
            sent,
            source=token.name,
            by=by,
            keys=parts().contact_keys,
            zone=parts().settings.time_zone,
            now=now(),
        )
    except Faulty as error:
        session().rollback()
        return _problem(422, say(error.message), errors=[
            {"index": fault.index, "field": fault.field, "detail": say(fault.message)} for fault in error.faults
        ])  # fmt: skip
    note_use(session(), token, now())
    session().commit()
    if received.file_id is not None:
        parts().bell.ring("qualify_due")
    counts = {"read": received.taken + received.known, "taken": received.taken, "known": received.known}
    return jsonify({**counts, "file": received.file_id})


@api.get("/openapi.json")
def description() -> ResponseReturnValue:
    answer = Response(_description(), content_type="application/json")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@lru_cache(maxsize=1)
def _description() -> bytes:
    return (Path(__file__).parent / "openapi.json").read_bytes()


def _key(act: Act) -> tuple[ApiToken, Account] | Response:
    """The key in hand with who made it, in whose name everything is done; else the answer that says what is missing."""
    secret = bearer(request.headers.get("Authorization"))
    found = find_key(session(), secret) if secret else None
    if found is None:
        answer = _problem(401, _("Send a key as Authorization: Bearer. An admin makes one."))
        answer.headers["WWW-Authenticate"] = 'Bearer realm="contacts"'
        return answer
    if found[0].act != act:
        return _problem(403, _("This key was made for something else."))
    return found


def _problem(status: int, title: str, **more: object) -> Response:
    answer = jsonify({"type": "about:blank", "title": title, "status": status, **more})
    answer.content_type = "application/problem+json"
    answer.status_code = status
    return answer
