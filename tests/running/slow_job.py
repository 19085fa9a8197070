"""A job that takes its time, for the test that a stop waits for the job in hand."""

from __future__ import annotations

import time
from pathlib import Path


def write_slowly(path: str, seconds: float) -> None:
    Path(path).with_suffix(".begun").touch()
    time.sleep(seconds)
    Path(path).touch()
