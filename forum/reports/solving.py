"""What a thread's page offers this viewer on the way to a solution: accept, withdraw, settle the asker's word, say why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.ledger.claim import Claim
from forum.ledger.claim import Kind as ClaimKind
from forum.people.account import Account
from forum.people.permissions import Act, may
from forum.reports.deliveries import Step, steps_of
from forum.reports.network_side import OriginView
from forum.reports.thread_page import PostView, ThreadPageView
from forum.threads.thread import Kind


@dataclass(frozen=True)
class Solving:
    acceptable: Collection[int]  # the posts that this viewer may accept now
    may_withdraw: bool
    is_asker: bool
    word: OriginView | None  # the asker's latest word on the network that nobody settled yet, for staff
    claim_id: int | None  # the claim whose asker may be asked for the intent now
    sees_deliveries: bool
    is_author: bool  # of the accepted answer
    steps: Mapping[int, Sequence[Step]]  # what staff did to each reply, for staff


def solving_of(session: Session, page: ThreadPageView, viewer: Account | None, now: datetime) -> Solving:
    """At most one query more than the page itself: for the asker of a solved thread, and for staff where replies went."""
    thread = page.thread
    is_asker = viewer is not None and thread.author_id == viewer.id
    posts = [*page.replies, *([page.accepted] if page.accepted else [])]
    acceptable = {post.id for post in posts if _may_accept(page, post, viewer)} - {thread.accepted_post_id}
    mine = is_asker or (viewer is not None and thread.accepted_by_id == viewer.id)
    may_withdraw = thread.accepted_post_id is not None and may(
        viewer, Act.REOPEN_OWN_THREAD if mine else Act.WITHDRAW_ANY_ACCEPTANCE
    )
    if thread.accepted_post_id is not None and not may_withdraw:
        acceptable = set()  # another answer in its place would withdraw what somebody else accepted
    sees_deliveries = may(viewer, Act.SEE_MENTIONS)
    words = [origin for origin in page.origins if origin.word_open]
    return Solving(
        acceptable=acceptable,
        may_withdraw=may_withdraw,
        is_asker=is_asker,
        word=words[-1] if words and may(viewer, Act.ROUTE_MENTIONS) else None,
        claim_id=_open_claim(session, thread.id, now) if is_asker and thread.accepted_post_id else None,
        sees_deliveries=sees_deliveries,
        is_author=viewer is not None and page.accepted is not None and page.accepted.author_id == viewer.id,
        steps=steps_of(session, [one.id for one in page.deliveries]) if sees_deliveries and page.deliveries else {},
    )


def _may_accept(page: ThreadPageView, post: PostView, viewer: Account | None) -> bool:
    """The same rule as in the action, on the page's own rows."""
    if viewer is None or page.thread.kind != Kind.QUESTION:
        return False
    if page.thread.author_id == viewer.id:
        return may(viewer, Act.ACCEPT_ON_OWN_THREAD)
    return may(viewer, Act.ACCEPT_FOR_OTHERS) and (viewer.is_staff or post.author_id != viewer.id)


def _open_claim(session: Session, thread_id: int, now: datetime) -> int | None:
    return session.scalar(
        select(Claim.id).where(
            Claim.thread_id == thread_id,
            Claim.kind == ClaimKind.DIRECT,
            Claim.decided_at.is_(None),
            Claim.intent.is_(None),
            Claim.due_at > now,
        )
    )
