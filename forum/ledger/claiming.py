"""Opening a claim in the commit of an acceptance, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from forum.ledger.claim import Claim, Kind, Outcome, Reason

if TYPE_CHECKING:
    from forum.listening.mention import Mention
    from forum.threads.acceptance import Acceptance
    from forum.threads.post import Post
    from forum.threads.thread import Thread

LONGEST_AUTHOR = 120  # what Post.origin_author holds


def open_claims(
    acceptance: Acceptance, thread: Thread, post: Post, mentions: Sequence[Mention], days: int
) -> list[Claim]:
    """One claim of a thread asked here, one per mention of a thread that came from a network.

    None where the asker's own post was accepted: nobody helped, so nothing was deflected. None either where the thread
    came from a network that is not connected any more: the answer cannot reach who asked.
    """
    if post.author_id is not None and post.author_id == thread.author_id:
        return []
    if thread.origin_network is None:
        return [_claim(acceptance, Kind.ASSISTED if post.by_staff else Kind.DIRECT, None, days)]
    kind = Kind.ASSISTED if post.by_staff else Kind.SOCIAL
    return [_claim(acceptance, kind, mention, days) for mention in mentions if not _is_own(post, mention)]


def lapse(claim: Claim, reason: Reason, now: datetime) -> None:
    """A waiting claim ends without an entry. A decided one is left alone: entries are reversed by rows."""
    if claim.decided_at is None:
        claim.decided_at, claim.outcome, claim.reason = now, Outcome.LAPSED, reason


def _is_own(post: Post, mention: Mention) -> bool:
    """Whether the post came from whoever wrote the mention; a namesake in the conversation counts as the same."""
    name = mention.author_name or mention.author_handle
    return post.mention_id is not None and post.origin_author == name[:LONGEST_AUTHOR]


def _claim(acceptance: Acceptance, kind: Kind, mention: Mention | None, days: int) -> Claim:
    return Claim(
        kind=kind,
        thread_id=acceptance.thread_id,
        acceptance_id=acceptance.id,
        mention_id=mention.id if mention else None,
        basis=f"acceptance:{acceptance.id}" + (f":mention:{mention.id}" if mention else ""),
        opened_at=acceptance.accepted_at,
        due_at=acceptance.accepted_at + timedelta(days=days),
    )
