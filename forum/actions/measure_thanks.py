"""Measures members by the kudos that stand: neither taken back nor voided, on posts that everybody can read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, select, union_all
from sqlalchemy.orm import Session

from forum.actions.measure_solutions import one_of
from forum.actions.measure_tally import Tally
from forum.threads.imported import ImportedVote
from forum.threads.post import Kudos, Post
from forum.threads.thread import SameProblem, Thread

STANDS = and_(Kudos.taken_back_at.is_(None), Kudos.voided_at.is_(None))
READABLE = and_(Post.hidden_at.is_(None), Thread.hidden_at.is_(None))


def tally_received(session: Session, members: list[int] | None, tally: Tally) -> None:
    """On replies. A row for each pair of members and window, so a loyal giver is one or few."""
    place = tally.windows.place_in_sql(Kudos.given_at).label("place")
    found = _given(select(Post.author_id, Kudos.giver_id, place, func.count())).where(
        Post.number > 1, one_of(Post.author_id, members)
    )
    for member, giver, narrowest, count in session.execute(found.group_by(Post.author_id, Kudos.giver_id, "place")):
        tally.add("kudos_received", member, narrowest, count)
        tally.see("kudos_givers", member, giver, narrowest)


def tally_imported(session: Session, members: list[int] | None, tally: Tally) -> None:
    place = tally.windows.place_in_sql(ImportedVote.at).label("place")
    found: Select[*tuple[Any, ...]] = (
        select(Post.author_id, place, func.count())
        .join(Post, Post.id == ImportedVote.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(ImportedVote.up, READABLE, Post.number > 1, one_of(Post.author_id, members))
    )
    for member, narrowest, count in session.execute(found.group_by(Post.author_id, "place")):
        tally.add("kudos_received", member, narrowest, count)


def tally_same_problem(session: Session, members: list[int] | None, tally: Tally) -> None:
    place = tally.windows.place_in_sql(Kudos.given_at).label("place")
    same = and_(SameProblem.thread_id == Thread.id, SameProblem.account_id == Kudos.giver_id)
    found = _given(select(Post.author_id, place, func.count())).join(SameProblem, same)
    found = found.where(Post.number > 1, one_of(Post.author_id, members))
    for member, narrowest, count in session.execute(found.group_by(Post.author_id, "place")):
        tally.add("same_problem_thanked", member, narrowest, count)


def tally_given(session: Session, members: list[int] | None, tally: Tally) -> None:
    """To any post. Whoever wrote it elsewhere is nobody in particular here."""
    place = tally.windows.place_in_sql(Kudos.given_at).label("place")
    found = _given(select(Kudos.giver_id, Post.author_id, place, func.count())).where(one_of(Kudos.giver_id, members))
    for member, thanked, narrowest, count in session.execute(found.group_by(Kudos.giver_id, Post.author_id, "place")):
        tally.add("kudos_given", member, narrowest, count)
        if thanked is not None:
            tally.see("people_thanked", member, thanked, narrowest)


def most_kudos(session: Session, members: list[int] | None) -> dict[int, int]:
    """Of each member's most thanked reply; members without kudos are left out."""
    kudos = kudos_by_post(members).subquery()
    found = (
        select(Post.author_id, func.max(kudos.c.kudos))
        .join(kudos, kudos.c.post_id == Post.id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(READABLE, Post.number > 1, one_of(Post.author_id, members))
    )
    return {member: int(most) for member, most in session.execute(found.group_by(Post.author_id))}


def kudos_by_post(members: list[int] | None) -> Select[*tuple[Any, ...]]:
    """Given here and imported, of the posts of `members` that have any."""
    of_post = one_of(Post.author_id, members)
    here = select(Kudos.post_id).join(Post, Post.id == Kudos.post_id).where(STANDS, of_post)
    imported = select(ImportedVote.post_id).join(Post, Post.id == ImportedVote.post_id).where(ImportedVote.up, of_post)
    both = union_all(here, imported).subquery()
    return select(both.c.post_id, func.count().label("kudos")).group_by(both.c.post_id)


def _given(columns: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        columns.select_from(Kudos)
        .join(Post, Post.id == Kudos.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(STANDS, READABLE)
    )
