"""The drop folder: contact files that other systems put there are imported as their source's last upload was.

A file stands in a subfolder named like its source, or its name begins with the source and a hyphen or an underscore. It
moves to done/ or failed/, with a text beside it that says what became of it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.confirm_contact_file import clean_source
from forum.actions.drop_contact_file import NotTaken, drop_contact_file
from forum.actions.import_contacts import Importing, import_contact_file
from forum.kernel.database import writing
from forum.kernel.errors import ForumError
from forum.ledger.contact import ContactFile, ContactMapping, FileState
from forum.ledger.contact_rows import Problem
from forum.ledger.contact_text import pack

log = logging.getLogger(__name__)
DONE, FAILED = "done", "failed"
STILL_FOR = 60.0  # seconds without a change, after which a file is taken to be whole
HALF_WRITTEN = (".part", ".tmp", ".filepart", ".crdownload")


@dataclass(frozen=True)
class Dropped:
    path: Path
    source: str


def take_dropped(folder: Path, tools: Importing, zone: tzinfo) -> int:
    """How many files were moved."""
    with tools.sessions() as session:
        sources = session.scalars(select(ContactMapping.source)).all()
    found = [one for one in whole_files(folder, sources) if one.path.exists()]
    for one in found:
        _take(folder, one, tools, zone)
    return len(found)


def whole_files(folder: Path, sources: Sequence[str]) -> list[Dropped]:
    """Those that no longer grow, oldest first. Links are left alone: they may lead anywhere."""
    paths = [
        path
        for path in (*folder.glob("*"), *folder.glob("*/*"))
        if path.is_file() and not path.is_symlink() and not path.parent.is_symlink()
        and path.parent.name not in (DONE, FAILED) and not path.name.startswith(".")
        and path.suffix.lower() not in HALF_WRITTEN and time.time() - path.stat().st_mtime >= STILL_FOR
    ]  # fmt: skip
    paths.sort(key=lambda path: (path.stat().st_mtime, path.name))
    return [Dropped(path, _source(folder, path, sources)) for path in paths]


def _source(folder: Path, path: Path, sources: Sequence[str]) -> str:
    if path.parent != folder:
        return clean_source(path.parent.name)
    name = clean_source(path.name)
    known = [source for source in sources if name.startswith((f"{source}-", f"{source}_", f"{source}."))]
    return max(known, key=len, default="")


def _take(folder: Path, one: Dropped, tools: Importing, zone: tzinfo) -> None:
    try:
        before = one.path.stat().st_size
        with one.path.open("rb") as stream:
            packed = pack(stream)
        if one.path.stat().st_size != before:
            return  # it grows after all
        with writing(), tools.sessions.begin() as session:
            file_id = drop_contact_file(session, one.path.name, one.source, packed, tools, zone)
    except NotTaken as known:
        _move(folder, one, DONE, str(known.message), tools.clock())
        return
    except ForumError as error:
        _move(folder, one, FAILED, str(error.message), tools.clock())
        return
    except OSError as error:
        log.warning("the dropped file %s cannot be read: %s", one.path.name, error.strerror)
        return
    import_contact_file(tools, file_id)
    with tools.sessions() as session:
        where, words = _what_became(session, file_id)
    _move(folder, one, where, words, tools.clock())


def _what_became(session: Session, file_id: int) -> tuple[str, str]:
    file = session.get_one(ContactFile, file_id)
    lines = [f"{file.taken} taken, {file.known} known before, {file.refused} refused, of {file.read} rows."]
    if file.covers_from is not None:
        lines.append(f"Complete days: {file.covers_from} to {file.covers_until}.")
    lines += [
        f"Row {problem.row}, {problem.column or 'the whole row'}: {problem.message}"
        for problem in map(Problem.kept, file.problems)
    ]
    if file.words:
        lines.insert(0, file.words)
    return (DONE if file.state == FileState.IMPORTED else FAILED), "\n".join(lines)


def _move(folder: Path, one: Dropped, where: str, words: str, now: datetime) -> None:
    """A name that is taken already gets the time before it."""
    target = folder / where / (one.source or "unknown")
    try:
        target.mkdir(parents=True, exist_ok=True)
        name = one.path.name
        if (target / name).exists():
            name = f"{now:%Y%m%dT%H%M%S%f}-{name}"
        (target / f"{name}.txt").write_text(words + "\n", encoding="utf-8")
        one.path.rename(target / name)
    except OSError as error:
        log.warning("the dropped file %s cannot be moved: %s", one.path.name, error.strerror)
