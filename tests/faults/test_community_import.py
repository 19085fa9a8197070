"""An import killed again and again, in the middle of a transaction and right after one, ends as one that nobody disturbed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from forum.actions.ship_ranks import ship_ranks
from forum.kernel.base import Base
from tests.importing.dumps import first_days, needs_beer

pytestmark = [pytest.mark.faults, needs_beer]

# What a process says for the how manieth time when it is killed: within a transaction, or right after a commit.
ENDS = (("alive", 3), ("committed", 1), ("alive", 12), ("alive", 25), ("alive", 9), ("alive", 15))
BY_CHANCE = {"reviews_due": {"mark"}, "expertise_due": {"mark"}, "deliveries": {"key"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return first_days(tmp_path_factory.mktemp("beer"), "2014-01-23")


def run(database: Path, folder: Path, ends: tuple[str, int] | None = None) -> bool:
    """Whether it came to its end; killed at the sign that `ends` names, where it is given."""
    command = [sys.executable, "-m", "tests.faults.importing", f"sqlite:///{database}", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        heard = 0
        for line in process.stdout:
            heard += ends is not None and line.startswith(ends[0])
            if ends is not None and heard == ends[1]:
                process.kill()
                return False
        assert process.wait() == 0
        return line == "finished\n"


def rows_of(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """All tables, row by row, without what is made by chance."""
    engine = create_engine(f"sqlite:///{database}")
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in BY_CHANCE.get(table.name, ())]
            found[table.name] = sorted(map(tuple, connection.execute(select(*columns)).all()), key=repr)
    engine.dispose()
    return found


def test_killed_anywhere_it_goes_on_where_it_was_and_two_replays_are_equal(
    folder: Path, empty_sqlite: Path, tmp_path: Path
) -> None:
    undisturbed, killed = tmp_path / "undisturbed.db", tmp_path / "killed.db"
    for database in (undisturbed, killed):
        shutil.copyfile(empty_sqlite, database)
        with Session(create_engine(f"sqlite:///{database}", poolclass=NullPool)) as session:
            ship_ranks(session, datetime(2014, 1, 1, tzinfo=UTC))
            session.commit()
    assert run(undisturbed, folder)
    kills = sum(not run(killed, folder, ends) for ends in ENDS)
    assert kills >= 4  # the later ones may find it finished
    assert run(killed, folder)
    there, here = rows_of(undisturbed), rows_of(killed)
    assert len(there["point_entries"]) > 300
    assert len(there["acceptances"]) > 20
    assert len(there["member_measures"]) > 50
    assert len(there["rank_changes"]) > 20
    assert len(there["badge_awards"]) > 20
    for table, rows in there.items():
        assert here[table] == rows, table
    assert run(killed, folder)
    assert rows_of(killed) == here  # and once more changes nothing
