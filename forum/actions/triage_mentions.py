"""Triage the mentions that wait: a question becomes a thread, what follows it in its conversation becomes a reply."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from forum.actions.answer import add_reply
from forum.actions.ask_for_help import seek_help
from forum.kernel.database import lock, take_turns
from forum.kernel.ids import slug
from forum.ledger.claim import Claim
from forum.listening.connection import Connection
from forum.listening.mention import Mention, Route, Word
from forum.listening.triage import Triage, triage, word_of
from forum.markup.port import Markup
from forum.outbox.making import index_thread, news
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Kind, Thread

BATCH = 50
LONGEST_TITLE = 90
LONGEST_AUTHOR = 120


def triage_mentions(session: Session, markup: Markup, now: datetime) -> int:
    """Triage one batch, the oldest first, and say how many were there; the caller commits and asks again until 0.

    One batch at a time in the whole house: two might each open a thread for one conversation.
    """
    take_turns(session, "triage")
    waiting = select(Mention).where(Mention.route.is_(None)).order_by(Mention.created_at, Mention.id)
    mentions = session.scalars(waiting.limit(BATCH)).all()
    for mention in mentions:
        _triage_one(session, mention, markup, now)
    session.flush()
    return len(mentions)


def open_thread(session: Session, mention: Mention, connection: Connection, markup: Markup, now: datetime) -> Thread:
    """The mention becomes the question of a new thread, on the board of its language or of its connection."""
    board = _board(session, mention, connection)
    title = title_of(mention.text)
    thread = Thread(
        board_id=board.id,
        kind=Kind.QUESTION,
        title=title,
        slug=slug(title),
        language=mention.language,
        created_at=now,
        last_post_at=now,
        origin_network=connection.title,
        origin_author=(mention.author_name or mention.author_handle)[:LONGEST_AUTHOR],
    )
    session.add(thread)
    session.flush()
    session.add(_post(thread, mention, 1, markup, now))
    thread.post_count = 1
    board.thread_count = Board.thread_count + 1
    mention.thread_id, mention.opens_thread = thread.id, True
    session.add(index_thread(thread.id, now))
    seek_help(session, thread, now)
    session.flush()
    return thread


def title_of(text: str) -> str:
    """The first sentence of a mention without its @names, links and hashes, cut between words."""
    plain = " ".join(re.sub(r"https?://\S+", "", text).split())
    plain = re.sub(r"^(?:\s*@[\w.-]+[,:，：]?)+|(?:\s@[\w.-]+)+$", "", plain).replace("#", "").strip(" ,:;，：；")
    first = re.match(r".{8,}?[.!?。！？](?=\s|$|[\u3400-\u9fff])", plain)
    title = (first.group() if first else plain).rstrip(".。 ") or text.strip()[:LONGEST_TITLE]
    if len(title) > LONGEST_TITLE:
        cut = title[:LONGEST_TITLE]
        title = (cut.rsplit(" ", 1)[0] if " " in cut[40:] else cut).rstrip(" ,;:，；：") + "…"
    return title[:1].upper() + title[1:]


def thread_of_conversation(session: Session, mention: Mention) -> Thread | None:
    """The thread that an earlier post of the mention's conversation opened."""
    return session.scalar(
        select(Thread)
        .join(Mention, Mention.thread_id == Thread.id)
        .where(
            Mention.connection_id == mention.connection_id,
            Mention.conversation_id == mention.conversation_id,
            Mention.opens_thread,
        )
        .limit(1)
    )


def continue_thread(session: Session, thread: Thread, mention: Mention, markup: Markup, now: datetime) -> None:
    """The mention becomes a reply of its conversation's thread."""
    mention.thread_id = thread.id
    lock(session, thread)
    post = _post(thread, mention, thread.post_count + 1, markup, now)
    session.add(post)
    add_reply(thread, post)
    session.flush()
    session.add_all([index_thread(thread.id, now), news("post", post.id, thread.id, now)])
    session.flush()


def _triage_one(session: Session, mention: Mention, markup: Markup, now: datetime) -> None:
    thread = thread_of_conversation(session, mention)
    found = triage(mention.text, mention.language)
    mention.language, mention.route_reasons = found.language, list(found.reasons)
    connection = session.get_one(Connection, mention.connection_id)
    if thread is not None:
        _follow_up(session, thread, mention, found, markup, now)
    else:
        mention.route = found.route
        if found.route == Route.COMMUNITY:
            open_thread(session, mention, connection, markup, now)


def _follow_up(
    session: Session, thread: Thread, mention: Mention, found: Triage, markup: Markup, now: datetime
) -> None:
    """A later post of the conversation becomes a reply, unless it shows personal data; the asker's word is noted."""
    mention.thread_id = thread.id
    asker = session.scalar(select(Mention.author_id).where(Mention.thread_id == thread.id, Mention.opens_thread))
    if mention.author_id == asker:
        mention.word = word_of(mention.text)
        if mention.word == Word.UNSOLVED:
            _review_claims(session, thread, now)
    private = found.route in {Route.PRIVATE, Route.IGNORE}
    mention.route = found.route if private else Route.COMMUNITY
    if not private:
        continue_thread(session, thread, mention, markup, now)


def _review_claims(session: Session, thread: Thread, now: datetime) -> None:
    """ "Still broken" may be read after the claim was decided, though it was said before its day."""
    session.execute(
        update(Claim)
        .where(Claim.thread_id == thread.id, or_(Claim.decided_at.is_not(None), Claim.due_at <= now))
        .values(review_from=func.coalesce(Claim.review_from, now))
    )


def _board(session: Session, mention: Mention, connection: Connection) -> Board:
    """A board that says it is for this language goes first; "zh" serves both scripts."""
    if mention.language and (base := mention.language.split("-")[0]) != "en":
        found = (
            select(Board)
            .where(Board.language.in_((mention.language, base)), Board.private_since.is_(None))
            .order_by(Board.position)
            .limit(1)
        )
        if (board := session.scalar(found)) is not None:
            return board
    return session.get_one(Board, connection.board_id)


def _post(thread: Thread, mention: Mention, number: int, markup: Markup, now: datetime) -> Post:
    rendered = markup.from_network(mention.text)
    return Post(
        thread_id=thread.id,
        number=number,
        mention_id=mention.id,
        origin_author=(mention.author_name or mention.author_handle)[:LONGEST_AUTHOR],
        text=mention.text,
        html=rendered.html,
        plain=rendered.plain,
        created_at=now,
    )
