"""What would change the figure most, as a table: the report counted again with one thing changed at a time."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from forum.exports.edition import Edition
from forum.exports.naming import CHANNELS, rate_subject
from forum.exports.tables import KEY, Cell, Column, Form, Table, shows_money
from forum.kernel.messages import Message
from forum.ledger.scenario import Figures
from forum.ledger.sensitivity import Change, Swing


def sensitivity_table(edition: Edition) -> Table:
    """The figure counted again with one thing changed at a time, at both ends of the change."""
    report, money = edition.report, shows_money(edition)
    columns: tuple[Column, ...] = (
        KEY,
        Column("assumption", Message("If"), Form.TEXT),
        Column("contacts_less", Message("Contacts, less"), Form.LIKELY),
        Column("contacts_more", Message("Contacts, more"), Form.LIKELY),
    )
    if money:
        columns += (
            Column("money_less", Message("Saved, less"), Form.MONEY),
            Column("money_more", Message("Saved, more"), Form.MONEY),
        )
    silent, total = report.if_silent_meant_no, report.total
    rows: list[Sequence[Cell]] = [
        ("silent-meant-no", Message("everybody who was asked and said nothing meant no"), silent.likely, total.likely, silent.money, total.money)
    ]  # fmt: skip
    for swing in report.sensitivity:
        ends = [_end(swing.change, figures) for figures in (swing.less, swing.more)]
        (less, less_money), (more, more_money) = ends
        key = f"{swing.change}:{swing.subject}" if swing.subject else str(swing.change)
        rows.append((key, _change(edition, swing), less, more, less_money, more_money))
    shown = [row[: len(columns)] for row in rows]
    return Table("sensitivity", Message("What would change it most"), columns, shown)


def _end(change: Change, figures: Figures) -> tuple[Decimal, Decimal | None]:
    """More answers move the low bound and nothing else, so it stands there instead."""
    if change != Change.ANSWERS:
        return figures.contacts, figures.money
    low = figures.money_range
    return _decimal(figures.contacts_range.low), _decimal(low.low) if low else None


def _decimal(end: float) -> Decimal:
    return Decimal(f"{end:.2f}")


def _change(edition: Edition, swing: Swing) -> Message:
    subject: Message | str = CHANNELS.get(swing.subject, swing.subject)
    rate = rate_subject(swing.subject, edition)
    said = {
        Change.RATE: Message("%(rate)s lay at either end of its range", {"rate": rate}),
        Change.SILENT_READERS: Message("every reader who was asked and said nothing meant no"),
        Change.SILENT_ASKERS: Message("every asker who said nothing meant no"),
        Change.STRICT: Message("only those direct claims counted that contact data could check"),
        Change.COST: Message("a contact cost a tenth less or more: %(channel)s", {"channel": subject}),
        Change.ANSWERS: Message("half or twice as many readers had answered (the low bound)"),
    }
    return said[swing.change]
