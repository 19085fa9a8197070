"""The rules by which a claim and a reader-week count or not, from their evidence alone; jobs, reports and audits ask them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from forum.ledger.claim import Claim, Kind, Reason

UNDER_WAY = frozenset({"waiting", "sending", "uncertain"})  # a reply that a worker will still settle
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Evidence:
    """What happened around a claim until its day. `reply` is the mirrored reply's state, None where there is none."""

    asked_by_staff: bool = False
    agent_replied: bool = False
    came_back: bool = False  # whoever asked on the network wrote there that it is not solved
    reply: str | None = None
    replied_at: datetime | None = None
    withdrawn: bool = False
    contacted: bool = False  # a contact of the asker's own lies within the claim's days
    covered: bool = False  # contact data knows every day of the claim


def why_it_lapses(claim: Claim, evidence: Evidence) -> Reason | None:
    """None: it qualifies, as far as is known."""
    if evidence.withdrawn:
        return Reason.WITHDRAWN
    if evidence.asked_by_staff:
        return Reason.ASKED_BY_STAFF
    if claim.kind == Kind.DIRECT:
        if claim.intent == "no":
            return Reason.WOULD_NOT_HAVE_CONTACTED
        return Reason.CONTACTED if evidence.contacted else None
    if claim.kind != Kind.SOCIAL:
        return None
    if evidence.agent_replied:
        return Reason.AGENT_REPLIED
    if evidence.came_back:
        return Reason.CAME_BACK_UNSOLVED
    in_time = evidence.replied_at is None or evidence.replied_at <= claim.due_at
    return None if evidence.reply == "sent" and in_time else Reason.NOT_MIRRORED


def grade_of(claim: Claim, evidence: Evidence) -> str:
    """Checked: the asker can be found in contact data, and that knows every day of the claim."""
    if claim.kind == Kind.ASSISTED:
        return "assisted"
    checked = claim.kind == Kind.DIRECT and claim.matchable_at is not None and evidence.covered
    return "checked" if checked else "stated"


def ripe_at(claim: Claim, evidence: Evidence, days: int, now: datetime) -> datetime:
    """When a claim may be decided, never before the day it already has.

    Whoever asked elsewhere has the same days to come back, from the moment at which the answer reached them. A reply
    that is under way is waited for; one that waits for a person is not.
    """
    if claim.kind == Kind.SOCIAL and evidence.reply in UNDER_WAY:
        return max(claim.due_at, now + DAY)
    if claim.kind == Kind.SOCIAL and evidence.reply == "sent" and evidence.replied_at is not None:
        return max(claim.due_at, evidence.replied_at + timedelta(days=days))
    return claim.due_at


def covers(spans: Sequence[tuple[date, date]], first: date, last: date) -> bool:
    """Whether the days from `first` to `last`, both included, lie in the union of `spans`."""
    reached = first - DAY
    for begin, end in sorted(spans):
        if begin > reached + DAY:
            break
        reached = max(reached, end)
    return reached >= last


@dataclass(frozen=True)
class Read:
    """A solved thread that a reader opened in a week, and whether it may count for them."""

    thread_id: int
    acceptance_id: int
    first_at: datetime
    stands: bool  # its answer is still accepted
    own: bool  # the reader asked it, or wrote in it


@dataclass(frozen=True)
class ReaderEvidence:
    reads: Sequence[Read]
    found_in: int | None = None  # the thread of the reader's "found it" in the survey
    is_bot: bool = False
    by_staff: bool = False
    salt_lost: bool = False
    counted_elsewhere: bool = False  # a claim of theirs runs in that week


def what_a_reader_counts_for(evidence: ReaderEvidence) -> Read | Reason:
    """The one thread that names the reader-week, or why it does not count: a reader counts once a week at most."""
    for is_so, why in (
        (evidence.is_bot, Reason.BOT),
        (evidence.by_staff, Reason.READ_BY_STAFF),
        (evidence.salt_lost, Reason.SALT_LOST),
        (evidence.counted_elsewhere, Reason.COUNTED_ELSEWHERE),
    ):
        if is_so:
            return why
    others = [read for read in evidence.reads if not read.own]
    standing = [read for read in others if read.stands]
    if not standing:
        return Reason.NOTHING_STANDS if others else Reason.OWN_THREADS
    return min(standing, key=lambda read: (read.thread_id != evidence.found_in, read.first_at, read.acceptance_id))
