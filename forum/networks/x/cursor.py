"""How far each of X's listings has been read, as the opaque string that the caller stores with every page.

X lists newest first. A round reads from the newest post down to where the last round began, and only when it is
finished does that bound move up; a round that was cut off goes on at its stored page. X may list a post a little
after it was made, so the bound stays two minutes behind, and what was taken above it is remembered by id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from forum.networks.port import NetworkError
from forum.networks.x import fields


@dataclass(frozen=True)
class Round:
    """A reading in progress. `since` and `fresh` are what the part's become when it is finished."""

    token: str | None
    since: int | None
    fresh: tuple[int, ...]
    read: int = 0
    oldest: int | None = None
    until: int | None = None  # set: the listing's window is read to its end, and search goes on below this id


@dataclass(frozen=True)
class Part:
    """One listing: all up to `since` is taken, and of what is above it the ids in `fresh`."""

    since: int | None = None
    fresh: tuple[int, ...] = ()
    round: Round | None = None

    def after(self, ids: Sequence[int], token: str | None, now: datetime) -> Part:
        """One page further; `token` names the next one."""
        begun = self.round or self._begin(ids, now)
        oldest = min([*ids, begun.oldest] if begun.oldest else ids, default=None)
        return replace(self, round=replace(begun, token=token, read=begun.read + len(ids), oldest=oldest))

    def below_the_window(self) -> Part | None:
        """Going on by search where the listing may have ended before its posts did; None where it did not."""
        if self.round is None or self.round.until is not None or self.round.read < fields.WINDOW_REACHED:
            return None
        return replace(self, round=replace(self.round, token=None, until=self.round.oldest))

    def finished(self) -> Part:
        return self if self.round is None else Part(self.round.since, self.round.fresh)

    def _begin(self, ids: Sequence[int], now: datetime) -> Round:
        """The first page holds the newest posts, so it tells where the next round may stop."""
        if not ids:
            return Round(None, self.since, self.fresh)
        settled = fields.first_id_at(now - fields.LATE)
        fresh = tuple(sorted((id_ for id_ in ids if id_ > settled), reverse=True))
        bound = settled if fresh else max(ids)
        if len(fresh) >= fields.REMEMBERED:
            fresh = fresh[: fields.REMEMBERED]
            bound = fresh[-1] - 1
        return Round(None, max(bound, self.since or 0), fresh)


@dataclass(frozen=True)
class Cursor:
    mentions: Part = field(default_factory=Part)
    keywords: Part = field(default_factory=Part)
    turn: str = "mentions"  # which of the two is read next

    def part(self) -> Part:
        return self.keywords if self.turn == "keywords" else self.mentions

    def with_part(self, part: Part) -> Cursor:
        return replace(self, keywords=part) if self.turn == "keywords" else replace(self, mentions=part)

    def dump(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @staticmethod
    def load(stored: str | None) -> Cursor:
        if stored is None:
            return Cursor()
        try:
            data = json.loads(stored)
            return Cursor(_part(data["mentions"]), _part(data["keywords"]), data["turn"])
        except (ValueError, TypeError, KeyError) as error:
            raise NetworkError("The stored place in X's listings cannot be read.", permanent=True) from error


def _part(data: Mapping[str, Any]) -> Part:
    going = data["round"]
    return Part(
        since=data["since"],
        fresh=tuple(data["fresh"]),
        round=None if going is None else Round(**{**going, "fresh": tuple(going["fresh"])}),
    )
