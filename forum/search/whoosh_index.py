"""The search index in a folder of its own, kept with Whoosh. It can be deleted at any time and be built again.

A folder that is missing, damaged or of another FORMAT reads as an empty index: `count()` then tells that it has to be
built again, and the first writer starts it anew. Readers see each commit of any process at their next call.
"""

from __future__ import annotations

import errno
import logging
import os
import pickle
import re
import shutil
import struct
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from forum.search.lock import only_writer
from forum.search.port import Document, Hit, Hits, Query
from forum.search.whoosh_parts import BM25F, Searcher, merge_by_size, only, schema, whoosh_index, words_of
from forum.search.whoosh_queries import about, everything_of

FORMAT = 2  # raise it when the schema or the analyser changes
NAME = f"threads{FORMAT}"
LOCK = "writer.lock"
LOOKS, LOOK_AGAIN = 4, 0.001  # seconds between them

# What opening a cut, zeroed or half-deleted file ends in; Whoosh has no error of its own for it.
UNREADABLE = (
    whoosh_index.IndexError, OSError, LookupError, ValueError, TypeError, AttributeError, NameError, EOFError,
    AssertionError, ImportError, MemoryError, struct.error, pickle.UnpicklingError, zlib.error,
)  # fmt: skip

Stamp = tuple[str, int, int]  # a commit: its file's name, inode and time

_TOC = re.compile(rf"_{NAME}_([0-9]+)\.toc")
_log = logging.getLogger(__name__)


class Damaged(Exception):
    """The files are there, and are no index."""


class WhooshIndex:
    """Implements `Index`. One object may serve many threads and survive a fork; searches in one process take turns."""

    def __init__(self, folder: Path, *, patience: float = 10.0) -> None:
        """`patience`: seconds that a writer waits for another before IndexBusy."""
        self.folder = folder
        self.patience = patience
        self._reader = _Reader(folder)

    def put(self, documents: Sequence[Document]) -> None:
        latest = {document.thread_id: document for document in documents}
        if latest:
            with self._batch(latest) as writer:
                for document in latest.values():
                    writer.add_document(**_fields(document))

    def remove(self, thread_ids: Sequence[int]) -> None:
        if thread_ids:
            with self._batch(thread_ids):
                pass

    def search(self, query: Query) -> Hits:
        wanted = everything_of(query.text)
        with self._reader.searcher() as searcher:
            if searcher is None or wanted is None:
                return Hits(0, [])
            offset, limit = max(0, query.offset), max(0, query.limit)
            allowed = only(searcher, query.board_ids, query.solved)
            found = searcher.search(wanted, limit=max(1, offset + limit), filter=allowed)
            return Hits(len(found), _hits(searcher, found.top_n[offset : offset + limit]))

    def similar(
        self,
        text: str,
        *,
        solved_only: bool = False,
        but: int | None = None,
        board_ids: tuple[int, ...] | None = None,
        limit: int = 5,
    ) -> Sequence[Hit]:
        with self._reader.searcher() as searcher:
            wanted = None if searcher is None else about(text, searcher)
            if searcher is None or wanted is None or limit < 1:
                return []
            found = searcher.search(
                wanted, limit=limit + 1, filter=only(searcher, board_ids, True if solved_only else None)
            )
            return [hit for hit in _hits(searcher, found.top_n) if hit.thread_id != but][:limit]

    def count(self) -> int:
        with self._reader.searcher() as searcher:
            return 0 if searcher is None else int(searcher.doc_count())

    def clear(self) -> None:
        with only_writer(self.folder / LOCK, self.patience):
            _start_anew(self.folder)

    @contextmanager
    def _batch(self, replaced: Iterable[int]) -> Iterator[Any]:
        """A writer for one commit that has taken out the `replaced` threads; a failure leaves the index as it was."""
        with only_writer(self.folder / LOCK, self.patience):
            index = _usable(self.folder)
            writer = index.writer(_lk=False)
            try:
                with index.searcher() as searcher:
                    for number in _numbers(searcher.reader(), replaced):
                        writer.delete_document(number)
                yield writer
            except BaseException:
                writer.cancel()
                raise
            writer.commit(mergetype=merge_by_size)


