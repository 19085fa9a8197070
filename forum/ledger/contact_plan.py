"""How one source's files are read: which column means what, how times are written, which words are which channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

LEFT_OUT = "leave_out"  # a channel word whose rows are no contacts, such as a chatbot's


class Meaning(StrEnum):
    """What a column can mean."""

    ID = "id"  # the other system's own number of the contact
    HAPPENED_AT = "happened_at"
    TIME = "time"  # the time of day, where it stands apart from the day
    CHANNEL = "channel"
    CUSTOMER = "customer"
    EMAIL = "email"


@dataclass(frozen=True)
class Plan:
    """`columns` says where each meaning stands, counted from 0. `channels` maps words, normalised, to our channels.

    `names` are the head's own words: a later file of the source whose head differs is not read by this plan.
    """

    encoding: str = "utf-8-sig"
    separator: str = ","
    has_head: bool = True
    columns: Mapping[str, int] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    order: str = ""  # of dates; "": has to be chosen
    zone: str = "UTC"
    channel: str = ""  # of every row, where no column says
    channels: Mapping[str, str] = field(default_factory=dict)
    complete_days: bool = False  # a dropped file knows every contact from its first to its last day

    @classmethod
    def kept(cls, mapping: Mapping[str, Any]) -> Plan:
        """From what stands in the database; what it does not know is left at its default."""
        known = {name: mapping[name] for name in cls.__dataclass_fields__ if name in mapping}
        plan = cls(**known)
        return replace(plan, names=tuple(plan.names))

    def as_kept(self) -> dict[str, Any]:
        return {**asdict(self), "names": list(self.names)}

    def column_name(self, meaning: Meaning) -> str:
        """As the head calls it; its number, as spreadsheets letter it, where there is no head."""
        place = self.columns.get(meaning)
        if place is None:
            return ""
        return self.names[place] if self.has_head and place < len(self.names) and self.names[place] else letter(place)


def letter(place: int) -> str:
    """A, B ... Z, AA: how spreadsheets name a column."""
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
