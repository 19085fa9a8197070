"""Many processes and threads at one index: readers see each commit, writers wait for one another, a killed one harms nobody."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from forum.search.lock import only_writer
from forum.search.port import IndexBusy, Query
from forum.search.whoosh_index import LOCK, WhooshIndex
from tests.search.documents import document
from tests.search.real_data import PROJECT


class Searching:
    """Another process with its own reader of the same folder."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def found(self, text: str) -> list[int]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return sorted(json.loads(self.process.stdout.readline()))


@contextmanager
def searching(index: WhooshIndex) -> Iterator[Searching]:
    command = [sys.executable, "-W", "error", "-m", "tests.search.searcher", str(index.folder)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Searching(process)
        finally:
            process.kill()


def test_two_searching_processes_see_what_a_third_has_committed(index: WhooshIndex) -> None:
    with searching(index) as one, searching(index) as other:
        assert one.found("退款") == other.found("退款") == []
        for round_ in range(1, 8):
            index.put([document(round_, "我要退款"), document(100 + round_, "router")])
            assert one.found("退款") == other.found("退款") == list(range(1, round_ + 1))
        index.put([document(3, "changed")])
        index.remove([4])
        assert one.found("退款") == other.found("退款") == [1, 2, 5, 6, 7]
        index.clear()
        assert one.found("退款") == other.found("退款") == []
        index.put([document(9, "退款")])
        assert one.found("退款") == other.found("退款") == [9]


def test_a_writer_that_waited_too_long_says_so(index: WhooshIndex) -> None:
    index.put([document(1, "router")])
    with only_writer(index.folder / LOCK, 0.0):
        for attempt in (lambda: index.put([document(2, "router")]), lambda: index.remove([1]), index.clear):
            with pytest.raises(IndexBusy, match="still writing"):
                attempt()
        assert index.search(Query("router")).total == 1
    index.put([document(2, "router")])
    assert index.count() == 2


def test_a_writer_that_was_killed_leaves_the_last_commit_and_no_lock(index: WhooshIndex) -> None:
    index.put([document(1, "router")])
    child = os.fork()
    if child == 0:
        with index._batch([1]) as writer:
            writer.add_document(thread_id="2", words="modem\x1e\x1e\x1e")
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert index.search(Query("router")).total == 1
    index.put([document(3, "modem")])
    assert [hit.thread_id for hit in index.search(Query("modem")).hits] == [3]


def test_a_document_that_cannot_be_read_leaves_the_index_as_it_was(index: WhooshIndex) -> None:
    index.put([document(1, "router")])
    with pytest.raises(TypeError):
        index.put([document(1, "modem"), document(2, "modem", tags=(None,))])  # type: ignore[arg-type]
    assert index.search(Query("router")).total == 1
    assert index.count() == 1
    index.put([document(2, "modem")])
    assert index.count() == 2


def test_threads_may_share_one_index(index: WhooshIndex) -> None:
    index.put([document(i, f"router word{i}", "退款 " * (i % 7)) for i in range(200)])

    def search(i: int) -> list[int]:
        if i % 50 == 0:
            index.put([document(1_000 + i, "modem")])
        return [hit.thread_id for hit in index.search(Query(f"router word{i}")).hits]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(search, range(200))) == [[i] for i in range(200)]


def test_a_forked_process_reads_for_itself(index: WhooshIndex) -> None:
    index.put([document(1, "router")])
    assert index.count() == 1
    child = os.fork()
    if child == 0:
        index.put([document(2, "router")])
        os._exit(0 if index.count() == 2 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert index.count() == 2


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_process_forked_amid_a_search_does_not_wait_for_it(index: WhooshIndex) -> None:
    index.put([document(1, "router")])
    amid, over = Event(), Event()

    def search_slowly() -> None:
        with index._reader.searcher():
            amid.set()
            over.wait(30)

    slow = Thread(target=search_slowly)
    slow.start()
    assert amid.wait(10)
    child = os.fork()
    if child == 0:
        signal.alarm(10)
        os._exit(0 if index.count() == 1 else 1)
    assert os.waitpid(child, 0)[1] == 0
    over.set()
    slow.join()
