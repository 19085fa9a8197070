"""Who should be asked: `python -m bench.routing [DIR] [--inner]` on a Stack Exchange dump, from the project's root.

The dump is split by time, 70 to 30. For each question of the later part that has an accepted answer, each method names five members;
a hit is the accepted answerer among them. Nobody sees more than what was known when the question was asked. `frozen`: what was
learned ends with the earlier part; `rolling`: every method learns on from the questions before. `--inner` does the same within the
earlier part alone: that is where parameters may be chosen, for the later part is looked at only to report.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.routing_methods import METHODS, Case, Known, Method
from bench.stack_exchange import Asked, Dump, read_dump

BEER = Path("../shared/data/qa/beer")
TRAINING = 0.7
DRAWS = 10_000
BASELINES = ("most active", "BM25, best answer", "BM25, sum of answers")
SHIPPED = "routing: + newcomers' place"


@dataclass(frozen=True)
class Test:
    asked: Asked
    answerer: int


@dataclass(frozen=True)
class Split:
    """`own` tests have the asker as the accepted answerer, whom nobody would ask; they are counted and left out."""

    at: datetime
    tests: Sequence[Test]
    own: int


def main() -> int:
    words = sys.argv[1:]
    folder = Path(next((word for word in words if not word.startswith("-")), BEER))
    dump = read_dump(folder)
    if "--inner" in words:
        dump = before(dump, cut_at(dump))
    split, known = split_of(dump), Known(dump)
    seen = {one.by for one in dump.answers if one.at < split.at}
    print(f"{folder.name}: {len(dump.questions)} questions, {len(dump.answers)} answers; cut at {split.at:%Y-%m-%d}")
    print(f"{len(split.tests)} tests ({split.own} more answered by the asker); ", end="")
    print(f"answerer seen in training: {sum(one.answerer in seen for one in split.tests)}")
    kept = True
    for name, end in (("frozen", split.at), ("rolling", None)):
        print(f"\n{name}: hit@5")
        hits = {method: hits_of(METHODS[method], known, split.tests, end) for method in METHODS}
        kept &= report(hits)
    return 0 if kept else 1


def report(hits: Mapping[str, Sequence[bool]]) -> bool:
    """Each method's rate, then what is shipped against each baseline; False where it trails one."""
    for method, own in hits.items():
        print(f"  {method:32} {sum(own) / len(own):.3f}  ({sum(own)} of {len(own)})", flush=True)
    ours = hits[SHIPPED]
    for name in (*BASELINES, "most active, fading"):
        difference = (sum(ours) - sum(hits[name])) / len(ours)
        low, high = interval(ours, hits[name])
        print(f"  {SHIPPED} less {name}: {difference:+.3f} (95 %: {low:+.3f} to {high:+.3f})")
    return all(sum(ours) >= sum(hits[name]) for name in BASELINES)


def hits_of(method: Method, known: Known, tests: Sequence[Test], end: datetime | None) -> list[bool]:
    """`end`: when learning ends; None: with each question."""
    return [
        test.answerer in method(Case(known, test.asked, min(end or test.asked.at, test.asked.at))) for test in tests
    ]


def interval(ours: Sequence[bool], theirs: Sequence[bool], seed: int = 4) -> tuple[float, float]:
    """Where 95 % of the differences lie when the tests are drawn anew, each test with both methods' outcomes."""
    differences = [int(a) - int(b) for a, b in zip(ours, theirs, strict=True)]
    rng, count = random.Random(seed), len(differences)
    drawn = sorted(sum(rng.choices(differences, k=count)) / count for _ in range(DRAWS))
    return drawn[int(0.025 * DRAWS)], drawn[int(0.975 * DRAWS) - 1]


def split_of(dump: Dump) -> Split:
    at = cut_at(dump)
    author = {one.id: one.by for one in dump.answers}
    later = [one for one in dump.questions if one.at >= at and one.accepted in author]
    tests = [Test(one, author[one.accepted]) for one in later if one.accepted is not None]
    others = [test for test in tests if test.answerer != test.asked.asker]
    return Split(at, others, len(tests) - len(others))


def cut_at(dump: Dump) -> datetime:
    return dump.questions[int(TRAINING * len(dump.questions))].at


def before(dump: Dump, at: datetime) -> Dump:
    """The dump as it was at `at`; marks and votes given later are dropped by whoever reads them at a time."""
    return Dump([one for one in dump.questions if one.at < at], [one for one in dump.answers if one.at < at])


if __name__ == "__main__":
    raise SystemExit(main())
