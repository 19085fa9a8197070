"""Where the real data lies, and how to skip, with a reason, what needs it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TEST_DATA") or PROJECT.parent / "shared" / "data")


def needs_data(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not (DATA / name).exists(), reason=f"TEST_DATA has no {name}")


def rows(name: str) -> list[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
