"""Whether this process can serve: asked by the supervisor and by load balancers."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from forum.web.context import session

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthy() -> ResponseReturnValue:
    session().execute(text("SELECT 1"))
    return {"status": "ok"}
