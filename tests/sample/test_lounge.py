"""The sample's private board: superfans and staff talk there, and nobody else finds it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.clock import utc_now
from forum.people.permissions import RIGHTS
from forum.people.roles import Role
from forum.sample.lounge import TALKS, plant_lounge
from forum.sample.people import PEOPLE
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread
from tests.application import QuietParts, SignInAs
from tests.cast import person

FANS = [one.handle for one in PEOPLE if one.superfan and one.language == "en"]


def people(session: Session, rights: list[str]) -> None:
    now = utc_now()
    session.add_all(person(name, superfan_since=now, rights=rights) for name in FANS)
    session.add(person("agent", Role.AGENT))
    session.add(person("somebody"))
    session.commit()


def test_superfans_and_staff_talk_where_nobody_else_can_read(
    app: Flask, session: Session, parts: QuietParts, sign_in_as: SignInAs
) -> None:
    people(session, list(RIGHTS))
    assert plant_lounge(parts.sessions, parts.markup, utc_now()) == len(TALKS) == 3
    board = session.scalars(select(Board)).one()
    assert board.private_since is not None and board.thread_count == 3
    assert {thread.solved_at for thread in session.scalars(select(Thread))} == {None}
    written = session.scalars(select(Post.created_at)).all()
    assert len(written) == sum(len(talk.said) for talk in TALKS)
    assert max(written) < utc_now() - timedelta(hours=1)
    assert "Superfan lounge" not in app.test_client().get("/").text
    assert app.test_client().get("/boards/lounge").status_code == 404
    accounts = {one.name: one for one in session.scalars(select(type(person("x"))))}
    fan, other = sign_in_as(app.test_client(), accounts[FANS[0]]), sign_in_as(app.test_client(), accounts["somebody"])
    assert all(talk.title.replace("'", "&#39;") in fan.get("/boards/lounge").text for talk in TALKS)
    assert other.get("/boards/lounge").status_code == 404


def test_without_superfans_who_may_enter_there_is_no_such_board(session: Session, parts: QuietParts) -> None:
    people(session, ["edit_tags"])
    assert plant_lounge(parts.sessions, parts.markup, utc_now()) == 0
    assert session.scalars(select(Board)).all() == []
