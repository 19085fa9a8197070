"""Set-up from nothing: a copy of setup.py in an empty project makes an environment, once, and says what hinders it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.running
ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "workers").mkdir()
    shutil.copy(ROOT / "workers" / "setup.py", tmp_path / "workers")
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\n")
    return tmp_path


def set_up(project: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": os.environ["PATH"], "HOME": str(project), "PYTHON": sys.executable, **environ}
    command = [sys.executable, "-I", "workers/setup.py", *arguments]
    return subprocess.run(command, check=False, cwd=project, env=given, capture_output=True, text=True, timeout=120)


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout + done.stderr
    (said,) = done.stderr.splitlines()
    return said


def with_environment(project: Path) -> Path:
    """An environment as cheap as can be: without pip, marked as set up with something else."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(project / ".venv")], check=True)
    (project / ".venv" / "installed.json").write_text("{}")
    return project


def fake_python(folder: Path, *, version: str, has_venv: bool = True) -> str:
    python = folder / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$3" in *version_info*) echo "{version}";; *) exit {0 if has_venv else 1};; esac\n'
    )
    python.chmod(0o755)
    return str(python)


def test_the_first_time_makes_an_environment_and_the_second_does_nothing(project: Path) -> None:
    first = set_up(project, "requirements-dev.txt", "--", "-c", "import sys; print(sys.prefix)")
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[-1] == str(project / ".venv")
    assert "Installing requirements-dev.txt" in first.stdout
    again = set_up(project, "requirements-dev.txt")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    included = set_up(project, "requirements.txt")
    assert (included.returncode, included.stdout, included.stderr) == (0, "", "")
    (project / "requirements.txt").write_text("# changed\n")
    assert "Installing requirements-dev.txt" in set_up(project, "requirements-dev.txt").stdout


def test_the_exit_code_is_that_of_the_command(project: Path) -> None:
    with_environment(project)
    assert set_up(project, "--", "-c", "raise SystemExit(7)").returncode == 7


@pytest.mark.parametrize("version", ["3.9", "3.14", "2.7"])
def test_a_python_too_old_or_too_new(project: Path, version: str) -> None:
    said = sentence(set_up(project, "requirements.txt", PYTHON=fake_python(project, version=version)))
    assert said.startswith(f"Answerback needs Python 3.11, 3.12 or 3.13, and {project}/python is {version}:")
    assert not (project / ".venv").exists()


def test_a_python_without_venv_names_the_package_to_install(project: Path) -> None:
    said = sentence(set_up(project, "requirements.txt", PYTHON=fake_python(project, version="3.12", has_venv=False)))
    assert "run apt-get install python3.12-venv (or python3-venv)." in said


def test_no_network_for_pip(project: Path) -> None:
    (project / "requirements.txt").write_text("no-such-thing-at-all==1\n")
    done = set_up(project, "requirements.txt", PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0")
    assert sentence(done).startswith(
        "pip cannot reach the package index to install requirements.txt: check the network"
    )
    assert "no-such-thing-at-all" in (project / ".venv" / "pip.log").read_text()


def test_a_requirement_that_pip_refuses(project: Path) -> None:
    (project / "requirements.txt").write_text("===\n")
    said = sentence(set_up(project, "requirements.txt"))
    assert said.startswith("pip could not install requirements.txt: ")
    assert "Traceback" not in said


def test_a_folder_that_cannot_be_written(project: Path) -> None:
    (project / ".venv").write_text("a file where the environment should be")
    assert sentence(set_up(project, "requirements.txt")).endswith("cannot be used: Not a directory.")


def test_an_environment_whose_python_has_gone_is_made_anew(project: Path) -> None:
    with_environment(project)
    for name in ("python", "python3"):
        (project / ".venv" / "bin" / name).unlink(missing_ok=True)
    done = set_up(project, "requirements.txt", "--", "-c", "print('works')")
    assert done.stdout.splitlines()[-1] == "works", done.stderr


def test_translations_are_compiled_when_newer_than_what_was_made_of_them(project: Path) -> None:
    with_environment(project)
    compiler = project / "babel" / "messages"  # found before any installed one, since commands run in the project
    compiler.mkdir(parents=True)
    (compiler / "__init__.py").touch()
    (compiler.parent / "__init__.py").touch()
    (compiler / "frontend.py").write_text("import sys\nopen('compiled', 'a').write(' '.join(sys.argv[1:]) + '\\n')\n")
    catalogue = project / "forum" / "web" / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.touch()
    assert set_up(project).returncode == 0
    assert len((project / "compiled").read_text().splitlines()) == 1
    catalogue.with_suffix(".mo").touch()
    os.utime(catalogue, (1, 1))
    assert set_up(project).returncode == 0
    assert len((project / "compiled").read_text().splitlines()) == 1
