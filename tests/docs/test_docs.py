"""The documents tell the truth where a machine can see it: links, paths, commands, settings, quoted messages, pictures."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from forum.kernel.settings import described_settings
from forum.networks.catalogue import Plugin
from forum.web.schema import allow_migrations
from tests.docs.pages import (
    PAGES,
    ROOT,
    anchors_of,
    code_of,
    commands_of,
    links_of,
    messages_of,
    name_of,
    prose_of,
    text_of,
)

LARGEST_PICTURE = 300_000  # bytes
HOUSE = ("forum", "workers", "templates", "static", "migrations", "tests", "bench", "docs")
# Variables that are not settings of the product: for tests, for make, for pip, of the shell.
OTHER_VARIABLES = {"TEST_DATA", "PYTHON", "PIP_INDEX_URL", "PATH", "JOBS"}

each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links_of(page):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _hash, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name_of(page)} links to {link}"
        assert target.is_relative_to(ROOT), f"{name_of(page)} links out of the project: {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors_of(target), f"{name_of(page)} links to {link}, and there is no such heading"


@each_page
def test_every_path_of_the_house_is_there(page: Path) -> None:
    named = re.compile(rf"(?<![\w/.-])((?:{'|'.join(HOUSE)})/[\w./*-]*[\w/*])(?![\w(])")
    for code in code_of(page):
        for path in named.findall(code):
            wanted = re.sub(r"\b[A-Z]{4,}\b(?!\.)", "*", path).rstrip("/")  # NAME and LOCALE stand for any
            assert wanted.endswith("*") or list(ROOT.glob(wanted)), f"{name_of(page)} names {path}, which is not there"


def test_every_command_is_one_of_the_applications(app: Flask) -> None:
    allow_migrations(app)
    runner = app.test_cli_runner()
    named = {command for page in PAGES for command in commands_of(page)}
    assert ("index", "rebuild") in named
    for command in sorted(named):
        done = runner.invoke(args=[*command, "--help"])
        assert done.exit_code == 0, f"flask --app wsgi {' '.join(command)}: {done.output}"


def test_every_command_of_ours_is_written_down(app: Flask) -> None:
    named = {command for page in PAGES for command in commands_of(page)}
    for group in ("import", "index", "people", "readers", "sample"):
        commands = app.cli.commands[group].commands  # type: ignore[attr-defined]
        assert {(group, name) for name in commands} <= named


@each_page
def test_every_setting_named_exists(page: Path) -> None:
    """Variables are what stands before an equals sign, or alone in back quotes in capitals with an underscore."""
    known = {one.variable for one in described_settings()} | OTHER_VARIABLES
    for code in code_of(page):
        alone = re.fullmatch(r"[A-Z]+_[A-Z_]+", code)
        named = [alone.group()] if alone else re.findall(r"^ *(?:export )?([A-Z][A-Z_]+)=", code, re.M)
        for variable in named:
            assert variable in known, f"{name_of(page)} names {variable}, which is no setting"


@each_page
def test_every_quoted_message_is_the_products_own(page: Path) -> None:
    for message in messages_of(page):
        anonymous = re.sub(r"^(?:Bluesky|X)(?= )", "…", message)  # a network's title is a parameter of some
        assert _is_said(message) or _is_said(anonymous), f"{name_of(page)} quotes what nobody says: {message}"


def test_the_plug_in_that_is_shown_is_one() -> None:
    blocks = re.findall(r"```python\n(# pigeon_network\.py\n.*?)```", text_of(ROOT / "docs" / "networks.md"), re.S)
    shown: dict[str, object] = {"PigeonNetwork": lambda settings, secrets: (settings, secrets)}
    exec(blocks[0], shown)
    plugin = shown["plugin"]
    assert isinstance(plugin, Plugin)
    assert [field.name for field in plugin.kind.secrets()] == ["ring"]
    assert plugin.build({"loft": "roof"}, {"ring": "7"})


@each_page
def test_pictures_are_there_and_small(page: Path) -> None:
    for link in links_of(page):
        if link.endswith(".png") and "://" not in link:
            picture = (page.parent / link).resolve()
            assert picture.exists(), f"{name_of(page)} shows {link}"
            assert picture.stat().st_size < LARGEST_PICTURE, f"{link} has {picture.stat().st_size} bytes"
            assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_every_picture_is_shown_somewhere() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in links_of(page)}
    assert set((ROOT / "docs" / "pictures").glob("*")) <= shown


@each_page
def test_no_page_knows_one_machine_or_is_unfinished(page: Path) -> None:
    text = text_of(page)
    assert not re.search(r"(?<![\w.])/(?:home|root|work|Users|tmp)(?:/|\b)", text)
    assert not re.search(r"\b(?:TODO|FIXME|XXX|TBD|lorem ipsum)\b", text, re.I)


@each_page
def test_a_page_begins_with_its_one_title(page: Path) -> None:
    prose = prose_of(page)
    assert prose.startswith("# ")
    assert len(re.findall(r"^# ", prose, re.M)) == 1


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        targets = [(page.parent / link.partition("#")[0]).resolve() for link in links_of(page) if "://" not in link]
        for target in targets:
            waiting += sorted(target.glob("*.md")) if target.is_dir() else [target] if target.suffix == ".md" else []
    assert set(PAGES) <= reached


def _is_said(message: str) -> bool:
    """Piece by piece: an ellipsis stands for a parameter, and behind a colon another sentence may have been put in."""
    pieces = [piece.strip() for piece in re.split(r"…|: ", message)]
    return all(piece in spoken() for piece in pieces if len(piece.strip(" .,")) > 1)


@cache
def spoken() -> str:
    """The product's source with the pieces of a string put together and its parameters made an ellipsis."""
    sources = [
        *(ROOT / "forum").rglob("*.py"),
        *(ROOT / "workers").rglob("*.py"),
        *(ROOT / "templates").rglob("*.html"),
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    joined = re.sub(r"[\"']\s*\n\s*f?[\"']", "", text)
    return re.sub(r"%\(\w+\)s|\{[^{}\n]*\}", "…", joined)
