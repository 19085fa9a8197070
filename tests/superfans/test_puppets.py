"""Signals that two accounts may be one person's: two at least, and never for a whole office."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from forum.superfans.puppets import CROWDED, Person, Puppets, Signal, find_puppets, mailbox

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def person(number: int, name: str = "", email: str = "", days: float = 0) -> Person:
    name = name or "abcdefghij"[number] * 8
    return Person(number, name, email or f"{number}@example.com", NOON + timedelta(days=days or number))


def test_one_browser_and_only_ever_one_person_thanked_are_shown_together() -> None:
    found = find_puppets(
        [person(1), person(2)], [(1, "192.0.2.1", "Firefox"), (2, "192.0.2.1", "Firefox")], {2: {1: 3}}
    )
    assert found == [Puppets((1, 2), [Signal.ONE_PERSON, Signal.SAME_BROWSER])]


def test_one_signal_alone_is_not_shown() -> None:
    people = [person(1), person(2)]
    assert find_puppets(people, [(1, "192.0.2.1", "Firefox"), (2, "192.0.2.1", "Firefox")], {}) == []
    assert find_puppets(people, [], {2: {1: 9}}) == []
    assert find_puppets([person(1, "Mira"), person(2, "Mira2", days=1.001)], [], {}) == []


def test_like_names_and_signing_up_together_add_to_a_clue() -> None:
    people = [person(1, "mira_keller", days=1), person(2, "MiraKeller77", days=1.003)]
    (found,) = find_puppets(people, [], {2: {1: 3}})
    assert found.signals == [Signal.LIKE_NAME, Signal.ONE_PERSON, Signal.TOGETHER]


def test_two_thanks_to_one_person_are_no_habit_and_two_receivers_no_devotion() -> None:
    same = [(one, "192.0.2.1", "Firefox") for one in (1, 2)]
    assert find_puppets([person(1), person(2)], same, {2: {1: 2}}) == []
    assert find_puppets([person(1), person(2)], same, {2: {1: 9, 3: 1}}) == []


def test_an_office_behind_one_address_says_nothing() -> None:
    people = [person(number) for number in range(1, CROWDED + 2)]
    sign_ins = [(one.id, "192.0.2.1", "Firefox") for one in people]
    assert find_puppets(people, sign_ins, {2: {1: 9}}) == []
    assert len(find_puppets(people, sign_ins[:CROWDED], {2: {1: 9}})) == 1


def test_another_browser_or_no_address_says_nothing() -> None:
    people = [person(1), person(2)]
    assert find_puppets(people, [(1, "192.0.2.1", "Firefox"), (2, "192.0.2.1", "Safari")], {2: {1: 9}}) == []
    assert find_puppets(people, [(1, "", "Firefox"), (2, "", "Firefox")], {2: {1: 9}}) == []


@pytest.mark.parametrize(
    ("email", "box"),
    [
        ("mira+forum@example.com", "mira@example.com"),
        ("m.i.ra+x@gmail.com", "mira@gmail.com"),
        ("m.ira@example.com", "m.ira@example.com"),
        ("member-7@stackexchange.invalid", None),
        ("nothing", None),
    ],
)
def test_a_mailbox_is_where_mail_arrives(email: str, box: str | None) -> None:
    assert mailbox(email) == box


def test_one_mailbox_is_a_clue() -> None:
    people = [person(1, "mira", "mira@example.com"), person(2, "miraa", "mira+2@example.com")]
    assert [one.signals for one in find_puppets(people, [], {})] == [[Signal.LIKE_NAME, Signal.SAME_MAILBOX]]
