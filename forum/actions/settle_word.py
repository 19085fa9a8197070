"""Settle what the asker said on the network: staff have seen it and acted, or leave the thread as it is."""

from __future__ import annotations

from datetime import datetime

from forum.listening.mention import Mention
from forum.people.account import Account
from forum.people.permissions import Act, require


def settle_word(word: Mention, by: Account, now: datetime) -> None:
    require(by, Act.ROUTE_MENTIONS)
    if word.word_settled_at is None:
        word.word_settled_at, word.word_settled_by_id = now, by.id
