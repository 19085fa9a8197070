"""One row of a contact file as the contact it tells of, or why it cannot be taken. No sentence repeats a cell's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from forum.kernel.messages import Message
from forum.ledger.contact_dates import UnreadableTime, read_time
from forum.ledger.contact_keys import ContactKeys, normal
from forum.ledger.contact_plan import LEFT_OUT, Meaning, Plan
from forum.ledger.contact_text import Record
from forum.ledger.cost import Channel

LONGEST_ID = 120
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LOST_CHARACTER = "\ufffd"


@dataclass(frozen=True)
class Row:
    """A contact as it will be stored."""

    external_id: str
    channel: str
    happened_at: datetime
    customer_hash: str | None
    email_hash: str | None


@dataclass(frozen=True)
class Problem:
    """`row` as a spreadsheet counts it, or the index in a call of the API; `column` "" where the whole row is meant."""

    row: int
    column: str
    message: Message

    def as_kept(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "text": self.message.text, "params": dict(self.message.params)}

    @classmethod
    def kept(cls, facts: Mapping[str, Any]) -> Problem:
        return cls(facts["row"], facts["column"], Message.kept(facts["text"], facts["params"]))


@dataclass(frozen=True)
class Nothing:
    """An empty row, the head, or a row of a channel that is left out."""

    is_left_out: bool = False


@dataclass(frozen=True)
class RowReader:
    """Reads rows by a plan. `now` is when the file came: nothing in it can have happened later."""

    plan: Plan
    keys: ContactKeys
    now: datetime

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.plan.zone)

    def read(self, record: Record) -> Row | Problem | Nothing:
        cells = record.cells
        if cells is None:
            return Problem(record.number, "", Message("A quotation mark in this row is never closed."))
        if (record.number == 1 and self.plan.has_head) or not any(cells):
            return Nothing()
        if (wrong := self._wrong_as_a_whole(cells)) is not None:
            return Problem(record.number, "", wrong)
        channel = self._channel(cells)
        if channel == LEFT_OUT:
            return Nothing(is_left_out=True)
        if channel is None:
            return self._problem(record, Meaning.CHANNEL, Message("This word is not matched to a channel yet."))
        try:
            happened_at = self._time(cells)
        except UnreadableTime as error:
            return self._problem(record, Meaning.HAPPENED_AT, error.message)
        if happened_at > self.now:
            return self._problem(record, Meaning.HAPPENED_AT, Message("This lies in the future."))
        if happened_at < EARLIEST:
            return self._problem(record, Meaning.HAPPENED_AT, Message("This is too long ago to be right."))
        external_id = self._cell(cells, Meaning.ID)
        if len(external_id) > LONGEST_ID:
            return self._problem(record, Meaning.ID, Message("This is longer than 120 characters."))
        email = self._cell(cells, Meaning.EMAIL)
        email_hash = self.keys.of_email(email)
        if email_hash is not None and "@" not in email:
            return self._problem(record, Meaning.EMAIL, Message("This is no mail address."))
        return Row(
            external_id or f"row:{self.keys.of_row(chr(31).join(cells))}",
            channel,
            happened_at,
            self.keys.of_customer(self._cell(cells, Meaning.CUSTOMER)),
            email_hash,
        )

    def cell(self, record: Record, meaning: Meaning) -> str:
        return self._cell(record.cells or [], meaning)

    def _wrong_as_a_whole(self, cells: Sequence[str]) -> Message | None:
        if any("\0" in cell for cell in cells):
            return Message(
                "This row holds a character that is no text. Is the file damaged, or the encoding another one?"
            )
        if any(LOST_CHARACTER in cell for cell in cells):
            return Message("A character of this row cannot be read. Is the encoding another one?")
        width = len(self.plan.names)
        if len(cells) < width or any(cells[width:]):  # an export may end every row with a separator
            return Message(
                "This row has %(count)s cells, the others have %(width)s.", {"count": len(cells), "width": width}
            )
        return None

    def _channel(self, cells: Sequence[str]) -> str | None:
        if Meaning.CHANNEL not in self.plan.columns:
            return self.plan.channel or None
        word = channel_key(self._cell(cells, Meaning.CHANNEL))
        found = self.plan.channels.get(word) or guess_channel(word)
        return found or (self.plan.channel if not word else None) or None

    def _time(self, cells: Sequence[str]) -> datetime:
        text = self._cell(cells, Meaning.HAPPENED_AT)
        if not text:
            raise UnreadableTime(Message("When it happened is missing."))
        if not self.plan.order:
            raise UnreadableTime(Message("The order of day and month has to be chosen first."))
        clock = self._cell(cells, Meaning.TIME) if Meaning.TIME in self.plan.columns else None
        return read_time(text, self.plan.order, self._zone, clock)

    def _cell(self, cells: Sequence[str], meaning: Meaning) -> str:
        place = self.plan.columns.get(meaning)
        return cells[place] if place is not None and place < len(cells) else ""

    def _problem(self, record: Record, meaning: Meaning, message: Message) -> Problem:
        return Problem(record.number, self.plan.column_name(meaning), message)


def channel_key(cell: str) -> str:
    """What makes two channel words the same."""
    return normal(cell)[:60]


def guess_channel(word: str) -> str | None:
    """Our channel for a word that is already normalised; None for one that a person has to match."""
    if word in set(Channel):
        return word
    return next((channel for channel, words in _WORDS.items() if word in words), None)


_WORDS: Mapping[str, frozenset[str]] = {
    Channel.PHONE: frozenset({
        "call", "calls", "phone call", "inbound call", "inbound", "telephone", "tel", "voice", "hotline", "callback",
        "telefon", "anruf", "telefonie", "电话", "電話", "来电", "來電", "语音", "語音", "热线", "熱線", "呼入",
    }),
    Channel.CHAT: frozenset({
        "live chat", "livechat", "webchat", "web chat", "messaging", "online chat", "聊天", "在线客服", "線上客服",
        "在线聊天", "線上聊天", "即时消息", "即時訊息",
    }),
    Channel.EMAIL: frozenset({
        "e-mail", "mail", "mails", "emails", "web form", "webform", "form", "ticket", "邮件", "郵件", "电子邮件",
        "電子郵件", "工单", "工單", "邮箱", "郵箱", "信箱",
    }),
    Channel.STORE: frozenset({
        "shop", "branch", "retail", "in store", "in-store", "walk-in", "filiale", "laden", "门店", "門店", "门市",
        "門市", "营业厅", "營業廳", "店面",
    }),
    Channel.NETWORK: frozenset({
        "social", "social media", "twitter", "x", "bluesky", "facebook", "instagram", "weibo", "微博", "社交媒体",
        "社群媒體", "社交", "社群",
    }),
}  # fmt: skip
