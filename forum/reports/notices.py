"""A member's notices as the page and the mail tell them: read in one go, so that a page costs the same however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from forum.kernel.messages import Message
from forum.notices.notice import Notice
from forum.notices.wording import Told, addition, place, quotation, sentence
from forum.people.account import Account
from forum.superfans.badge import Badge
from forum.superfans.metrics import NAMED
from forum.superfans.rank import Rank
from forum.superfans.titles import in_language
from forum.threads.board import Board
from forum.threads.post import Comment, Post
from forum.threads.private_boards import may_read_board
from forum.threads.thread import Thread

PAGE = 30
READ_AT_MOST = 2_000  # characters of a post, from which an excerpt is cut

DayIn = Callable[[datetime, str | None], str]  # a date as the reader's language writes it


@dataclass(frozen=True)
class NoticeRow:
    id: int
    event: str
    words: Message
    more: Message | None
    quote: str  # somebody's words: the beginning of the post, or what staff wrote to the member
    at: datetime
    unread: bool
    path: str  # where it leads
    thread_id: int | None
    thread_title: str  # empty where the reader may not read it
    may_read: bool


@dataclass(frozen=True)
class NoticeGroup:
    """Neighbours of one thread stand together."""

    thread_title: str  # empty for a single notice
    rows: Sequence[NoticeRow]


@dataclass(frozen=True)
class NoticePage:
    groups: Sequence[NoticeGroup]
    newest: int  # the highest id of all: what "mark all as read" means by all
    older: int | None  # the key of the next page


def notice_page(
    session: Session, reader: Account, day_in: DayIn, language: str, *, before: int | None = None
) -> NoticePage:
    """The newest first; `before` is the id of the last notice of the page before."""
    found = (
        select(Notice)
        .where(Notice.account_id == reader.id, Notice.in_page)
        .order_by(Notice.made_at.desc(), Notice.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        last = select(Notice.made_at, Notice.id).where(Notice.id == before, Notice.account_id == reader.id)
        key = session.execute(last).first()
        if key is not None:
            found = found.where(tuple_(Notice.made_at, Notice.id) < tuple_(*key))
    notices = session.scalars(found).all()
    latest = select(Notice.id).where(Notice.account_id == reader.id).order_by(Notice.made_at.desc(), Notice.id.desc())
    newest = max(session.scalar(latest.limit(1)) or 0, *(one.id for one in notices), 0)  # one step in the index
    rows = rows_of(session, notices[:PAGE], reader, day_in, language)
    return NoticePage(_grouped(rows), newest, notices[PAGE - 1].id if len(notices) > PAGE else None)


def rows_of(
    session: Session, notices: Sequence[Notice], reader: Account, day_in: DayIn, language: str | None
) -> Sequence[NoticeRow]:
    """In the order given; at most seven queries."""
    things = _Things(session, notices)
    return [_row(notice, things, reader, day_in, language) for notice in notices]


def _row(notice: Notice, things: _Things, reader: Account, day_in: DayIn, language: str | None) -> NoticeRow:
    told = _told(notice, things, reader, day_in, language)
    return NoticeRow(
        id=notice.id,
        event=notice.event,
        words=sentence(told),
        more=addition(told),
        quote=quotation(told) or (things.text_of(notice) if told.may_read else ""),
        at=notice.made_at,
        unread=notice.read_at is None,
        path=place(told, thread_id=notice.thread_id, post_id=notice.post_id, own_name=reader.name),
        thread_id=notice.thread_id,
        thread_title=told.thread,
        may_read=told.may_read,
    )


def _told(notice: Notice, things: _Things, reader: Account, day_in: DayIn, language: str | None) -> Told:
    details = notice.details
    thread, board = things.threads.get(notice.thread_id or 0, (None, None))
    may_read = thread is None or (thread.hidden_at is None and board is not None and may_read_board(board, reader))
    rank, badge = things.ranks.get(details.get("rank") or 0), things.badges.get(details.get("badge") or 0)
    metric = NAMED.get(str(details.get("metric")))
    until = details.get("until")
    return Told(
        event=notice.event,
        who=things.name_of(notice),
        others=max(int(details.get("count", 1)) - 1, 0),
        thread=thread.title if thread is not None and may_read else "",
        network=thread.origin_network if thread is not None else None,
        rank=in_language(rank.titles, language) if rank is not None else None,
        badge=in_language(badge.titles, language) if badge is not None else None,
        metric=metric.title if metric is not None else None,
        day=day_in(datetime.fromisoformat(until), language) if until else None,
        may_read=may_read,
        details=details,
    )


class _Things:
    """What a page of notices speaks of; a query for each kind that occurs."""

    def __init__(self, session: Session, notices: Sequence[Notice]) -> None:
        self._session = session
        threads = self._rows(
            select(Thread, Board).join(Board, Board.id == Thread.board_id),
            Thread.id,
            (one.thread_id for one in notices),
        )
        self.threads: Mapping[int, tuple[Thread, Board]] = {row[0].id: (row[0], row[1]) for row in threads}
        plain = func.substr(Post.plain, 1, READ_AT_MOST)
        posts = self._rows(
            select(Post.id, Post.origin_author, plain, Post.hidden_at), Post.id, (one.post_id for one in notices)
        )
        self._posts = {row[0]: row for row in posts}
        comments = self._rows(
            select(Comment.id, Comment.text, Comment.hidden_at), Comment.id, self._details(notices, "comment")
        )
        self._comments = {row[0]: row for row in comments}
        people = self._rows(select(Account.id, Account.display_name), Account.id, (one.by_id for one in notices))
        self._people = {row[0]: row[1] for row in people}
        self.ranks = {row[0].id: row[0] for row in self._rows(select(Rank), Rank.id, self._details(notices, "rank"))}
        self.badges = {row[0].id: row[0] for row in self._rows(select(Badge), Badge.id, self._details(notices, "badge"))}  # fmt: skip

    def name_of(self, notice: Notice) -> str | None:
        """Who did it: a member, or the author that a network gives the post."""
        if notice.by_id is not None:
            return self._people.get(notice.by_id)
        post = self._posts.get(notice.post_id or 0)
        return post[1] if post is not None else None

    def text_of(self, notice: Notice) -> str:
        """What it says there; nothing of what was hidden."""
        if "comment" in notice.details:
            _id, text, hidden_at = self._comments.get(notice.details["comment"], (0, "", None))
        else:
            _id, _author, text, hidden_at = self._posts.get(notice.post_id or 0, (0, None, "", None))
        return text if hidden_at is None else ""

    def _rows(self, query: Any, column: Any, ids: Iterable[int | None]) -> Sequence[Any]:
        wanted = {one for one in ids if one is not None}
        return self._session.execute(query.where(column.in_(sorted(wanted)))).all() if wanted else ()

    def _details(self, notices: Iterable[Notice], name: str) -> Iterable[int]:
        return (value for one in notices if isinstance(value := one.details.get(name), int))


def _grouped(rows: Sequence[NoticeRow]) -> Sequence[NoticeGroup]:
    groups: list[list[NoticeRow]] = []
    for row in rows:
        if groups and row.thread_id is not None and groups[-1][0].thread_id == row.thread_id:
            groups[-1].append(row)
        else:
            groups.append([row])
    return [NoticeGroup(group[0].thread_title if len(group) > 1 else "", group) for group in groups]
