"""Whatever rings, somebody answers: every job that is rung for by name is a job, and has a queue."""

from __future__ import annotations

import re
from pathlib import Path

from forum.wiring.bell import QUEUE_OF
from workers import jobs
from workers.schedule import JOB_OF

ROOT = Path(__file__).resolve().parent.parent.parent
RUNG = re.compile(r'\.ring\("(\w+)"')
ANSWERED = re.compile(r'_answer_bell\("(\w+)"')


def rung() -> set[str]:
    """The names in the source of everything that may ring."""
    sources = [*(ROOT / "forum").rglob("*.py"), *(ROOT / "workers").rglob("*.py")]
    return {name for path in sources for name in RUNG.findall(path.read_text(encoding="utf-8"))} | set(JOB_OF.values())


def test_every_job_that_is_rung_for_has_a_queue() -> None:
    assert len(rung()) > 10
    assert rung() - set(QUEUE_OF) == set()


def test_every_queue_belongs_to_a_job_that_answers_its_own_bell() -> None:
    answered = ANSWERED.findall((ROOT / "workers" / "jobs.py").read_text(encoding="utf-8"))
    assert set(answered) == set(QUEUE_OF)
    assert all(callable(getattr(jobs, name)) for name in QUEUE_OF)
