"""A notice as a sentence. Each event of EVENTS has one here; where it leads stands beside it.

What `details` may hold for each event is written down in docs/notifications.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forum.kernel.messages import Message
from forum.notices.events import EVENTS

Sentence = Callable[["Told"], Message]


@dataclass(frozen=True)
class Told:
    """What a notice's sentence is made of, read for one reader and in their language.

    `may_read` False: the thread is hidden or private by now, so nothing of it may be shown.
    """

    event: str
    who: str | None = None  # None: nobody, or nobody who has a name
    others: int = 0  # how many more there are beside `who`
    thread: str = ""  # its title
    network: str | None = None
    rank: str | None = None  # its title in the reader's language, as the badge's
    badge: str | None = None
    metric: Message | None = None
    day: str | None = None  # written as the reader's language does it
    may_read: bool = True
    details: Mapping[str, Any] = field(default_factory=dict)


def sentence(told: Told) -> Message:
    """One line, without a full stop."""
    if not told.may_read:
        return EVENTS[told.event].title
    return SENTENCES[told.event](told)


def addition(told: Told) -> Message | None:
    """A second line where there is more to say."""
    if not told.may_read or told.event not in _ADDITIONS:
        return None
    return _ADDITIONS[told.event](told)


_SAID_AS: Mapping[str, str] = {"reply_declined": "why", "programme": "why", "staff_thanks": "reason"}


def quotation(told: Told) -> str:
    """Words of a person to the reader that came with it; as they were written."""
    return str(told.details.get(_SAID_AS.get(told.event, ""), ""))


def _who(told: Told) -> object:
    return told.who or Message("Somebody")


def _thanked(told: Told) -> Message:
    said = {"who": _who(told), "others": told.others, "thread": told.thread}
    if told.others == 0:
        return Message("%(who)s gave kudos to your post in “%(thread)s”", said)
    if told.others == 1:
        return Message("%(who)s and one other gave kudos to your post in “%(thread)s”", said)
    return Message("%(who)s and %(others)s others gave kudos to your post in “%(thread)s”", said)


def _badge(told: Told) -> Message:
    said = {"badge": told.badge or "", "number": told.details.get("number", 1)}
    if said["number"] == 1:
        return Message("You earned a badge: %(badge)s", said)
    return Message("You earned a badge once more: %(badge)s, number %(number)s", said)


def _fallen(told: Told) -> Message:
    if told.rank is None:
        return Message("You hold no rank for now")
    return Message("Your rank is now %(rank)s", {"rank": told.rank})


_STEPS: Mapping[str, Message] = {
    "joined": Message("Welcome to the superfan programme"),
    "promoted": Message("Your probation in the superfan programme has ended well"),
    "paused": Message("Your part in the superfan programme rests for now"),
    "resumed": Message("You are back in the superfan programme"),
    "ended": Message("Your time in the superfan programme has ended"),
}


def _programme(told: Told) -> Message:
    return _STEPS.get(str(told.details.get("step")), EVENTS["programme"].title)


def _impact(told: Told) -> Message:
    readers = told.details.get("readers")
    if readers is None:
        return EVENTS["impact"].title
    return Message("Your answers found %(readers)s readers", {"readers": readers})


SENTENCES: Mapping[str, Sentence] = {
    "answered": lambda told: Message("%(who)s replied to your question “%(thread)s”", {"who": _who(told), "thread": told.thread}),
    "followed": lambda told: Message("%(who)s replied in “%(thread)s”", {"who": _who(told), "thread": told.thread}),
    "named": lambda told: Message("%(who)s wrote your name in “%(thread)s”", {"who": _who(told), "thread": told.thread}),
    "commented": lambda told: Message("%(who)s commented on your post in “%(thread)s”", {"who": _who(told), "thread": told.thread}),
    "thanked": _thanked,
    "accepted": lambda told: Message("Your answer in “%(thread)s” was accepted", {"thread": told.thread}),
    "solved": lambda told: Message("“%(thread)s” was solved", {"thread": told.thread}),
    "answer_edited": lambda told: Message("The answer that you accepted in “%(thread)s” was changed", {"thread": told.thread}),
    "help_wanted": lambda told: Message("Can you help with “%(thread)s”?", {"thread": told.thread}),
    "mention_waiting": lambda told: Message("Somebody on %(network)s waits for an answer: “%(thread)s”", {"network": told.network or Message("a network"), "thread": told.thread}),
    "rank_near": lambda told: Message("Your next rank is near: %(rank)s", {"rank": told.rank or ""}),
    "rank_risen": lambda told: Message("You reached a new rank: %(rank)s", {"rank": told.rank or ""}),
    "rank_falling": lambda told: Message("Your rank %(rank)s needs some help to stay", {"rank": told.rank or ""}),
    "rank_fallen": _fallen,
    "badge": _badge,
    "reply_approved": lambda told: Message("Your answer in “%(thread)s” goes to %(network)s", {"network": told.network or Message("a network"), "thread": told.thread}),
    "reply_declined": lambda told: Message("Your answer in “%(thread)s” does not go to %(network)s as it is", {"network": told.network or Message("a network"), "thread": told.thread}),
    "invited": lambda told: Message("%(who)s invites you to the superfan programme", {"who": _who(told)}),
    "programme": _programme,
    "staff_thanks": lambda told: Message("%(who)s thanks you on behalf of the team", {"who": _who(told)}),
    "impact": _impact,
    "reply_waiting": lambda told: Message("A reply to %(network)s waits for approval: “%(thread)s”", {"network": told.network or Message("a network"), "thread": told.thread}),
    "unanswered": lambda told: Message("Nobody has answered “%(thread)s” in time", {"thread": told.thread}),
    "suspicion": lambda _told: Message("Some votes look wrong; the evidence waits for you"),
}  # fmt: skip


def _why_you(told: Told) -> Message | None:
    fields = [str(reason).partition(":") for reason in told.details.get("reasons", ())]
    # Terms are left out: they are stems, which nobody would say.
    subjects = [subject for kind, _colon, subject in fields if kind in {"tag", "product"} and subject]
    return Message("You know about: %(subjects)s", {"subjects": ", ".join(subjects[:3])}) if subjects else None


def _to_go(told: Told) -> Message | None:
    if told.metric is None or told.details.get("missing") is None:
        return None
    return Message("%(metric)s: %(missing)s to go", {"metric": told.metric, "missing": told.details["missing"]})


def _until(told: Told) -> Message | None:
    return Message("You keep it until %(day)s.", {"day": told.day}) if told.day else None


def _edited(told: Told) -> Message | None:
    if told.details.get("step") == "edited":
        return Message("Staff changed some words first; you are still named as its author.")
    return None


_ADDITIONS: Mapping[str, Callable[[Told], Message | None]] = {
    "help_wanted": _why_you, "mention_waiting": _why_you, "rank_near": _to_go, "rank_falling": _until,
    "reply_approved": _edited,
}  # fmt: skip


def place(told: Told, *, thread_id: int | None, post_id: int | None, own_name: str) -> str:
    """Where it leads, as a path of this site. `details` may name a better one as `path`."""
    path = str(told.details.get("path", ""))
    if path.startswith("/") and not path.startswith(("//", "/\\")):
        return path
    if told.event in _PLACES:
        return _PLACES[told.event]
    if not told.may_read:
        return "/notifications"
    if post_id is not None:
        return f"/posts/{post_id}"
    return f"/threads/{thread_id}" if thread_id is not None else f"/people/{own_name}"


_PLACES: Mapping[str, str] = {
    "reply_waiting": "/staff/replies", "suspicion": "/staff/gaming", "invited": "/programme/invitation",
    "programme": "/programme", "staff_thanks": "/programme", "rank_near": "/ranks", "rank_falling": "/ranks",
}  # fmt: skip
