"""How likely it is that two people thank each other as they do: among friends, and in a ring.

Seen of a pair is how many of the other's posts each thanked. What is usual is fitted to the community itself, so that a
community which thanks a lot is held against its own habits; close friends are allowed more than it shows (FRIENDS).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

Counts = NDArray[np.int64]
Reals = NDArray[np.float64]

RING = (3.0, 2.0)  # a ring thanks three posts of five, give or take a fifth
FRIENDS = (6.0, 14.0)  # close friends thank three posts of ten, give or take a tenth
SHARE_OF_FRIENDS = 0.2  # of all who thank each other; more than there are, in favour of friends
KEPT_UP = 0.7  # of a ring's pairs, each way apart; the others are left alone
SUREST = 8.0  # what one way of one pair can weigh at most, so that a ring shows in its pairs together
NOT_KEPT_UP = float(np.log1p(-KEPT_UP))  # the weight of one who does not thank the other
USUAL_AT_FIRST = (1.0, 9.0)
FEWEST_PAIRS = 50  # to learn what is usual from; below that what is usual at first stands


@dataclass(frozen=True)
class Usual:
    """The share of the other's posts that people who thank each other thank: a beta distribution."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        return self.a / (self.a + self.b)


def fit(thanked: Counts, posts: Counts) -> Usual:
    """What is usual here, from everybody who thanks each other; a share of rings among them is allowed for."""
    if len(thanked) < FEWEST_PAIRS:
        return Usual(*USUAL_AT_FIRST)
    seen, times = np.unique(np.stack([thanked, posts]), axis=1, return_counts=True)
    count, of = seen[0], seen[1]
    in_ring = _log_chance(count, of, *RING)

    def misfit(guess: Reals) -> float:
        a, b, rings = np.exp(guess[0]), np.exp(guess[1]), 0.5 / (1 + np.exp(-guess[2]))
        each = np.logaddexp(np.log1p(-rings) + _log_chance(count, of, a, b), np.log(rings) + in_ring)
        return float(-(times * each).sum() + 0.01 * (guess**2).sum())  # a light hand against extremes

    best = minimize(misfit, np.array([0.0, 2.0, -3.0]), method="Nelder-Mead", options={"maxiter": 400})
    a, b = np.exp(np.clip(best.x[:2], -3, 6))
    return Usual(float(a), float(b))


def weigh(usual: Usual) -> Callable[[Counts, Counts], Reals]:
    """How much likelier what one gave the other is in a ring than among friends, as a natural logarithm."""

    def weight(thanked: Counts, posts: Counts) -> Reals:
        natural = np.logaddexp(
            np.log1p(-SHARE_OF_FRIENDS) + _log_chance(thanked, posts, usual.a, usual.b),
            np.log(SHARE_OF_FRIENDS) + _log_chance(thanked, posts, *FRIENDS),
        )
        sure = np.minimum(_log_chance(thanked, posts, *RING) - natural, SUREST)
        return np.asarray(np.logaddexp(np.log(KEPT_UP) + sure, np.log1p(-KEPT_UP)))

    return weight


def _log_chance(thanked: Counts, posts: Counts, a: float, b: float) -> Reals:
    """Of thanking `thanked` of `posts`, given that it is at least one (beta-binomial, zero left out)."""
    ways = gammaln(posts + 1) - gammaln(thanked + 1) - gammaln(posts - thanked + 1)
    chance = ways + betaln(thanked + a, posts - thanked + b) - betaln(a, b)
    none = betaln(a, posts + b) - betaln(a, b)
    return np.asarray(chance - np.log(-np.expm1(none)))
