"""Record keys that are ordered by time (TID), made from the key of a delivery, so that a resend hits the same record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from forum.networks.port import ReplyKey

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCKS = 1024  # the last ten bits tell apart what was made in the same microsecond


def tid_of(key: ReplyKey) -> str:
    """53 bits of microseconds, then 10 of the number. More than 1,024 deliveries of one commit go on into the next
    microseconds, so that no two of them share a key."""
    microseconds = (key.made_at - _EPOCH) // timedelta(microseconds=1) + key.number // _CLOCKS
    return encoded(microseconds << 10 | key.number % _CLOCKS)


def encoded(value: int) -> str:
    """A number of 63 bits in 13 letters that sort as the numbers do."""
    letters = [_ALPHABET[value >> shift & 31] for shift in range(60, -1, -5)]
    return "".join(letters)
