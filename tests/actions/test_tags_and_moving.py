"""Rights in use: editing any thread's tags, moving a thread; who may, what stays, what is written down."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.arrange_boards import BoardFacts, change_board
from forum.actions.edit_tags import edit_tags, tags_of
from forum.actions.move_thread import move_thread
from forum.actions.triage_mentions import open_thread
from forum.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from forum.listening.mention import Route
from forum.moderation.log import LogEntry
from forum.outbox.delivery import Delivery, Kind
from forum.people.permissions import Act
from forum.threads.board import Board
from forum.threads.thread import Thread
from tests.actions.listening_world import a_connection, a_mention
from tests.cast import Cast
from tests.scene import Stage


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session)


@pytest.fixture
def thread(stage: Stage, cast: Cast) -> Thread:
    return stage.thread(cast.ada, stage.board("wifi"), tags=["mesh"])


def logged(session: Session, act: Act) -> list[tuple[int, dict[str, object]]]:
    rows = session.scalars(select(LogEntry).where(LogEntry.act == act)).all()
    return [(row.by_id, dict(row.details)) for row in rows]


def indexings(session: Session, thread: Thread) -> int:
    return len(
        session.scalars(select(Delivery.id).where(Delivery.kind == Kind.INDEX, Delivery.thread_id == thread.id)).all()
    )


# Tags


@pytest.mark.parametrize("who", ["ada", "sue", "ann", "cleo", "max"])
def test_the_asker_and_whoever_has_the_right_edit_tags(
    session: Session, stage: Stage, thread: Thread, cast: Cast, who: str
) -> None:
    before = indexings(session, thread)
    by = getattr(cast, who)
    edit_tags(session, thread, by, tags=["Wi-Fi 6", "#mesh"], now=stage.clock())
    assert tags_of(session, thread) == ["mesh", "wi-fi-6"]
    assert logged(session, Act.EDIT_TAGS) == [(by.id, {"from": "mesh", "to": "mesh, wi-fi-6"})]
    assert indexings(session, thread) == before + 1


@pytest.mark.parametrize("who", ["bob", "fay", "mallory"])
def test_nobody_else_edits_tags(session: Session, stage: Stage, thread: Thread, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        edit_tags(session, thread, getattr(cast, who), tags=["x"], now=stage.clock())
    assert tags_of(session, thread) == ["mesh"]


def test_a_right_that_is_lost_edits_no_tag(session: Session, stage: Stage, thread: Thread, cast: Cast) -> None:
    cast.sue.rights = ["move_threads"]
    with pytest.raises(NotAllowed):
        edit_tags(session, thread, cast.sue, tags=["x"], now=stage.clock())


def test_the_same_tags_change_and_log_nothing(session: Session, stage: Stage, thread: Thread, cast: Cast) -> None:
    before = indexings(session, thread)
    edit_tags(session, thread, cast.sue, tags=["mesh", " MESH"], now=stage.clock())
    assert logged(session, Act.EDIT_TAGS) == [] and indexings(session, thread) == before


def test_what_cannot_be_a_tag_changes_nothing(session: Session, stage: Stage, thread: Thread, cast: Cast) -> None:
    for tags in (["a/b"], ["x" * 41], list("abcdef")):
        with pytest.raises(Invalid) as wrong:
            edit_tags(session, thread, cast.ada, tags=tags, now=stage.clock())
        assert set(wrong.value.fields) == {"tags"}
    assert tags_of(session, thread) == ["mesh"]


def test_on_a_locked_thread_only_the_right_edits_tags(
    session: Session, stage: Stage, thread: Thread, cast: Cast
) -> None:
    thread.locked_at = stage.clock()
    with pytest.raises(Conflict):
        edit_tags(session, thread, cast.ada, tags=["x"], now=stage.clock())
    edit_tags(session, thread, cast.sue, tags=["x"], now=stage.clock())
    assert tags_of(session, thread) == ["x"]


# Moving


@pytest.mark.parametrize("who", ["sue", "ann", "cleo", "max"])
def test_a_thread_moves_with_both_counts(session: Session, stage: Stage, thread: Thread, cast: Cast, who: str) -> None:
    wifi, setup = session.get_one(Board, thread.board_id), stage.board("setup")
    before = indexings(session, thread)
    move_thread(session, thread, setup, getattr(cast, who), stage.clock())
    assert (thread.board_id, wifi.thread_count, setup.thread_count) == (setup.id, 0, 1)
    assert logged(session, Act.MOVE_THREADS) == [(getattr(cast, who).id, {"from": "Wifi", "to": "Setup"})]
    assert indexings(session, thread) == before + 1
    move_thread(session, thread, setup, cast.sue, stage.clock())
    assert setup.thread_count == 1 and len(logged(session, Act.MOVE_THREADS)) == 1


@pytest.mark.parametrize("who", ["ada", "bob", "fay", "mallory"])
def test_nobody_else_moves_a_thread(session: Session, stage: Stage, thread: Thread, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        move_thread(session, thread, stage.board("setup"), getattr(cast, who), stage.clock())
    assert session.get_one(Board, thread.board_id).slug == "wifi"


def test_into_and_out_of_a_private_board_only_those_move_who_may_enter(
    session: Session, stage: Stage, thread: Thread, cast: Cast
) -> None:
    lounge, wifi = stage.board("lounge", private_since=stage.clock()), session.get_one(Board, thread.board_id)
    cast.sue.rights = ["move_threads"]
    with pytest.raises(NotFound):
        move_thread(session, thread, lounge, cast.sue, stage.clock())
    move_thread(session, thread, lounge, cast.ann, stage.clock())
    with pytest.raises(NotFound):
        move_thread(session, thread, wifi, cast.sue, stage.clock())
    cast.sue.rights = ["move_threads", "enter_private_boards"]
    move_thread(session, thread, wifi, cast.sue, stage.clock())
    assert (wifi.thread_count, lounge.thread_count) == (1, 0)


def test_a_thread_from_a_network_never_becomes_private(session: Session, stage: Stage, cast: Cast) -> None:
    """Its asker could not read the answer any more, and the answer would go out all the same."""
    wifi, lounge = stage.board("wifi"), stage.board("lounge", private_since=stage.clock())
    connection = a_connection(wifi.id)
    session.add(connection)
    session.flush()
    mention = a_mention(connection.id, "1", route=Route.COMMUNITY)
    session.add(mention)
    session.flush()
    thread = open_thread(session, mention, connection, stage.markup, stage.clock())
    with pytest.raises(Invalid):
        move_thread(session, thread, lounge, cast.max, stage.clock())
    assert thread.board_id == wifi.id
    facts = BoardFacts(name="Wifi", description="", kind="question", language="", position=1, private=True)
    with pytest.raises(Invalid, match="check") as why:
        change_board(session, wifi, facts, cast.max, stage.clock())
    assert "private" in why.value.fields
    connection.removed_at = stage.clock()
    session.flush()
    with pytest.raises(Invalid):  # its thread stands there still
        change_board(session, wifi, facts, cast.max, stage.clock())
    assert wifi.private_since is None


def test_mentions_pass_by_a_private_board_whatever_its_language(session: Session, stage: Stage, cast: Cast) -> None:
    wifi = stage.board("wifi")
    stage.board("privat", private_since=stage.clock(), language="de")
    connection = a_connection(wifi.id)
    session.add(connection)
    session.flush()
    mention = a_mention(connection.id, "1", route=Route.COMMUNITY, language="de")
    session.add(mention)
    session.flush()
    assert open_thread(session, mention, connection, stage.markup, stage.clock()).board_id == wifi.id
