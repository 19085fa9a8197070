"""A community that does not exist, of which all is known: who are friends, who is in a ring, who thanked what.

Drawn anew for each seed. People have home boards, are more or less busy and write better or worse posts; friends look for
one another's posts on their board; a ring's members thank most of what the others write, and thank others besides.
Nothing of the detection is used here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from forum.superfans.rings import Vote

START = datetime(2026, 7, 1, tzinfo=UTC)
DAYS = 90


@dataclass(frozen=True)
class World:
    """Shares are chances, of each pair or each post apart. (low, high) is drawn evenly between, for each cluster or ring."""

    people: int = 2_000
    boards: int = 12
    posts: float = 12.0  # of a member in 90 days, the mean; a few write a great many
    kudos: int = 60_000  # of everybody, before friendship and rings add theirs
    clusters: int = 150
    cluster_size: tuple[int, int] = (4, 15)
    befriended: tuple[float, float] = (0.5, 1.0)  # of a cluster's pairs
    friends_thank: tuple[float, float] = (0.05, 0.35)  # of a friend's posts
    rings: int = 20
    ring_size: tuple[int, int] = (3, 8)
    ring_thanks: tuple[float, float] = (0.55, 0.95)  # of another member's posts
    kept_up: tuple[float, float] = (0.9, 1.0)  # of a ring's pairs, each way apart
    from_friends: float = 0.5  # of rings: recruited among the friends of one cluster
    ring_outside: float = 1.0  # how busy its members are in thanking others, against everybody
    ring_writes: tuple[float, float] = (6, 40)  # posts of a member


@dataclass(frozen=True)
class Community:
    votes: Sequence[Vote]
    posts: Mapping[int, int]
    rings: Sequence[frozenset[int]]
    clusters: Sequence[frozenset[int]]

    @property
    def cheats(self) -> frozenset[int]:
        return frozenset().union(*self.rings)


def draw(world: World, seed: int) -> Community:
    """The same for the same seed."""
    dice = np.random.default_rng(seed)
    home = dice.integers(world.boards, size=world.people)
    clusters = _clusters(world, home, dice)
    rings = _rings(world, clusters, dice)
    posts = _posts(world, rings, dice)
    chance = _by_chance(world, home, posts, rings, dice)
    _befriend(world, chance, clusters, dice)
    _conspire(world, chance, rings, dice)
    np.fill_diagonal(chance, 0)
    given = dice.binomial(posts[None, :], np.clip(chance, 0, 1))
    return Community(list(_votes(given, posts, home, dice)), dict(enumerate(posts.tolist())), rings, clusters)


def _clusters(world: World, home: np.ndarray, dice: np.random.Generator) -> list[frozenset[int]]:
    """Friends share a board; somebody may belong to several clusters."""
    found = []
    for _ in range(world.clusters):
        board = np.flatnonzero(home == dice.integers(world.boards))
        size = dice.integers(world.cluster_size[0], world.cluster_size[1] + 1)
        found.append(frozenset(dice.choice(board, size=min(size, len(board)), replace=False).tolist()))
    return found


def _rings(world: World, clusters: Sequence[frozenset[int]], dice: np.random.Generator) -> list[frozenset[int]]:
    """Nobody is in two rings."""
    found: list[frozenset[int]] = []
    taken: set[int] = set()
    for _ in range(world.rings):
        size = int(dice.integers(world.ring_size[0], world.ring_size[1] + 1))
        pool = np.array([one for one in range(world.people) if one not in taken])
        if dice.random() < world.from_friends:
            enough = [free for cluster in clusters if len(free := sorted(cluster - taken)) >= size]
            pool = np.array(enough[dice.integers(len(enough))]) if enough else pool
        found.append(frozenset(dice.choice(pool, size=size, replace=False).tolist()))
        taken |= found[-1]
    return found


def _posts(world: World, rings: Sequence[frozenset[int]], dice: np.random.Generator) -> np.ndarray:
    """Written by each in the 90 days: many write little, a few write very much."""
    spread = 1.2
    posts = dice.poisson(dice.lognormal(np.log(world.posts) - spread**2 / 2, spread, world.people))
    for ring in rings:
        for member in ring:
            posts[member] = round(dice.uniform(*world.ring_writes))
    return np.minimum(posts, 400)


def _by_chance(
    world: World, home: np.ndarray, posts: np.ndarray, rings: Sequence[frozenset[int]], dice: np.random.Generator
) -> np.ndarray:
    """The chance that one thanks a post of another: how busy, how good, and whether both are at home on one board."""
    busy = dice.lognormal(0, 1.0, world.people)
    for ring in rings:
        busy[list(ring)] *= world.ring_outside
    good = dice.lognormal(0, 0.6, world.people)
    near = np.where(home[:, None] == home[None, :], 1.0, 0.02)
    chance = busy[:, None] * good[None, :] * near
    chance *= world.kudos / (chance * posts[None, :]).sum()
    return np.minimum(chance, 0.5)


def _befriend(world: World, chance: np.ndarray, clusters: Sequence[frozenset[int]], dice: np.random.Generator) -> None:
    for cluster in clusters:
        members = np.array(sorted(cluster))
        size = (len(members), len(members))
        befriended = np.triu(dice.random(size) < dice.uniform(*world.befriended), 1)
        warmth = dice.uniform(*world.friends_thank) * dice.uniform(0.5, 1.5, size)
        here = np.ix_(members, members)
        chance[here] = np.maximum(chance[here], np.where(befriended | befriended.T, warmth, 0))


def _conspire(world: World, chance: np.ndarray, rings: Sequence[frozenset[int]], dice: np.random.Generator) -> None:
    for ring in rings:
        members = np.array(sorted(ring))
        size = (len(members), len(members))
        kept_up = dice.random(size) < dice.uniform(*world.kept_up)
        eager = np.clip(dice.uniform(*world.ring_thanks) * dice.uniform(0.85, 1.15, size), 0, 0.98)
        here = np.ix_(members, members)
        chance[here] = np.where(kept_up, np.maximum(chance[here], eager), chance[here])


def _votes(given: np.ndarray, posts: np.ndarray, home: np.ndarray, dice: np.random.Generator) -> Iterator[Vote]:
    """Each thanks different posts of the other, some hours after they were written."""
    first = np.concatenate([[0], np.cumsum(posts)])
    written = dice.uniform(0, DAYS, first[-1])
    for giver, receiver in zip(*np.nonzero(given), strict=True):
        which = first[receiver] + dice.permutation(posts[receiver])[: given[giver, receiver]]
        later = written[which] + dice.exponential(1.5, len(which))
        for post, day in zip(which.tolist(), later.tolist(), strict=True):
            yield Vote(int(giver), int(receiver), START + timedelta(days=day), post, int(home[receiver]))
