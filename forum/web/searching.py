"""Search: the words, a board, solved or not. The box doubles as the way to ask."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.reports.search_results import found_threads
from forum.search.port import Query
from forum.web.context import now, parts, session, viewer
from forum.web.extensions import limiter
from forum.web.page_globals import readable_boards

searching = Blueprint("searching", __name__)
PAGE = 20
FURTHEST = 50  # pages; who looks further should say more


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    text: str
    board: str
    solved: bool
    page: int


@searching.get("/search")
@limiter.limit("60 per minute")
def search() -> ResponseReturnValue:
    asked = Asked(
        text=request.args.get("q", "").strip()[:300],
        board=request.args.get("board", ""),
        solved=request.args.get("solved") == "yes",
        page=min(max(request.args.get("page", 1, type=int), 1), FURTHEST),
    )
    if not asked.text:
        return render_template("search/results.html", asked=asked, results=(), total=0, older=None, newer=None)
    hits = parts().index.search(
        Query(
            asked.text,
            board_ids=_boards(asked.board),
            solved=True if asked.solved else None,
            limit=PAGE,
            offset=(asked.page - 1) * PAGE,
        )
    )
    ids = [hit.thread_id for hit in hits.hits]
    results = found_threads(session(), ids, asked.text, parts().excerpts, now(), viewer())
    return render_template(
        "search/results.html",
        asked=asked,
        results=results,
        total=hits.total,
        older=asked.page + 1 if hits.total > asked.page * PAGE and asked.page < FURTHEST else None,
        newer=asked.page - 1 if asked.page > 1 else None,
    )


def _boards(slug: str) -> tuple[int, ...] | None:
    """The chosen board, or all that the viewer may read: the index is told, so that its count holds for this viewer."""
    boards = readable_boards()
    chosen = tuple(board.id for board in boards if board.slug == slug)
    return chosen or boards.ids
