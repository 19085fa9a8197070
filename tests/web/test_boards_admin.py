"""The admin's page of the boards: who may open it, what it makes, what it refuses."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.moderation.log import LogEntry
from forum.threads.board import Board
from tests.application import SignInAs
from tests.cast import Cast

FACTS = {"name": "Wi-Fi and mesh", "description": "Signal,  speed", "kind": "question", "language": "", "position": "3"}


@pytest.mark.parametrize("who", ["ada", "sue", "ann", "cleo", "fay"])
def test_only_an_admin_arranges_boards(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs, who: str
) -> None:
    sign_in_as(client, getattr(cast, who))
    assert client.get("/admin/boards").status_code == 403
    assert client.post("/admin/boards/new", data=FACTS).status_code == 403
    assert session.scalars(select(Board)).all() == []


def test_a_board_is_made_changed_and_both_are_logged(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    sign_in_as(client, cast.max)
    assert client.post("/admin/boards/new", data=FACTS).status_code == 303
    board = session.scalars(select(Board)).one()
    assert (board.slug, board.description, board.position, board.language) == (
        "wi-fi-and-mesh",
        "Signal, speed",
        3,
        None,
    )
    assert "Wi-Fi and mesh" in client.get("/admin/boards").text
    session.commit()
    changed = {**FACTS, "name": "无线", "language": "zh", "kind": "idea"}
    assert client.post(f"/admin/boards/{board.id}", data=changed).status_code == 303
    session.refresh(board)
    assert (board.slug, board.name, board.language, board.kind) == ("wi-fi-and-mesh", "无线", "zh", "idea")
    assert session.scalars(select(LogEntry.by_id).where(LogEntry.act == "arrange_boards")).all() == [cast.max.id] * 2


def test_what_cannot_be_a_board_is_refused_and_nothing_typed_is_lost(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    sign_in_as(client, cast.max)
    client.post("/admin/boards/new", data=FACTS)
    for name, kind in (("", "question"), ("  ", "question"), ("Wi-Fi and mesh", "question"), ("Other", "poem")):
        refused = client.post("/admin/boards/new", data={**FACTS, "name": name, "kind": kind})
        assert refused.status_code == 422
        assert "Signal,  speed" in refused.text
    assert len(session.scalars(select(Board)).all()) == 1


def test_two_boards_whose_names_make_one_address_get_two(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    sign_in_as(client, cast.max)
    client.post("/admin/boards/new", data=FACTS)
    client.post("/admin/boards/new", data={**FACTS, "name": "Wi-Fi, and mesh!"})
    assert set(session.scalars(select(Board.slug))) == {"wi-fi-and-mesh", "wi-fi-and-mesh-2"}


def test_a_board_is_made_private_and_public_again_and_both_are_logged(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    sign_in_as(client, cast.max)
    client.post("/admin/boards/new", data={**FACTS, "private": "yes"})
    board = session.scalars(select(Board)).one()
    assert board.private_since is not None
    since = board.private_since
    page = client.get(f"/admin/boards/{board.id}").text
    assert 'name="private" value="yes" checked' in " ".join(page.split())
    assert "Private board" in client.get("/admin/boards").text
    session.commit()
    client.post(f"/admin/boards/{board.id}", data={**FACTS, "private": "yes", "position": "4"})
    session.refresh(board)
    assert board.private_since == since  # saved again, it is private since then
    client.post(f"/admin/boards/{board.id}", data=FACTS)
    session.commit()
    session.refresh(board)
    assert board.private_since is None
    said = [row.details.get("private") for row in session.scalars(select(LogEntry).order_by(LogEntry.id))]
    assert said == ["yes", None, "no"]


def test_a_private_board_cannot_be_where_mentions_go_first(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    sign_in_as(client, cast.max)
    refused = client.post("/admin/boards/new", data={**FACTS, "private": "yes", "language": "zh"})
    assert refused.status_code == 422 and "could not read it" in refused.text
    assert session.scalars(select(Board)).all() == []
