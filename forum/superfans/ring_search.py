"""Groups whose pairs weigh, all together, more than the many ways to pick a group out of a community."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

SMALLEST, LARGEST = 3, 12  # a larger group that thanks each other is a community
CROWD = 10.0  # people whom a member deals with, at least supposed

Weights = Mapping[int, Mapping[int, float]]  # of each pair who thank each other, both ways round


@dataclass(frozen=True)
class Group:
    members: frozenset[int]
    score: float  # natural logarithm of the odds, the number of possible groups taken off


def find_groups(weights: Weights, missing: float) -> list[Group]:
    """Groups with a score over 0 and no member in common, the clearest first; `missing` is what a pair without a weight weighs."""
    price = _price(weights)
    free = {one for one, others in weights.items() if any(weight > 0 for weight in others.values())}
    found: list[Group] = []
    grown = {one: _grow(one, weights, free, missing, price) for one in free}
    while grown:
        best = max(grown.values(), key=lambda group: (group.score, sorted(group.members)))
        if best.score <= 0:
            break
        found.append(best)
        free -= best.members
        grown = {
            one: _grow(one, weights, free, missing, price) if group.members & best.members else group
            for one, group in grown.items()
            if one in free
        }
    return found


def _price(weights: Weights) -> float:
    """Of a member more: there are as many to choose from as people deal with, so that many more groups are looked at."""
    deals = sum(len(others) for others in weights.values())
    return math.log(max(deals / max(len(weights), 1), CROWD))


def _grow(start: int, weights: Weights, free: Collection[int], missing: float, price: float) -> Group:
    """The best group around `start` that adding and dropping one member at a time leads to."""
    members, score = {start}, -price
    gains = {other: weight for other, weight in weights[start].items() if other in free}  # of joining, price not paid
    best = Group(frozenset(members), -math.inf)
    while gains and len(members) < LARGEST:
        joining = max(gains, key=lambda other: (gains[other], -other))
        if len(members) >= SMALLEST and gains[joining] - price <= 0:
            break
        score += gains.pop(joining) - price
        gains = _after_joining(joining, members, gains, weights, free, missing)
        members.add(joining)
        if len(members) >= SMALLEST and score + _orders(len(members)) > best.score:
            best = Group(frozenset(members), score + _orders(len(members)))
    return _dropped(best, weights, missing, price)


def _after_joining(
    joining: int,
    members: Collection[int],
    gains: Mapping[int, float],
    weights: Weights,
    free: Collection[int],
    missing: float,
) -> dict[int, float]:
    theirs = weights[joining]
    after = {other: gain + theirs.get(other, missing) for other, gain in gains.items()}
    for other, weight in theirs.items():
        if other in free and other not in members and other not in after:
            after[other] = weight + missing * len(members)
    return after


def _dropped(group: Group, weights: Weights, missing: float, price: float) -> Group:
    """`group` without those who weaken it: the first pair may have been a chance one."""
    members, score = set(group.members), group.score - _orders(len(group.members))
    while len(members) > SMALLEST:
        worth = {one: _worth(one, members, weights, missing) - price for one in members}
        weakest = min(worth, key=lambda one: (worth[one], one))
        if worth[weakest] >= 0:
            break
        members.remove(weakest)
        score -= worth[weakest]
    return Group(frozenset(members), score + _orders(len(members)))


def _worth(one: int, members: Collection[int], weights: Weights, missing: float) -> float:
    return sum(weights[one].get(other, missing) for other in members if other != one)


def _orders(members: int) -> float:
    """The order in which members are picked makes no other group: the price counts each group that often."""
    return math.lgamma(members + 1)