class _Reader:
    """The searcher of the newest commit, opened when first needed and again whenever the commit has changed.

    It is opened afresh and never by Whoosh's `refresh`, which keeps showing deleted documents of a segment it has open.
    Whoosh's readers seek in a shared file, so threads take turns.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._forget()

    def _forget(self) -> None:
        self._process = os.getpid()
        self._turn = RLock()
        self._stamp: Stamp | None = None
        self._searcher: Searcher | None = None

    @contextmanager
    def searcher(self) -> Iterator[Searcher | None]:
        """None if there is no index to read."""
        if self._process != os.getpid():
            self._forget()  # what a parent process opened, or was just using, is the parent's
        with self._turn:
            stamp = _newest_commit(self.folder)
            if stamp != self._stamp:
                self._close()
                self._stamp, self._searcher = self._open(stamp)
            yield self._searcher

    def _open(self, stamp: Stamp | None) -> tuple[Stamp | None, Searcher | None]:
        """The commit and its searcher. A commit whose files a writer takes away meanwhile is no damage: a newer one stands."""
        while stamp is not None:
            try:
                with _damage_told():
                    index = whoosh_index.open_dir(str(self.folder), NAME, schema=schema())
                    return stamp, index.searcher(weighting=BM25F())
            except Damaged as damage:
                newer = _newest_commit(self.folder)
                if newer == stamp:
                    _log.warning("the search index in %s counts as empty: %s", self.folder, damage)
                    break
                stamp = newer
        return stamp, None

    def _close(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None


def _newest_commit(folder: Path) -> Stamp | None:
    """Names the newest commit. Its number alone would not do: an index built anew counts from the start.

    A writer puts a new commit's file in place and then takes the old one's away. A listing of the folder amid that may show
    neither, so an empty folder is believed only when several looks agree.
    """
    for look in range(LOOKS):
        if look:
            time.sleep(LOOK_AGAIN)
        try:
            with os.scandir(folder) as entries:
                commits = [(int(match[1]), entry) for entry in entries if (match := _TOC.fullmatch(entry.name))]
            if commits:
                newest = max(commits, key=lambda commit: commit[0])[1]
                about_it = newest.stat()
                return newest.name, about_it.st_ino, about_it.st_mtime_ns
        except FileNotFoundError:
            continue
    return None


def _usable(folder: Path) -> Any:
    """The index to write to, begun anew if it cannot be read."""
    if _newest_commit(folder) is None:
        return _start_anew(folder)
    try:
        with _damage_told():
            index = whoosh_index.open_dir(str(folder), NAME, schema=schema())
            index.reader().close()
            return index
    except Damaged as damage:
        _log.warning("the search index in %s is begun anew: %s", folder, damage)
        return _start_anew(folder)


@contextmanager
def _damage_told() -> Iterator[None]:
    """Turns what opening a damaged file ends in into Damaged; a folder without permission or a full file table is no damage."""
    try:
        yield
    except UNREADABLE as error:
        if isinstance(error, OSError) and error.errno not in {errno.ENOENT, errno.EINVAL}:
            raise
        raise Damaged(f"it cannot be read ({error!r})") from error


def _start_anew(folder: Path) -> Any:
    for path in folder.iterdir():
        if path.name.lstrip("_").startswith("threads"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return whoosh_index.create_in(str(folder), schema(), NAME)


def _numbers(reader: Any, thread_ids: Iterable[int]) -> Iterator[int]:
    """Whoosh's numbers of the documents of these threads."""
    for thread_id in thread_ids:
        if ("thread_id", str(thread_id)) in reader:
            yield from reader.postings("thread_id", str(thread_id)).all_ids()


def _fields(document: Document) -> dict[str, Any]:
    return {
        "thread_id": str(document.thread_id),
        "board": document.board_id,
        "solved": int(document.solved),
        "words": words_of(document),
        "created": int(document.created_at.timestamp()),
        "updated": int(document.updated_at.timestamp()),
    }


def _hits(searcher: Searcher, found: Sequence[tuple[float, int]]) -> list[Hit]:
    """Best first; equals in the order of their ids, so that an index built anew answers alike."""
    hits = [Hit(int(searcher.stored_fields(number)["thread_id"]), float(score)) for score, number in found]
    return sorted(hits, key=lambda hit: (-hit.score, hit.thread_id))
