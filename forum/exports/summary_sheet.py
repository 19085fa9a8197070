"""The first sheet: the headline, what it was narrowed to, how it was counted, and sums that point at the other sheets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from forum.exports.edition import Edition
from forum.exports.findings import gap_words, known_facts, scope_words
from forum.exports.rows import ROWS_KEY
from forum.exports.sheets import Formats, Totals, number
from forum.exports.tables import BOUNDS, Form, shows_money
from forum.kernel.messages import Message

SUMS = (
    ("by-month", Message("Sum of the months")),
    ("by-kind", Message("Sum of the kinds")),
    ("by-board", Message("Sum of the boards")),
    ("by-network", Message("Sum of the networks")),
    ("by-channel", Message("Sum of the channels")),
    ("by-language", Message("Sum of the languages")),
    (ROWS_KEY, Message("Sum of the rows")),
)
MEASURES = (("quantity", "quantity", Form.COUNT), ("contacts_likely", "contacts", Form.LIKELY), ("money_likely", "money", Form.MONEY))  # fmt: skip


def write_summary(sheet: Worksheet, formats: Formats, edition: Edition, totals: Mapping[str, Totals]) -> None:
    """The headline's likely values are formulas; its bounds are not, since bounds do not add."""
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 4, 18)
    title = edition(Message("Call deflection, %(span)s", {"span": edition.span()}))
    sheet.write_string(0, 0, title, formats.title)
    sheet.write_string(1, 0, f"{edition.site} · {scope_words(edition)}", formats.note)
    made = Message("Made for %(name)s on %(moment)s", {"name": edition.made_by, "moment": edition.moment(edition.made_at)})  # fmt: skip
    sheet.write_string(2, 0, edition(made), formats.note)
    line = _headline(sheet, formats, edition, totals, 4)
    line = _sums(sheet, formats, edition, totals, line + 1)
    for words in (BOUNDS, *known_facts(edition), *gap_words(edition), *_hashes(edition)):
        sheet.write_string(line := line + 1, 0, edition(words), formats.note)


def _headline(sheet: Worksheet, formats: Formats, edition: Edition, totals: Mapping[str, Totals], line: int) -> int:
    heads = ("", Message("At least (low)"), Message("Most likely"), Message("High"))
    for place, head in enumerate(heads):
        sheet.write_string(line, place, edition(head) if isinstance(head, Message) else head, formats.head)
    total, months = edition.report.total, totals["by-month"]
    lines: list[tuple[Message, str, float | Decimal | None, Decimal | None, float | Decimal | None, Form]] = [
        (Message("Contacts saved"), "contacts_likely", total.low, total.likely, total.high, Form.LIKELY)
    ]
    if shows_money(edition):
        lines.append((Message("Money saved"), "money_likely", total.money_low, total.money, total.money_high, Form.MONEY))  # fmt: skip
    for name, key, low, likely, high, form in lines:
        line += 1
        sheet.write_string(line, 0, edition(name), formats.bold)
        for place, end in ((1, low), (3, high)):
            _write(sheet, line, place, end, formats.of(Form.LOW if form == Form.LIKELY else form))
        if likely is not None:
            sheet.write_formula(line, 2, months.reference(key), formats.of(form), number(likely))
    return line + 1


def _sums(sheet: Worksheet, formats: Formats, edition: Edition, totals: Mapping[str, Totals], line: int) -> int:
    """Each table's own sum, so that one look shows that they are the same."""
    measures = MEASURES if shows_money(edition) else MEASURES[:2]
    heads = (Message("The tables add up"), Message("Quantity"), Message("Contacts, likely"), Message("Saved, likely"))  # fmt: skip
    for place, head in enumerate(heads[: len(measures) + 1]):
        sheet.write_string(line, place, edition(head), formats.head)
    for key, name in SUMS:
        line += 1
        sheet.write_string(line, 0, edition(name))
        for place, (of_table, of_rows, form) in enumerate(measures, start=1):
            column = of_rows if key == ROWS_KEY else of_table
            found = totals[key]
            sheet.write_formula(line, place, found.reference(column), formats.of(form), number(found.values[column]))
    return line + 1


def _hashes(edition: Edition) -> list[Message]:
    return [
        Message("%(month)s is closed; SHA-256 of its rows: %(hash)s", {"month": edition.month(month), "hash": sha256})
        for month, sha256 in sorted(edition.hashes.items())
    ]


def _write(sheet: Worksheet, line: int, place: int, value: float | Decimal | None, look: Any) -> None:
    if value is not None:
        sheet.write_number(line, place, number(value), look)
