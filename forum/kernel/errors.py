"""What can go wrong by a rule. Each error carries a sentence for the reader; web/errors.py maps it to a page once."""

from __future__ import annotations

from collections.abc import Mapping

from forum.kernel.messages import Message


class ForumError(Exception):
    """A rule was not met. `status` is the HTTP status that says so best."""

    status = 400

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class NotAllowed(ForumError):
    """The permission table says no."""

    status = 403


class NotFound(ForumError):
    """There is no such thing, or none that this reader may see."""

    status = 404


class Conflict(ForumError):
    """The thing has changed meanwhile, or the rule forbids it in its present state."""

    status = 409


class Invalid(ForumError):
    """What was sent in cannot be taken; `fields` names the field behind each sentence."""

    status = 422

    def __init__(self, message: Message, fields: Mapping[str, Message] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})
