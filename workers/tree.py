"""One tree of processes: starts them, starts again what dies, and stops them in order.

Signals are blocked and taken by `sigtimedwait` in one place, so nothing here is ever interrupted in the middle.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from workers.lifeline import die_with_parent

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
LONGEST_PAUSE = 30.0  # seconds before the next attempt to start what keeps dying
ECHO = (
    1.0  # seconds in which a second signal is the first one once more: make and `timeout` pass on what we got already
)
STEADY = 60.0  # seconds after which a process counts as running well, and its next death as a first one


class CannotStart(Exception):
    """Something outside hinders the start; said as it is, with exit code 1."""


class StopAsked(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


@dataclass(frozen=True)
class Program:
    """What runs, and how it is stopped."""

    name: str
    argv: Sequence[str]
    environ: Mapping[str, str]
    patience: float  # seconds between the request to stop and the kill
    orphaned: signal.Signals = signal.SIGKILL  # what it gets when the supervisor is gone
    hand_over: Callable[[], tuple[int, ...]] = tuple  # file descriptors for each start; closed here once it runs
    keeps: tuple[int, ...] = ()  # file descriptors that it shares with us
    once: bool = False  # meant to end; not started again


@dataclass
class Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    start_at: float | None = None  # monotonic; set while waiting for the next attempt


@dataclass
class Tree:
    """Call `hold_signals` first; then `start`, `pause` in between, and in the end `stop`."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    _asked: float = -ECHO

    def hold_signals(self) -> None:
        """From here on signals wait for `pause`. A SIGHUP that somebody ignores (nohup) stays ignored."""
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS | {signal.SIGCHLD})

    def start(self, program: Program) -> Child:
        child = Child(program)
        self.children.append(child)
        self._spawn(child)
        return child

    def pause(self, seconds: float) -> None:
        """Wait, reap and restart; raises StopAsked when somebody wants the tree to stop."""
        end = time.monotonic() + seconds
        while True:
            self._revive()
            wake = min([end, *(child.start_at for child in self.children if child.start_at is not None)])
            got = signal.sigtimedwait(STOP_SIGNALS | {signal.SIGCHLD}, max(0.0, wake - time.monotonic()))
            if got and got.si_signo in STOP_SIGNALS and self._is_new_wish():
                raise StopAsked
            self._notice_deaths()
            if got or time.monotonic() >= end:
                return

    def finished(self, child: Child) -> int | None:
        """The exit code of a child that is meant to end, once it has."""
        return child.process.poll() if child.process else None

    def stop(self, groups: Sequence[Sequence[Child]]) -> None:
        """Stop group after group, each once the one before is gone; a second wish to stop kills all that is left."""
        self.stopping = True
        try:
            for group in groups:
                self._stop_together([child for child in group if _alive(child)])
        except StopAsked:
            self.say("Stopping at once.")
        self.kill()

    def kill(self) -> None:
        """End whatever still runs."""
        self.stopping = True
        left = [child.process for child in reversed(self.children) if child.process and _alive(child)]
        for process in left:
            _signal_group(process, signal.SIGKILL)
        for process in left:
            process.wait()

    def _stop_together(self, group: Sequence[Child]) -> None:
        for child in group:
            if child.process:
                child.process.terminate()
        begun = time.monotonic()
        while left := [child for child in group if _alive(child)]:
            for child in left:
                if child.process and time.monotonic() - begun > child.program.patience:
                    self.say(f"{child.program.name} did not stop in {child.program.patience:.0f} s and was killed.")
                    _signal_group(child.process, signal.SIGKILL)
                    child.process.wait()
            self.pause(0.2)

    def _is_new_wish(self) -> bool:
        if time.monotonic() - self._asked < ECHO:
            return False
        self._asked = time.monotonic()
        return True

    def _spawn(self, child: Child) -> None:
        program = child.program
        child.start_at = None
        child.started = time.monotonic()
        handed = program.hand_over()
        parent = os.getpid()

        def settle_in() -> None:
            signal.pthread_sigmask(signal.SIG_SETMASK, set())
            die_with_parent(parent, program.orphaned)

        try:
            child.process = subprocess.Popen(  # noqa: S603  our own programs
                list(program.argv),
                env=dict(program.environ),
                stdin=subprocess.DEVNULL,
                pass_fds=(*program.keeps, *handed),
                start_new_session=True,  # so that Ctrl-C in a terminal reaches the supervisor alone
                preexec_fn=settle_in,  # noqa: PLW1509  this process has one thread only
            )
        finally:
            for descriptor in handed:
                os.close(descriptor)

    def _notice_deaths(self) -> None:
        for child in self.children:
            if child.process is None or child.process.poll() is None or child.start_at is not None:
                continue
            if not self.stopping and not child.program.once:
                self._plan_restart(child)

    def _plan_restart(self, child: Child) -> None:
        assert child.process is not None
        lived = time.monotonic() - child.started
        child.deaths = 1 if lived > STEADY else child.deaths + 1
        wait = min(LONGEST_PAUSE, 0.5 * 2 ** (child.deaths - 1))
        child.start_at = time.monotonic() + wait
        self.say(f"{child.program.name} {how_it_ended(child.process.returncode)}; starting it again in {wait:g} s.")

    def _revive(self) -> None:
        for child in self.children:
            if not self.stopping and child.start_at is not None and time.monotonic() >= child.start_at:
                self._spawn(child)


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"ended with exit code {code}"
    with contextlib.suppress(ValueError):
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"


def say(line: str) -> None:
    """One line of progress. The terminal may be gone while we still have processes to stop."""
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _alive(child: Child) -> bool:
    return child.process is not None and child.process.poll() is None


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
