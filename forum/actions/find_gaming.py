"""Look for gaming, every night: rings, serial votes, self-solving, sock puppets. Safe to run twice and to kill anywhere.

The looking writes nothing and holds no lock; then each finding is raised in a commit of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from forum.actions.raise_suspicion import raise_suspicion
from forum.actions.read_votes import Votes, read_given, read_people, read_sign_ins, read_solved, read_votes
from forum.kernel.database import writing
from forum.superfans.findings import Finding, of_puppets, of_ring, of_self_solving, of_series
from forum.superfans.puppets import find_puppets
from forum.superfans.rings import find_rings
from forum.superfans.self_solving import find_self_solving
from forum.superfans.serial_votes import find_series

VOTES_OF = timedelta(days=180)
SERIES_OF = timedelta(days=4)  # a few nights may have been missed
SOLVED_OF = timedelta(days=365)
SIGN_INS_OF = timedelta(days=90)


def find_gaming(sessions: sessionmaker[Session], now: datetime) -> int:
    """How many new suspicions were raised."""
    with sessions() as session:
        findings = look_for_gaming(session, now)
    raised = 0
    for finding in findings:
        with writing(), sessions.begin() as session:
            raised += raise_suspicion(session, finding, now) is not None
    return raised


def look_for_gaming(session: Session, now: datetime) -> Sequence[Finding]:
    votes = read_votes(session, now - VOTES_OF)
    people, sign_ins = read_people(session), read_sign_ins(session, now - SIGN_INS_OF)
    return [
        *(of_series(series) for series in find_series(read_given(session, now - SERIES_OF))),
        *(of_ring(ring, now - VOTES_OF, now) for ring in find_rings(votes.given, votes.posts)),
        *(of_self_solving(pair, now) for pair in find_self_solving(read_solved(session, now - SOLVED_OF))),
        *(of_puppets(pair, now) for pair in find_puppets(people, sign_ins, _by_giver(votes))),
    ]


def _by_giver(votes: Votes) -> Mapping[int, Mapping[int, int]]:
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    for vote in votes.given:
        counts[vote.giver][vote.receiver] = counts[vote.giver].get(vote.receiver, 0) + 1
    return counts
