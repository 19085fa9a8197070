"""What the detections found, as it is raised: whom it is about, and the evidence that staff read. No text and no address of
anybody is kept in it: figures and ids alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2s
from typing import Any

from forum.superfans.puppets import Puppets
from forum.superfans.rings import Ring
from forum.superfans.self_solving import SelfSolving
from forum.superfans.serial_votes import Series
from forum.superfans.suspicion import SuspicionKind

MOST_THREADS = 20  # named in the evidence


@dataclass(frozen=True)
class Finding:
    kind: SuspicionKind
    key: str
    score: float  # within its kind, higher is clearer
    members: Sequence[int]
    evidence: Mapping[str, Any]
    kudos: Sequence[int] = ()  # to be voided at once


def of_ring(ring: Ring, since: datetime, until: datetime) -> Finding:
    members = sorted(ring.accounts)
    evidence = {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "kudos": ring.kudos,
        "expected": round(ring.expected, 1),
        "log10_chance": round(ring.log10_chance, 1),
        "reciprocity": round(ring.reciprocity, 3),
        "lone": round(ring.lone, 3),
        "hours_to_return": None if ring.hours_to_return is None else round(ring.hours_to_return, 1),
        "members": [
            {**asdict(one), "expected": round(one.expected, 1), "thanked": round(one.thanked, 3)}
            for one in ring.members
        ],
    }
    return Finding(SuspicionKind.RING, _key("ring", members, until), round(ring.score, 2), members, evidence)


def of_series(series: Series) -> Finding:
    evidence = {
        "giver": series.giver,
        "receiver": series.receiver,
        "kudos": len(series.kudos),
        "threads": list(dict.fromkeys(one.thread for one in series.kudos))[:MOST_THREADS],
        "in_threads": series.threads,
        "first_at": series.first_at.isoformat(),
        "last_at": series.last_at.isoformat(),
    }
    return Finding(
        SuspicionKind.SERIAL,
        f"serial:{series.giver}:{series.receiver}:{series.kudos[0].id}",
        float(series.threads),
        [series.giver, series.receiver],
        evidence,
        [one.id for one in series.kudos],
    )


def of_self_solving(found: SelfSolving, until: datetime) -> Finding:
    evidence = {
        "asker": found.asker,
        "answerer": found.answerer,
        "accepted": found.accepted,
        "of": found.of,
        "usual_share": round(found.usual_share, 4),
        "log10_chance": round(found.log10_chance, 1),
        "share_of_answerer": round(found.share_of_answerer, 3),
        "minutes_to_answer": round(found.minutes_to_answer, 1),
        "threads": list(found.threads)[-MOST_THREADS:],
    }
    members = [found.asker, found.answerer]
    key = _key("self_solving", members, until)
    return Finding(SuspicionKind.SELF_SOLVING, key, round(-found.log10_chance, 2), members, evidence)


def of_puppets(found: Puppets, until: datetime) -> Finding:
    members = list(found.accounts)
    evidence = {"signals": [str(signal) for signal in found.signals]}
    key = _key("sock_puppet", members, until)
    return Finding(SuspicionKind.SOCK_PUPPET, key, float(len(found.signals)), members, evidence)


def _key(kind: str, members: Sequence[int], until: datetime) -> str:
    """The same for the same people on the same day."""
    people = blake2s(",".join(map(str, members)).encode(), digest_size=12).hexdigest()
    return f"{kind}:{people}:{until.date().isoformat()}"
