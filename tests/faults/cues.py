"""How a test talks to a worker process by files: hold it at a point, fail it there, move its clock on."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from forum.kernel.clock import utc_now
from forum.networks.port import NetworkError
from tests.scripted import ScriptedNetwork

T = TypeVar("T")
_POLL = 0.01  # seconds between two looks of a process that is held
_LOOK_AGAIN = 0.03  # seconds between two looks of a test, which may each open a database


class Cues:
    """A point is `before_` or `after_` the name of a network's method."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def hold(self, point: str) -> None:
        """Whoever comes to the point from now on stays there."""
        (self._folder / f"{point}.hold").touch()

    def release(self, point: str) -> None:
        (self._folder / f"{point}.hold").unlink(missing_ok=True)

    def fail(self, point: str, words: str, *, retry_after: float | None = None, uncertain: bool = False) -> None:
        """The next who comes to the point is told this; `retry_after` in seconds."""
        facts = {"words": words, "retry_after": retry_after, "uncertain": uncertain}
        draft = self._folder / f"{point}.draft"
        draft.write_text(json.dumps(facts))
        draft.rename(self._folder / f"{point}.fail")

    def who_is_at(self, point: str) -> int | None:
        """The process that came there last; it may have gone on."""
        reached = self._folder / f"{point}.reached"
        return int(reached.read_text()) if reached.exists() else None

    def forget(self, point: str) -> None:
        (self._folder / f"{point}.reached").unlink(missing_ok=True)

    def pass_by(self, **length: float) -> None:
        """Moves the clock of every worker and schedule on."""
        later = self._offset() + timedelta(**length)
        draft = self._folder / "clock.draft"
        draft.write_text(str(later.total_seconds()))
        draft.rename(self._folder / "clock")

    def clock(self) -> datetime:
        return utc_now() + self._offset()

    def come_to(self, point: str) -> None:
        """What the worker's side calls."""
        draft = self._folder / f"{point}.{os.getpid()}"
        draft.write_text(str(os.getpid()))
        draft.rename(self._folder / f"{point}.reached")
        while (self._folder / f"{point}.hold").exists():
            time.sleep(_POLL)
        try:
            taken = (self._folder / f"{point}.fail").rename(draft)
        except FileNotFoundError:
            return
        facts = json.loads(taken.read_text())
        pause = None if facts["retry_after"] is None else timedelta(seconds=facts["retry_after"])
        raise NetworkError(facts["words"], retry_after=pause, uncertain=facts["uncertain"])

    def _offset(self) -> timedelta:
        told = self._folder / "clock"
        return timedelta(seconds=float(told.read_text())) if told.exists() else timedelta()


class CuedNetwork(ScriptedNetwork):
    """A network whose caller can be held or failed from another process."""

    def __init__(self, network: object, cues: Cues) -> None:
        super().__init__(network)  # type: ignore[arg-type]
        self._cues = cues

    def _do(self, method: str, real: Callable[[], T]) -> T:
        self._cues.come_to(f"before_{method}")
        result = real()
        self._cues.come_to(f"after_{method}")
        return result


def until(condition: Callable[[], T], within: float = 30) -> T:
    """The condition's first true value; fails loudly when there is none in time."""
    deadline = time.monotonic() + within
    while True:
        if value := condition():
            return value
        assert time.monotonic() < deadline, f"never came true: {condition}"
        time.sleep(_LOOK_AGAIN)
