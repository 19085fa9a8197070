"""After planting: the last week is new, what was before is read, and no mail is on its way."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.read_notices import count_unread
from forum.kernel.database import writing
from forum.notices.notice import Notice
from forum.outbox.delivery import Delivery, Kind, State
from forum.sample.news import FRESH, settle_news
from tests.application import QuietParts
from tests.cast import Cast
from tests.scene import Stage


def test_the_last_week_is_new_and_nothing_is_mailed(parts: QuietParts, session: Session, cast: Cast) -> None:
    stage = Stage(session)
    with writing():
        thread = stage.thread(cast.ada)
        stage.answer(thread, cast.bob)  # eight days before the end: never told
        stage.clock.now += FRESH + timedelta(days=1)
        stage.answer(thread, cast.sue)
        session.commit()
    assert settle_news(parts.sessions, stage.clock()) == 2  # Ada's own thread, and Bob follows it
    later = stage.clock() + FRESH + timedelta(days=1)
    assert settle_news(parts.sessions, later) == 0
    session.rollback()
    assert {one.event for one in session.scalars(select(Notice))} == {"answered", "followed"}
    mails = session.scalars(select(Delivery).where(Delivery.kind == Kind.MAIL)).all()
    assert {one.state for one in mails} == {State.CANCELLED}
    for account in cast.everybody():
        session.refresh(account)
        assert account.unread_notices == count_unread(session, account) == 0
