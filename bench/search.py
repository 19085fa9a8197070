"""How well and how fast the search finds: `python -m bench.search [set ...]` from the project's root.

Retrieval is measured on the whole sets of TEST_DATA. Speed is told as ratios within one run, because machines differ:
a two-word query against a plain `in` scan of the same texts, an update alone against one in a batch of 50.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from forum.search.excerpt import MarkedExcerpts
from forum.search.port import Document, Query
from forum.search.whoosh_index import WhooshIndex
from tests.search.documents import document
from tests.search.real_data import rows
from tests.search.retrieval import SETS, hit_rate

DOCUMENTS = 10_000
BATCH = 50
QUERIES = 200

T = TypeVar("T")


def main() -> None:
    names = [name.lower() for name in sys.argv[1:]]
    for known in SETS:
        if not names or any(name in known.name.lower() for name in names):
            with tempfile.TemporaryDirectory() as folder:
                pairs = known.pairs()
                rate = hit_rate(Path(folder), pairs)
                print(
                    f"{known.name:20} twin in the top 10 for {rate:.4f} of {len(pairs)} (floor {known.floor})",
                    flush=True,
                )
    if not names or "speed" in names:
        with tempfile.TemporaryDirectory() as folder:
            speed(Path(folder))


def speed(folder: Path) -> None:
    texts = sample_texts()
    documents = [document(number, text[:80], text, board_id=number % 6) for number, text in enumerate(texts)]
    index = WhooshIndex(folder)
    took = seconds(lambda: fill(index, documents))
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(
        f"index {len(documents)} documents in batches of 1,000: {len(documents) / took:.0f} a second, {size / 1e6:.1f} MB"
    )

    queries = two_words(texts)
    searching = median(lambda text: index.search(Query(text)), queries)
    scanning = median(lambda text: scan(texts, text), queries)
    print(
        f"two-word query p50 {searching * 1e3:.2f} ms, plain scan {scanning * 1e3:.2f} ms: {scanning / searching:.1f} times as fast"
    )
    in_board = median(lambda text: index.search(Query(text, board_ids=(1, 2), solved=False)), queries)
    print(f"the same in two boards, unsolved: {in_board * 1e3:.2f} ms, {in_board / searching:.2f} times as long")
    similar = median(lambda number: index.similar(texts[number]), range(0, len(texts), len(texts) // QUERIES))
    print(f"similar p50 {similar * 1e3:.2f} ms, {similar / searching:.2f} times a two-word query")
    showing = median(lambda text: MarkedExcerpts().marked(texts[hash(text) % len(texts)], text), queries)
    print(f"excerpt p50 {showing * 1e3:.3f} ms")

    alone = median(lambda number: index.put(documents[number : number + 1]), range(5_000, 5_020))
    batched = median(lambda number: index.put(documents[number : number + BATCH]), range(6_000, 6_500, BATCH)) / BATCH
    print(
        f"update alone {alone * 1e3:.1f} ms, in a batch of {BATCH} {batched * 1e3:.2f} ms each: {alone / batched:.0f} times as fast"
    )


def sample_texts() -> list[str]:
    """Real support texts, English and Chinese."""
    texts = [str(row.get("text") or row.get("t")) for row in rows("mentions/threads_twcs5000.jsonl")]
    texts += [str(row.get("text")) for row in rows("mentions/sent_en_airline.jsonl")]
    for row in rows("mentions/helpdesk_zh_stc3.jsonl"):
        texts.append("\n".join(text for turn in row["turns"] for text in turn["utterances"]))
    return texts[-DOCUMENTS:]


def fill(index: WhooshIndex, documents: Sequence[Document]) -> None:
    for start in range(0, len(documents), 1_000):
        index.put(documents[start : start + 1_000])


def two_words(texts: Sequence[str]) -> list[str]:
    """Two words, or two pairs of Han characters, that stand in one text."""
    chance = random.Random(7)
    made = []
    while len(made) < QUERIES:
        words = re.findall(r"[A-Za-z]{4,}|[\u4e00-\u9fff]{2}", chance.choice(texts))
        if len(words) >= 2:
            made.append(" ".join(chance.sample(words, 2)))
    return made


def scan(texts: Sequence[str], query: str) -> list[int]:
    words = query.lower().split()
    return [number for number, text in enumerate(texts) if all(word in text.lower() for word in words)]


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[T], object], over: Iterable[T]) -> float:
    return statistics.median(seconds(lambda one=one: work(one)) for one in over)


if __name__ == "__main__":
    main()
