"""Whom a question is given to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from forum.superfans.expertise import ANYWHERE, Field, FieldKind, rarities
from forum.superfans.routing import FOR_NEWCOMERS, PLACES, Candidate, Question, choose, rank

MESH, WIFI, BILLING = (Field(FieldKind.TAG, name) for name in ("mesh", "wifi", "billing"))
BOARD = Field(FieldKind.BOARD, "1")
ENGLISH, CHINESE = Field(FieldKind.LANGUAGE, "en"), Field(FieldKind.LANGUAGE, "zh")
OLD = 40  # answers of somebody who is no newcomer


def member(number: int, *, answers: int = OLD, availability: float = 1.0, **weights: float) -> Candidate:
    """`weights` by tag; the weight anywhere is their sum."""
    known: dict[Field, float] = {Field(FieldKind.TAG, tag): weight for tag, weight in weights.items()}
    return Candidate(number, {ANYWHERE: sum(weights.values()), **known}, answers, availability)


def about(*fields: Field, thread_id: int = 1) -> Question:
    return Question(thread_id, frozenset(fields))


def chosen(question: Question, *candidates: Candidate) -> list[int]:
    return [one.account_id for one in choose(question, candidates, _rarity(*candidates))]


def _rarity(*candidates: Candidate) -> Mapping[Field, float]:
    return rarities(one.profile for one in candidates)


def test_whoever_knows_the_field_comes_before_whoever_answers_most() -> None:
    assert chosen(about(MESH), member(1, wifi=12), member(2, mesh=5)) == [2, 1]


def test_a_rare_field_says_more_than_a_common_one() -> None:
    everybody = [member(number, wifi=4) for number in range(10, 20)]
    assert chosen(about(MESH, WIFI), member(1, wifi=6), member(2, mesh=5), *everybody)[0] == 2


def test_five_are_chosen_the_likeliest_first() -> None:
    members = [member(number, mesh=float(number)) for number in range(1, 9)]
    assert chosen(about(MESH), *members) == [8, 7, 6, 5, 4]


def test_of_two_alike_the_earlier_account_is_first() -> None:
    assert chosen(about(MESH), member(7, mesh=2), member(3, mesh=2)) == [3, 7]


def test_whoever_is_not_available_is_not_chosen() -> None:
    assert chosen(about(MESH), member(1, mesh=9, availability=0.0), member(2, mesh=1)) == [2]


def test_availability_may_outweigh_expertise() -> None:
    assert chosen(about(MESH), member(1, mesh=3, availability=0.2), member(2, mesh=2)) == [2, 1]


def test_nobody_is_chosen_who_has_shown_nothing() -> None:
    assert chosen(about(MESH), Candidate(1, {}, 0)) == []


def test_a_question_in_chinese_is_for_those_who_answer_in_chinese() -> None:
    def speaks(number: int, *languages: Field, mesh: float) -> Candidate:
        one = member(number, mesh=mesh)
        return Candidate(number, {**one.profile, **{spoken: mesh / len(languages) for spoken in languages}}, OLD)

    members = speaks(1, ENGLISH, mesh=9), speaks(2, CHINESE, mesh=2), speaks(3, ENGLISH, CHINESE, mesh=3)
    assert chosen(about(MESH, CHINESE), *members) == [3, 2]
    assert chosen(about(MESH), *members) == [1, 3, 2]  # nobody knows its language
    assert chosen(about(MESH, CHINESE), *members, member(4, mesh=1)) == [3, 2, 4]  # nor theirs


def test_one_place_of_five_is_a_newcomers() -> None:
    experts = [member(number, mesh=10.0) for number in range(1, 9)]
    newcomer = member(20, answers=1, mesh=0.5)
    choices = choose(about(MESH), [*experts, newcomer], _rarity(*experts, newcomer))
    assert len(choices) == PLACES
    assert [one.account_id for one in choices if one.explored] == [20]


def test_a_newcomer_who_is_the_best_is_there_once() -> None:
    newcomer, experts = member(20, answers=1, mesh=50), [member(number, mesh=1.0) for number in range(1, 9)]
    numbers = chosen(about(MESH), newcomer, *experts)
    assert len(numbers) == len(set(numbers)) == PLACES
    assert 20 in numbers


def test_where_there_is_no_newcomer_nobody_is_missing() -> None:
    assert len(chosen(about(MESH), *(member(number, mesh=1.0) for number in range(1, 9)))) == PLACES


def test_the_same_thread_asks_the_same_people_in_whatever_order_they_are_found() -> None:
    members = [member(number, answers=number % 7, mesh=1.0 + number % 3) for number in range(1, 60)]
    assert chosen(about(MESH), *members) == chosen(about(MESH), *members[::-1])


def test_over_many_threads_every_newcomer_has_a_turn_and_the_better_match_more_often() -> None:
    experts = [member(number, mesh=20.0) for number in range(1, 6)]
    newcomers = [member(20 + number, answers=2, mesh=weight) for number, weight in enumerate((0.5, 1.0, 2.0))]
    turns: Counter[int] = Counter()
    for thread_id in range(700):
        choices = choose(about(MESH, thread_id=thread_id), [*experts, *newcomers], _rarity(*experts, *newcomers))
        turns.update(one.account_id for one in choices if one.explored)
    assert turns.total() == 700 * FOR_NEWCOMERS
    assert [turns[number] for number in (20, 21, 22)] == sorted(turns.values())
    assert all(abs(turns[20 + number] - share) < 45 for number, share in enumerate((100, 200, 400)))


def test_a_choice_says_which_fields_spoke_for_it() -> None:
    one = Candidate(1, {ANYWHERE: 5, MESH: 3, WIFI: 1, BOARD: 5, BILLING: 9}, OLD)
    (choice,) = rank(about(MESH, WIFI, BOARD), [one], rarities([one.profile, {ANYWHERE: 90, WIFI: 60, BOARD: 90}]))
    assert choice.fields[0] == MESH
    assert BILLING not in choice.fields
