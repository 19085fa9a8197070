"""What the report says in sentences: its headline, what it was narrowed to, what it rests on and what it does not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forum.exports.edition import Edition
from forum.exports.naming import CHANNELS, GRADES, IN_THE_FORUM, KINDS, language_name
from forum.exports.tables import shows_money
from forum.kernel.messages import Message
from forum.reports.deflection_scope import SAVED
from forum.reports.deflection_shape import Gap


@dataclass(frozen=True)
class Card:
    """One of the headline's figures."""

    label: str
    figure: str
    below: str


def headline(edition: Edition) -> Sequence[Card]:
    """The low bound first, then the range; how sure at last."""
    report, total = edition.report, edition.report.total
    cards = [
        Card(
            edition(Message("Contacts saved, at least")),
            edition.low(total.low),
            _between(edition, edition.low(total.low), edition.high(total.high), edition.contacts(total.likely)),
        )
    ]
    if shows_money(edition) and total.money_low is not None and total.money is not None and total.money_high is not None:  # fmt: skip
        low, likely, high = (edition.money(amount) for amount in (total.money_low, total.money, total.money_high))
        cards.append(Card(edition(Message("Money saved, at least")), low, _between(edition, low, high, likely)))
    elif report.currency is not None:
        said = Message("Contacts are counted; money needs what a contact costs you.")
        cards.append(Card(edition(Message("Money saved, at least")), edition(Message("No cost entered")), edition(said)))  # fmt: skip
    answers = sum(one.answered for one in report.survey) + sum(one.known.of for one in report.rates if one.kind == "direct")  # fmt: skip
    sure = Message("range; %(count)s answers of askers and readers behind it", {"count": edition.count(answers)})
    return [*cards, Card(edition(Message("How sure")), edition.share(0.95, "0%"), edition(sure))]


def scope_words(edition: Edition) -> str:
    """All boards · all networks · EUR; or what it was narrowed to."""
    report, scope = edition.report, edition.report.scope
    board = next((line.name for line in report.by_board if line.key == scope.board), scope.board)
    network = next((line.name for line in report.by_network if line.key == scope.network), scope.network)
    words: list[Message | str] = [
        Message("Board: %(name)s", {"name": board}) if board else Message("All boards"),
        Message("Network: %(name)s", {"name": IN_THE_FORUM if network == "here" else network}) if network else Message("all networks"),
    ]  # fmt: skip
    if scope.kind != SAVED:
        words.append(KINDS.get(scope.kind or "", Message("with what staff answered")))
    if scope.grade:
        words.append(GRADES.get(scope.grade, scope.grade))
    if scope.channel:
        words.append(CHANNELS.get(scope.channel, scope.channel))
    if scope.language:
        words.append(language_name(scope.language, edition.locale))
    words += [report.currency] if report.currency else []
    if report.open_period in (scope.first, scope.last) or scope.first < report.open_period < scope.last:
        words.append(Message("the present month is still open"))
    return " · ".join(edition(word) if isinstance(word, Message) else word for word in words)


def previous_words(edition: Edition) -> Message:
    """As many months right before it, so that a reader sees where the figure comes from."""
    before = edition.report.previous
    ends = _between(edition, edition.low(before.low), edition.high(before.high), edition.contacts(before.likely))
    if not shows_money(edition) or before.money is None:
        return Message("The equal period before, contacts: %(contacts)s.", {"contacts": ends})
    facts = {"contacts": ends, "money": edition.money(before.money)}
    return Message("The equal period before, contacts: %(contacts)s; money, most likely: %(money)s.", facts)


