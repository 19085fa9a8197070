"""Self-solving: one asker and one answerer, nearly always, against the answerer's share with everybody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from forum.superfans.self_solving import Solved, find_self_solving

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def solved(asker: int, answerer: int, times: int, minutes: int = 30) -> list[Solved]:
    at = NOON + timedelta(minutes=minutes)
    return [Solved(asker, answerer, 1, asker * 1000 + answerer * 100 + n, NOON, at) for n in range(times)]


def crowd(answerers: int = 10) -> list[Solved]:
    """A hundred askers whose answers come from `answerers` people in turn."""
    return [one for asker in range(100, 200) for one in solved(asker, 10 + asker % answerers, 2)]


def test_an_asker_who_nearly_always_accepts_one_person_is_shown_with_the_figures() -> None:
    (found,) = find_self_solving([*crowd(), *solved(1, 2, 9, minutes=4), *solved(1, 10, 1), *solved(50, 2, 1)])
    assert (found.asker, found.answerer, found.accepted, found.of) == (1, 2, 9, 10)
    assert found.usual_share == (1 + 1) / (201 + 2)  # one of the 201 that others accepted was theirs
    assert found.share_of_answerer == 0.9
    assert found.minutes_to_answer == 4
    assert len(found.threads) == 9
    assert found.log10_chance < -10


def test_who_solves_nearly_everything_for_everybody_is_no_puppet() -> None:
    everybody = [one for asker in range(100, 150) for one in solved(asker, 2, 3)]
    assert find_self_solving([*everybody, *solved(1, 2, 8)]) == []


def test_four_accepted_answers_are_too_few_and_three_of_four_too_mixed() -> None:
    assert find_self_solving([*crowd(), *solved(1, 2, 4)]) == []
    assert find_self_solving([*crowd(), *solved(1, 2, 9), *solved(1, 10, 3)]) == []


def test_nothing_solved_nothing_found() -> None:
    assert find_self_solving([]) == []
    assert find_self_solving(solved(1, 1, 9)) == []
