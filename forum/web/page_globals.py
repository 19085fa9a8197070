"""What every template may use: icons, the permission table, the boards, versioned static addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask, current_app, g, url_for
from flask_babel import get_locale
from sqlalchemy import select

from forum.people import permissions
from forum.people.permissions import Act
from forum.threads.board import Board
from forum.threads.private_boards import board_is_readable
from forum.web.context import parts, session, viewer
from forum.web.faces import face_hue, face_initial
from forum.web.formula_words import formula_demands, formula_words, metric_words
from forum.web.i18n import NAMES
from forum.web.icons import icon
from forum.web.times import ago, how_long, is_today, since
from forum.web.wording import listed, titled


@dataclass(frozen=True)
class Site:
    name: str
    theme: str | None  # the reader's choice: light, dark or None for the system's
    sample: bool  # the sample community, whose accounts are printed at the start


@dataclass(frozen=True)
class BoardLink:
    name: str
    slug: str
    count: int
    is_private: bool
    id: int


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        icon=icon, asset=asset, may=may, ago=ago, is_today=is_today, how_long=how_long, since=since, listed=listed, titled=titled,
        formula_words=formula_words, formula_demands=formula_demands, metric_words=metric_words,
        face_hue=face_hue, face_initial=face_initial, language_names=NAMES, once=once,
    )  # fmt: skip
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_of_this_request)


def may(act: str) -> bool:
    """Whether the viewer may do `act`, a name of the permission table."""
    return permissions.may(viewer(), Act(act))


def once() -> str:
    """A fresh key for a form, so that sending it twice makes one thing."""
    return str(uuid4())


def asset(path: str) -> str:
    """The address of a static file with its content's hash, so that it can be cached for ever."""
    return url_for("static", filename=path, v=_version(Path(current_app.static_folder or ""), path))


@lru_cache(maxsize=256)
def _version(folder: Path, path: str) -> str:
    return hashlib.sha256((folder / path).read_bytes()).hexdigest()[:10]


def _of_this_request() -> dict[str, Any]:
    account = viewer()
    return {
        "site": Site(parts().settings.site_name, account.theme if account else None, parts().settings.sample),
        "viewer": account,
        "notifications": account.unread_notices if account else None,
        "locale": str(get_locale()),
        "boards": readable_boards(),
    }


def readable_boards() -> ReadableBoards:
    """Of this request; read once, whoever asks first."""
    if "boards" not in g:
        g.boards = ReadableBoards()
    boards: ReadableBoards = g.boards
    return boards


class ReadableBoards:
    """The boards that the viewer may read, when a template first walks them: pages without the menu pay nothing."""

    @cached_property
    def rows(self) -> Sequence[BoardLink]:
        columns = select(Board.name, Board.slug, Board.thread_count, Board.private_since.is_not(None), Board.id)
        readable = columns.where(board_is_readable(viewer()))
        found = session().execute(readable.order_by(Board.position, Board.id))
        return [BoardLink(*row) for row in found]

    @property
    def ids(self) -> tuple[int, ...] | None:
        """Where a search may look; None for everywhere."""
        if may(Act.ENTER_PRIVATE_BOARDS):
            return None
        return tuple(board.id for board in self.rows)

    @property
    def total(self) -> int:
        return sum(board.count for board in self.rows)

    def __iter__(self) -> Iterator[BoardLink]:
        return iter(self.rows)
