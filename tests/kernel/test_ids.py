"""The words that stand in an address."""

from __future__ import annotations

import pytest

from forum.kernel.ids import numbered


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ((), "mesh"),
        (("meshes", "mesh-2"), "mesh"),
        (("mesh",), "mesh-2"),
        (("mesh", "mesh-2", "mesh-4"), "mesh-3"),
    ],
)
def test_a_name_that_is_taken_gets_the_first_number_that_is_free(taken: tuple[str, ...], free: str) -> None:
    assert numbered("mesh", taken) == free
