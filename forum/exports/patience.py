"""How long an export may take: past its time it is refused with a sentence, since a cut file would look like a whole one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import TypeVar

from forum.kernel.errors import ForumError
from forum.kernel.messages import Message

T = TypeVar("T")
LOOK_EVERY = 1000  # rows


class TookTooLong(ForumError):
    """The rows were too many for the time."""

    status = 503


class Patience:
    """So many seconds from now on."""

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._until = clock() + seconds

    def spent(self) -> bool:
        return self._clock() > self._until

    def through(self, rows: Iterable[T]) -> Iterator[T]:
        """The rows while there is time. Raises TookTooLong when it is over."""
        for number, row in enumerate(rows):
            if number % LOOK_EVERY == 0 and self.spent():
                raise TookTooLong(Message("This file takes too long to make. Choose fewer months, or narrow the rows by board or network."))  # fmt: skip
            yield row
