"""Times as other systems write them. What can be read in two ways is never guessed: a person chooses the order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

from forum.kernel.messages import Message


class DateOrder(StrEnum):
    YMD = "ymd"  # 2026-03-04, 2026/3/4, 2026年3月4日, 20260304
    DMY = "dmy"  # 04.03.2026
    MDY = "mdy"  # 03/04/2026
    EPOCH = "epoch"  # seconds or milliseconds since 1970


class UnreadableTime(Exception):
    """Carries the sentence that says why, without the cell's own words."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


END_OF_DAY = time(23, 59, 59)
_DATE = re.compile(r"(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?=$|[T\s])")
_TIME = re.compile(
    r"(?P<before>am|pm|上午|下午)?\s*(?P<hour>\d{1,2})(?:[:.时時点點h]\s*(?P<minute>\d{1,2}))"
    r"(?:[:.分]\s*(?P<second>\d{1,2})(?:[.,](?P<part>\d{1,9}))?)?[分秒]?\s*(?P<after>am|pm|a\.m\.|p\.m\.)?"
    r"\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.IGNORECASE,
)


def read_time(text: str, order: str, zone: ZoneInfo, clock: str | None = None) -> datetime:
    """In UTC. `clock` is the time of day where it stands in a column of its own. Raises UnreadableTime.

    A day without a time counts as its last second: a contact on the day of asking then speaks against the claim. An
    offset that the cell names itself is believed; otherwise `zone` says where the clock hung. Of an hour that the clocks
    went through twice the first is taken.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if order == DateOrder.EPOCH:
        return _since_1970(text)
    found = _DATE.match(text) or _COMPACT.match(text)
    if found is None:
        raise UnreadableTime(Message("This is no date in the order that was chosen."))
    day = _day(found.groups(), order)
    rest = text[found.end() :].lstrip("T, ").strip()
    if clock is not None:
        rest = f"{rest} {unicodedata.normalize('NFKC', clock).strip()}".strip()
    if not rest:
        return _at(datetime.combine(day, END_OF_DAY), zone)
    told = _TIME.fullmatch(rest)
    if told is None:
        raise UnreadableTime(Message("The time of day could not be read."))
    moment = datetime.combine(day, _clock(told))
    return _at(moment, _offset(told["zone"]) or zone)


def guess_order(texts: Iterable[str]) -> DateOrder | None:
    """None where every one of them can be read in two ways, or in none."""
    votes: set[DateOrder] = set()
    for raw in texts:
        text = unicodedata.normalize("NFKC", raw).strip()
        if re.fullmatch(r"\d{10}(\d{3})?(\.\d+)?", text):
            votes.add(DateOrder.EPOCH)
        elif _COMPACT.match(text):
            votes.add(DateOrder.YMD)
        elif found := _DATE.match(text):
            votes |= _orders(found.groups(), "." in text[: found.end()])
    return votes.pop() if len(votes) == 1 else None


def _orders(parts: tuple[str, ...], with_dots: bool) -> set[DateOrder]:
    """Those in which it can be meant; a day that is none in any order has no vote."""
    first, second = int(parts[0]), int(parts[1])
    if len(parts[0]) == 4:
        return {DateOrder.YMD}
    if max(first, second) > 31 or min(first, second) > 12:
        return set()
    if with_dots or first > 12:
        return {DateOrder.DMY}
    return {DateOrder.MDY} if second > 12 else set()


def _day(parts: tuple[str, ...], order: str) -> date:
    year, month, day = {"ymd": (0, 1, 2), "dmy": (2, 1, 0), "mdy": (2, 0, 1)}[order]
    if len(parts[year]) not in (2, 4):
        raise UnreadableTime(Message("This is no date in the order that was chosen."))
    try:
        written = int(parts[year])
        return date(written if len(parts[year]) == 4 else 2000 + written, int(parts[month]), int(parts[day]))
    except ValueError as error:
        raise UnreadableTime(Message("There is no such day.")) from error


def _clock(told: re.Match[str]) -> time:
    hour, half = int(told["hour"]), (told["before"] or told["after"] or "").replace(".", "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise UnreadableTime(Message("There is no such time of day."))
        hour = hour % 12 + (12 if half in ("pm", "下午") else 0)
    part = (told["part"] or "0")[:6].ljust(6, "0")
    try:
        return time(hour, int(told["minute"]), int(told["second"] or 0), int(part))
    except ValueError as error:
        raise UnreadableTime(Message("There is no such time of day.")) from error


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.lower() in ("z", "utc", "gmt"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if length > timedelta(hours=14):
        raise UnreadableTime(Message("There is no such time zone."))
    return timezone(length if text[0] == "+" else -length)


def _at(moment: datetime, zone: ZoneInfo | timezone) -> datetime:
    there = moment.replace(tzinfo=zone)
    if zone is UTC:
        return there
    try:
        utc = there.astimezone(UTC)
        gone = utc.astimezone(zone).replace(tzinfo=None) != moment
    except OverflowError as error:
        raise UnreadableTime(Message("There is no such day.")) from error
    if gone:
        raise UnreadableTime(
            Message("The clocks were put forward over this time, so it never was. Is the time zone right?")
        )
    return utc


def _since_1970(text: str) -> datetime:
    if not re.fullmatch(r"\d{9,13}(\.\d+)?", text, re.ASCII):
        raise UnreadableTime(Message("This is no number of seconds since 1970."))
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
