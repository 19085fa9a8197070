"""The twin of a question is found among the best ten, at least as often as the reference figures say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.search.real_data import needs_data
from tests.search.retrieval import SETS, RetrievalSet, hit_rate

PAIRS = 500  # so many are indexed here; bench/search.py takes the whole sets
ASKED = 125


@needs_data("retrieval")
@pytest.mark.parametrize("known", SETS, ids=lambda known: known.name)
def test_the_twin_of_a_question_is_among_the_best_ten(known: RetrievalSet, tmp_path: Path) -> None:
    pairs = known.pairs()[:PAIRS]
    assert hit_rate(tmp_path, pairs, every=len(pairs) // ASKED) >= known.floor
