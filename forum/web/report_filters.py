"""The report's filters on its pages: what the address chooses, what can be chosen, and addresses of pages with the same choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from babel.dates import format_skeleton
from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from forum.ledger.claim import Kind
from forum.ledger.cost import Channel
from forum.ledger.entry import HERE
from forum.ledger.period import Period, periods
from forum.reports.deflection_address import GRADES, address_of, pairs_of, read_address
from forum.reports.deflection_scope import SAVED, UNKNOWN, UNNAMED, Dimension, Scope
from forum.reports.deflection_shape import DeflectionReport
from forum.threads.board import Board
from forum.web.context import now, parts, session

REPORT = "/reports/deflection"
SPANS = ("", "this-month", "last-month", "12")


@dataclass(frozen=True)
class Choices:
    """What the filter bar offers: pairs of value and word."""

    months: Sequence[tuple[str, str]]
    boards: Sequence[tuple[str, str]]
    networks: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, str]]
    kinds: Sequence[tuple[str, str]]
    grades: Sequence[tuple[str, str]]
    channels: Sequence[tuple[str, str]]


def today() -> Period:
    """This month in the company's time zone."""
    return Period.of(now().astimezone(parts().settings.time_zone).date())


def chosen_scope() -> Scope:
    return read_address(request.args, today())


def chosen_filters() -> dict[str, str]:
    """The filters of this page's address, as they stand there."""
    return pairs_of(request.query_string.decode(errors="replace"))


def address(path: str, filters: Mapping[str, str], **changed: str | None) -> str:
    """`path` with `filters`, some of them changed; None takes one away."""
    found = {name: value for name, value in {**filters, **changed}.items() if value}
    return f"{path}?{urlencode(found)}" if found else path


def rows_address(scope: Scope, dimension: str | None = None, key: str = "", **changed: str | None) -> str:
    """Where the rows behind a figure of `scope` stand; behind one line of a table, if its dimension and key are given."""
    narrowed = scope if dimension is None else scope.at(Dimension(dimension), key)
    return address(f"{REPORT}/entries", address_of(narrowed), **changed)


def month_word(period: Period) -> str:
    return str(format_skeleton("yMMMM", period.first, locale=get_locale() or "en"))


def span_word(scope: Scope) -> str:
    if scope.first == scope.last:
        return month_word(scope.first)
    return str(_("%(first)s to %(last)s", first=month_word(scope.first), last=month_word(scope.last)))


def key_word(dimension: str, key: str) -> str:
    """A table's words for the keys that have no name of their own."""
    if dimension == Dimension.MONTH and (month := Period.named(key)) is not None:
        return month_word(month)
    if dimension == Dimension.LANGUAGE:
        return language_word(key)
    known = {
        Dimension.KIND: {"direct": _("Direct"), "social": _("Social"), "indirect": _("Indirect"), "assisted": _("Assisted"), SAVED: _("All that count")},
        Dimension.GRADE: {"checked": _("Checked against contact data"), "stated": _("Stated by the asker"), "surveyed": _("Surveyed"), "assisted": _("Assisted")},
        Dimension.CHANNEL: channel_words(),
        Dimension.NETWORK: {"here": _("Asked in the forum")},
    }  # fmt: skip
    return str(known.get(Dimension(dimension), {}).get(key, key))


def channel_words() -> dict[str, str]:
    return {
        Channel.PHONE: _("Phone"),
        Channel.CHAT: _("Chat"),
        Channel.EMAIL: _("E-mail"),
        Channel.STORE: _("Store"),
        Channel.NETWORK: _("Agent's reply on a network"),
        UNNAMED: _("No channel named"),
    }


def language_word(tag: str) -> str:
    """The language's name in the reader's own language; the tag itself where Babel has none."""
    if tag == UNKNOWN:
        return str(_("Language not known"))
    reader = get_locale()
    name = (
        reader.languages.get(tag.replace("-", "_")) or reader.languages.get(tag.partition("-")[0]) if reader else None
    )
    return str(name[:1].upper() + name[1:]) if name else tag


def choices(report: DeflectionReport, networks: Sequence[tuple[str, str]]) -> Choices:
    """What there is to choose from, the present choice always among it."""
    scope = report.scope
    newest = max(report.open_period, scope.last)
    oldest = min(report.oldest or scope.first, scope.first)
    languages = {line.key for line in report.by_language} | ({scope.language} if scope.language else set())
    boards = session().execute(select(Board.slug, Board.name).order_by(Board.position, Board.id))
    return Choices(
        months=[(month.name, month_word(month)) for month in reversed(list(periods(oldest, newest)))],
        boards=[("", _("All boards")), *((slug, name) for slug, name in boards)],
        networks=[("", _("All networks")), (HERE, key_word(Dimension.NETWORK, HERE)), *networks],
        languages=[("", _("All languages")), *((tag, language_word(tag)) for tag in sorted(languages))],
        kinds=[(key, key_word(Dimension.KIND, key)) for key in (SAVED, *Kind)],
        grades=[("", _("All evidence")), *((key, key_word(Dimension.GRADE, key)) for key in GRADES)],
        channels=[("", _("All channels")), *channel_words().items()],
    )


def names_of(networks: Sequence[tuple[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """The names of boards and of `networks`, for `filters_said`."""
    boards = session().execute(select(Board.slug, Board.name)).all()
    return {Dimension.BOARD: {row.slug: row.name for row in boards}, Dimension.NETWORK: dict(networks)}


def filters_said(filters: Mapping[str, str], names: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Filters in words, in the order of the filter bar; months that move on are named as such.

    `names` are those of boards and networks, by what they are and their key.
    """
    scope = read_address(filters, today())
    spans = {
        "": _("Latest six months"),
        "this-month": _("This month"),
        "last-month": _("Last month"),
        "12": _("Latest twelve months"),
    }
    named = "month" in filters or "from" in filters or "to" in filters
    said = [span_word(scope) if named else spans.get(filters.get("span", ""), spans[""])]
    for dimension in (
        Dimension.KIND,
        Dimension.GRADE,
        Dimension.BOARD,
        Dimension.NETWORK,
        Dimension.CHANNEL,
        Dimension.LANGUAGE,
    ):
        if key := filters.get(dimension):
            said.append((names or {}).get(dimension, {}).get(key) or key_word(dimension, key))
    return " · ".join(said)
