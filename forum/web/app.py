"""Makes the web application: chooses the real parts, binds the extensions, registers a blueprint per resource."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.pool import NullPool
from werkzeug.middleware.proxy_fix import ProxyFix

import forum.models  # noqa: F401  every model must be known before the first query
from forum.kernel.database import prepare
from forum.kernel.settings import Settings
from forum.web import commands, errors, guard, i18n, page_globals, parameters, schema, viewer
from forum.web.blueprints import BLUEPRINTS
from forum.web.extensions import babel, db, limiter, login
from forum.wiring.parts import Parts

ROOT = Path(__file__).resolve().parents[2]
LARGEST_FORM = 256 * 1024  # bytes; the longest post is 20,000 characters


def create_app(parts: Parts | None = None) -> Flask:
    """The WSGI application; without `parts` the settings come from the environment."""
    parts = parts or Parts(Settings.from_environment(os.environ))
    settings = parts.settings
    app = Flask("forum", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        SESSION_COOKIE_NAME="answerback",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https:"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.session_days),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "forum" / "web" / "translations"),
        RATELIMIT_STORAGE_URI=_limits_storage(parts),
        RATELIMIT_SWALLOW_ERRORS=True,  # a lost Redis must not close the forum
        RATELIMIT_HEADERS_ENABLED=True,
    )
    app.extensions["parts"] = parts
    if settings.trust_proxy:
        hops = settings.trust_proxy
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    limiter.init_app(app)
    for part in (parameters, guard, viewer, i18n, page_globals, errors, schema, commands):
        part.init_app(app)
    login.init_app(app)
    babel.init_app(app, locale_selector=i18n.choose_locale, timezone_selector=lambda: str(settings.time_zone))
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _engine_options(settings: Settings) -> dict[str, Any]:
    if settings.database_url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False}}
    if settings.web_threads <= 1:
        return {"poolclass": NullPool}
    return {"pool_size": settings.web_threads, "max_overflow": 2, "pool_pre_ping": True}


def _limits_storage(parts: Parts) -> str:
    """Limits are counted in Redis, shared by all web processes."""
    url = parts.settings.redis_url or f"unix://{parts.settings.data_dir.resolve()}/redis/redis.sock"
    return f"redis+unix://{url.removeprefix('unix://')}" if url.startswith("unix://") else url
