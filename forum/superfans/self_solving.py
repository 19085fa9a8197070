"""Self-solving: somebody accepts one and the same person's answers nearly always, far beyond that person's usual share.

It may be one person with two accounts, or a newcomer whom one expert always helps. The evidence says which is likelier;
staff decide.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from scipy.stats import binom

FEWEST = 5  # accepted answers of an asker
NEARLY_ALWAYS = 0.8
RARER_THAN = -3.0  # decimal logarithm of the chance, all pairs counted


@dataclass(frozen=True)
class Solved:
    """An asker's own acceptance that stands."""

    asker: int
    answerer: int
    board: int
    thread: int
    asked_at: datetime
    answered_at: datetime


@dataclass(frozen=True)
class SelfSolving:
    asker: int
    answerer: int
    accepted: int  # answers by the answerer
    of: int  # accepted answers of the asker
    usual_share: float  # of all others' accepted answers on the same boards that were this answerer's
    log10_chance: float  # that it came so by chance, times the number of pairs; at most 0
    share_of_answerer: float  # of the answerer's accepted answers, those accepted by this asker
    minutes_to_answer: float  # from the question to the answer, the median
    threads: Sequence[int]


def find_self_solving(solved: Iterable[Solved]) -> Sequence[SelfSolving]:
    """The rarest first."""
    rows = [one for one in solved if one.asker != one.answerer]
    by_asker: dict[int, list[Solved]] = defaultdict(list)
    for one in rows:
        by_asker[one.asker].append(one)
    boards = Counter((one.board, one.answerer) for one in rows)
    everywhere = Counter(one.board for one in rows)
    answered = Counter(one.answerer for one in rows)
    pairs = len({(one.asker, one.answerer) for one in rows})
    found = [_pair(theirs, boards, everywhere, answered, pairs) for theirs in by_asker.values()]
    return sorted((one for one in found if one is not None), key=lambda one: (one.log10_chance, one.asker))


def _pair(
    theirs: Sequence[Solved],
    boards: Mapping[tuple[int, int], int],
    everywhere: Mapping[int, int],
    answered: Mapping[int, int],
    pairs: int,
) -> SelfSolving | None:
    answerer, accepted = Counter(one.answerer for one in theirs).most_common(1)[0]
    if len(theirs) < FEWEST or accepted / len(theirs) < NEARLY_ALWAYS:
        return None
    usual = _usual_share(theirs, answerer, boards, everywhere)
    log10 = min((float(binom.logsf(accepted - 1, len(theirs), usual)) + math.log(pairs)) / math.log(10), 0.0)
    if log10 > RARER_THAN:
        return None
    between = [one for one in theirs if one.answerer == answerer]
    return SelfSolving(
        asker=theirs[0].asker,
        answerer=answerer,
        accepted=accepted,
        of=len(theirs),
        usual_share=usual,
        log10_chance=log10,
        share_of_answerer=accepted / answered[answerer],
        minutes_to_answer=median((one.answered_at - one.asked_at).total_seconds() / 60 for one in between),
        threads=[one.thread for one in between],
    )


def _usual_share(
    theirs: Sequence[Solved],
    answerer: int,
    boards: Mapping[tuple[int, int], int],
    everywhere: Mapping[int, int],
) -> float:
    """Of what others accepted on the asker's boards; one is added to both sides, since nobody's share is quite none."""
    here = Counter(one.board for one in theirs)
    own = Counter(one.board for one in theirs if one.answerer == answerer)
    others = sum(boards[board, answerer] - own[board] for board in here)
    of = sum(everywhere[board] - count for board, count in here.items())
    return (others + 1) / (of + 2)
