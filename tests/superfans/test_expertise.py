"""What answers say of who knows what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from forum.superfans.expertise import (
    ANYWHERE,
    HALF_LIFE,
    MOST_FIELDS,
    Evidence,
    Field,
    FieldKind,
    faded,
    lowered,
    profile,
    rarity,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MESH, WIFI = Field(FieldKind.TAG, "mesh"), Field(FieldKind.TAG, "wifi")


def answered(*fields: Field, days: float = 0, solved: bool = False, thanks: float = 0) -> Evidence:
    return Evidence(NOW - timedelta(days=days), solved, thanks, frozenset(fields))


def test_a_solution_weighs_more_than_a_thanked_answer_and_that_more_than_any_answer() -> None:
    plain, thanked, solved = answered(), answered(thanks=1), answered(solved=True)
    assert plain.weight < thanked.weight < solved.weight
    assert answered(solved=True, thanks=3).weight > solved.weight


def test_the_tenth_thanks_adds_less_than_the_first() -> None:
    added = [answered(thanks=count).weight - answered(thanks=count - 1).weight for count in (1, 10)]
    assert added[0] > added[1] > 0


def test_weight_fades_by_half_in_a_half_life_and_never_grows() -> None:
    assert faded(8.0, NOW - HALF_LIFE, NOW) == pytest.approx(4.0)
    assert faded(8.0, NOW - 3 * HALF_LIFE, NOW) == pytest.approx(1.0)
    assert faded(8.0, NOW + timedelta(days=1), NOW) == 8.0


def test_a_profile_sums_what_is_left_of_each_answer_in_each_of_its_fields() -> None:
    known = profile([answered(MESH, WIFI), answered(MESH, days=90)], NOW)
    assert known == {MESH: pytest.approx(1.5), WIFI: pytest.approx(1.0), ANYWHERE: pytest.approx(1.5)}


def test_a_profile_does_not_hang_on_the_order_of_the_answers() -> None:
    answers = [answered(MESH, days=3), answered(WIFI, days=70, solved=True), answered(MESH, WIFI, days=11, thanks=4)]
    forth, back = profile(answers, NOW), profile(answers[::-1], NOW)
    assert forth.keys() == back.keys()
    assert all(forth[field] == pytest.approx(back[field]) for field in forth)


def test_what_is_long_past_is_forgotten() -> None:
    assert profile([answered(MESH, days=2 * 365)], NOW) == {}


def test_a_profile_keeps_the_heaviest_fields_and_tags_before_terms() -> None:
    terms = [Field(FieldKind.TERM, f"word{number:04}") for number in range(2 * MOST_FIELDS)]
    known = profile([answered(*terms, MESH), answered(terms[-1])], NOW)
    assert len(known) == MOST_FIELDS
    assert {ANYWHERE, MESH, terms[-1]} <= known.keys()


def test_a_field_in_which_few_answer_tells_more() -> None:
    assert rarity(10.0, 1.0) > rarity(10.0, 10.0) > 0


@pytest.mark.parametrize("numbers", [(10.0, 2.0), (0.01, 0.002)])
def test_a_season_of_silence_changes_no_rarity(numbers: Sequence[float]) -> None:
    assert rarity(*numbers) == pytest.approx(rarity(5.0, 1.0))


def test_nothing_known_is_no_error() -> None:
    assert profile([], NOW) == {}
    assert rarity(0.0, 0.0) == 0.0


def test_each_not_my_thing_halves_its_field_and_no_other() -> None:
    board = Field(FieldKind.BOARD, "1")
    known = {ANYWHERE: 8.0, MESH: 8.0, WIFI: 8.0, board: 8.0}
    assert lowered(known, [MESH, MESH, board]) == {ANYWHERE: 8.0, MESH: 2.0, WIFI: 8.0, board: 8.0}
    assert known[MESH] == 8.0


def test_a_field_is_read_back_from_its_name() -> None:
    assert [Field.named(str(one)) for one in (MESH, ANYWHERE, Field(FieldKind.TERM, "a:b"))] == [
        MESH,
        ANYWHERE,
        Field(FieldKind.TERM, "a:b"),
    ]
    assert Field.named("newcomer") is None
