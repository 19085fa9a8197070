"""A small tree of processes that tests start: `python -m tests.running.grove FOLDER PATIENCE`.

Each child notes its process number in FOLDER/NAME.pid and, when asked to stop, its name in FOLDER/stopped.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from workers.tree import Program, StopAsked, Tree, say

CHILD = """
import os, pathlib, signal, sys, time
folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
def stop(number, frame):
    if name == "stubborn":
        return
    time.sleep(0.2)
    with (folder / "stopped").open("a") as file:
        file.write(name + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
with (folder / "born").open("a") as file:
    file.write(name + "\\n")
draft = folder / (name + ".draft")
draft.write_text(str(os.getpid()))
draft.rename(folder / (name + ".pid"))
if name == "frail":
    sys.exit(3)
while True:
    time.sleep(1)
"""


def main(folder: Path, patience: float, names: list[str]) -> int:
    tree = Tree(say)
    tree.hold_signals()
    children = [
        tree.start(Program(name, [sys.executable, "-c", CHILD, str(folder), name], dict(os.environ), patience))
        for name in names
    ]
    try:
        while True:
            tree.pause(60)
    except StopAsked:
        tree.stop([[child] for child in children])
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]))
