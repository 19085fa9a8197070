"""An empty index in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from forum.search.whoosh_index import WhooshIndex


@pytest.fixture
def index(tmp_path: Path) -> WhooshIndex:
    return WhooshIndex(tmp_path / "search", patience=0.3)
