"""Which kudos came from somebody who thanked one person only, recounted from all that each giver ever gave."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import UTC, datetime
from heapq import heappush, heappushpop
from itertools import groupby
from typing import Any

NEVER = datetime.max.replace(tzinfo=UTC)
FROM_ONE_PERSON = 3  # the third on earns nothing


def gives_to_one_person(rows: Iterable[Any]) -> Set[int]:
    """`rows` of kudos on replies, by giver and then in the order of giving: id, giver_id, given_at, taken_back_at, author_id.

    Kudos count from their giving until they are taken back, whoever voided them.
    """
    return {
        kudos_id for _giver, given in groupby(rows, key=lambda row: row.giver_id) for kudos_id in _of_one_giver(given)
    }


def _of_one_giver(given: Iterable[Any]) -> Iterable[int]:
    until: dict[int, datetime] = {}  # by author: how long some of the kudos for them stand
    longest: list[datetime] = []  # the three that stand longest
    for row in given:
        ends = row.taken_back_at or NEVER
        if len(longest) < FROM_ONE_PERSON:
            heappush(longest, ends)
        else:
            heappushpop(longest, ends)
        others = any(end > row.given_at for author, end in until.items() if author != row.author_id)
        if row.author_id is not None:
            until[row.author_id] = max(until.get(row.author_id, ends), ends)
            if not others and len(longest) == FROM_ONE_PERSON and longest[0] > row.given_at:
                yield row.id
