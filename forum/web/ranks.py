"""Ranks and badges for everybody; pinning one's own badges, and staff's revoking."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from forum.actions.pin_badge import MOST, pin_badge, unpin_badge
from forum.actions.revoke_badge import give_badge_back, revoke_badge
from forum.kernel.errors import Conflict, NotFound
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.permissions import Act
from forum.reports.next_rank import next_rank
from forum.reports.point_weights import point_weights
from forum.reports.rank_views import awards_of, list_badges, list_ranks
from forum.superfans.badge import BadgeAward
from forum.superfans.causes import NEWCOMER_FOR
from forum.superfans.metrics import catalogue
from forum.threads.board import Board
from forum.threads.private_boards import may_read_board
from forum.web.context import commit, now, session, viewer
from forum.web.loading import the_viewer
from forum.web.viewer import needs, needs_sign_in

ranks = Blueprint("ranks", __name__)


@ranks.get("/ranks")
def show() -> ResponseReturnValue:
    """Five queries at most, one more for a member: how far the next rank is."""
    found = session().scalars(select(Board).order_by(Board.position, Board.id))
    boards = [board for board in found if may_read_board(board, viewer())]
    worths, _history = point_weights(session(), boards)
    me, rows = viewer(), list_ranks(session())
    return render_template(
        "ranks/public.html", rows=rows, worths=worths, catalogue=catalogue(), newcomer_days=NEWCOMER_FOR.days,
        next=next_rank(session(), me, [row.rank for row in rows]) if me else None,
    )  # fmt: skip


@ranks.get("/badges")
def badges() -> ResponseReturnValue:
    return _badges_page()


@ranks.post("/badges/<int:award_id>/pin")
@needs_sign_in
def pin(award_id: int) -> ResponseReturnValue:
    try:
        pin_badge(session(), award_id, the_viewer(), now())
    except Conflict as error:
        session().rollback()
        return _badges_page(error.message), error.status
    commit()
    return redirect("/badges", 303)


@ranks.post("/badges/<int:award_id>/pin/end")
@needs_sign_in
def unpin(award_id: int) -> ResponseReturnValue:
    unpin_badge(session(), award_id, the_viewer())
    commit()
    return redirect("/badges", 303)


@ranks.post("/badges/<int:award_id>/revocation")
@needs(Act.REVOKE_BADGES)
def revoke(award_id: int) -> ResponseReturnValue:
    award = _award(award_id)
    revoke_badge(session(), award, the_viewer(), now())
    return _back_to(award, _("The badge is revoked."))


@ranks.post("/badges/<int:award_id>/revocation/end")
@needs(Act.REVOKE_BADGES)
def give_back(award_id: int) -> ResponseReturnValue:
    award = _award(award_id)
    give_badge_back(session(), award, the_viewer(), now())
    return _back_to(award, _("The badge is given back."))


def _badges_page(refused: Message | None = None) -> str:
    me = viewer()
    rows = list_badges(session())
    own = awards_of(session(), me.id) if me else ()
    hidden = sum(row.badge.hidden for row in rows)
    is_full = sum(award.pinned for award in own) >= MOST
    return render_template(
        "ranks/public_badges.html", rows=rows, own=own, hidden=hidden, is_full=is_full, refused=refused
    )


def _award(award_id: int) -> BadgeAward:
    award = session().get(BadgeAward, award_id)
    if award is None:
        raise NotFound(Message("There is no such badge."))
    return award


def _back_to(award: BadgeAward, words: str) -> ResponseReturnValue:
    name = session().get_one(Account, award.account_id).name
    commit()
    flash(words, "success")
    return redirect(f"/people/{name}", 303)
