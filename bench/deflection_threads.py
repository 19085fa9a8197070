"""The solved threads of `bench.deflection`, as rows. Every eighth came from a network, every twelfth was answered by staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

DAYS = 7  # that a claim waits, and a reader-week after its week
BOARDS = 12
FIRST_ASKER, ASKERS, HELPERS = 5, 4000, 200
LANGUAGES = ("en", "zh-Hans", "zh-Hant", "de", None)
CHANNELS = ("phone", "chat", "email", "store")


class Told:
    """One solved thread. Its number is its own id and its acceptance's and claim's."""

    def __init__(self, number: int, accepted_at: datetime) -> None:
        self.number = number
        self.accepted_at = accepted_at
        self.asked_at = self.accepted_at - timedelta(hours=9)
        self.network = number % 2 + 1 if is_social(number) else None

    def thread(self) -> dict[str, Any]:
        return {
            "id": self.number,
            "board_id": 1 + self.number * 7 % BOARDS,
            "author_id": None if self.network else self._asker,
            "kind": "question",
            "title": f"Question number {self.number}",
            "slug": f"question-number-{self.number}",
            "language": LANGUAGES[self.number % len(LANGUAGES)],
            "created_at": self.asked_at,
            "last_post_at": self.asked_at + timedelta(hours=2),
            "first_reply_at": self.asked_at + timedelta(hours=2),
            "solved_at": self.accepted_at,
            "reply_count": 1,
            "post_count": 2,
            "origin_network": "Network" if self.network else None,
            "origin_author": "Somebody" if self.network else None,
        }

    def mention(self) -> dict[str, Any]:
        return {
            "id": self.number, "connection_id": self.network, "remote_id": f"r{self.number}", "conversation_id": f"c{self.number}",
            "author_id": f"a{self.number}", "author_handle": "somebody", "author_name": "Somebody", "text": "It drops.",
            "language": "en", "created_at": self.asked_at, "permalink": "https://example.org/", "addressed": True, "handle": {},
            "imported_at": self.asked_at, "route": "community", "route_reasons": [], "thread_id": self.number,
            "opens_thread": True,
        }  # fmt: skip

    def posts(self) -> Iterator[dict[str, Any]]:
        question = {"text": "It drops.", "html": "<p>It drops.</p>", "plain": "It drops."}
        answer = {"text": "Choose 36.", "html": "<p>Choose 36.</p>", "plain": "Choose 36."}
        yield {
            **question, "id": self.number * 2 - 1, "thread_id": self.number, "number": 1, "by_staff": False,
            "author_id": None if self.network else self._asker, "mention_id": self.number if self.network else None,
            "created_at": self.asked_at,
        }  # fmt: skip
        staff = by_staff(self.number)
        yield {
            **answer, "id": self.number * 2, "thread_id": self.number, "number": 2, "by_staff": staff, "mention_id": None,
            "author_id": 4 if staff else self._helper, "created_at": self.asked_at + timedelta(hours=2),
        }  # fmt: skip

    def acceptance(self) -> dict[str, Any]:
        return {
            "id": self.number, "thread_id": self.number, "post_id": self.number * 2,
            "accepted_by_id": 4 if self.network else self._asker, "accepted_at": self.accepted_at,
        }  # fmt: skip

    def reply(self) -> dict[str, Any]:
        return {
            "kind": "reply", "key": f"reply:{self.number}", "state": "sent" if self.number % 10 else "failed",
            "made_at": self.accepted_at, "due_at": self.accepted_at, "settled_at": self.accepted_at + timedelta(minutes=1),
            "mention_id": self.number, "acceptance_id": self.number, "thread_id": self.number, "payload": {},
        }  # fmt: skip

    def claim(self) -> dict[str, Any]:
        kind = "assisted" if by_staff(self.number) else "social" if self.network else "direct"
        says = {0: "yes", 1: "yes", 2: "no"}.get(self.number // 3 % 5) if kind == "direct" else None
        mention = f":mention:{self.number}" if self.network else ""
        return {
            "id": self.number, "kind": kind, "thread_id": self.number, "acceptance_id": self.number,
            "mention_id": self.number if self.network else None, "basis": f"acceptance:{self.number}{mention}",
            "opened_at": self.accepted_at, "due_at": self.accepted_at + timedelta(days=DAYS), "intent": says,
            "channel": CHANNELS[self.number % 4] if says == "yes" else None,
            "intent_at": self.accepted_at + timedelta(minutes=5) if says else None,
            "matchable_at": self.accepted_at if kind == "direct" and self._asker % 3 else None,
        }  # fmt: skip

    @property
    def _helper(self) -> int:
        """Few answer much, as everywhere."""
        return FIRST_ASKER + (self.number * self.number * 7) % HELPERS

    @property
    def _asker(self) -> int:
        return FIRST_ASKER + HELPERS + self.number * 13 % (ASKERS - HELPERS)


def is_social(number: int) -> bool:
    return number % 8 == 0


def by_staff(number: int) -> bool:
    return number % 12 == 0
