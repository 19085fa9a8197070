"""The parts of a printed report: text in any script, tables that break over pages, the chart of months, numbered pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, Paragraph, TableStyle

from forum.exports.edition import Edition
from forum.exports.faces import Faces
from forum.exports.tables import Cell, Column, Form, Table
from forum.kernel.messages import Message
from forum.ledger.period import Period

INK, QUIET, LINE, ACCENT = HexColor("#1b1f24"), HexColor("#59636e"), HexColor("#d1d9e0"), HexColor("#2f5aa8")
BAND = Color(0.184, 0.353, 0.659, alpha=0.16)
WIDTH = 180 * mm  # of A4 between its margins
TEXTS = {Form.TEXT, Form.MONTH, Form.DAY}
NAME_AT_LEAST = 26 * mm
PADDING = 2.4 * mm  # left and right of a cell together
GAP = 3 * mm  # before a text that follows a number


@dataclass(frozen=True)
class Type:
    """One size of text."""

    size: float
    bold: bool = False
    colour: Color = INK
    after: float = 0
    before: float = 0


TITLE = Type(20, bold=True, after=4)
HEADING = Type(13, bold=True, before=14, after=5)
BODY = Type(9, after=3)
SMALL = Type(8, colour=QUIET, after=2)
LABEL = Type(8, colour=QUIET)
FIGURE = Type(19, bold=True)
CELL = Type(8)
HEAD = Type(7.5, bold=True, colour=QUIET)
SUM = Type(8, bold=True)


class Setting:
    """Sets an edition's words in the fonts at hand."""

    def __init__(self, edition: Edition, faces: Faces) -> None:
        self.edition = edition
        self.faces = faces

    def text(self, words: str | Message, kind: Type = BODY, *, right: bool = False) -> Paragraph:
        said = self.edition(words) if isinstance(words, Message) else words
        return Paragraph(self._marked(said, kind), self._style(said, kind, right=right))

    def draw(self, canvas: Canvas, x: float, y: float, words: str, kind: Type, *, align: str = "left") -> None:
        runs = self.faces.runs(words, bold=kind.bold)
        x -= {"left": 0.0, "middle": 0.5, "right": 1.0}[align] * self.width(words, kind)
        canvas.setFillColor(kind.colour)
        for run in runs:
            canvas.setFont(run.font, kind.size)
            canvas.drawString(x, y, run.text)
            x += stringWidth(run.text, run.font, kind.size)

    def width(self, words: str, kind: Type) -> float:
        runs = self.faces.runs(words, bold=kind.bold)
        return float(sum(stringWidth(run.text, run.font, kind.size) for run in runs))

    def table(self, table: Table) -> Sequence[Flowable]:
        """Its heads stand again on every page that it reaches."""
        shown = [column for column in table.columns if column.form != Form.KEY and column.key != "bounds_from"]
        cells = [[self._cells(table, row, column) for column in shown] for row in table.rows]
        if table.total:
            cells.append([self._cells(table, table.total, column) if found is not None else "" for column, found in _shown(table, shown)])  # fmt: skip
        heads = [self.edition(column.head) for column in shown]
        if not table.rows:
            return [self.text(Message("None."), SMALL)]
        last = len(table.rows) if table.total else None
        body = [
            [self.text(words, SUM if index == last else CELL, right=column.form not in TEXTS) for words, column in zip(row, shown, strict=True)]
            for index, row in enumerate(cells)
        ]  # fmt: skip
        first = [
            self.text(head, HEAD, right=column.form not in TEXTS) for head, column in zip(heads, shown, strict=True)
        ]
        made = LongTable([first, *body], colWidths=self._widths(shown, heads, cells), repeatRows=1, hAlign="LEFT")
        made.setStyle(_table_style(last, _after_numbers(shown)))
        return [made, *(self.text(note, SMALL) for note in table.notes)]

    def written(self, cell: Cell, form: Form) -> str:
        """A cell as people read it."""
        edition = self.edition
        if cell is None:
            return "–" if form not in TEXTS else ""
        if isinstance(cell, Message):
            return edition(cell)
        if isinstance(cell, Period):
            return edition.month(cell)
        if isinstance(cell, date):
            return edition.day(cell)
        if isinstance(cell, str):
            return cell
        writers: dict[Form, Any] = {
            Form.COUNT: edition.count, Form.LOW: edition.low, Form.LIKELY: edition.contacts, Form.HIGH: edition.high,
            Form.MONEY: edition.money, Form.SHARE: lambda share: edition.share(share, "#,##0.00##%"),
            Form.PRICE: lambda amount: edition.money(amount.normalize(), cents=abs(amount) == round(abs(amount), 2)),
        }  # fmt: skip
        return str(writers.get(form, edition.exact)(cell))

    def _cells(self, table: Table, row: Sequence[Cell], column: Column) -> str:
        """Where a line's bounds come from stands beside its name: a column of its own would find no room."""
        found = dict(zip((one.key for one in table.columns), row, strict=True))
        words = self.written(found[column.key], column.form)
        remark = found.get("bounds_from")
        is_name = column.form in TEXTS and isinstance(remark, Message)
        return f"{words} · {self.edition(remark)}" if is_name and isinstance(remark, Message) else words

    def _widths(self, columns: Sequence[Column], heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
        """Numbers get what they need, texts share the rest; a head may break into lines, a number may not."""
        natural = [max(self.width(words, SUM) for words in found) + PADDING for found in zip(*rows, strict=True)]
        heads_need = [max((self.width(word, HEAD) for word in head.split()), default=0) + PADDING for head in heads]
        texts = [index for index, column in enumerate(columns) if column.form in TEXTS]
        widths = [max(width, min(need, 22 * mm)) + 0.5 for width, need in zip(natural, heads_need, strict=True)]
        for index in _after_numbers(columns):
            widths[index] += GAP
        room = WIDTH - sum(width for index, width in enumerate(widths) if index not in texts)
        wanted = sum(widths[index] for index in texts)
        if texts and wanted > room:
            least = min(NAME_AT_LEAST, room / len(texts))
            small = [index for index in texts if widths[index] <= least]
            rest = room - sum(widths[index] for index in small)
            long = sum(widths[index] for index in texts if index not in small)
            for index in texts:
                if index not in small:
                    widths[index] *= rest / long
        elif len(columns) > 3 and sum(widths) < WIDTH:
            spare = (WIDTH - sum(widths)) / len(columns)
            widths = [width + spare for width in widths]
        return widths

    def _marked(self, words: str, kind: Type) -> str:
        runs = self.faces.runs(words, bold=kind.bold)
        return "".join(f'<font name="{run.font}">{escape(run.text)}</font>' for run in runs)

    def _style(self, words: str, kind: Type, *, right: bool) -> ParagraphStyle:
        """Chinese and Japanese break their lines between any two characters."""
        return ParagraphStyle(
            "text",
            fontName="Helvetica-Bold" if kind.bold else "Helvetica",
            fontSize=kind.size,
            leading=kind.size * 1.35,
            textColor=kind.colour,
            spaceAfter=kind.after,
            spaceBefore=kind.before,
            alignment=TA_RIGHT if right else TA_LEFT,
            wordWrap="CJK" if any(char >= "\u2e80" for char in words) else None,
        )


def _shown(table: Table, shown: Sequence[Column]) -> Sequence[tuple[Column, Cell]]:
    """The cells of the total's row in the columns that people see."""
    found = dict(zip((one.key for one in table.columns), table.total or (), strict=True))
    return [(column, found[column.key]) for column in shown]


def _after_numbers(columns: Sequence[Column]) -> Sequence[int]:
    return [
        index
        for index, (left, right) in enumerate(pairwise(columns), start=1)
        if left.form not in TEXTS and right.form in TEXTS
    ]


def _table_style(total: int | None, apart: Sequence[int]) -> TableStyle:
    rules: list[Any] = [
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING / 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING / 2),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    rules += [("LEFTPADDING", (index, 0), (index, -1), GAP + PADDING / 2) for index in apart]
    if total is not None:
        rules.append(("LINEABOVE", (0, total + 1), (-1, total + 1), 0.8, INK))
    return TableStyle(rules)


def numbered(setting: Setting, foot: str) -> type[Canvas]:
    """A canvas that knows how many pages there are before it writes their feet."""

    class NumberedCanvas(Canvas):  # type: ignore[misc]  # reportlab brings no types
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  reportlab's name
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._kept, start=1):
                self.__dict__.update(page)
                self._foot(number, len(self._kept))
                super().showPage()
            super().save()

        def _foot(self, number: int, of: int) -> None:
            words = setting.edition(Message("%(number)s of %(of)s", {"number": number, "of": of}))
            setting.draw(self, 15 * mm, 9 * mm, foot, LABEL)
            setting.draw(self, 195 * mm, 9 * mm, words, LABEL, align="right")

    return NumberedCanvas
