"""The application for tests: real parts on a database of its own, a silent bell, limits counted in memory.

A test that shall run on both databases says so in its module:

    @pytest.fixture
    def database_url(any_database_url: str) -> str:
        return any_database_url

`session` is the test's own; commit what the application shall see, and commit (or roll back) before reading what it
wrote. No application context stays open, so that each request stands alone as it does in life.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool
from werkzeug.test import TestResponse

import forum.models  # noqa: F401  the metadata must be whole
from forum.kernel.base import Base
from forum.kernel.clock import utc_now
from forum.kernel.database import prepare, set_writing
from forum.kernel.settings import Settings
from forum.people.account import Account
from forum.people.sessions import begin_session
from forum.web.app import create_app
from forum.web.extensions import db
from forum.wiring.bell import SilentBell
from forum.wiring.parts import Parts
from tests.cast import Cast, add_cast
from tests.services.postgres import Postgres

CREDENTIALS_KEY = Fernet.generate_key().decode()


@dataclass(frozen=True)
class QuietParts(Parts):
    """The real parts, but nobody is rung: tests run the work themselves, and look at `bell.rung`.

    Where limits are counted in memory there is no Redis: whoever asks it finds it gone, as may happen in life.
    """

    @cached_property
    def redis(self) -> Redis:
        if self.settings.redis_url == "memory://":
            return Redis(unix_socket_path=str(self.settings.data_dir / "no-redis.sock"))
        return super().redis

    @cached_property
    def bell(self) -> SilentBell:
        return SilentBell()


class SameSiteClient(FlaskClient):
    """A browser on one of our own pages; give `headers={"Sec-Fetch-Site": "cross-site"}` to be elsewhere."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        self.environ_base.setdefault("HTTP_SEC_FETCH_SITE", "same-origin")
        try:
            return super().open(*args, **kwargs)
        finally:
            set_writing(False)  # the request's context is ours too; the test's own session only reads by default


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables and no row, made once and copied for each test."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    engine = prepare(create_engine(f"sqlite:///{path}"))
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(empty_sqlite: Path, tmp_path: Path) -> str:
    path = tmp_path / "forum.db"
    shutil.copyfile(empty_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def empty_postgres(postgres_server: Postgres) -> str:
    """The name of a database with all tables and no row, made once and copied for each test."""
    name = postgres_server.new_database_name()
    engine = create_engine(postgres_server.url_of(name), poolclass=NullPool)
    Base.metadata.create_all(engine)
    engine.dispose()
    return name


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> str:
    server: Postgres = request.getfixturevalue("postgres_server")
    return server.new_database(like=request.getfixturevalue("empty_postgres"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_database_url(request: pytest.FixtureRequest) -> str:
    """Each test twice: on SQLite and, where there is a server, on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """A database with all tables; SQLite unless a module overrides this."""
    return sqlite_url


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Override it with dataclasses.replace(settings, ...) for another site."""
    read = Settings.from_environment(
        {
            "DATA_DIR": str(tmp_path / "data"),
            "DATABASE_URL": database_url,
            "SAMPLE": "no",
            "SECRET_KEY": "a key for tests alone, long enough to be one",
            "CREDENTIALS_KEY": CREDENTIALS_KEY,
        }
    )
    return replace(read, redis_url="memory://")  # limits are then counted in this process


@pytest.fixture
def parts(settings: Settings) -> Iterator[QuietParts]:
    yield (made := QuietParts(settings))
    made.sessions.kw["bind"].dispose()


@pytest.fixture
def app(parts: QuietParts) -> Iterator[Flask]:
    app = create_app(parts)
    app.config["TESTING"] = True
    app.test_client_class = SameSiteClient
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser; further ones come from app.test_client()."""
    return app.test_client()


@pytest.fixture
def session(parts: QuietParts) -> Iterator[Session]:
    with parts.sessions() as session:
        yield session


@pytest.fixture
def cast(session: Session) -> Cast:
    """The eight people of tests/cast.py, committed."""
    people = add_cast(session)
    session.commit()
    return people


SignInAs = Callable[[FlaskClient, Account], FlaskClient]


@pytest.fixture
def sign_in_as(parts: QuietParts) -> SignInAs:
    """Signs the browser in without the sign-in page, its hashing and its limits; the account must be committed."""

    def sign_in(client: FlaskClient, account: Account) -> FlaskClient:
        with parts.sessions.begin() as session:
            secret = begin_session(session, account, "pytest", "127.0.0.1", utc_now())
        with client.session_transaction() as cookie:
            cookie.permanent = True
            cookie["_user_id"], cookie["_fresh"] = secret, True
        return client

    return sign_in
