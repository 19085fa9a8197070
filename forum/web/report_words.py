"""How the report's pages write money, bounds, months and what is missing, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import ceil, floor

from babel import Locale, numbers
from flask_babel import format_currency, format_date, format_number, get_locale, ngettext
from flask_babel import gettext as _

from forum.ledger.claim import Kind
from forum.ledger.period import Period
from forum.ledger.sensitivity import Change, Swing
from forum.reports.deflection_shape import Gap
from forum.web.context import parts
from forum.web.report_filters import channel_words, key_word, month_word
from forum.web.wording import listed


def money(amount: Decimal) -> str:
    """In the site's currency. A true minus, so that no line breaks behind it."""
    return str(format_currency(amount, parts().settings.currency)).replace("-", "\N{MINUS SIGN}")


def whole_money(amount: Decimal) -> str:
    """A low bound of money for a headline, rounded down to whole units: its cents would promise more than draws can."""
    return _with_decimals(Decimal(floor(amount)), "")


def money_fine(amount: Decimal) -> str:
    """What one row is worth, often less than a cent: up to four decimals, and no fewer than the currency has."""
    least = numbers.get_currency_precision(parts().settings.currency)
    return _with_decimals(amount, "." + ("0" * least).ljust(4, "#"))


def _with_decimals(amount: Decimal, decimals: str) -> str:
    """In the reader's pattern for money, with other `decimals` (".00##")."""
    locale = get_locale() or Locale("en")
    pattern = re.sub(r"\.0+", decimals, locale.currency_formats["standard"].pattern.partition(";")[0])
    said = numbers.format_currency(amount, parts().settings.currency, pattern, locale=locale, currency_digits=False)
    return str(said).replace("-", "\N{MINUS SIGN}")


def at_least(bound: float) -> str:
    """A low bound in whole contacts, rounded down: never said too high."""
    return str(format_number(floor(bound)))


def at_most(bound: float) -> str:
    return str(format_number(ceil(bound)))


def words() -> dict[str, object]:
    """For the templates of the report."""
    return {
        "money": money,
        "money_fine": money_fine,
        "whole_money": whole_money,
        "at_least": at_least,
        "at_most": at_most,
        "month_word": month_word,
        "key_word": key_word,
        "table_of": lambda title: _("Table: %(title)s", title=title),  # a section and its table are told apart
        "currency": parts().settings.currency,
    }


def gap_words(gaps: Sequence[Gap], networks: Mapping[str, str]) -> Sequence[str]:
    """A sentence on each thing that the report does not know; the months without a programme cost share one."""
    said = [gap_word(gap, networks) for gap in gaps if gap.what != "no_programme_cost"]
    without = [month_word(gap.period) for gap in gaps if gap.what == "no_programme_cost" and gap.period]
    if without:
        named = listed(without)
        said.append(
            str(_("No programme cost is entered for %(months)s, so what is left after it is not known.", months=named))
        )
    return said


def gap_word(gap: Gap, networks: Mapping[str, str]) -> str:
    """One sentence on something that the report does not know, and what that does to its figures."""
    named: dict[str, object] = {
        "num": gap.count,
        "month": month_word(gap.period) if gap.period else "",
        "channel": channel_words().get(gap.channel or "", gap.channel or ""),
        "currency": gap.currency or "",
        "network": networks.get(gap.network or "", gap.network or ""),
        "week": format_date(gap.week, "medium") if gap.week else "",
    }
    if gap.what == "no_cost":
        return str(_no_cost(gap, named))
    if gap.what == "not_enough_answers":
        return str(_not_enough(gap, named))
    sentences = {
        "no_exchange_rate": _("No exchange rate is entered for %(currency)s: costs in it are not counted.", **named),
        "other_currency": _("%(month)s was closed in another currency: its rows carry no money here.", **named),
        "nobody_asked": _("%(month)s: nobody answered whether they would have contacted us; those who said nothing count 0.", **named),
        "unknown_staff_rate": _("%(network)s, %(month)s: no comparable mentions, so how many staff would have answered is not known; it counts 0.", **named),
        "no_contact_data": _("No contact data covers %(month)s: nobody can check whether an asker contacted us all the same.", **named) if gap.period else _("Contact data is not connected: nobody can check whether an asker contacted us all the same."),
        "salt_lost": _("Week of %(week)s: the weekly key was lost, so its readers may stand twice and do not count.", **named),
    }  # fmt: skip
    return str(sentences.get(gap.what, gap.what))


def _no_cost(gap: Gap, named: Mapping[str, object]) -> object:
    if not gap.channel:
        return _("No cost is entered: contacts are counted and carry no money.")
    if not gap.count:
        return _("%(channel)s: no cost is entered for all days.", **named)
    return ngettext(
        "%(channel)s: no cost is entered for its day, so %(num)s row carries no money.",
        "%(channel)s: no cost is entered for their days, so %(num)s rows carry no money.",
        gap.count,
        **{name: value for name, value in named.items() if name != "num"},
    )


def _not_enough(gap: Gap, named: Mapping[str, object]) -> object:
    if gap.kind == "indirect":
        return _("%(month)s: not enough answers from readers (n = %(num)s), so readers count 0.", **named)
    return _("%(month)s: not enough answers (n = %(num)s).", **named)


def rate_word(name: str, networks: Mapping[str, str]) -> str:
    """A rate's name, such as "social:bluesky:2026-10", in words."""
    kind, _colon, rest = name.partition(":")
    network, _colon, month = rest.rpartition(":")
    period = Period.named(month)
    said = month_word(period) if period else month
    if kind == Kind.SOCIAL:
        return str(
            _(
                "staff's share of answers on %(network)s in %(month)s",
                network=networks.get(network, network),
                month=said,
            )
        )
    if kind == Kind.INDIRECT:
        return str(_("the readers' rate of %(month)s", month=said))
    return str(_("the askers' rate of %(month)s", month=said))


def swing_word(swing: Swing, networks: Mapping[str, str]) -> str:
    """What is changed, as the end of a sentence that begins with "if"."""
    sentences = {
        Change.RATE: _("%(rate)s lay at either end of its range", rate=rate_word(swing.subject, networks)),
        Change.SILENT_READERS: _("every reader who was asked and said nothing meant no"),
        Change.SILENT_ASKERS: _("every asker who said nothing meant no"),
        Change.STRICT: _("only those direct claims counted that contact data could check"),
        Change.COST: _("a contact cost a tenth less or more: %(channel)s", channel=channel_words().get(swing.subject, swing.subject)),
        Change.ANSWERS: _("half or twice as many readers had answered"),
    }  # fmt: skip
    return str(sentences[swing.change])
