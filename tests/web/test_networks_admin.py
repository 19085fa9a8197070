"""Connecting networks in the browser: checked at once, sealed, shown never again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from forum.actions.connect_network import check, propose
from forum.actions.mirror_answer import mirror_answer
from forum.kernel.clock import utc_now
from forum.kernel.errors import Invalid
from forum.kernel.lease import Switch
from forum.kernel.settings import Settings
from forum.listening.connection import Connection
from forum.moderation.log import LogEntry
from forum.outbox.delivery import Delivery, State
from forum.threads.board import Board
from tests.actions.listening_world import NOW, a_connection, an_answered_mention, listening_world
from tests.application import QuietParts, SignInAs
from tests.cast import Cast
from tests.web.pigeon import PIGEON, RIGHT, PigeonParts

SECRET = f"{RIGHT} and more"


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def parts(settings: Settings) -> Iterator[PigeonParts]:
    yield (made := PigeonParts(settings))
    made.sessions.kw["bind"].dispose()


@pytest.fixture
def board(session: Session) -> Board:
    board = Board(slug="wifi", name="Wi-Fi", created_at=NOW)
    session.add(board)
    session.commit()
    return board


@pytest.fixture
def admin(client: FlaskClient, cast: Cast, board: Board, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.max)


def entered(on: Board, **more: str) -> dict[str, str]:
    return {
        "kind": "pigeon", "setting-loft": "north", "secret-ring": SECRET, "board": str(on.id),
        "withdrawal": "correct", "cost": "0,02", **more,
    }  # fmt: skip


def stored(session: Session) -> Connection:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Connection).order_by(Connection.id.desc())).first()  # type: ignore[return-value]


def steps(session: Session) -> list[str]:
    session.rollback()
    return [entry.details.get("step", "") for entry in session.scalars(select(LogEntry).order_by(LogEntry.id))]


def test_an_empty_list_says_what_to_do_next(admin: FlaskClient) -> None:
    page = admin.get("/admin/networks")
    assert page.status_code == 200
    assert 'href="/admin/networks/new"' in page.text
    choice = admin.get("/admin/networks/new").text
    for kind in ("sandbox", "bluesky", "x", "pigeon"):
        assert f"/admin/networks/new?kind={kind}" in choice
        assert admin.get(f"/admin/networks/new?kind={kind}").status_code == 200
    assert admin.get("/admin/networks/new?kind=pinterest").status_code == 404


def test_a_network_is_checked_stored_sealed_and_read_at_once(
    admin: FlaskClient, session: Session, board: Board, parts: PigeonParts, cast: Cast
) -> None:
    answer = admin.post("/admin/networks/new", data=entered(board))
    assert (answer.status_code, answer.location) == (303, "/admin/networks")
    made = stored(session)
    assert (made.kind, made.title, made.settings) == ("pigeon", "Pigeon post", {"loft": "north"})
    assert (made.account_remote_id, made.account_handle) == ("loft:north", "north")
    assert (made.board_id, made.withdrawal, made.cost_per_reply) == (board.id, "correct", Decimal("0.02"))
    assert (made.poll_seconds, made.made_by_id) == (30, cast.max.id)
    assert made.poll_due_at is not None
    assert made.poll_due_at <= utc_now()
    assert SECRET not in made.sealed_secrets
    assert parts.seal.open(made.sealed_secrets) == {"ring": SECRET}
    assert ("import_mentions", (made.id,)) in parts.bell.rung
    entry = session.scalars(select(LogEntry)).one()
    assert entry.about == f"connection:{made.id}"
    assert entry.details == {"step": "connected", "network": "pigeon", "account": "north"}


def test_no_secret_is_in_any_page_log_line_or_repr(
    admin: FlaskClient, session: Session, board: Board, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "wrong ring 0815"
    pages = [admin.post("/admin/networks/new", data=entered(board, **{"secret-ring": wrong}))]
    pages.append(admin.post("/admin/networks/new", data=entered(board, withdrawal="")))
    pages.append(admin.post("/admin/networks/new", data=entered(board)))
    made = stored(session)
    here = f"/admin/networks/{made.id}"
    pages += [admin.get("/admin/networks"), admin.get(here)]
    pages.append(admin.post(here, data=entered(board, **{"secret-ring": wrong})))
    assert [page.status_code for page in pages] == [422, 422, 303, 200, 200, 422]
    proposal = propose(session, PIGEON, entered(board), cast.max)
    shown = [page.text for page in pages] + [repr(proposal), repr(made), caplog.text]
    shown += [repr(entry.details) for entry in session.scalars(select(LogEntry))]
    for text in shown:
        assert wrong not in text
        assert SECRET not in text
        assert made.sealed_secrets not in text


def test_a_secret_sent_after_the_sign_in_had_ended_is_not_carried_along(client: FlaskClient, board: Board) -> None:
    page = client.post("/admin/networks/new", data=entered(board))
    assert "Sign in" in page.text
    assert SECRET not in page.text
    assert "kept:setting-loft" in page.text
    assert "kept:secret-ring" not in page.text


def test_a_refusal_says_the_networks_words_and_keeps_what_was_typed(
    admin: FlaskClient, session: Session, board: Board
) -> None:
    page = admin.post("/admin/networks/new", data=entered(board, **{"secret-ring": "never right"}))
    assert page.status_code == 422
    assert "is not known here" in page.text
    assert 'value="north"' in page.text
    assert 'value="0,02"' in page.text
    assert 'value="correct" checked' in page.text
    assert stored(session) is None
    far = admin.post("/admin/networks/new", data=entered(board, **{"setting-loft": "far"}))
    assert "could not be asked just now" in far.text
    assert "No bird came back." in far.text


@pytest.mark.parametrize(
    ("name", "value"),
    [("setting-loft", ""), ("secret-ring", ""), ("board", "0"), ("board", "x"), ("withdrawal", "burn"),
     ("cost", "much"), ("cost", "-1"), ("cost", "NaN"), ("cost", "1e9"), ("cost", "0.00001")],
)  # fmt: skip
def test_each_field_that_cannot_be_taken_is_named(
    admin: FlaskClient, session: Session, board: Board, name: str, value: str
) -> None:
    page = admin.post("/admin/networks/new", data=entered(board, **{name: value}))
    assert page.status_code == 422
    assert f'href="#{name}"' in page.text
    assert stored(session) is None


def test_no_transaction_is_open_while_the_network_is_asked(
    admin: FlaskClient, session: Session, board: Board, parts: PigeonParts
) -> None:
    """Another session writes meanwhile: an open one would make it wait on SQLite, a held row on PostgreSQL."""
    seen: list[int] = []

    def write_meanwhile() -> None:
        with parts.sessions() as other:
            if other.get_bind().dialect.name == "sqlite":
                other.connection().exec_driver_sql("PRAGMA busy_timeout=0")
                other.rollback()
            else:
                other.connection().exec_driver_sql("SET lock_timeout='100ms'")
            for one in other.scalars(select(Connection)):
                one.poll_due_at = NOW
            other.add(Switch(name=f"asked-{len(seen)}", value="", changed_at=NOW))
            other.commit()
            seen.append(1)

    parts.when_asked.append(write_meanwhile)
    assert admin.post("/admin/networks/new", data=entered(board)).status_code == 303
    made = stored(session)
    assert admin.post(f"/admin/networks/{made.id}", data=entered(board, **{"secret-spare": "x"})).status_code == 303
    assert seen == [1, 1]


def test_an_account_is_connected_once(admin: FlaskClient, session: Session, board: Board) -> None:
    admin.post("/admin/networks/new", data=entered(board))
    page = admin.post("/admin/networks/new", data=entered(board))
    assert page.status_code == 422
    assert "is connected already" in page.text
    assert len(session.scalars(select(Connection)).all()) == 1


def test_a_removed_account_comes_back_as_the_same_connection(
    admin: FlaskClient, session: Session, board: Board
) -> None:
    admin.post("/admin/networks/new", data=entered(board))
    made = stored(session)
    made.cursor = "42"
    session.commit()
    assert admin.post(f"/admin/networks/{made.id}/removal").status_code == 303
    gone = stored(session)
    assert gone.removed_at is not None
    assert gone.sealed_secrets == ""
    assert admin.get(f"/admin/networks/{made.id}").status_code == 404
    admin.post("/admin/networks/new", data=entered(board))
    back = stored(session)
    assert (back.id, back.cursor, back.removed_at) == (made.id, "42", None)
    assert steps(session) == ["connected", "removed", "connected"]


def test_terms_change_without_asking_the_network(
    admin: FlaskClient, session: Session, board: Board, parts: PigeonParts
) -> None:
    admin.post("/admin/networks/new", data=entered(board))
    made, sealed = stored(session), stored(session).sealed_secrets

    def never() -> None:
        raise AssertionError("the network was asked")

    parts.when_asked.append(never)
    form = entered(board, withdrawal="leave", cost="", **{"secret-ring": ""})
    assert admin.post(f"/admin/networks/{made.id}", data=form).status_code == 303
    changed = stored(session)
    assert (changed.withdrawal, changed.cost_per_reply, changed.sealed_secrets) == ("leave", None, sealed)
    assert session.scalars(select(LogEntry).order_by(LogEntry.id.desc())).first().details["changed"] == [  # type: ignore[union-attr]
        "withdrawal",
        "cost_per_reply",
    ]


def test_a_secret_is_replaced_only_when_entered(
    admin: FlaskClient, session: Session, board: Board, parts: PigeonParts
) -> None:
    admin.post("/admin/networks/new", data=entered(board))
    made = stored(session)
    form = entered(board, **{"secret-ring": "", "secret-spare": "a spare"})
    admin.post(f"/admin/networks/{made.id}", data=form)
    assert parts.seal.open(stored(session).sealed_secrets) == {"ring": SECRET, "spare": "a spare"}


def test_credentials_of_another_account_are_refused(admin: FlaskClient, session: Session, board: Board) -> None:
    admin.post("/admin/networks/new", data=entered(board))
    made = stored(session)
    page = admin.post(f"/admin/networks/{made.id}", data=entered(board, **{"setting-loft": "south"}))
    assert page.status_code == 422
    assert "belong to @south" in page.text
    assert stored(session).settings == {"loft": "north"}


def test_pausing_and_resuming(admin: FlaskClient, session: Session, board: Board, parts: PigeonParts) -> None:
    admin.post("/admin/networks/new", data=entered(board))
    here = f"/admin/networks/{stored(session).id}"
    for _twice in range(2):
        assert admin.post(f"{here}/pause").status_code == 303
    assert "Paused" in admin.get("/admin/networks").text
    assert admin.post(f"{here}/reading").status_code == 409
    parts.bell.rung.clear()
    for _twice in range(2):
        assert admin.post(f"{here}/pause/end").status_code == 303
    assert ("import_mentions", (stored(session).id,)) in parts.bell.rung
    assert stored(session).paused_at is None
    assert steps(session) == ["connected", "paused", "resumed"]


def test_reading_now_rings_for_this_connection(
    admin: FlaskClient, session: Session, board: Board, parts: PigeonParts
) -> None:
    admin.post("/admin/networks/new", data=entered(board))
    made = stored(session)
    parts.bell.rung.clear()
    assert admin.post(f"/admin/networks/{made.id}/reading").status_code == 303
    assert ("import_mentions", (made.id,)) in parts.bell.rung


def test_connecting_the_sandbox_makes_the_brands_account_there(
    admin: FlaskClient, session: Session, board: Board
) -> None:
    form = {"kind": "sandbox", "setting-handle": "acme", "board": str(board.id), "withdrawal": "delete"}
    assert admin.post("/admin/networks/new", data=form).status_code == 303
    assert stored(session).account_handle == "acme"
    assert admin.post("/admin/networks/new", data={**form, "setting-handle": "?"}).status_code == 422


def test_the_sandbox_is_switched_off_and_on(admin: FlaskClient, session: Session) -> None:
    for _twice in range(2):
        assert admin.post("/admin/networks/sandbox", data={"sandbox": "off"}).status_code == 303
    assert admin.get("/sandbox").status_code == 404
    assert "Open the sandbox" in admin.get("/admin/networks").text
    assert admin.post("/admin/networks/sandbox", data={"sandbox": "on"}).status_code == 303
    assert admin.get("/sandbox").status_code == 200
    assert len(session.scalars(select(LogEntry)).all()) == 2


def test_a_pause_holds_replies_and_costs_them_no_attempt(
    parts: PigeonParts, session: Session, cast: Cast, admin: FlaskClient
) -> None:
    world = listening_world_on(parts, session)
    delivery = an_answered_mention(session, world.connection_id, world.board_id, "1", cast.bob, State.WAITING)
    session.commit()
    assert admin.post(f"/admin/networks/{world.connection_id}/pause").status_code == 303
    assert mirror_answer(parts.sessions, delivery.id, world.outside()) is None
    session.expire_all()
    held = session.get_one(Delivery, delivery.id)
    assert (held.state, held.attempts) == (State.WAITING, 0)
    assert held.due_at > world.clock()
    admin.post(f"/admin/networks/{world.connection_id}/pause/end")
    session.expire_all()
    assert session.get_one(Delivery, delivery.id).due_at <= utc_now()


def listening_world_on(parts: QuietParts, session: Session) -> object:
    session.execute(Board.__table__.delete())  # type: ignore[attr-defined]  # its own board has the same slug
    session.commit()
    return listening_world(parts.sessions)


def test_removing_cancels_what_has_not_left(
    parts: PigeonParts, session: Session, cast: Cast, admin: FlaskClient
) -> None:
    world = listening_world_on(parts, session)
    states = [State.HELD, State.WAITING, State.SENT, State.UNCERTAIN]
    made = [
        an_answered_mention(session, world.connection_id, world.board_id, str(number), cast.bob, state)
        for number, state in enumerate(states)
    ]
    session.commit()
    admin.post(f"/admin/networks/{world.connection_id}/removal")
    session.expire_all()
    assert [session.get_one(Delivery, one.id).state for one in made] == ["cancelled", "cancelled", "sent", "uncertain"]


@pytest.mark.parametrize("name", ["ada", "sue", "ann", "cleo", "fay"])
def test_nobody_but_an_admin_sees_or_changes_networks(
    client: FlaskClient, cast: Cast, session: Session, board: Board, sign_in_as: SignInAs, name: str
) -> None:
    session.add(a_connection(board.id))
    session.commit()
    here = f"/admin/networks/{stored(session).id}"
    sign_in_as(client, getattr(cast, name))
    for path in ("/admin/networks", "/admin/networks/new", here):
        assert client.get(path).status_code == 403
    for path in (
        "new",
        "sandbox",
        f"{stored(session).id}",
        *(f"{stored(session).id}/{verb}" for verb in ("pause", "pause/end", "reading", "removal")),
    ):
        assert client.post(f"/admin/networks/{path}", data=entered(board)).status_code == 403
    assert session.scalars(select(LogEntry)).all() == []


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert "/sign-in" in client.get("/admin/networks").text


def test_the_list_costs_the_same_queries_however_many_there_are(
    admin: FlaskClient, session: Session, board: Board
) -> None:
    def queries() -> int:
        seen: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(Engine, "before_cursor_execute", count)
        try:
            assert admin.get("/admin/networks").status_code == 200
        finally:
            event.remove(Engine, "before_cursor_execute", count)
        return len(seen)

    session.add(a_connection(board.id))
    session.commit()
    one = queries()
    session.add_all(a_connection(board.id, kind="x", account_handle=f"a{number}") for number in range(12))
    session.commit()
    assert queries() == one


def test_a_network_that_repeats_a_secret_is_not_believed(
    parts: PigeonParts, session: Session, board: Board, cast: Cast
) -> None:
    proposal = propose(session, PIGEON, entered(board, **{"secret-ring": "tell-nobody"}), cast.max)
    with pytest.raises(Invalid) as refused:
        check(parts.networks, proposal)
    assert "tell-nobody" not in str(refused.value)
    assert "tell-nobody" not in repr(replace(proposal))
