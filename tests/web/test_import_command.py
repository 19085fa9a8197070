"""flask --app wsgi import stackexchange, as an operator types it; and the line that a duplicate then has on its page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.threads.board import Board
from forum.threads.thread import Thread
from tests.application import QuietParts
from tests.importing.dumps import question, reply, user, vote, write_dump


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return write_dump(
        tmp_path / "Casks & Barrels",
        Users=[user(1, "Ada", Shoe="43"), user(2, "Bob")],
        Posts=[
            question(1, 1, AcceptedAnswerId="2"), reply(2, 1, 2),
            question(3, 2, Title="It leaks, why?", CreationDate="2020-02-05T10:00:00"),
        ],
        Votes=[vote(1, 2), vote(2, 2, 1)],
        PostLinks=[{"Id": "1", "PostId": "3", "RelatedPostId": "1", "LinkTypeId": "3", "CreationDate": "2020-02-06"}],
    )  # fmt: skip


def test_the_command_says_what_came_in_and_what_did_not_and_a_second_time_that_nothing_is_new(
    app: Flask, parts: QuietParts, session: Session, dump: Path
) -> None:
    first = app.test_cli_runner().invoke(args=["import", "stackexchange", str(dump), "--board", "Casks"])
    assert first.exit_code == 0, first.output
    for words in (
        "2 members",
        "2 questions",
        "1 answer\n",
        "1 acceptance\n",
        "8 in ",
        " a second.",
        "values of Shoe in Users.xml",
        "PostHistory.xml, a file",
    ):
        assert words in first.output
    assert "8 of 8" in first.stderr  # no terminal, so lines
    assert parts.bell.rung == [("index_due", ())]
    assert session.scalars(select(Board.name)).all() == ["Casks"]
    session.rollback()
    again = app.test_cli_runner().invoke(args=["import", "stackexchange", str(dump), "--board", "Casks"])
    assert again.exit_code == 0
    assert again.stdout.startswith("Nothing is new: all of it came in before.\n")
    assert len(session.scalars(select(Thread)).all()) == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--source", "No Good"], "A source is one to forty small letters, digits and hyphens."),
        ([], "Posts.xml is broken at line 3"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_comes_in(
    app: Flask, session: Session, dump: Path, more: list[str], said: str
) -> None:
    if not more:
        (dump / "Posts.xml").write_text("<posts>\n<row Id='1'/>\n<row")
    done = app.test_cli_runner().invoke(args=["import", "stackexchange", str(dump), *more])
    assert done.exit_code == 1
    assert said in done.output
    assert session.scalars(select(Board)).all() == []


def test_a_duplicate_says_so_on_its_page_unless_the_other_may_not_be_read(
    app: Flask, client: FlaskClient, session: Session, dump: Path
) -> None:
    app.test_cli_runner().invoke(args=["import", "stackexchange", str(dump)])
    original, duplicate = session.scalars(select(Thread).order_by(Thread.id))
    page = client.get(f"/threads/{duplicate.id}-{duplicate.slug}").text
    line = f'Duplicate of <a href="/threads/{original.id}-{original.slug}">Why does my cask leak?</a>'
    assert line in page
    assert "Duplicate of" not in client.get(f"/threads/{original.id}-{original.slug}").text
    original.hidden_at = datetime(2026, 1, 1, tzinfo=UTC)
    session.commit()
    assert "Duplicate of" not in client.get(f"/threads/{duplicate.id}-{duplicate.slug}").text
