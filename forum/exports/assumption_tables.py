"""What the figures rest on, and what stands beside them: rates, costs, answers, programme, threads, response times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forum.exports.edition import Edition
from forum.exports.naming import CHANNELS, IN_THE_FORUM, PARTS, REASONS, SHORT_KINDS, rate_word
from forum.exports.tables import KEY, Column, Form, Table
from forum.kernel.messages import Message
from forum.reports.deflection_shape import Lapse, RateInForce

MONTH = Column("month", Message("Month"), Form.MONTH)
CHANNEL = Column("channel", Message("Channel"), Form.TEXT)
THREAD_NOTE = Message("A thread's figure is its share of the community's estimate, so it has no range of its own.")


def assumption_tables(edition: Edition) -> Sequence[Table]:
    """Those that have rows, or whose emptiness says something."""
    tables = [rates_table(edition), survey_table(edition)]
    if edition.report.currency is not None:
        tables += [costs_table(edition), mixes_table(edition), programme_table(edition), returns_table(edition)]
    return tables


def rates_table(edition: Edition) -> Table:
    columns = (
        KEY,
        Column("share", Message("Share"), Form.TEXT),
        MONTH,
        Column("yes", Message("Yes"), Form.COUNT),
        Column("of", Message("Of"), Form.COUNT),
        Column("rate", Message("Rate"), Form.SHARE),
        Column("rate_low", Message("Rate, low"), Form.SHARE),
        Column("rate_high", Message("Rate, high"), Form.SHARE),
        Column("rows", Message("Rows"), Form.COUNT),
        Column("remark", Message("Remark"), Form.TEXT),
    )
    rows = []
    for rate in edition.report.rates:
        known, interval = rate.known, rate.known.interval
        ends = (interval.low, interval.high) if interval else (None, None)
        rows.append((rate.name, rate_word(rate), rate.period, known.yes, known.of, known.rate, *ends, rate.quantity, _remark(rate)))  # fmt: skip
    note = Message("Single shares: Wilson, 95 %%. Figures that rest on several: %(draws)s draws, seed %(seed)s, the same in every table. Likely figures add; bounds do not.", {"draws": edition.count(edition.report.draws), "seed": edition.report.seed})  # fmt: skip
    return Table("rates", Message("The rates in force"), columns, rows, None, (note,))


def survey_table(edition: Edition) -> Table:
    columns = (
        MONTH,
        Column("drawn", Message("Drawn"), Form.COUNT, adds=True),
        Column("answered", Message("Answered"), Form.COUNT, adds=True),
        Column("silent", Message("Silent"), Form.COUNT, adds=True),
        Column("joint", Message("Yes to all four"), Form.COUNT, adds=True),
        Column("response", Message("Response"), Form.SHARE),
        Column("remark", Message("Remark"), Form.TEXT),
    )
    survey = edition.report.survey
    rows = [
        (one.period, one.drawn, one.answered, one.silent, one.joint, one.response, None if one.enough or not one.drawn else _too_few(one.answered))
        for one in survey
    ]  # fmt: skip
    drawn, answered = sum(one.drawn for one in survey), sum(one.answered for one in survey)
    total = (None, drawn, answered, drawn - answered, sum(one.joint for one in survey), None, None)
    return Table("survey", Message("The readers' survey"), columns, rows, total if rows else None)


def costs_table(edition: Edition) -> Table:
    columns = (
        CHANNEL,
        Column("valid_from", Message("Valid from"), Form.DAY),
        Column("amount", Message("Cost of a contact"), Form.PRICE),
        Column("entered", Message("As entered"), Form.NUMBER),
        Column("currency", Message("Currency"), Form.TEXT),
        Column("exchange_rate", Message("Exchange rate"), Form.NUMBER),
        Column("source", Message("Source"), Form.TEXT),
    )
    rows = [
        (_channel(one.channel), one.valid_from, one.amount, one.entered, one.currency, one.rate, one.source)
        for one in edition.report.prices
    ]
    return Table("costs", Message("What a contact costs"), columns, rows)


def mixes_table(edition: Edition) -> Table:
    columns = (
        MONTH,
        Column("kind", Message("Kind"), Form.TEXT),
        Column("answers", Message("Answers with a channel"), Form.COUNT),
        Column("mix", Message("Mix"), Form.TEXT),
        Column("price", Message("Cost of a contact"), Form.PRICE),
    )
    rows = [
        (one.period, SHORT_KINDS.get(one.kind, one.kind), sum(one.named.values()), _mix(edition, one.named) if one.enough else _cheapest(one.cheapest), one.price)
        for one in edition.report.mixes
    ]  # fmt: skip
    note = Message("A contact whose channel nobody named carries the month's mix of channels, and the cheapest one while fewer than 100 named theirs. On a network it is an agent's reply.")  # fmt: skip
    return Table("channel-mix", Message("Contacts whose channel nobody named"), columns, rows, None, (note,))


def programme_table(edition: Edition) -> Table:
    columns = (
        MONTH,
        Column("part", Message("Part"), Form.TEXT),
        Column("amount", Message("Cost"), Form.MONEY, adds=True),
        Column("entered", Message("As entered"), Form.NUMBER),
        Column("currency", Message("Currency"), Form.TEXT),
    )
    programme = edition.report.programme
    lines = programme.lines if programme else ()
    rows = [(one.period, PARTS.get(one.part, one.part), one.amount, one.entered, one.currency) for one in lines]
    total = (None, Message("All together"), programme.cost, None, None) if programme and rows else None
    return Table("programme", Message("Programme cost"), columns, rows, total)


def returns_table(edition: Edition) -> Table:
    """What is left of the savings when the programme is paid; without a cost there is no return."""
    columns = (
        Column("net_low", Message("Net, low"), Form.MONEY),
        Column("net", Message("Net, likely"), Form.MONEY),
        Column("net_high", Message("Net, high"), Form.MONEY),
        Column("roi_low", Message("ROI, low"), Form.SHARE),
        Column("roi", Message("ROI, likely"), Form.SHARE),
        Column("roi_high", Message("ROI, high"), Form.SHARE),
        Column("payback", Message("Paid back in"), Form.MONTH),
        Column("yearly_rate", Message("Yearly rate"), Form.SHARE),
        Column("present_value", Message("Present value"), Form.MONEY),
    )
    found = edition.report.programme
    if found is None or found.cost is None:
        return Table("returns", Message("What is left after the programme's cost"), columns, [])
    row = (
        found.net_low,
        found.net,
        found.net_high,
        found.roi_low,
        found.roi,
        found.roi_high,
        found.payback,
        found.yearly_rate,
        found.present_value,
    )
    return Table("returns", Message("What is left after the programme's cost"), columns, [row])


def beside_table(edition: Edition) -> Table:
    columns = (
        KEY,
        Column("what", Message("What"), Form.TEXT),
        Column("number", Message("Number"), Form.NUMBER),
    )
    found = edition.report.beside
    rows = [
        ("solved_views", Message("Views of solved threads"), found.solved_views),
        ("contacts", Message("Contacts known"), found.contacts),
        ("self_service", Message("Views of solved threads for each contact (self-service score)"), found.self_service),
        ("questions", Message("Questions asked"), found.questions),
        ("questions_solved", Message("Questions solved"), found.questions_solved),
        ("accepted", Message("Accepted answers"), found.accepted),
        ("accepted_by_members", Message("Accepted answers written by members"), found.accepted_by_members),
        ("first_answer_minutes", Message("Minutes to the first answer, median"), found.first_answer_minutes),
        ("solution_minutes", Message("Minutes to the solution, median"), found.solution_minutes),
    ]
    note = Message("Facts of the same months that are often taken for savings. None of them counts above.")
    return Table("beside", Message("Beside it: not deflection"), columns, rows, None, (note,))


def threads_table(edition: Edition) -> Table:
    columns = (
        KEY,
        Column("thread", Message("Thread"), Form.TEXT),
        Column("quantity", Message("Quantity"), Form.COUNT),
        Column("contacts", Message("Contacts, likely"), Form.LIKELY),
    )
    rows = [(str(one.id), one.title, one.quantity, one.contacts) for one in edition.report.top_threads or ()]
    return Table("top-threads", Message("Top threads"), columns, rows, None, (THREAD_NOTE,))


def responses_table(edition: Edition) -> Table:
    columns = (
        Column("network", Message("Network"), Form.TEXT),
        Column("mentions", Message("Mentions"), Form.COUNT),
        Column("within", Message("Within"), Form.TEXT),
        Column("answered", Message("Answered"), Form.COUNT),
        Column("by_member", Message("By members"), Form.COUNT),
        Column("by_staff", Message("By staff"), Form.COUNT),
        Column("share", Message("Share"), Form.SHARE),
        Column("target", Message("Target"), Form.SHARE),
    )
    rows = [
        (
            one.title or (IN_THE_FORUM if one.network == "here" else one.network), one.mentions, _within(step.minutes),
            step.answered, step.by_member, step.by_staff, step.share(one.mentions), step.target,
        )
        for one in edition.report.responses
        for step in one.within
    ]  # fmt: skip
    return Table("response-times", Message("Response times on networks"), columns, rows)


def lapses_table(edition: Edition) -> Table:
    columns = (
        Column("of", Message("Kind"), Form.TEXT),
        Column("reason", Message("Because"), Form.TEXT),
        Column("count", Message("Number"), Form.COUNT, adds=True),
    )
    report = edition.report
    kinds: Sequence[tuple[Message, Sequence[Lapse]]] = (
        (Message("Claims"), report.lapsed_claims),
        (Message("Reader-weeks"), report.lapsed_readers),
    )
    rows = [(word, REASONS.get(one.reason, Message("another reason")), one.count) for word, found in kinds for one in found]  # fmt: skip
    return Table("lapsed", Message("What lapsed, and why"), columns, rows)


def _remark(rate: RateInForce) -> Message | None:
    if not rate.known.of:
        return Message("not known, so it counts as 0")
    if not rate.enough:
        return _too_few(rate.known.of)
    return Message("frozen at closing") if rate.frozen else None


def _too_few(answers: int) -> Message:
    return Message("not enough answers (n = %(count)s)", {"count": answers})


def _channel(channel: str) -> Message | str:
    return CHANNELS.get(channel, channel)


def _mix(edition: Edition, named: Mapping[str, int]) -> str:
    """Phone 60 %, chat 40 %."""
    total = sum(named.values()) or 1
    parts = [f"{edition(CHANNELS[channel]) if channel in CHANNELS else channel} {edition.share(count / total)}" for channel, count in sorted(named.items(), key=lambda one: (-one[1], one[0]))]  # fmt: skip
    return " · ".join(parts)


def _cheapest(channel: str | None) -> Message:
    if channel is None:
        return Message("no cost is entered")
    return Message("the cheapest: %(channel)s", {"channel": _channel(channel)})


def _within(minutes: int) -> Message:
    words = {
        0: Message("at all"),
        15: Message("15 minutes"),
        60: Message("1 hour"),
        120: Message("2 hours"),
        1440: Message("24 hours"),
    }
    return words.get(minutes, Message("%(count)s minutes", {"count": minutes}))
