"""Two workers triage at once: a conversation becomes one thread, on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.triage_mentions import BATCH, triage_mentions
from forum.kernel.database import writing
from forum.listening.mention import Mention
from forum.threads.post import Post
from forum.threads.thread import Thread
from tests.application import QuietParts
from tests.scene import Stage


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


def test_a_conversation_longer_than_a_batch_is_one_thread_though_two_workers_triage_it(
    session: Session, parts: QuietParts
) -> None:
    stage = Stage(session)
    connection = stage.connection(stage.board())
    posts = BATCH * 2 + 5
    for number in range(posts):
        session.add(
            Mention(
                connection_id=connection.id,
                remote_id=str(number),
                conversation_id="0",
                parent_id=None,
                author_id="m",
                author_handle="mira",
                author_name="Mira",
                text=f"My router drops, and this is post number {number}.",
                created_at=stage.clock() + timedelta(seconds=number),
                permalink="",
                addressed=True,
                handle={},
                imported_at=stage.clock(),
            )
        )
    session.commit()
    begin = threading.Barrier(2)

    def work() -> None:
        begin.wait()
        with writing():
            while True:
                with parts.sessions.begin() as own:
                    if triage_mentions(own, parts.markup, stage.clock()) == 0:
                        return

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert session.scalar(select(func.count()).select_from(Thread)) == 1
    assert session.scalars(select(Post.number).order_by(Post.number)).all() == list(range(1, posts + 1))
