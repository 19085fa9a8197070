"""Sealing secrets for the database. The key lives in the environment or in a file of mode 600, never beside the rows."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken

from forum.kernel.errors import Conflict
from forum.kernel.messages import Message


class Seal:
    """Encrypts and authenticates small mappings with Fernet (AES-128-CBC and HMAC-SHA256)."""

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(key)

    def close(self, secrets: Mapping[str, str]) -> str:
        return self._fernet.encrypt(json.dumps(dict(secrets)).encode()).decode()

    def open(self, sealed: str) -> dict[str, str]:
        """Raises Conflict where the key is not the one that sealed it."""
        if not sealed:
            return {}
        try:
            opened: dict[str, str] = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken as error:
            raise Conflict(
                Message(
                    "The stored credentials cannot be opened with this key. Put the old key back, or enter them anew."
                )
            ) from error
        return opened
