"""Vote rings: planted ones are found, friends are left alone, and the evidence can be recounted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from forum.superfans.rings import Vote, find_rings
from tests.superfans.scoring import PLAIN, REPORTED_ON, TUNED_ON, WORLDS, score
from tests.superfans.synthetic import draw

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
SEEDS = range(REPORTED_ON, REPORTED_ON + 2)


def exchange(members: range, posts: int, thanked: int, place: int = 1) -> list[Vote]:
    """Every one of `members` thanks the first `thanked` of each other's `posts`."""
    return [
        Vote(giver, receiver, NOON + timedelta(hours=number + giver), receiver * 1000 + number, place)
        for giver in members
        for receiver in members
        for number in range(thanked)
        if giver != receiver and number < posts
    ]


def test_nine_of_ten_rings_are_found_and_at_most_one_in_a_hundred_others_is_touched() -> None:
    found = score(PLAIN, SEEDS)
    assert found.rings == 40
    assert found.ring_recall >= 0.9
    assert found.member_recall >= 0.9
    assert found.ring_precision >= 0.9
    assert found.worst <= 0.01


@pytest.mark.parametrize(
    "title", [title for title in WORLDS if title.startswith(("camouflage", "large", "close", "very"))]
)
def test_camouflage_friendship_and_much_activity_do_not_hide_rings_or_touch_friends(title: str) -> None:
    found = score(WORLDS[title], SEEDS[:1])
    assert found.ring_recall >= 0.85
    assert found.worst <= 0.015


def test_a_community_without_rings_is_left_nearly_alone() -> None:
    assert score(WORLDS["no rings at all"], SEEDS).worst <= 0.003


def test_the_seeds_reported_are_not_those_tuned_on() -> None:
    assert not set(TUNED_ON) & set(SEEDS)


def test_a_hundred_thousand_kudos_take_seconds() -> None:
    found = score(WORLDS["very active: three times the posts and kudos"], SEEDS[:1])
    assert found.kudos > 100_000
    assert found.seconds < 20


def test_the_order_in_which_votes_come_changes_nothing() -> None:
    community = draw(PLAIN, SEEDS[0])
    there = find_rings(community.votes, community.posts)
    back = find_rings(list(reversed(community.votes)), community.posts)
    assert [(ring.accounts, ring.score) for ring in there] == [(ring.accounts, ring.score) for ring in back]


def test_a_ring_of_four_is_explained_by_counts_that_can_be_recounted() -> None:
    outside = [Vote(9, receiver, NOON, receiver * 1000, 1) for receiver in (1, 50)]
    votes = [*exchange(range(1, 5), posts=12, thanked=11), *outside, Vote(1, 50, NOON, 50_000, 1)]
    (ring,) = find_rings(votes, dict.fromkeys((1, 2, 3, 4, 50), 12))
    assert ring.accounts == {1, 2, 3, 4}
    assert ring.kudos == len(ring.votes) == 4 * 3 * 11
    assert ring.reciprocity == 1.0
    assert ring.lone == (44 - 1) / 44  # 9 thanked one post as well
    first = ring.members[0]
    assert (first.inside, first.given, first.thanked) == (33, 34, 33 / 36)
    assert ring.log10_chance < -6
    assert ring.hours_to_return is not None


def test_chance_is_what_people_outside_do_on_the_same_board() -> None:
    votes = exchange(range(1, 4), posts=20, thanked=18)
    crowd = [Vote(100 + n, 1 if n < 25 else 200, NOON, 1000 if n < 25 else 2, 1) for n in range(100)]
    (ring,) = find_rings([*votes, *crowd], {1: 20, 2: 20, 3: 20, 200: 50})
    # A quarter of the crowd's kudos goes to member 1, none to 2 or 3; each member gave 36.
    assert {member.account: round(member.expected, 2) for member in ring.members} == {1: 0.0, 2: 9.0, 3: 9.0}


def test_an_admirer_who_gets_nothing_back_is_no_ring() -> None:
    votes = [vote for vote in exchange(range(1, 6), posts=30, thanked=28) if vote.giver == 1]
    assert find_rings(votes, dict.fromkeys(range(1, 6), 30)) == []


def test_an_admirer_of_a_whole_ring_is_not_named_with_it() -> None:
    ring = exchange(range(1, 5), posts=15, thanked=13)
    admirer = [Vote(7, receiver, NOON, receiver * 1000 + n) for receiver in range(1, 5) for n in range(14)]
    (found,) = find_rings([*ring, *admirer], dict.fromkeys([*range(1, 5), 7], 15))
    assert found.accounts == {1, 2, 3, 4}


def test_two_who_thank_each_other_are_no_ring() -> None:
    assert find_rings(exchange(range(1, 3), posts=30, thanked=30), {1: 30, 2: 30}) == []


def test_friends_who_thank_a_third_of_each_other_are_no_ring() -> None:
    assert find_rings(exchange(range(1, 8), posts=30, thanked=10), dict.fromkeys(range(1, 8), 30)) == []


def test_votes_for_oneself_and_authors_unknown_are_passed_over() -> None:
    assert find_rings([Vote(1, 1, NOON, 1)], {1: 1}) == []
    assert find_rings([], {}) == []
    assert find_rings([Vote(1, 2, NOON, 1), Vote(2, 1, NOON, 2)], {}) == []
