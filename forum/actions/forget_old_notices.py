"""Remove notices that were read long ago; what nobody has read yet stays, however old it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.notices.events import ANSWER_EDITED
from forum.notices.notice import Notice

KEPT_FOR = timedelta(days=180)  # after it was read


def forget_old_notices(session: Session, now: datetime, most: int = 1000) -> int:
    """How many went; run it until it is none. Those of a changed answer stay: they say what its asker has agreed to."""
    old = (
        select(Notice.id)
        .where(Notice.read_at < now - KEPT_FOR, Notice.event != ANSWER_EDITED.name)
        .order_by(Notice.id)
        .limit(most)
    )
    ids = session.scalars(old).all()
    session.execute(delete(Notice).where(Notice.id.in_(ids)).execution_options(synchronize_session=False))
    return len(ids)
