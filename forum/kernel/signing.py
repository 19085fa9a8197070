"""Signing facts that travel: Ed25519 over canonical JSON, so that anybody with the public key can tell them from forged ones."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Signer:
    """`key`: 32 bytes in URL-safe base64, the seed of the private key."""

    def __init__(self, key: str) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(key))

    def sign(self, facts: Mapping[str, Any]) -> str:
        """The same facts always have the same signature: 64 bytes in URL-safe base64."""
        return base64.urlsafe_b64encode(self._private.sign(canonical(facts))).decode()

    def holds(self, facts: Mapping[str, Any], signature: str) -> bool:
        try:
            given = base64.b64decode(signature.encode("ascii"), altchars=b"-_", validate=True)
            self._private.public_key().verify(given, canonical(facts))
        except (InvalidSignature, ValueError):
            return False
        return True

    @cached_property
    def public_key(self) -> str:
        """PEM, as openssl and everybody's libraries read it."""
        made = self._private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return made.decode()

    @cached_property
    def fingerprint(self) -> str:
        """Names the key in what it signed: the first 16 hex digits of the SHA-256 of its 32 raw bytes."""
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return hashlib.sha256(raw).hexdigest()[:16]


def canonical(facts: Mapping[str, Any]) -> bytes:
    """One form for the same facts: keys in order, no blanks, UTF-8."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
