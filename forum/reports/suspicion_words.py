"""The evidence of a suspicion as sentences. They say what was counted and what chance would bring; they accuse nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from forum.kernel.messages import Message
from forum.superfans.puppets import Signal
from forum.superfans.suspicion import SuspicionKind

Told = Mapping[str, Any]

SIGNALS: Mapping[str, Message] = {
    Signal.SAME_BROWSER: Message("Both signed in from one address with one kind of browser. A household does so too."),
    Signal.SAME_MAILBOX: Message("Mail to both arrives in one mailbox, so one person can reset both passwords."),
    Signal.ONE_PERSON: Message("One of them thanked nobody but the other in the last half year."),
    Signal.LIKE_NAME: Message("Their names differ by little more than digits or marks."),
    Signal.TOGETHER: Message("They signed up within ten minutes of each other. Friends do so too."),
}


def words_of(kind: str, told: Told, names: Mapping[int, str]) -> Sequence[Message]:
    """`names` are display names by account."""
    if kind == SuspicionKind.RING:
        return _ring(told)
    if kind == SuspicionKind.SERIAL:
        return _series(told, names)
    if kind == SuspicionKind.SELF_SOLVING:
        return _self_solving(told, names)
    return [SIGNALS[signal] for signal in told["signals"]]


def words_of_member(told: Told) -> Message:
    """What one member of a ring gave to the others."""
    return Message(
        "%(inside)s of %(given)s kudos went to the others, by chance about %(expected)s; thanked %(percent)s %% of what they wrote",
        {
            "inside": told["inside"],
            "given": told["given"],
            "expected": _figure(told["expected"]),
            "percent": _percent(told["thanked"]),
        },
    )


def _ring(told: Told) -> Sequence[Message]:
    since, until = datetime.fromisoformat(told["since"]), datetime.fromisoformat(told["until"])
    words = [
        Message(
            "%(people)s people gave each other %(kudos)s kudos in %(days)s days; by chance about %(expected)s.",
            {
                "people": len(told["members"]),
                "kudos": told["kudos"],
                "days": (until - since).days,
                "expected": _figure(told["expected"]),
            },
        ),
        _chance(told["log10_chance"]),
        Message("%(percent)s %% of the pairs thank each other both ways.", {"percent": _percent(told["reciprocity"])}),
        Message(
            "Of the posts that they thanked, %(percent)s %% were thanked by nobody else.",
            {"percent": _percent(told["lone"])},
        ),
    ]
    if told["hours_to_return"] is not None:
        hours = {"hours": _figure(told["hours_to_return"])}
        words.append(Message("Half of all returned kudos came back within %(hours)s hours.", hours))
    return words


def _series(told: Told, names: Mapping[int, str]) -> Sequence[Message]:
    took = datetime.fromisoformat(told["last_at"]) - datetime.fromisoformat(told["first_at"])
    facts = {
        "giver": names.get(told["giver"], ""),
        "receiver": names.get(told["receiver"], ""),
        "kudos": told["kudos"],
        "threads": told["in_threads"],
        "minutes": max(round(took.total_seconds() / 60), 1),
    }
    return [
        Message(
            "%(giver)s thanked %(receiver)s %(kudos)s times within %(minutes)s minutes, in %(threads)s threads.", facts
        )
    ]


def _self_solving(told: Told, names: Mapping[int, str]) -> Sequence[Message]:
    pair = {"asker": names.get(told["asker"], ""), "answerer": names.get(told["answerer"], "")}
    return [
        Message(
            "%(asker)s accepted %(of)s answers in a year, and %(accepted)s of them were by %(answerer)s.",
            {**pair, "of": told["of"], "accepted": told["accepted"]},
        ),
        Message(
            "Of what others accepted on the same boards, %(percent)s %% was by %(answerer)s.",
            {**pair, "percent": _percent(told["usual_share"], 1)},
        ),
        _chance(told["log10_chance"]),
        Message(
            "Of all accepted answers by %(answerer)s, %(percent)s %% were accepted by %(asker)s.",
            {**pair, "percent": _percent(told["share_of_answerer"])},
        ),
        Message(
            "Half of these answers came within %(minutes)s minutes.", {"minutes": _figure(told["minutes_to_answer"])}
        ),
    ]


def _chance(log10: float) -> Message:
    """Of the best of all groups of the size, so that a large community brings no false alarm by its size alone."""
    if log10 > -1:
        return Message("Chance alone could bring that.")
    if log10 > -6:
        return Message("Chance brings that about once in %(times)s communities.", {"times": f"{round(10**-log10):,}"})
    return Message("Chance brings that less than once in a million communities.")


def _percent(share: float, digits: int | None = None) -> float:
    return round(100 * share, digits)


def _figure(value: float) -> str:
    """With a digit behind the point where there is one."""
    return f"{value:.1f}".removesuffix(".0")
