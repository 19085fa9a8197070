"""Claims DATA_DIR for one supervisor: two of them on one folder would run two Redis over the same files."""

from __future__ import annotations

import fcntl
import os
from io import TextIOWrapper

from forum.kernel.settings import Settings
from workers.tree import CannotStart


def lock_folder(settings: Settings) -> TextIOWrapper:
    """The lock file, held open; the kernel gives the lock back when this process ends, however it ends."""
    path = settings.data_dir / "answerback.lock"
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise CannotStart(f"DATA_DIR ({settings.data_dir}) cannot be used: {error.strerror}.") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        who = file.read().strip() or "another process"
        file.close()
        raise CannotStart(
            f"Answerback already runs with DATA_DIR {settings.data_dir} ({who}): stop it first or set another DATA_DIR."
        ) from None
    file.truncate(0)
    file.write(f"process {os.getpid()}, {settings.public_url}")
    file.flush()
    return file
