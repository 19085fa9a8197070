"""Sock puppets: signals that two accounts may be one person's. Each has harmless reasons, so they are never a ground by themselves.

A household shares an address and a browser's name, friends sign up together, and a name may be alike by accident: staff
are shown the signals beside what else is known, and nothing follows from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import combinations

CROWDED = 4  # accounts behind one address and browser: an office or a school
ALIKE = 0.85
SHORTEST_NAME = 4  # letters; shorter ones are alike by accident
TOGETHER = timedelta(minutes=10)
FEWEST_VOTES = 3


class Signal(StrEnum):
    """A pair is looked at for one of the first three; the last two are too common to begin with."""

    SAME_BROWSER = "same_browser"  # and the same address, at sign-in
    SAME_MAILBOX = "same_mailbox"  # a password reset for either reaches the same person
    ONE_PERSON = "one_person"  # one only ever thanked the other
    LIKE_NAME = "like_name"
    TOGETHER = "together"  # signed up within ten minutes of each other


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    email: str  # case-folded
    joined_at: datetime


@dataclass(frozen=True)
class Puppets:
    accounts: tuple[int, int]  # the older account first
    signals: Sequence[Signal]


def find_puppets(
    people: Iterable[Person],
    sign_ins: Iterable[tuple[int, str, str]],
    votes: Mapping[int, Mapping[int, int]],
) -> Sequence[Puppets]:
    """Pairs with two signals or more, most signals first. `sign_ins` are (account, address, browser); `votes` counts by giver
    and receiver."""
    known = {one.id: one for one in people}
    clues: dict[tuple[int, int], set[Signal]] = defaultdict(set)
    for signal, group in (
        *((Signal.SAME_BROWSER, group) for group in _of_one_browser(sign_ins)),
        *((Signal.SAME_MAILBOX, group) for group in _of_one_mailbox(known.values())),
        *((Signal.ONE_PERSON, group) for group in _of_one_vote(votes)),
    ):
        for one, other in combinations(sorted(account for account in group if account in known), 2):
            clues[one, other].add(signal)
    found = [Puppets(pair, sorted(seen | _more(known[pair[0]], known[pair[1]]))) for pair, seen in clues.items()]
    return sorted((one for one in found if len(one.signals) > 1), key=lambda one: (-len(one.signals), one.accounts))


def mailbox(email: str) -> str | None:
    """Where mail to the address arrives: what stands after + only sorts it. None where no mail arrives (RFC 2606)."""
    local, _at, domain = email.partition("@")
    if domain.endswith(".invalid") or not domain:
        return None
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if domain in {'gmail.com', 'googlemail.com'} else local}@{domain}"


def _of_one_browser(sign_ins: Iterable[tuple[int, str, str]]) -> Iterator[Collection[int]]:
    seen: dict[tuple[str, str], set[int]] = defaultdict(set)
    for account, address, browser in sign_ins:
        if address and browser:
            seen[address, browser].add(account)
    return (group for group in seen.values() if 1 < len(group) <= CROWDED)


def _of_one_mailbox(people: Iterable[Person]) -> Iterator[Collection[int]]:
    seen: dict[str, set[int]] = defaultdict(set)
    for person in people:
        if (box := mailbox(person.email)) is not None:
            seen[box].add(person.id)
    return (group for group in seen.values() if len(group) > 1)


def _of_one_vote(votes: Mapping[int, Mapping[int, int]]) -> Iterator[Collection[int]]:
    for giver, received in votes.items():
        if len(received) == 1 and sum(received.values()) >= FEWEST_VOTES:
            yield (giver, *received)


def _more(one: Person, other: Person) -> set[Signal]:
    found = set()
    if _alike(one.name, other.name):
        found.add(Signal.LIKE_NAME)
    if abs(one.joined_at - other.joined_at) <= TOGETHER:
        found.add(Signal.TOGETHER)
    return found


def _alike(one: str, other: str) -> bool:
    """Digits and marks are what people change when their name is taken."""
    first, second = _letters(one), _letters(other)
    return min(len(first), len(second)) >= SHORTEST_NAME and SequenceMatcher(None, first, second).ratio() >= ALIKE


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalpha())
