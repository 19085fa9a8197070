"""Passwords: what is kept, what is refused, and how long a wrong name takes."""

from __future__ import annotations

import time
from statistics import median

import pytest
from argon2 import PasswordHasher, extract_parameters

from forum.kernel.errors import Invalid
from forum.people.passwords import check_new_password, hash_password, is_outdated, is_password
from tests.cast import PASSWORD, hash_of_password


def test_a_hash_is_argon2id_with_19_mib_two_passes_and_one_lane() -> None:
    kept = extract_parameters(hash_of_password())
    assert (kept.type.name, kept.memory_cost, kept.time_cost, kept.parallelism) == ("ID", 19456, 2, 1)
    assert len(hash_of_password()) <= 200


def test_the_password_and_nothing_else_opens_its_hash() -> None:
    assert is_password(hash_of_password(), PASSWORD)
    for wrong in ("", PASSWORD.upper(), PASSWORD + " ", "x" * 100_000, "\ud800"):
        assert not is_password(hash_of_password(), wrong)
    assert not is_password("not a hash", PASSWORD)
    assert not is_password(None, PASSWORD)


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


def test_the_same_characters_typed_otherwise_are_the_same_password() -> None:
    assert is_password(hash_password("cafe\u0301 zebra"), "caf\u00e9 zebra")


def test_a_hash_made_with_weaker_parameters_is_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    assert is_password(weak, PASSWORD)
    assert is_outdated(weak)
    assert not is_outdated(hash_of_password())


def test_a_name_that_nobody_has_takes_as_long_as_a_wrong_password() -> None:
    is_password(None, "warms the hash of nobody")

    def took(password_hash: str | None) -> float:
        begun = time.process_time()
        is_password(password_hash, "a wrong password")
        return time.process_time() - begun

    known, unknown = (median(took(one) for _ in range(7)) for one in (hash_of_password(), None))
    assert 0.5 < unknown / known < 2


@pytest.mark.parametrize("password", ["short", "x" * 201, "aaaaaaaaaa", "abababababab", "Mallory-1"])
def test_a_password_that_is_easy_to_guess_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_new_password(password, unlike=("mallory-1",))
    assert list(refused.value.fields) == ["password"]


@pytest.mark.parametrize("password", [PASSWORD, "路由器很安静很安静", "x1y2z3a4"])
def test_a_good_password_is_taken(password: str) -> None:
    check_new_password(password, unlike=("mallory",))
