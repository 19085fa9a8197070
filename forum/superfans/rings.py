"""Vote rings: small groups that thank nearly everything one another writes, far beyond friends and beyond chance.

Only finds and explains; what follows is for staff to decide. docs/gaming.md tells moderators the same in their words.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

import numpy as np
from scipy.stats import poisson

from forum.superfans.ring_model import NOT_KEPT_UP, fit, weigh
from forum.superfans.ring_search import find_groups

FEWEST_POSTS = 3  # thanking one's only post says nothing


@dataclass(frozen=True)
class Vote:
    """One standing kudos."""

    giver: int
    receiver: int
    at: datetime
    post: int
    place: int = 0  # the board; what is to be expected by chance is asked board by board


@dataclass(frozen=True)
class RingMember:
    account: int
    inside: int  # kudos given to the ring's others
    given: int  # to anybody
    expected: float  # inside, if this member chose as everybody outside the ring chooses on the same boards
    thanked: float  # of the others' posts, the share that this member thanked, 0 to 1


@dataclass(frozen=True)
class Ring:
    members: Sequence[RingMember]
    kudos: int  # inside
    expected: float
    log10_chance: float  # of so many inside by chance, for the best of all groups of this size; at most 0
    score: float  # natural logarithm of the odds against a group of friends
    reciprocity: float  # of all pairs inside, the share who thank each other
    lone: float  # of the posts thanked inside, the share that nobody outside thanked
    hours_to_return: float | None  # from a kudos to the next one back, the median; None: never came one back
    votes: Sequence[Vote]

    @property
    def accounts(self) -> frozenset[int]:
        return frozenset(member.account for member in self.members)


def find_rings(votes: Iterable[Vote], posts: Mapping[int, int]) -> Sequence[Ring]:
    """Suspected rings, the clearest first. `posts` says how many posts each author has in the time that `votes` covers."""
    seen = [vote for vote in votes if vote.giver != vote.receiver]
    weights = _weights(Counter((vote.giver, vote.receiver) for vote in seen), posts)
    people = len({vote.giver for vote in seen} | {vote.receiver for vote in seen})
    crowd = _Crowd(seen)
    return [
        _explain(group.members, group.score, crowd, posts, people) for group in find_groups(weights, 2 * NOT_KEPT_UP)
    ]


def _weights(pairs: Mapping[tuple[int, int], int], posts: Mapping[int, int]) -> Mapping[int, Mapping[int, float]]:
    """Of every pair of whom one thanks the other; an admirer who gets nothing back speaks for no ring."""
    known = sorted(pair for pair in pairs if posts.get(pair[1], 0) >= FEWEST_POSTS)
    if not known:
        return {}
    thanked = np.array([pairs[pair] for pair in known])
    written = np.maximum(thanked, np.array([posts[receiver] for _, receiver in known]))
    mutual = np.array([(receiver, giver) in pairs for giver, receiver in known])
    each = weigh(fit(thanked[mutual], written[mutual]))(thanked, written)
    way = dict(zip(known, each.tolist(), strict=True))
    weights: dict[int, dict[int, float]] = defaultdict(dict)
    for (giver, receiver), weight in way.items():
        both = weight + way.get((receiver, giver), NOT_KEPT_UP)
        returned = (receiver, giver) in pairs
        weights[giver][receiver] = weights[receiver][giver] = both if returned else min(both, 0.0)
    return weights


class _Crowd:
    """The votes, looked up by giver, by post and by board."""

    def __init__(self, votes: Sequence[Vote]) -> None:
        self.by_giver: dict[int, list[Vote]] = defaultdict(list)
        self.by_post: dict[int, list[int]] = defaultdict(list)
        self.got: Counter[tuple[int, int]] = Counter()  # by place and receiver
        self.gave: Counter[tuple[int, int]] = Counter()  # by place and giver
        self.there: Counter[int] = Counter()
        for vote in votes:
            self.by_giver[vote.giver].append(vote)
            self.by_post[vote.post].append(vote.giver)
            self.got[vote.place, vote.receiver] += 1
            self.gave[vote.place, vote.giver] += 1
            self.there[vote.place] += 1

    def inside(self, members: Collection[int]) -> list[Vote]:
        found = (vote for one in members for vote in self.by_giver[one] if vote.receiver in members)
        return sorted(found, key=lambda vote: (vote.at, vote.giver, vote.post))

    def expected(self, one: int, members: Collection[int]) -> float:
        """Kudos of `one` to the others, if each went where those of people outside go on its board."""
        total, others = 0.0, set(members) - {one}
        for place, given in Counter(vote.place for vote in self.by_giver[one]).items():
            by_members = sum(self.gave[place, member] for member in members)
            inside = sum(v.place == place and v.receiver in others for m in members for v in self.by_giver[m])
            from_outside = sum(self.got[place, member] for member in others) - inside
            total += given * max(from_outside, 0) / max(self.there[place] - by_members, 1)
        return total


def _explain(members: frozenset[int], score: float, crowd: _Crowd, posts: Mapping[int, int], people: int) -> Ring:
    inside = crowd.inside(members)
    told = [_member(one, members, inside, crowd, posts) for one in sorted(members)]
    expected = sum(member.expected for member in told)
    pairs = {(vote.giver, vote.receiver) for vote in inside}
    thanked = {vote.post for vote in inside}
    return Ring(
        members=told,
        kudos=len(inside),
        expected=expected,
        log10_chance=_log10_chance(len(inside), expected, len(members), people),
        score=score,
        reciprocity=sum((b, a) in pairs for a, b in pairs) / (len(members) * (len(members) - 1)),
        lone=sum(members.issuperset(crowd.by_post[post]) for post in thanked) / len(thanked),
        hours_to_return=_hours_to_return(inside),
        votes=inside,
    )


def _member(
    one: int, members: frozenset[int], inside: Sequence[Vote], crowd: _Crowd, posts: Mapping[int, int]
) -> RingMember:
    gave = sum(vote.giver == one for vote in inside)
    written = sum(posts.get(other, 0) for other in members if other != one)
    return RingMember(
        account=one,
        inside=gave,
        given=len(crowd.by_giver[one]),
        expected=crowd.expected(one, members),
        thanked=min(gave / written, 1.0) if written else 1.0,
    )


def _log10_chance(kudos: int, expected: float, members: int, people: int) -> float:
    """Poisson's tail, times the number of groups of that size (Bonferroni)."""
    groups = math.lgamma(people + 1) - math.lgamma(members + 1) - math.lgamma(people - members + 1)
    tail = float(poisson.logsf(kudos - 1, max(expected, 1e-9)))
    if math.isinf(tail):  # smaller than floats are: its leading term stands for it
        mean = max(expected, 1e-9)
        tail = kudos * math.log(mean) - mean - math.lgamma(kudos + 1)
    return min((tail + groups) / math.log(10), 0.0)


def _hours_to_return(inside: Sequence[Vote]) -> float | None:
    waiting: dict[tuple[int, int], datetime] = {}
    hours: list[float] = []
    for vote in inside:
        if (since := waiting.pop((vote.receiver, vote.giver), None)) is not None:
            hours.append((vote.at - since).total_seconds() / 3600)
        waiting.setdefault((vote.giver, vote.receiver), vote.at)
    return median(hours) if hours else None
