"""The report on paper: A4, the page's figures in the page's order, in the reader's language.

The same edition makes the same bytes, so that a file can be compared with the one that was sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from threading import Lock

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from forum.exports import assumption_tables as beside
from forum.exports.edition import Edition
from forum.exports.faces import REPLACEMENT, faces_for
from forum.exports.findings import gap_words, headline, known_facts, previous_words, scope_words
from forum.exports.month_chart import MonthChart, Point
from forum.exports.pdf_parts import BODY, FIGURE, HEADING, LABEL, SMALL, TITLE, WIDTH, Setting, numbered
from forum.exports.sensitivity_table import sensitivity_table
from forum.exports.tables import Table, figure_tables, grade_table
from forum.kernel.messages import Message
from forum.ledger.period import Period

MEDIA_TYPE = "application/pdf"
FRAME = 6  # points that reportlab leaves inside of a page's margins
SHORT = 16  # rows of a table that is kept on one page
KEY_OF_CHART = Message("Line: the low bound. Dashed: most likely. Band: the 95-percent range of each month.")
_ONE_AT_A_TIME = Lock()  # reportlab keeps its fonts for the whole process


def pdf_of(edition: Edition, font: Path | None = None) -> bytes:
    """`font` is the operator's own for Chinese, Japanese and Korean."""
    with _ONE_AT_A_TIME:
        setting = Setting(edition, faces_for(edition.language, font))
        title = edition(Message("Call deflection, %(span)s", {"span": edition.span()}))
        story = [*_head(setting, title), *_body(setting)]
        if setting.faces.missing:
            story.append(setting.text(_missing(setting), SMALL))
        return _bound(setting, title, story)


def _bound(setting: Setting, title: str, story: list[Flowable]) -> bytes:
    file, edition = BytesIO(), setting.edition
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=15 * mm - FRAME,
        rightMargin=15 * mm - FRAME,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=title,
        author=edition.site,
        lang=edition.language.replace("_", "-"),
        invariant=1,
    )
    document.build(story, canvasmaker=numbered(setting, f"{edition.site} · {title}"))
    return file.getvalue()


def _head(setting: Setting, title: str) -> Sequence[Flowable]:
    edition = setting.edition
    made = Message("Made for %(name)s on %(moment)s", {"name": edition.made_by, "moment": edition.moment(edition.made_at)})  # fmt: skip
    lines = [setting.text(edition.site, LABEL), setting.text(title, TITLE), setting.text(scope_words(edition), BODY)]
    lines.append(setting.text(made, SMALL))
    for month in edition.report.closed:
        if month in edition.hashes:
            words = {"month": edition.month(month), "hash": edition.hashes[month]}
            lines.append(setting.text(Message("%(month)s is closed; SHA-256 of its rows: %(hash)s", words), SMALL))
    before = setting.text(previous_words(edition), SMALL)
    return [*lines, Spacer(0, 4 * mm), _cards(setting), Spacer(0, 2 * mm), before]


def _cards(setting: Setting) -> Flowable:
    cards = headline(setting.edition)
    columns = [
        [setting.text(card.label, LABEL), Spacer(0, 1.5 * mm), setting.text(card.figure, FIGURE), Spacer(0, 2 * mm), setting.text(card.below, SMALL)]
        for card in cards
    ]  # fmt: skip
    return Grid([columns], hAlign="LEFT", colWidths=[180 * mm / len(cards)] * len(cards), style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 10)])  # fmt: skip


def _body(setting: Setting) -> Sequence[Flowable]:
    edition = setting.edition
    by_month, *others = figure_tables(edition)
    story = [*_section(setting, by_month, _chart(setting), setting.text(KEY_OF_CHART, SMALL))]
    for table in others:
        story += _section(setting, table)
        if table.key == "by-kind" and edition.report.kinds.direct:
            story += _section(setting, grade_table(edition))
    for table in (
        sensitivity_table(edition),
        *beside.assumption_tables(edition),
        beside.threads_table(edition),
        beside.responses_table(edition),
        beside.beside_table(edition),
        beside.lapses_table(edition),
    ):
        if table.rows or table.key == "rates":
            story += _section(setting, table)
    story += _sentences(setting, Message("What this report does not know"), gap_words(edition))
    story += _sentences(setting, Message("Assumptions in force"), known_facts(edition))
    return story


def _sentences(setting: Setting, title: Message, sentences: Sequence[Message]) -> Sequence[Flowable]:
    if not sentences:
        return []
    return [CondPageBreak(30 * mm), setting.text(title, HEADING), *(setting.text(words, BODY) for words in sentences)]


def _section(setting: Setting, table: Table, *before: Flowable) -> Sequence[Flowable]:
    """A heading never stands alone at a page's end, and a short table is never cut."""
    parts = [setting.text(table.title, HEADING), *before, *setting.table(table)]
    if len(table.rows) <= SHORT:
        return [KeepTogether(parts)]
    return [CondPageBreak(30 * mm + sum(flowable.wrap(WIDTH, 0)[1] for flowable in before)), *parts]


def _chart(setting: Setting) -> Flowable:
    edition = setting.edition
    lines = [(Period.named(line.key), line.figure) for line in edition.report.by_month]
    return MonthChart(
        setting,
        [Point(edition.short_month(month), one.low, float(one.likely), one.high) for month, one in lines if month],
    )


def _missing(setting: Setting) -> Message:
    return Message(
        "%(count)s characters are in no font at hand and stand as %(sign)s.",
        {"count": setting.edition.count(len(setting.faces.missing)), "sign": REPLACEMENT},
    )
