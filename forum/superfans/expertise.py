"""What somebody knows, learned from the answers that they gave: pure rules, without a database.

Every answer leaves its weight in the fields that its question stands in: the board, the tags, the terms, the products, the
language. Weights fade by half in HALF_LIFE, so that a profile says who answers such questions now, not who did in some other year.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import nlargest

HALF_LIFE = timedelta(days=90)
SOLVED = 1.0  # a solution weighs as much as another answer on top of the answer that it is
THANKED = 0.5  # for the first e-fold of thanks; the tenth kudos says less than the first
MOST_FIELDS = 500  # of one member: the heaviest; more would be rows that decide nothing
REFUSED = 0.5  # of the weight that stays when somebody says of a question: not my thing
LEAST_WEIGHT = 0.02  # five and a half half-lives of one plain answer: forgotten


class FieldKind(StrEnum):
    ALL = "all"  # anywhere: how much somebody answers at all
    BOARD = "board"
    TAG = "tag"
    TERM = "term"
    PRODUCT = "product"
    LANGUAGE = "language"


@dataclass(frozen=True, order=True)
class Field:
    kind: FieldKind
    key: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @staticmethod
    def named(name: str) -> Field | None:
        """From what `str` made; None where that is none."""
        kind, _colon, key = name.partition(":")
        return Field(FieldKind(kind), key) if kind in set(FieldKind) else None


ANYWHERE = Field(FieldKind.ALL)


@dataclass(frozen=True)
class Evidence:
    """One answer: when it was given, what became of it, and the fields that its question stands in."""

    at: datetime
    solved: bool
    thanks: float  # kudos that stand
    fields: frozenset[Field]

    @property
    def weight(self) -> float:
        """On the day that it was given; 1 is an answer of which nothing became."""
        return 1.0 + SOLVED * self.solved + THANKED * math.log1p(max(self.thanks, 0.0))


def faded(weight: float, since: datetime, now: datetime) -> float:
    """What is left of `weight` at `now`. Nothing grows: a clock that went back changes nothing."""
    return float(weight * 0.5 ** (max(now - since, timedelta(0)) / HALF_LIFE))


def profile(evidence: Iterable[Evidence], now: datetime) -> dict[Field, float]:
    """The weight of every field at `now`, the heaviest MOST_FIELDS; fields below LEAST_WEIGHT are forgotten."""
    weights: defaultdict[Field, float] = defaultdict(float)
    for one in evidence:
        left = faded(one.weight, one.at, now)
        for field in {ANYWHERE, *one.fields}:
            weights[field] += left
    known = ((weight, field) for field, weight in weights.items() if weight >= LEAST_WEIGHT)
    kept = nlargest(MOST_FIELDS, known, key=lambda pair: (pair[0], pair[1].kind != FieldKind.TERM, pair[1]))
    return {field: weight for weight, field in kept}


def lowered(profile: Mapping[Field, float], refusals: Iterable[Field]) -> dict[Field, float]:
    """The profile of somebody who refused questions for these fields, a field once for each refusal. Boards and languages stay."""
    weights = dict(profile)
    for field in refusals:
        if field in weights and field.kind in TAUGHT:
            weights[field] *= REFUSED
    return weights


TAUGHT = frozenset({FieldKind.TAG, FieldKind.TERM, FieldKind.PRODUCT})  # what "not my thing" speaks of


def rarity(total: float, of_field: float) -> float:
    """How much a field tells, from the whole community's weight anywhere and in the field: common ones tell little.

    Only their ratio counts, so that a community that was silent for a season ranks its members as before.
    """
    return math.log1p(total / of_field) if total > 0 and of_field > 0 else 0.0


def rarities(profiles: Iterable[Mapping[Field, float]]) -> dict[Field, float]:
    """The rarity of every field that stands in one of `profiles`."""
    sums: defaultdict[Field, float] = defaultdict(float)
    for one in profiles:
        for field, weight in one.items():
            sums[field] += weight
    return {field: rarity(sums[ANYWHERE], weight) for field, weight in sums.items()}
