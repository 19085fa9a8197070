"""A text's language by its script."""

from __future__ import annotations

import pytest

from forum.kernel.scripts import written_in


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("My wifi drops", None),
        ("Le réseau tombe", None),
        ("固件 4.2 后无线断断续续", "zh-Hans"),
        ("副路由器搬到二樓以後一直是橙色燈", "zh-Hant"),
        ("R6 路由器", "zh-Hans"),
        ("ルーターの電源が入りません", "ja"),
        ("공유기가 자꾸 끊겨요", "ko"),
        ("The manual says 路由 somewhere on the second page of it", None),
        ("4.2.1 !!", None),
        ("", None),
    ],
)
def test_script_tells_the_language_where_it_can(text: str, language: str | None) -> None:
    assert written_in(text) == language
