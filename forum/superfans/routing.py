"""Whom to ask: expertise times availability, and one place in five for newcomers. Pure rules, without a database.

Nothing is drawn by chance: the newcomers' place follows from the thread and the accounts, so a job that runs twice asks the same people.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from forum.superfans.expertise import ANYWHERE, Field, FieldKind

PLACES = 5
FOR_NEWCOMERS = 1  # of the places of one wave
NEWCOMER_BELOW = 5  # answers ever given

# What each kind adds where all of a question's fields of that kind are a member's own.
SHARES: Mapping[FieldKind, float] = {
    FieldKind.ALL: 0.1,
    FieldKind.BOARD: 0.2,
    FieldKind.TAG: 1.0,
    FieldKind.TERM: 1.0,
    FieldKind.PRODUCT: 1.0,
}
FLUENT = 0.25  # whoever gives such a share of their answers in a language writes it


@dataclass(frozen=True)
class Question:
    """What a question is about: its fields of every kind but ALL."""

    thread_id: int
    fields: frozenset[Field]


@dataclass(frozen=True)
class Candidate:
    """A member who may be asked."""

    account_id: int
    profile: Mapping[Field, float]
    answers: int  # ever given
    availability: float = 1.0

    @property
    def is_newcomer(self) -> bool:
        return self.answers < NEWCOMER_BELOW


@dataclass(frozen=True)
class Choice:
    """`fields` are those that spoke for them most, the strongest first; `explored`: they have the newcomers' place."""

    account_id: int
    score: float
    fields: tuple[Field, ...]
    explored: bool = False


def choose(
    question: Question,
    candidates: Iterable[Candidate],
    rarity: Mapping[Field, float],
    places: int = PLACES,
    for_newcomers: int = FOR_NEWCOMERS,
) -> list[Choice]:
    """At most `places` members, the likeliest first. Newcomers have their own places, which fall to others where there are none."""
    known = list(candidates)
    ranked = rank(question, known, rarity)
    newcomers = {one.account_id for one in known if one.is_newcomer}
    drawn = _drawn(question, [one for one in ranked if one.account_id in newcomers], min(for_newcomers, places))
    taken = {one.account_id for one in drawn}
    return [one for one in ranked if one.account_id not in taken][: places - len(drawn)] + drawn


def rank(question: Question, candidates: Iterable[Candidate], rarity: Mapping[Field, float]) -> list[Choice]:
    """Everybody with a score above 0, the likeliest first; the same score stands in the order of accounts."""
    kinds = _by_kind(question, rarity)
    scored = (_scored(question, one, kinds, rarity) for one in candidates if one.availability > 0)
    return sorted((one for one in scored if one.score > 0), key=lambda one: (-one.score, one.account_id))


def _scored(
    question: Question, candidate: Candidate, kinds: Mapping[FieldKind, float], rarity: Mapping[Field, float]
) -> Choice:
    """A sum over fields, so that a member's answers to like questions are what counts, each by how alike it was."""
    parts: dict[Field, float] = {}
    for one in question.fields:
        if one.kind in kinds and (weight := candidate.profile.get(one, 0.0)) > 0:
            parts[one] = SHARES[one.kind] * weight * rarity.get(one, 0.0) / kinds[one.kind]
    anywhere = SHARES[FieldKind.ALL] * candidate.profile.get(ANYWHERE, 0.0)
    expertise = (anywhere + sum(parts.values())) * fluency(question, candidate.profile)
    strongest = sorted(parts, key=lambda one: (-parts[one], one))[:3]
    return Choice(candidate.account_id, expertise * candidate.availability, tuple(strongest))


def fluency(question: Question, profile: Mapping[Field, float]) -> float:
    """1 where they answer in the question's language often enough, or where nobody knows its language or theirs."""
    asked = [one for one in question.fields if one.kind == FieldKind.LANGUAGE]
    spoken = sum(weight for one, weight in profile.items() if one.kind == FieldKind.LANGUAGE)
    if not asked or spoken <= 0:
        return 1.0
    return min(1.0, sum(profile.get(one, 0.0) for one in asked) / (FLUENT * spoken))


def _by_kind(question: Question, rarity: Mapping[Field, float]) -> dict[FieldKind, float]:
    """The whole rarity of the question's fields of each kind: what a member with all of them has."""
    wholes: defaultdict[FieldKind, float] = defaultdict(float)
    for one in question.fields:
        if one.kind in SHARES:
            wholes[one.kind] += rarity.get(one, 0.0)
    return {kind: whole for kind, whole in wholes.items() if whole > 0}


def _drawn(question: Question, newcomers: Sequence[Choice], places: int) -> list[Choice]:
    """Newcomers in proportion to their scores: the better match is drawn more often, but nobody never."""
    keyed = sorted(newcomers, key=lambda one: math.log(_lot(question.thread_id, one.account_id)) / one.score)
    return [Choice(one.account_id, one.score, one.fields, explored=True) for one in keyed[::-1][:places]]


def _lot(thread_id: int, account_id: int) -> float:
    """Between 0 and 1, even, and always the same for one thread and account."""
    digest = blake2b(f"{thread_id}:{account_id}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest) + 1) / (2**64 + 1)
