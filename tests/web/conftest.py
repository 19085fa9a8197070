"""A thread of Ada's that Sue answered, and two browsers, for the tests of the forum's pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from forum.threads.thread import Thread
from tests.application import SignInAs
from tests.cast import Cast
from tests.scene import Clock, Stage


@pytest.fixture
def stage(session: Session) -> Stage:
    """Things happen some hours before now, so that they are as fresh as in life."""
    return Stage(session, Clock(datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)))


@pytest.fixture
def thread(stage: Stage, session: Session, cast: Cast) -> Thread:
    """Ada's, with an answer by Sue; on the board "wifi"."""
    made = stage.thread(
        cast.ada, title="My wifi drops every night", text="Since the update. The wifi of an R6.", tags=["wifi-6"]
    )
    stage.answer(made, cast.sue)
    session.commit()
    return made


@pytest.fixture
def ada(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.ada)


@pytest.fixture
def bob(app: Flask, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(app.test_client(), cast.bob)
