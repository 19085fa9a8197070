"""A worker killed while it reads a long backlog: nothing is lost, nothing is doubled."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.listening.mention import Mention
from forum.networks.sandbox import posting
from forum.networks.sandbox.models import SandboxPost
from forum.networks.sandbox.network import PAGE
from forum.wiring.parts import Parts
from tests.cast import Cast
from tests.faults.cues import until
from tests.faults.scene import Works
from tests.looping import SandboxLoop

pytestmark = pytest.mark.faults

ASK, TAKE = "before_list_mentions", "after_list_mentions"
BACKLOG = 1_000
READING_LEASE = 121  # seconds, with one to spare


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def loop(parts: Parts, session: Session, cast: Cast) -> SandboxLoop:
    return SandboxLoop(parts, session, cast, poll_seconds=3600)


def post_a_backlog(loop: SandboxLoop) -> set[str]:
    with loop.writes():
        mira = posting.open_account(loop.session, "mira", "Mira")
        made = [
            SandboxPost(account=mira, text=f"@routerly box {number} is slow", created_at=loop.clock())
            for number in range(BACKLOG)
        ]
        loop.session.add_all(made)
        loop.session.flush()
        return {str(post.id) for post in made}


def stored(loop: SandboxLoop) -> list[str]:
    with loop.parts.sessions() as session:
        return list(session.scalars(select(Mention.remote_id)))


def one_page_more(works: Works) -> None:
    """From before a page to before the next: the page and its cursor are stored."""
    works.cues.hold(TAKE)
    works.cues.release(ASK)
    until(lambda: works.cues.who_is_at(TAKE))
    works.cues.forget(ASK)
    works.cues.hold(ASK)
    works.cues.release(TAKE)
    until(lambda: works.cues.who_is_at(ASK))
    works.cues.forget(TAKE)


def another_worker(works: Works) -> None:
    """After the death of one; it comes to its first page, since the cues still hold it there."""
    works.kill_worker()
    works.flush_redis()
    works.cues.forget(ASK)
    works.cues.forget(TAKE)
    works.cues.pass_by(seconds=READING_LEASE)
    works.start("worker")
    until(lambda: works.cues.who_is_at(ASK))


def test_killed_between_pages_and_with_a_page_in_hand_nothing_is_lost_or_doubled(
    loop: SandboxLoop, works: Works
) -> None:
    posts = post_a_backlog(loop)
    works.cues.hold(ASK)
    works.start("worker", "schedule")
    until(lambda: works.cues.who_is_at(ASK))
    one_page_more(works)
    one_page_more(works)
    assert len(stored(loop)) == 2 * PAGE
    another_worker(works)
    one_page_more(works)
    assert len(stored(loop)) == 3 * PAGE
    works.cues.hold(TAKE)
    works.cues.release(ASK)
    until(lambda: works.cues.who_is_at(TAKE))  # a page in hand, not yet stored
    works.cues.hold(ASK)
    another_worker(works)
    assert len(stored(loop)) == 3 * PAGE
    works.cues.release(ASK)
    works.cues.release(TAKE)
    until(lambda: len(stored(loop)) >= BACKLOG, within=60)
    assert sorted(stored(loop)) == sorted(posts)
    works.kill_all()
    opened = select(func.count()).group_by(Mention.thread_id).where(Mention.opens_thread)
    with loop.parts.sessions() as session:
        assert set(session.scalars(opened)) <= {1}
