"""Keys that are made at the first start and kept in a file which its owner alone can read."""

from __future__ import annotations

import base64
import os
import secrets
import stat
from pathlib import Path

from forum.kernel.settings_values import WrongValueError


def kept_key(path: Path) -> str:
    """The key in this file, made there if the file is absent: 32 random bytes in URL-safe base64.

    Raises WrongValueError where others can read the file, and OSError where it cannot be made or read.
    """
    if not path.exists():
        _make(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise WrongValueError(f"is kept in {path}, which others may read: run chmod 600 on it")
    return path.read_text(encoding="ascii", errors="replace").strip()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(32)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # A link appears whole and never replaces: of two processes that start at once, one key wins.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
