"""Every pinned package installs on each Python that we promise, Debian 12's own 3.11.2 among them."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROMISED = ("3.11.2", "3.12.3", "3.13.5")  # as Debian 12, Ubuntu 24.04 and Debian 13 have them


def pins() -> list[Requirement]:
    lines = [
        re.sub(r"\s+#.*", "", line)
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
    ]
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]


@pytest.mark.parametrize("python", PROMISED)
def test_each_pin_takes_this_python(python: str) -> None:
    refused = []
    for pin in pins():
        if pin.marker is not None and not pin.marker.evaluate({"python_version": python.rpartition(".")[0]}):
            continue
        try:
            wants = metadata(pin.name)["Requires-Python"]
        except PackageNotFoundError:
            continue  # its marker leaves it out on the Python that runs this
        if wants and python not in Requirement(f"{pin.name}{wants}").specifier:
            refused.append(f"{pin} wants Python {wants}")
    assert refused == []


def test_everything_is_pinned_to_one_version() -> None:
    assert [str(pin) for pin in pins() if not re.fullmatch(r"==[\w.]+", str(pin.specifier))] == []
