"""One happening of another community, told through the action that people use for it here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.answer import answer
from forum.actions.ask import ask
from forum.actions.comment import comment
from forum.actions.import_fitting import (
    ABOUT_CUT,
    COMMENT_CUT,
    NAME_CUT,
    REFUSED,
    TAG_LEFT_OUT,
    TEXT_CUT,
    TEXT_MADE,
    Fitted,
    fit,
    fit_tags,
    fit_title,
)
from forum.actions.import_member import import_member
from forum.actions.import_vote import import_vote
from forum.actions.link_duplicate import link_duplicate
from forum.importing.port import Accepted, Answer, Duplicate, Happening, Member, Note, Question, Vote
from forum.kernel.errors import ForumError, NotFound
from forum.kernel.messages import Message
from forum.markup.port import LONGEST_POST, Markup
from forum.people.account import Account
from forum.people.names import LONGEST_BIO, LONGEST_DISPLAY_NAME
from forum.threads.board import Board
from forum.threads.imported import ImportedRow
from forum.threads.post import Post
from forum.threads.thread import Thread
from forum.threads.writing import LONGEST_COMMENT


class Replay:
    """Tells happenings within one transaction, which keeps what each became."""

    def __init__(
        self, session: Session, source: str, board: Board, markup: Markup, brand: str, language: str | None
    ) -> None:
        self._session = session
        self._source = source
        self._board = board
        self._markup = markup
        self._brand = brand
        self._language = language
        # Held here since the session itself holds what it has read only as long as somebody else does.
        self._members: dict[str, Account] = {}
        self._posts: dict[str, tuple[Thread, Post]] = {}
        self._kept: dict[tuple[str, str], int | None] = {}
        self._tellers: Mapping[type, Callable[[Any], int | None]] = {
            Member: self._join, Question: self._ask, Answer: self._answer, Note: self._comment,
            Accepted: self._accept, Vote: self._vote, Duplicate: self._link,
        }  # fmt: skip

    def tell(self, happening: Happening) -> bool:
        """Whether it came in. What a rule refuses is kept as refused: the actions ask before they write anything."""
        try:
            local_id = self._tellers[type(happening)](happening)
        except ForumError:
            self._note(happening, [REFUSED])
            self._keep(happening.kind, happening.remote_id, None)
            return False
        if not isinstance(happening, Vote):  # its own row says where it came from
            self._keep(happening.kind, happening.remote_id, local_id)
        return True

    def close(self) -> None:
        """Write down what became of all that was told; in the transaction in which it was."""
        rows = [
            {"source": self._source, "kind": kind, "remote_id": remote_id, "local_id": local_id}
            for (kind, remote_id), local_id in self._kept.items()
        ]
        if rows:
            self._session.execute(insert(ImportedRow), rows)
        self._kept.clear()

    def _join(self, member: Member) -> int:
        name, about = (
            fit(member.display_name, LONGEST_DISPLAY_NAME, NAME_CUT),
            fit(member.about, LONGEST_BIO, ABOUT_CUT),
        )
        self._note(member, [name.note, about.note])
        return import_member(
            self._session, source=self._source, remote_id=member.remote_id, display_name=name.text, bio=about.text,
            brand=self._brand, joined_at=member.joined_at,
        ).id  # fmt: skip

    def _ask(self, question: Question) -> int:
        title, text = fit_title(question.title, question.text), self._text(question.text)
        tags, left_out = fit_tags(question.tags)
        thread = ask(
            self._session, self._board, self._author(question.author), title=title.text, text=text.text, tags=tags,
            language=self._language, history=True, markup=self._markup, now=question.at,
        )  # fmt: skip
        self._question_of(thread).edited_at = question.edited_at
        self._note(question, [title.note, text.note, TAG_LEFT_OUT if left_out else None, *question.notes])
        return thread.id

    def _answer(self, told: Answer) -> int:
        text = self._text(told.text)
        thread, _question = self._post(told.question)
        post = answer(
            self._session, thread, self._author(told.author), text=text.text, history=True, markup=self._markup,
            now=told.at,
        )  # fmt: skip
        post.edited_at = told.edited_at
        self._note(told, [text.note, *told.notes])
        return post.id

    def _comment(self, note: Note) -> int:
        text = fit(note.text, LONGEST_COMMENT, COMMENT_CUT, TEXT_MADE)
        thread, post = self._post(note.post)
        author = self._author(note.author)
        made = comment(
            self._session, thread, post, author, text=text.text, history=True, markup=self._markup, now=note.at
        )
        self._note(note, [text.note])
        return made.id

    def _accept(self, accepted: Accepted) -> int:
        thread, post = self._post(accepted.remote_id)
        asker = self._session.get_one(Account, thread.author_id)
        return accept_answer(self._session, thread, post, asker, history=True, now=accepted.at).id

    def _vote(self, vote: Vote) -> int:
        thread, post = self._post(vote.post)
        return import_vote(
            self._session, thread, post, source=self._source, remote_id=vote.remote_id, up=vote.up, at=vote.at
        ).id

    def _link(self, duplicate: Duplicate) -> int:
        thread, _post = self._post(duplicate.post)
        other, _post = self._post(duplicate.of)
        return link_duplicate(self._session, thread, other, duplicate.at).id

    def _text(self, text: str) -> Fitted:
        return fit(text, LONGEST_POST, TEXT_CUT, TEXT_MADE)

    def _author(self, remote_id: str) -> Account:
        if remote_id not in self._members:
            self._members[remote_id] = self._session.get_one(Account, self._found(remote_id, "member")[1])
        return self._members[remote_id]

    def _post(self, remote_id: str) -> tuple[Thread, Post]:
        """A question's first post, or an answer."""
        if remote_id not in self._posts:
            self._posts[remote_id] = self._post_of(*self._found(remote_id, "question", "answer"))
        return self._posts[remote_id]

    def _post_of(self, kind: str, local_id: int) -> tuple[Thread, Post]:
        if kind == "question":
            thread = self._session.get_one(Thread, local_id)
            return thread, self._question_of(thread)
        post = self._session.get_one(Post, local_id)
        return self._session.get_one(Thread, post.thread_id), post

    def _question_of(self, thread: Thread) -> Post:
        return self._session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 1)).one()

    def _found(self, remote_id: str, *kinds: str) -> tuple[str, int]:
        """Its kind, and what it became here."""
        for kind in kinds:
            if (local_id := self._kept.get((kind, remote_id))) is not None:
                return kind, local_id
        rows = select(ImportedRow.kind, ImportedRow.local_id).where(
            ImportedRow.source == self._source, ImportedRow.kind.in_(kinds), ImportedRow.remote_id == remote_id
        )
        kind, local_id = self._session.execute(rows).first() or ("", None)
        if local_id is None:  # refused, in this transaction or an earlier one
            raise NotFound(Message("What this is about did not come in."))
        return kind, local_id

    def _keep(self, kind: str, remote_id: str, local_id: int | None) -> None:
        self._kept[kind, remote_id] = local_id

    def _note(self, happening: Happening, notes: Iterable[str | None]) -> None:
        for note in filter(None, notes):
            self._keep(note, f"{happening.kind} {happening.remote_id}", None)
