"""Binds a child process to its parent: when the parent is gone, however it went, the child goes too."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h

# Loaded before any fork: between fork and exec nothing should be imported.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Call in the child, just after the fork: the kernel will send it `how` when the process `parent` ends.

    Other systems than Linux know no such thing; there a killed supervisor leaves its children.
    """
    if _libc is None:
        return
    if _libc.prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:  # the parent went between the fork and here
        os._exit(1)
