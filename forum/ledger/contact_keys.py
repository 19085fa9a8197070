"""How people in contact data are recognised without being stored: an HMAC of the customer's number or mail address.

Accounts and contacts go through the same two functions, so that equal people have equal hashes. The key follows from the
installation's own and never stands in the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

LABEL = b"answerback contacts 1"
# What systems write where they know nobody; two of these are not the same person.
NOBODY = frozenset({
    "", "-", "--", "0", "?", "n/a", "na", "nan", "none", "null", "nil", "unknown", "anonymous", "anon", "not available",
    "unbekannt", "anonym", "无", "未知", "匿名", "無", "不明",
})  # fmt: skip


@dataclass(frozen=True)
class ContactKeys:
    """Hashes of one installation; another key makes other hashes of the same people."""

    secret: bytes = field(repr=False)

    @classmethod
    def derived_from(cls, key: str) -> ContactKeys:
        """`key` is the installation's CREDENTIALS_KEY: it outlives sign-ins, as what is stored here has to."""
        return cls(hmac.new(base64.urlsafe_b64decode(key), LABEL, hashlib.sha256).digest())

    @cached_property
    def mark(self) -> str:
        """Tells hashes of this key from those of another, and nothing else."""
        return self._hash("mark", "")[:16]

    def of_customer(self, number: str | None) -> str | None:
        """None where the text names nobody."""
        known = normal(number or "")
        return None if known in NOBODY else self._hash("customer", known)

    def of_email(self, address: str | None) -> str | None:
        """None where the text names nobody. Mail addresses are compared without regard to case, as people write them."""
        known = normal(address or "").removeprefix("mailto:")
        return None if known in NOBODY else self._hash("email", known)

    def of_row(self, text: str) -> str:
        """A stand-in for a number of its own, where a contact has none."""
        return self._hash("row", text)

    def _hash(self, label: str, text: str) -> str:
        return hmac.digest(self.secret, f"{label}\0{text}".encode("utf-8", "replace"), "sha256").hex()


def normal(text: str) -> str:
    """Trimmed, in one form of Unicode, without regard to case, and without what nobody sees."""
    if text.isascii() and text.isprintable():  # as nearly all are; the rest of this costs ten times as much
        return text.strip().lower()
    seen = "".join(character for character in text if unicodedata.category(character) not in {"Cc", "Cf"})
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).strip().casefold())
