"""The drop folder and the command: files that nobody looks at are read as their source's last upload was, or not at all."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.kernel.database import writing
from forum.ledger.contact import Contact, ContactFile, ContactMapping, FileState
from tests.actions.contact_scene import HEAD, ContactScene
from tests.application import QuietParts
from tests.cast import Cast
from tests.scene import Clock
from workers.dropped_contacts import take_dropped
from workers.schedule import Schedule, next_night

ROW = "1,2026-08-01T10:00:00Z,phone,,ada@example.com\n2,2026-08-03T10:00:00Z,phone,K-1,\n"


@pytest.fixture
def stage(parts: QuietParts, session: Session, cast: Cast) -> ContactScene:
    """Genesys is known: one file of it was uploaded by hand."""
    stage = ContactScene(parts, session, cast)
    stage.import_file("0,2026-07-01T10:00:00Z,phone,,x@example.com\n")
    return stage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "drop"
    made.mkdir()
    return made


def drop(path: Path, content: str = HEAD + ROW, age: float = 3600) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    written = path.stat().st_mtime - age
    os.utime(path, (written, written))
    return path


def take(stage: ContactScene, folder: Path) -> int:
    stage.session.rollback()
    return take_dropped(folder, stage.tools, UTC)


def left(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def last(stage: ContactScene) -> ContactFile:
    stage.session.rollback()
    return stage.session.scalars(select(ContactFile).order_by(ContactFile.id.desc()).limit(1)).one()


@pytest.mark.parametrize("name", ["genesys/monday.csv", "genesys-monday.csv", "Genesys_2026-08.csv"])
def test_a_whole_file_of_a_known_source_is_taken_and_moved(stage: ContactScene, folder: Path, name: str) -> None:
    path = drop(folder / name)
    assert take(stage, folder) == 1
    file = last(stage)
    assert (file.state, file.source, file.taken, file.covers_from) == (FileState.IMPORTED, "genesys", 2, None)
    assert left(folder) == {f"done/genesys/{path.name}", f"done/genesys/{path.name}.txt"}
    assert "2 taken, 0 known before, 0 refused" in (folder / f"done/genesys/{path.name}.txt").read_text()
    assert take(stage, folder) == 0


def test_its_days_count_as_complete_only_where_somebody_said_so(stage: ContactScene, folder: Path) -> None:
    with writing():
        mapping = stage.session.get_one(ContactMapping, "genesys")
        mapping.mapping = {**mapping.mapping, "complete_days": True}
        stage.session.commit()
    drop(folder / "genesys/a.csv", HEAD + ROW + f"3,{stage.clock().isoformat()},phone,,\n")  # today is not over
    take(stage, folder)
    assert [str(last(stage).covers_from), str(last(stage).covers_until)] == ["2026-08-01", "2026-08-03"]


def test_what_grows_is_half_written_hidden_or_a_link_is_left_alone(
    stage: ContactScene, folder: Path, tmp_path: Path
) -> None:
    drop(folder / "genesys/new.csv", age=0)
    drop(folder / "genesys/a.csv.part")
    drop(folder / "genesys/.hidden.csv")
    secret = drop(tmp_path / "secret.csv")
    (folder / "genesys/link.csv").symlink_to(secret)
    (folder / "elsewhere").symlink_to(tmp_path)
    before = left(folder)
    assert take(stage, folder) == 0
    assert left(folder) == before
    assert secret.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("avaya/a.csv", HEAD + ROW, "Nobody has said how files of this source are read."),
        ("a.csv", HEAD + ROW, "Nobody has said how files of this source are read."),
        ("genesys/a.csv", HEAD.replace("channel", "kind") + ROW, "The columns are not those that were confirmed"),
        ("genesys/a.csv", "", "This file is empty."),
        ("genesys/a.csv", HEAD + "1,never,phone,,\n", "Not one row of this file could be taken."),
    ],
)
def test_what_cannot_be_taken_fails_and_says_why(
    stage: ContactScene, folder: Path, name: str, content: str, sentence: str
) -> None:
    drop(folder / name, content)
    assert take(stage, folder) == 1
    [said] = [path for path in left(folder) if path.endswith(".txt")]
    assert said.startswith("failed/")
    assert sentence in (folder / said).read_text(encoding="utf-8")
    assert "never" not in (folder / said).read_text(encoding="utf-8")


def test_the_same_file_again_changes_nothing(stage: ContactScene, folder: Path) -> None:
    for name in ("a.csv", "a.csv", "b.csv"):
        drop(folder / "genesys" / name)
        take(stage, folder)
    stage.session.rollback()
    assert stage.session.scalar(select(func.count()).select_from(Contact)) == 3
    assert stage.session.scalar(select(func.count()).select_from(ContactFile)) == 2
    assert len(left(folder)) == 6
    assert "The very same file has come before." in (folder / "done/genesys/b.csv.txt").read_text()


def test_the_command_imports_one_file(app: Flask, stage: ContactScene, tmp_path: Path) -> None:
    path = drop(tmp_path / "august.csv")
    stage.session.rollback()
    run = app.test_cli_runner().invoke
    done = run(
        args=["contacts", "import", str(path), "--source", "Genesys", "--from", "2026-08-01", "--until", "2026-08-03"]
    )
    assert (done.exit_code, done.output) == (0, "2 taken, 0 known before, 0 refused, of 3 rows.\n")
    assert str(last(stage).covers_until) == "2026-08-03"
    for wrong in (["--source", "avaya"], ["--source", "genesys"], ["--source", "genesys", "--from", "2026-08-01"]):
        refused = run(args=["contacts", "import", str(path), *wrong])
        assert refused.exit_code == 1
        assert refused.output.startswith("Error: ")


def test_the_folder_is_looked_into_at_the_start_and_then_every_night(parts: QuietParts, folder: Path) -> None:
    clock = Clock(datetime(2026, 3, 2, 12, tzinfo=UTC))
    here = QuietParts(replace(parts.settings, contacts_folder=folder), clock)
    schedule = Schedule(here, "one")
    rung = []
    for hours in (0, 1, 12, 14, 15, 38):
        here.bell.rung.clear()
        schedule.look(clock() + timedelta(hours=hours))
        rung.append(("take_dropped_contacts", ()) in here.bell.rung)
    assert rung == [True, False, False, True, False, True]
    here.sessions.kw["bind"].dispose()


def test_the_night_is_the_companys() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert next_night(datetime(2026, 3, 2, 12, tzinfo=UTC), berlin) == datetime(2026, 3, 3, 1, tzinfo=UTC)
    assert next_night(datetime(2026, 3, 3, 0, 30, tzinfo=UTC), berlin) == datetime(2026, 3, 3, 1, tzinfo=UTC)
    assert next_night(datetime(2026, 3, 3, 1, tzinfo=UTC), berlin) == datetime(2026, 3, 4, 1, tzinfo=UTC)
