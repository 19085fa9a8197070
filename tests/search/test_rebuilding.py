"""The index may be lost or damaged at any time: it then reads as empty, says so by its count, and can be built again."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from forum.search.port import Hit, Hits, Query
from forum.search.whoosh_index import LOCK, WhooshIndex
from tests.search.documents import document

THREADS = [document(i, f"router number {i}", "wifi drops 退款 " * (i % 5), board_id=i % 3) for i in range(1, 61)]
QUERIES = ["router", "退款", "number 7", "wifi", '"wifi drops"', "absent"]


def results(index: WhooshIndex) -> list[Hits]:
    return [index.search(Query(text, limit=100)) for text in QUERIES]


def test_an_index_that_was_deleted_and_built_again_gives_the_same_results(index: WhooshIndex) -> None:
    index.put(THREADS)
    before, similar = results(index), index.similar("router wifi 退款")
    assert before[0].total == 60
    shutil.rmtree(index.folder)
    assert index.count() == 0
    assert results(index) == [Hits(0, [])] * len(QUERIES)
    for start in range(0, 60, 20):
        index.put(THREADS[start : start + 20])
    assert index.count() == 60
    again = results(index)
    assert [hits.total for hits in again] == [hits.total for hits in before]
    for one, other in zip(again, before, strict=True):
        assert scores(one.hits) == pytest.approx(scores(other.hits))
    # Of threads that score alike, any may be among the best five.
    assert sorted(scores(index.similar("router wifi 退款")).values()) == pytest.approx(sorted(scores(similar).values()))


def scores(hits: Sequence[Hit]) -> dict[int, float]:
    return {hit.thread_id: hit.score for hit in hits}


def test_a_reader_notices_an_index_built_anew_with_as_many_commits(index: WhooshIndex) -> None:
    index.put([document(1, "router")])
    assert index.search(Query("router")).total == 1
    shutil.rmtree(index.folder)
    WhooshIndex(index.folder).put([document(2, "modem")])
    assert index.search(Query("router")).total == 0
    assert index.search(Query("modem")).total == 1


def test_there_is_no_index_at_first_and_asking_makes_none(index: WhooshIndex) -> None:
    assert index.count() == 0
    assert index.search(Query("router")).total == 0
    assert not index.folder.exists()


def cut_to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def filled_with_noise(path: Path) -> None:
    path.write_bytes(bytes(i * 37 % 251 for i in range(path.stat().st_size)))


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("damage", [cut_to_nothing, cut_in_half, zeroed, filled_with_noise, Path.unlink])
@pytest.mark.parametrize("kind", ["*.toc", "*.seg"])
def test_a_damaged_index_reads_as_empty_and_is_begun_anew(
    index: WhooshIndex, damage: Callable[[Path], None], kind: str
) -> None:
    index.put(THREADS)
    for path in index.folder.glob(kind):
        damage(path)
    fresh = WhooshIndex(index.folder)  # what a process has open already it may go on reading
    assert fresh.count() == 0
    assert fresh.search(Query("router")).total == 0
    assert list(fresh.similar("router")) == []
    gc.collect()  # what Whoosh cannot read it does not close either, and says so here
    fresh.put(THREADS)
    assert fresh.count() == index.count() == 60
    assert fresh.search(Query("router")).total == 60


def test_clearing_a_damaged_index_leaves_an_empty_one_and_other_files_alone(index: WhooshIndex) -> None:
    index.put(THREADS)
    (index.folder / "notes.txt").write_text("mine", encoding="utf-8")
    for path in index.folder.glob("*threads*"):
        cut_to_nothing(path)
    index.clear()
    assert index.count() == 0
    assert {path.name for path in index.folder.iterdir() if not path.name.startswith("_threads")} == {"notes.txt", LOCK}
    index.put(THREADS[:1])
    assert index.count() == 1
