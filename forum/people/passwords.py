"""Passwords: hashed with argon2id, checked in a time that does not tell whether there is such an account.

Hashing takes about 22 ms, so callers do it before they begin to write: nobody waits for a lock meanwhile.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from forum.kernel.errors import Invalid
from forum.kernel.ids import secret_token
from forum.kernel.messages import Message

SHORTEST, LONGEST = 8, 200  # characters
# 19 MiB, two passes, one lane: OWASP's first choice for argon2id.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def check_new_password(password: str, *, unlike: tuple[str, ...] = (), field: str = "password") -> None:
    """Raises Invalid for a password that is too short, too long, or one of the words that everybody would try first."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        sentence = Message("At least %(least)s characters, please.", {"least": SHORTEST})
    elif len(plain) > LONGEST:
        sentence = Message("At most %(most)s characters, please.", {"most": LONGEST})
    elif len(set(plain)) < 3 or plain.casefold() in {word.casefold() for word in unlike if word}:
        sentence = Message("This password is too easy to guess.")
    else:
        return
    raise Invalid(Message("Please check what is marked below."), {field: sentence})


def hash_password(password: str) -> str:
    return _hasher.hash(_plain(password))


def is_password(password_hash: str | None, password: str) -> bool:
    """Whether the hash was made of this password; without a hash it is False after the same work."""
    if len(password) > LONGEST * 4:
        password = ""
    try:
        _hasher.verify(password_hash or _hash_of_nobody(), _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's and should be made anew."""
    return _hasher.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _hash_of_nobody() -> str:
    """A hash whose password nobody knows, for names that nobody has."""
    return hash_password(secret_token())


def _plain(password: str) -> str:
    """The same characters from every keyboard; lone surrogates, which cannot be encoded, become question marks."""
    return unicodedata.normalize("NFKC", password.encode("utf-8", "replace").decode())
