"""Whatever hinders a start is said in one sentence, with exit code 1 and without a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from forum.kernel.settings import Settings
from tests.services.process import free_port
from workers.folder import lock_folder
from workers.schema import is_prepared, newest_revision

ROOT = Path(__file__).parents[2]


def refused(folder: Path, **environ: str) -> str:
    """What the supervisor says before it gives up."""
    given = {"PATH": os.environ["PATH"], "PORT": str(free_port()), "DATA_DIR": str(folder), **environ}
    done = subprocess.run(  # noqa: PLW1510  the code is looked at below
        [sys.executable, "-m", "workers.supervise"], cwd=ROOT, env=given, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert sentence.endswith(".")
    return sentence


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert refused(tmp_path, PORT=port).startswith(f"Port {port} on 127.0.0.1 is in use")


def test_a_host_of_another_machine(tmp_path: Path) -> None:
    assert refused(tmp_path, HOST="192.0.2.1", SAMPLE="no").startswith("HOST 192.0.2.1 with port")


def test_a_second_instance_on_the_same_folder(tmp_path: Path) -> None:
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path), "PORT": "8765"})
    with lock_folder(settings):
        sentence = refused(tmp_path)
    assert sentence.startswith(
        f"Answerback already runs with DATA_DIR {tmp_path} (process {os.getpid()}, http://127.0.0.1:8765)"
    )


def test_a_lock_that_a_killed_instance_left_does_not_hinder(tmp_path: Path) -> None:
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path)})
    lock_folder(settings).close()
    lock_folder(settings).close()


@pytest.mark.parametrize("keys", ["kept", "given"])
def test_a_folder_that_cannot_be_written(tmp_path: Path, keys: str) -> None:
    (tmp_path / "file").touch()
    given = {"SECRET_KEY": "s" * 32, "CREDENTIALS_KEY": "A" * 43 + "="} if keys == "given" else {}
    folder = tmp_path / "file" / "var"
    assert refused(folder, **given) == f"DATA_DIR ({folder}) cannot be used: Not a directory."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into any folder")
def test_a_folder_of_somebody_else(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert refused(tmp_path / "var") == f"DATA_DIR ({tmp_path / 'var'}) cannot be used: Permission denied."


def test_a_wrong_setting(tmp_path: Path) -> None:
    assert refused(tmp_path, PORT="http") == "PORT must be a whole number from 1 to 65535, not 'http'."
    assert refused(tmp_path, DATABASE_URL="oracle://h/d").startswith("DATABASE_URL must look like sqlite:")


def test_the_sample_for_everybody(tmp_path: Path) -> None:
    assert refused(tmp_path, HOST="0.0.0.0").startswith("SAMPLE must be no when HOST is 0.0.0.0")


# What tells that there is nothing to prepare


def migrations(folder: Path, *steps: tuple[str, str | None]) -> Path:
    (folder / "versions").mkdir(parents=True)
    for revision, before in steps:
        down = f'"{before}"' if before else "None"
        text = f'"""why"""\n\nrevision: str = "{revision}"\ndown_revision = {down}\n'
        (folder / "versions" / f"{revision}.py").write_text(text)
    return folder


def test_the_newest_revision_is_the_one_that_none_builds_on(tmp_path: Path) -> None:
    assert newest_revision(migrations(tmp_path / "line", ("a1", None), ("c3", "b2"), ("b2", "a1"))) == "c3"
    assert newest_revision(migrations(tmp_path / "fork", ("a1", None), ("b2", "a1"), ("c3", "a1"))) is None
    assert newest_revision(tmp_path / "none") is None


def test_only_a_current_schema_with_its_sample_needs_no_preparation(tmp_path: Path) -> None:
    import sqlite3

    steps = migrations(tmp_path / "migrations", ("a1", None), ("b2", "a1"))
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path)})
    assert not is_prepared(settings, steps)
    settings.sample_accounts_file.touch()
    assert not is_prepared(settings, steps)
    connection = sqlite3.connect(tmp_path / "answerback.db")
    connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    assert not is_prepared(settings, steps)
    connection.execute("INSERT INTO alembic_version VALUES ('a1')")
    connection.commit()
    assert not is_prepared(settings, steps)
    connection.execute("UPDATE alembic_version SET version_num = 'b2'")
    connection.commit()
    connection.close()
    assert is_prepared(settings, steps)
    settings.sample_accounts_file.unlink()
    assert not is_prepared(settings, steps)
