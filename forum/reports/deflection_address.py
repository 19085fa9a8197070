"""A report's filters as they stand in its address. Pages, exports and mailed views read them here, so one address means one report."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl, urlencode

from forum.ledger.claim import Kind
from forum.ledger.cost import Channel
from forum.ledger.period import Period
from forum.reports.deflection_scope import LONGEST, MONTHS, SAVED, UNNAMED, Scope

SPANS = ("this-month", "last-month", "12")  # months that move on with time; without one it is the latest six
EVERYTHING = "everything"  # as a kind: staff's own answers, too
GRADES = ("checked", "stated", "surveyed", "assisted")
NAMES = (
    "span",
    "month",
    "from",
    "to",
    "kind",
    "grade",
    "board",
    "network",
    "channel",
    "language",
    "thread",
    "claim",
    "late",
)
LONGEST_NAME = 100


def read_address(given: Mapping[str, str], today: Period) -> Scope:
    """What makes no sense is left out, so every address answers. `month` is short for the same `from` and `to`."""
    first, last = _months(given, today)
    kind = given.get("kind")
    return Scope(
        first=first,
        last=last,
        kind=None if kind == EVERYTHING else _one_of(kind, Kind) or SAVED,
        grade=_one_of(given.get("grade"), GRADES),
        board=_name(given.get("board")),
        network=_name(given.get("network")),
        channel=_one_of(given.get("channel"), [*Channel, UNNAMED]),
        language=_name(given.get("language")),
        thread=_number(given.get("thread")),
        claim=_number(given.get("claim")),
        late=given.get("late") == "yes",
    )


def address_of(scope: Scope) -> dict[str, str]:
    """The address that `read_address` reads `scope` from on any day; its months are named."""
    found: dict[str, str | None] = {
        "from": scope.first.name,
        "to": scope.last.name,
        "kind": EVERYTHING if scope.kind is None else None if scope.kind == SAVED else scope.kind,
        "grade": scope.grade,
        "board": scope.board,
        "network": scope.network,
        "channel": scope.channel,
        "language": scope.language,
        "thread": str(scope.thread) if scope.thread is not None else None,
        "claim": str(scope.claim) if scope.claim is not None else None,
        "late": "yes" if scope.late else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def pairs_of(query: str) -> dict[str, str]:
    """The filters in an address's query, such as a saved view's; what is no filter is left out."""
    return {name: value for name, value in parse_qsl(query.removeprefix("?")) if name in NAMES and value}


def kept(query: str) -> str:
    """`query` with its filters alone, as a saved view keeps it."""
    return urlencode(pairs_of(query))


def _months(given: Mapping[str, str], today: Period) -> tuple[Period, Period]:
    if (month := Period.named(given.get("month", ""))) is not None:
        return month, month
    first, last = Period.named(given.get("from", "")), Period.named(given.get("to", ""))
    if first is None and last is None:
        return _span(given.get("span"), today)
    last = last or max(today, first or today)
    first = first or last.moved(1 - MONTHS)
    first, last = min(first, last), max(first, last)
    return max(first, last.moved(1 - LONGEST)), last


def _span(name: str | None, today: Period) -> tuple[Period, Period]:
    if name == "this-month":
        return today, today
    if name == "last-month":
        return today.moved(-1), today.moved(-1)
    return today.moved(-11 if name == "12" else 1 - MONTHS), today


def _one_of(value: str | None, known: Collection[str] | type[Kind]) -> str | None:
    return value if value is not None and value in list(known) else None


def _name(value: str | None) -> str | None:
    return value if value and len(value) <= LONGEST_NAME and "\0" not in value else None


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 18 else None
