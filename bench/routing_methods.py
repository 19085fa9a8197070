"""The ways of choosing whom to ask that `bench/routing.py` compares. Each sees what was known at the question's time and no more."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from bench.stack_exchange import Answered, Asked, Dump
from forum.search.analyser import units
from forum.search.telling import subject_of
from forum.superfans.availability import Presence, availability, count_hours
from forum.superfans.expertise import Evidence, Field, FieldKind, faded, profile, rarities
from forum.superfans.routing import PLACES, Candidate, Question, choose

K1, B = 1.2, 0.75  # BM25's usual constants
BOARD, LANGUAGE = Field(FieldKind.BOARD, "1"), Field(FieldKind.LANGUAGE, "en")


@dataclass(frozen=True)
class Known:
    """A dump, with all that is asked of a text reckoned once."""

    dump: Dump

    @cached_property
    def fields(self) -> Mapping[int, frozenset[Field]]:
        """What each question is about."""
        return {one.id: _fields(one) for one in self.dump.questions}

    @cached_property
    def words(self) -> Mapping[int, Counter[str]]:
        """The words of each answer and question, as the index sees them."""
        return {one.id: _words(one.text) for one in (*self.dump.questions, *self.dump.answers)}


@dataclass(frozen=True)
class Case:
    """A question, and what was known `at` a time no later than it: `answers` are all of before."""

    known: Known
    asked: Asked
    at: datetime

    @cached_property
    def answers(self) -> Sequence[Answered]:
        return [one for one in self.known.dump.answers if one.at < self.at]


Method = Callable[[Case], Sequence[int]]  # those to ask, the likeliest first


def most_active(case: Case) -> Sequence[int]:
    return _best(Counter(one.by for one in case.answers), case.asked)


def lately_active(case: Case) -> Sequence[int]:
    """Not asked for, but telling: how much of routing's lead is that answers fade, and how much that it knows subjects."""
    scores: defaultdict[int, float] = defaultdict(float)
    for one in case.answers:
        scores[one.by] += faded(1.0, one.at, case.asked.at)
    return _best(scores, case.asked)


def best_answer(case: Case) -> Sequence[int]:
    scores: defaultdict[int, float] = defaultdict(float)
    for one, score in bm25(case):
        scores[one.by] = max(scores[one.by], score)
    return _best(scores, case.asked)


def all_answers(case: Case) -> Sequence[int]:
    scores: defaultdict[int, float] = defaultdict(float)
    for one, score in bm25(case):
        scores[one.by] += score
    return _best(scores, case.asked)


def routing(*, newcomers: int, available: bool) -> Method:
    def method(case: Case) -> Sequence[int]:
        asked = case.asked
        by: defaultdict[int, list[Answered]] = defaultdict(list)
        for one in case.answers:
            by[one.by].append(one)
        profiles = {member: profile(_evidence(case, own), asked.at) for member, own in by.items()}
        candidates = (
            Candidate(member, profiles[member], len(own), _available(own, asked.at) if available else 1.0)
            for member, own in by.items()
            if member != asked.asker
        )
        question = Question(asked.id, case.known.fields[asked.id])
        return [one.account_id for one in choose(question, candidates, rarities(profiles.values()), PLACES, newcomers)]

    return method


METHODS: Mapping[str, Method] = {
    "most active": most_active,
    "most active, fading": lately_active,
    "BM25, best answer": best_answer,
    "BM25, sum of answers": all_answers,
    "routing: expertise": routing(newcomers=0, available=False),
    "routing: + availability": routing(newcomers=0, available=True),
    "routing: + newcomers' place": routing(newcomers=1, available=True),
    "routing: expertise + newcomers": routing(newcomers=1, available=False),
}


def bm25(case: Case) -> Iterable[tuple[Answered, float]]:
    words = [case.known.words[one.id] for one in case.answers]
    occurs = Counter(term for one in words for term in one)
    average = max(sum(one.total() for one in words) / max(len(words), 1), 1)
    sought = case.known.words[case.asked.id]
    idf = {term: math.log(1 + (len(words) - occurs[term] + 0.5) / (occurs[term] + 0.5)) for term in sought}
    for answer, own in zip(case.answers, words, strict=True):
        length = K1 * (1 - B + B * own.total() / average)
        yield answer, sum(idf[term] * own[term] * (K1 + 1) / (own[term] + length) for term in sought if term in own)


def _best(scores: Mapping[int, float], asked: Asked) -> Sequence[int]:
    found = sorted((-score, member) for member, score in scores.items() if member != asked.asker and score > 0)
    return [member for _score, member in found[:PLACES]]


def _evidence(case: Case, answers: Iterable[Answered]) -> Iterable[Evidence]:
    """Votes and accepted marks of the same day might have come later than the question, so they are not known yet."""
    today = case.at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for one in answers:
        solved = one.accepted_on is not None and one.accepted_on < today
        thanks = sum(day < today for day in one.ups)
        yield Evidence(one.at, solved, thanks, case.known.fields[one.question])


def _available(answers: Sequence[Answered], now: datetime) -> float:
    """Nobody is asked by the bench, so nobody has a load; vacations are not in the dump."""
    times = [one.at for one in answers if one.at > now - timedelta(days=365)]
    return availability(Presence(count_hours(times, UTC), max(one.at for one in answers)), now, UTC)


def _fields(asked: Asked) -> frozenset[Field]:
    about = subject_of(asked.text)
    return frozenset(
        {BOARD, LANGUAGE}
        | {Field(FieldKind.TAG, tag) for tag in asked.tags}
        | {Field(FieldKind.TERM, term) for term in about.terms}
        | {Field(FieldKind.PRODUCT, name) for name in about.products}
    )


def _words(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for unit in units(text):
        if not unit.stop:
            found.update(unit.pairs() if unit.running else unit.whole or unit.parts)
    return found
