"""The report's words for what the ledger keeps as names. The sentences are those of the page."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale, UnknownLocaleError

from forum.exports.edition import Edition
from forum.kernel.messages import Message
from forum.ledger.period import Period
from forum.reports.deflection_scope import UNKNOWN, Dimension
from forum.reports.deflection_shape import Line, RateInForce

KINDS: Mapping[str, Message] = {
    "direct": Message("Direct: the asker had no need to call"),
    "social": Message("Social: answered on the network by members"),
    "indirect": Message("Indirect: readers of solved threads"),
    "assisted": Message("Assisted by staff: cost moved, not counted"),
    "saved": Message("All that count"),
}
SHORT_KINDS: Mapping[str, Message] = {
    "direct": Message("Direct"),
    "social": Message("Social"),
    "indirect": Message("Indirect"),
    "assisted": Message("Assisted"),
}
GRADES: Mapping[str, Message] = {
    "checked": Message("Checked against contact data"),
    "stated": Message("Stated by the asker"),
    "surveyed": Message("Surveyed"),
    "assisted": Message("Assisted"),
}
CHANNELS: Mapping[str, Message] = {
    "phone": Message("Phone"),
    "chat": Message("Chat"),
    "email": Message("E-mail"),
    "store": Message("Store"),
    "network": Message("Agent's reply on a network"),
    "unnamed": Message("No channel named"),
    "": Message("No channel named"),
}
PARTS: Mapping[str, Message] = {
    "platform": Message("Platform"),
    "moderation": Message("Moderation"),
    "staff_time": Message("Staff time"),
    "rewards": Message("Rewards"),
    "network_fees": Message("Network fees"),
}
REASONS: Mapping[str, Message] = {
    "withdrawn": Message("the acceptance was withdrawn"),
    "would_not_have_contacted": Message("the asker would not have contacted us"),
    "agent_replied": Message("an agent replied too"),
    "came_back_unsolved": Message("the asker came back, not solved"),
    "not_mirrored": Message("the answer did not go back to the network"),
    "asked_by_staff": Message("staff had asked"),
    "contacted": Message("they contacted us all the same"),
    "regraded": Message("it stands in another grade now"),
    "bot": Message("a program, not a person"),
    "read_by_staff": Message("read by staff"),
    "own_threads": Message("read only what they had asked or written in"),
    "counted_elsewhere": Message("counted as an asker already"),
    "salt_lost": Message("may stand twice in its week"),
    "nothing_stands": Message("no answer that they read is still accepted"),
}
IN_THE_FORUM = Message("Asked in the forum")


def language_name(tag: str, locale: Locale) -> str | Message:
    """The language in the reader's own words; its tag where nobody has a word for it."""
    if tag in ("", UNKNOWN):
        return Message("Language not known")
    try:
        return Locale.parse(tag, sep="-").get_display_name(locale) or tag
    except (ValueError, UnknownLocaleError):
        return tag


def line_name(line: Line, locale: Locale) -> str | Message:
    """What a line of a table is called, where it is no month."""
    if line.name is not None:
        return line.name
    if line.dimension == Dimension.LANGUAGE:
        return language_name(line.key, locale)
    if line.dimension == Dimension.NETWORK:
        return IN_THE_FORUM if line.key == "here" else line.key
    words = {Dimension.KIND: KINDS, Dimension.GRADE: GRADES, Dimension.CHANNEL: CHANNELS}.get(line.dimension, {})
    return words.get(line.key, line.key)


def rate_word(rate: RateInForce) -> Message:
    if rate.kind == "social":
        return Message(
            "Mentions on %(network)s that staff answered themselves, 90 days before",
            {"network": rate.network_title or rate.network or ""},
        )
    if rate.kind == "indirect":
        return Message("Readers who had a problem, found the answer, would have contacted us, and need no more")
    return Message("Askers who would have contacted us")


def rate_subject(name: str, edition: Edition) -> Message:
    """A rate's name, such as "social:bluesky:2026-10", in the words of the page."""
    kind, _colon, rest = name.partition(":")
    network, _colon, month = rest.rpartition(":")
    period = Period.named(month)
    said = edition.month(period) if period else month
    if kind == "social":
        titles = {line.key: line.name for line in edition.report.by_network}
        return Message("staff's share of answers on %(network)s, %(month)s", {"network": titles.get(network) or network, "month": said})  # fmt: skip
    if kind == "indirect":
        return Message("the readers' rate, %(month)s", {"month": said})
    return Message("the askers' rate, %(month)s", {"month": said})
