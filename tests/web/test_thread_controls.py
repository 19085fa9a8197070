"""The thread's menu: edit tags, move the thread; without JavaScript, with nothing typed lost."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from forum.actions.edit_tags import tags_of
from forum.threads.board import Board
from forum.threads.thread import Thread
from tests.application import SignInAs
from tests.cast import Cast
from tests.scene import Stage


def test_tags_are_edited_from_the_threads_menu(
    app: Flask, session: Session, thread: Thread, cast: Cast, sign_in_as: SignInAs
) -> None:
    address = f"/threads/{thread.id}-{thread.slug}"
    for who, may in (("ada", True), ("sue", True), ("bob", False), ("fay", False)):
        browser = sign_in_as(app.test_client(), getattr(cast, who))
        assert (f'href="/threads/{thread.id}/tags"' in browser.get(address).text) is may, who
        assert browser.get(f"/threads/{thread.id}/tags").status_code == (200 if may else 403), who
        assert browser.post(f"/threads/{thread.id}/tags", data={"tags": f"{who}，wifi-6"}).status_code == (
            303 if may else 403
        )
    session.commit()
    assert tags_of(session, thread) == ["sue", "wifi-6"]
    ada = sign_in_as(app.test_client(), cast.ada)
    refused = ada.post(f"/threads/{thread.id}/tags", data={"tags": "a/b, c"})
    assert refused.status_code == 422 and 'value="a/b, c"' in refused.text and "a/b cannot be a tag" in refused.text


def test_a_thread_is_moved_from_its_menu(
    app: Flask, session: Session, stage: Stage, thread: Thread, cast: Cast, sign_in_as: SignInAs
) -> None:
    stage.board("setup")
    stage.board("lounge", private_since=stage.clock())
    session.commit()
    address = f"/threads/{thread.id}/board"
    assert address not in sign_in_as(app.test_client(), cast.ada).get(f"/threads/{thread.id}-{thread.slug}").text
    sue = sign_in_as(app.test_client(), cast.sue)
    assert address in sue.get(f"/threads/{thread.id}-{thread.slug}").text
    assert "lounge" in sue.get(address).text
    cast.sue.rights = ["move_threads"]
    session.commit()
    assert "lounge" not in sue.get(address).text
    for chosen in ("lounge", "nowhere", ""):
        refused = sue.post(address, data={"board": chosen})
        assert refused.status_code == 422 and "Please choose a board." in refused.text, chosen
    assert sue.post(address, data={"board": "setup"}).status_code == 303
    session.refresh(thread)
    assert session.get_one(Board, thread.board_id).slug == "setup"
