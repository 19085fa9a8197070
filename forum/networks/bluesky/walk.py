"""A pass through a list that comes newest first, page by page, so that a later pass takes only what is new.

The whole state is in the cursor: each page can be committed together with it, and a crash anywhere goes on from there.
A pass ends at what earlier passes took. Late posts may slip in below the newest, for a network sorts by the time that
the author's own server gave, so the next pass looks back over the last hour and leaves out what it knows by digest.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

LOOK_BACK = 3_600_000  # milliseconds
MOST_KNOWN = 200  # digests; in busy hours the look back is as long as these reach, and a pass as short as they allow
MOST_AT_EDGE = 400  # with the rest of the last one's millisecond, from which the next pass looks

_DIGESTS = ("taken", "head", "border")
_DIGEST_LENGTH = 8  # letters


@dataclass(frozen=True)
class Entry:
    """One item of the list: its remote id and when the network sorts it, in milliseconds."""

    remote_id: str
    at: int


@dataclass(frozen=True)
class Walk:
    since: int = 0  # earlier passes took everything older
    taken: tuple[str, ...] = ()  # digests of what they took from `since` on
    page: str | None = None  # the network's cursor of the next page, in a pass that is under way
    top: int | None = None  # the newest of this pass
    head: tuple[str, ...] = ()  # digests of this pass's first entries: the next pass's `taken`
    edge: int | None = None  # when the last of `head` was, once that is full: what else is of then still joins it
    border: tuple[str, ...] = ()  # digests at the end of the last page, which the next page repeats

    def step(self, entries: Sequence[Entry], following: str | None) -> tuple[Walk, list[bool], bool]:
        """Takes one page. Returns the state to store, which entries are new, and whether the pass goes on."""
        known = {*self.taken, *self.head, *self.border}
        fresh = [entry.at >= self.since and digest(entry.remote_id) not in known for entry in entries]
        walked = self._with_head(entries)
        bottom = any(entry.at < self.since for entry in entries)
        if following is None or following == self.page or bottom:
            return walked._finished(), fresh, False
        following, border = _overlapping(following, entries)
        return replace(walked, page=following, border=border), fresh, True

    def _with_head(self, entries: Sequence[Entry]) -> Walk:
        if not entries:
            return self
        top = self.top if self.top is not None else max(entry.at for entry in entries)
        floor = max(self.since, top - LOOK_BACK)
        head, edge = list(self.head), self.edge
        for entry in entries:
            room = len(head) < MOST_KNOWN or (entry.at == edge and len(head) < MOST_AT_EDGE)
            if entry.at >= floor and room and (mark := digest(entry.remote_id)) not in head:
                head.append(mark)
                edge = entry.at if len(head) >= MOST_KNOWN else None
        return replace(self, top=top, head=tuple(head), edge=edge)

    def _finished(self) -> Walk:
        if self.top is None:  # an empty list
            return Walk(self.since, self.taken)
        floor = max(self.since, self.top - LOOK_BACK)
        return Walk(self.edge if self.edge is not None else floor, self.head)

    def to_json(self) -> dict[str, Any]:
        """Digests are of one length, so they are stored in one string each."""
        fields = {name: "".join(value) if name in _DIGESTS else value for name, value in vars(self).items()}
        return {name: value for name, value in fields.items() if value not in (None, "", 0)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Walk:
        fields: dict[str, Any] = {name: _apart(value) if name in _DIGESTS else value for name, value in stored.items()}
        return cls(**fields)


def digest(remote_id: str) -> str:
    return b64encode(blake2b(remote_id.encode(), digest_size=6).digest()).decode()


def _apart(digests: str) -> tuple[str, ...]:
    return tuple(digests[at : at + _DIGEST_LENGTH] for at in range(0, len(digests), _DIGEST_LENGTH))


def milliseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _overlapping(following: str, entries: Sequence[Entry]) -> tuple[str, tuple[str, ...]]:
    """A cursor that is a bare time leaves out what else happened in that millisecond: ask from one later on.

    Where a whole page is of one millisecond that would go round in circles, and the network's own cursor stays.
    """
    try:
        moment = datetime.fromisoformat(following)
    except ValueError:
        return following, ()
    if moment.tzinfo is None or len({entry.at for entry in entries}) < 2:
        return following, ()
    last = milliseconds(moment)
    later = (moment + timedelta(milliseconds=1)).astimezone(UTC).isoformat(timespec="milliseconds")
    return later.replace("+00:00", "Z"), tuple(digest(entry.remote_id) for entry in entries if entry.at == last)