def known_facts(edition: Edition) -> Sequence[Message]:
    """What holds for every edition, and how far contact data reaches."""
    report, cover = edition.report, edition.report.coverage
    facts = [
        Message("The headline is the low end of a 95-percent range. Likely figures add from row to total, to the cent. Bounds do not add: each is drawn for its own line."),
        Message("An asker who says yes counts whole, one who says no does not count, and one who says nothing counts with the month's rate. What came from a network counts with the share that staff would have answered there themselves. A reader counts once a week, with the share of surveyed readers who would have contacted us."),
        Message("Of the direct claims, %(checked)s were checked against contact data and %(stated)s rest on what the asker said. Contact data covers %(covered)s of %(days)s days.", {"checked": edition.count(cover.checked), "stated": edition.count(cover.stated), "covered": edition.count(cover.days_covered), "days": edition.count(cover.days)}),
        Message("%(count)s claims wait for their day and are in no figure.", {"count": edition.count(report.waiting_count)}),
        Message("Staff's own answers moved cost and count nothing: %(count)s claims.", {"count": edition.count(report.kinds.assisted)}),
        Message("%(draws)s draws, seed %(seed)s.", {"draws": edition.count(report.draws), "seed": report.seed}),
    ]  # fmt: skip
    if shows_money(edition):
        facts.append(Message("Amounts are shown to the cent; the files carry them whole."))
    if report.late is not None:
        facts.append(Message("%(count)s rows correct months that were closed before.", {"count": edition.count(report.late.rows)}))  # fmt: skip
    return facts


def gap_words(edition: Edition) -> Sequence[Message]:
    """Each thing that the report says it does not know."""
    return [_gap(edition, gap) for gap in edition.report.gaps]


def _gap(edition: Edition, gap: Gap) -> Message:
    """The sentences of the page."""
    titles = {line.key: line.name for line in edition.report.by_network}
    named: dict[str, object] = {
        "num": edition.count(gap.count),
        "month": edition.month(gap.period) if gap.period else "",
        "channel": CHANNELS.get(gap.channel or "", gap.channel or ""),
        "currency": gap.currency or "",
        "network": titles.get(gap.network or "") or gap.network or "",
        "week": edition.day(gap.week) if gap.week else "",
    }
    said = {
        "no_cost": _no_cost(gap, named),
        "no_exchange_rate": Message("No exchange rate is entered for %(currency)s: costs in it are not counted.", named),
        "other_currency": Message("%(month)s was closed in another currency: its rows carry no money here.", named),
        "not_enough_answers": Message("%(month)s: not enough answers from readers (n = %(num)s), so readers count 0.", named) if gap.kind == "indirect" else Message("%(month)s: not enough answers (n = %(num)s).", named),
        "nobody_asked": Message("%(month)s: nobody answered whether they would have contacted us; those who said nothing count 0.", named),
        "unknown_staff_rate": Message("%(network)s, %(month)s: no comparable mentions, so how many staff would have answered is not known; it counts 0.", named),
        "no_contact_data": Message("No contact data covers %(month)s: nobody can check whether an asker contacted us all the same.", named) if gap.period else Message("Contact data is not connected: nobody can check whether an asker contacted us all the same."),
        "salt_lost": Message("Week of %(week)s: the weekly key was lost, so its readers may stand twice and do not count.", named),
        "no_programme_cost": Message("%(month)s: no programme cost is entered, so what is left after it is not known.", named) if gap.period else Message("No programme cost is entered, so what is left after it is not known."),
    }  # fmt: skip
    return said.get(gap.what, Message("Not known: %(what)s.", {"what": gap.what}))


def _no_cost(gap: Gap, named: dict[str, object]) -> Message:
    if not gap.channel:
        return Message("No cost is entered: contacts are counted and carry no money.")
    if not gap.count:
        return Message("%(channel)s: no cost is entered for all days.", named)
    return Message("%(channel)s: no cost is entered for the days of some rows, which carry no money: %(num)s.", named)


def _between(edition: Edition, low: str, high: str, likely: str) -> str:
    return edition(Message("between %(low)s and %(high)s, most likely %(likely)s", {"low": low, "high": high, "likely": likely}))  # fmt: skip
