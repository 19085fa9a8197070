"""Reword a reply that waits for approval: staff's words above its signature, counted as the network counts them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from forum.actions.mirror_answer import compose
from forum.actions.preview_reply import Draft
from forum.kernel.errors import Conflict, Invalid
from forum.kernel.messages import Message
from forum.networks.port import NetworkError
from forum.outbox.wording import sign
from forum.threads.writing import clean_text

LONGEST = 5_000  # characters of any network's longest post


@dataclass(frozen=True)
class Reworded:
    """`before` is what would have gone out without staff's words; `field` names the form's field."""

    text: str
    before: str
    length: int
    maximum: int
    field: str


def reword_reply(draft: Draft, body: str, field: str, *, signed: str | None = None) -> Reworded:
    """`signed` stands in the place of the author's credit. The caller has no transaction open: networks may be asked.

    Raises Invalid where nothing is written, Conflict where the network cannot be asked how long it counts.
    """
    body = clean_text(body, field, LONGEST).strip()
    if draft.network is None:
        raise Conflict(Message("It cannot be shown as it will be sent: %(why)s", {"why": draft.trouble or ""}))
    words = draft.words if signed is None else replace(draft.words, credit=signed)
    try:
        before = compose(draft.words, draft.network)
        text = sign(body, words)
        return Reworded(text, before, draft.network.length(text), draft.network.limits().maximum, field)
    except NetworkError as error:
        raise Conflict(Message("It cannot be shown as it will be sent: %(why)s", {"why": error.words})) from error


def require_fit(words: Reworded) -> None:
    """Raises Invalid where the network does not take so much."""
    if words.length > words.maximum:
        sentence = Message(
            "With the signature and the link it is %(over)s too long: %(has)s of %(most)s.",
            {"over": words.length - words.maximum, "has": words.length, "most": words.maximum},
        )
        raise Invalid(Message("Please check what is marked below."), {words.field: sentence})
