"""Route a mention by hand, where triage doubted or was wrong."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.triage_mentions import continue_thread, open_thread, thread_of_conversation
from forum.kernel.database import lock
from forum.kernel.errors import Conflict, Invalid
from forum.kernel.messages import Message
from forum.listening.connection import Connection
from forum.listening.mention import Mention, Route
from forum.listening.triage import triage
from forum.markup.port import Markup
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.threads.post import Post
from forum.threads.thread import Thread


def route_mention(
    session: Session,
    mention: Mention,
    route: str,
    by: Account,
    *,
    shows_nobodys_data: bool = False,
    markup: Markup,
    now: datetime,
) -> Thread | None:
    """The thread that the mention stands in afterwards, if any. The same route a second time changes nothing.

    To the community it becomes a thread, or a reply where its conversation has one. Where triage saw personal data,
    whoever opens it to everybody has to say that it shows nobody's.
    """
    require(by, Act.ROUTE_MENTIONS)
    if route not in set(Route):
        raise Invalid(Message("Please choose one of these."), {"route": Message("Please choose one of these.")})
    lock(session, mention)
    if session.scalar(select(Post.id).where(Post.mention_id == mention.id)) is not None:
        if route != Route.COMMUNITY:
            raise Conflict(Message("This post stands in a thread already, where everybody can read it."))
        return session.get(Thread, mention.thread_id)
    if mention.route == route and mention.routed_by_id is not None:
        return None
    if mention.route is None:
        found = triage(mention.text, mention.language)
        mention.language, mention.route_reasons = found.language, list(found.reasons)
    if route == Route.COMMUNITY and "personal_data" in mention.route_reasons and not shows_nobodys_data:
        sentence = Message("Read it first: triage saw personal data in it. Nobody's may become public.")
        raise Invalid(sentence, {"shows_nobodys_data": sentence})
    details = {"before": mention.route, "after": route}
    mention.route, mention.routed_by_id = Route(route), by.id
    thread = _into_thread(session, mention, markup, now) if route == Route.COMMUNITY else None
    about = f"mention:{mention.id}"
    session.add(LogEntry(act=Act.ROUTE_MENTIONS, about=about, by_id=by.id, at=now, details=details))
    session.flush()
    return thread


def _into_thread(session: Session, mention: Mention, markup: Markup, now: datetime) -> Thread:
    thread = thread_of_conversation(session, mention)
    if thread is not None:
        continue_thread(session, thread, mention, markup, now)
        return thread
    return open_thread(session, mention, session.get_one(Connection, mention.connection_id), markup, now)
