"""A network that does what it does, but fails or waits on cue: before the real thing is done, or after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

from forum.kernel.messages import Message
from forum.networks.port import (
    ConnectedAccount,
    Limits,
    MentionPage,
    MentionRef,
    Network,
    RemotePost,
    ReplyKey,
    SentReply,
)

T = TypeVar("T")
Step = BaseException | Callable[[], object]


class ScriptedNetwork:
    """Give it steps by `before` and `after`; each is used once, by the next call of that method."""

    def __init__(self, network: Network) -> None:
        self.real = network
        self.calls: list[str] = []
        self._before: dict[str, list[Step]] = defaultdict(list)
        self._after: dict[str, list[Step]] = defaultdict(list)

    def before(self, method: str, *steps: Step) -> None:
        self._before[method] += steps

    def after(self, method: str, *steps: Step) -> None:
        self._after[method] += steps

    def check(self) -> ConnectedAccount:
        return self._do("check", self.real.check)

    def list_mentions(self, cursor: str | None) -> MentionPage:
        return self._do("list_mentions", lambda: self.real.list_mentions(cursor))

    def read_conversation(self, mention: MentionRef) -> Sequence[RemotePost]:
        return self._do("read_conversation", lambda: self.real.read_conversation(mention))

    def limits(self) -> Limits:
        return self._do("limits", self.real.limits)

    def length(self, text: str) -> int:
        return self.real.length(text)

    def why_not(self, mention: MentionRef) -> Message | None:
        return self._do("why_not", lambda: self.real.why_not(mention))

    def reply(self, mention: MentionRef, text: str, key: ReplyKey) -> SentReply:
        return self._do("reply", lambda: self.real.reply(mention, text, key))

    def find_reply(self, mention: MentionRef, text: str, key: ReplyKey) -> SentReply | None:
        return self._do("find_reply", lambda: self.real.find_reply(mention, text, key))

    def delete(self, reply: SentReply) -> None:
        return self._do("delete", lambda: self.real.delete(reply))

    def _do(self, method: str, real: Callable[[], T]) -> T:
        self.calls.append(method)
        _take(self._before[method])
        result = real()
        _take(self._after[method])
        return result


def _take(steps: list[Step]) -> None:
    if not steps:
        return
    step = steps.pop(0)
    if isinstance(step, BaseException):
        raise step
    step()
