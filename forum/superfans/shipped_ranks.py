"""The ranks that a new community begins with. An admin may change or retire every one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forum.people.permissions import RIGHTS


@dataclass(frozen=True)
class ShippedRank:
    name: str
    titles: Mapping[str, str]
    icon: str
    colour: str
    formula: str
    rights: Sequence[str] = ()
    grace_days: int = 14


def words(english: str, hans: str, hant: str) -> Mapping[str, str]:
    return {"en": english, "zh_Hans": hans, "zh_Hant": hant}


# From the lowest to the highest. Rights begin where it is certain that somebody helps: many solutions, lately too, few taken back.
RANKS: Sequence[ShippedRank] = (
    ShippedRank(
        "new-member", words("New member", "新成员", "新成員"), "seedling", "slate",
        "questions + answers + comments >= 1",
    ),
    ShippedRank(
        "contributor", words("Contributor", "参与者", "參與者"), "message-circle", "bronze",
        "answers >= 3 && kudos_received + solutions >= 1",
    ),
    ShippedRank(
        "helper", words("Helper", "热心人", "熱心人"), "heart", "olive",
        "solutions >= 3 && days_member >= 7",
    ),
    ShippedRank(
        "guide", words("Guide", "向导", "嚮導"), "compass", "teal",
        "solutions >= 10 && solutions_365d >= 3 && people_helped >= 5",
    ),
    ShippedRank(
        "expert", words("Expert", "专家", "專家"), "award", "sky",
        "solutions >= 25 && solutions_365d >= 5 && people_helped >= 15 && reversals_365d * 5 <= solutions_365d",
        grace_days=30,
    ),
    ShippedRank(
        "champion", words("Champion", "达人", "達人"), "star", "violet",
        "solutions >= 50 && solutions_90d >= 5 && people_helped >= 25 && kudos_received >= 25 && "
        "days_member >= 60 && reversals_90d * 5 <= solutions_90d",
        RIGHTS, grace_days=30,
    ),
    ShippedRank(
        "legend", words("Legend", "传奇", "傳奇"), "crown", "amber",
        "solutions >= 250 && solutions_90d >= 10 && people_helped >= 150 && kudos_received >= 150 && "
        "days_member >= 365 && reversals_90d * 5 <= solutions_90d",
        RIGHTS, grace_days=60,
    ),
)  # fmt: skip
