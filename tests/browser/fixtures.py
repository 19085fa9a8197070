"""The whole product as people start it, and a browser to use it with.

The sample community is planted once a session; each test module gets a copy of it and a process tree of its own. What a
page says beside being shown (a console message, a refused script, a request to elsewhere, an answer of 500) fails the
test that opened it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.running.waiting import until

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # chromium refuses to run as root with it
]
PATIENCE = 20_000  # milliseconds that a page may take on a busy machine
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True)
class Product:
    """A running Answerback with its sample community."""

    address: str
    folder: Path

    @cached_property
    def accounts(self) -> dict[str, tuple[str, str]]:
        """Name and password of the sample's account of each role."""
        rows = [line.split() for line in (self.folder / "sample-accounts.txt").read_text(encoding="utf-8").splitlines()]
        return {row[0]: (row[1], row[2]) for row in rows if len(row) == 3 and row[0] != "Sign"}

    def status(self, path: str) -> int:
        """What a visitor gets there."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@dataclass
class Visitors:
    """Opens pages, each in a browser of its own; signs in once a role and keeps the cookie."""

    product: Product
    browser: Any
    cookies: dict[str, Any] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    contexts: list[Any] = field(default_factory=list)

    def open(self, role: str | None = None, *, javascript: bool = True, locale: str = "en-US", **more: Any) -> Any:
        """A page on nothing yet, as a visitor or signed in with the sample's account of this role."""
        more.setdefault("viewport", WIDE)
        context = self.browser.new_context(
            base_url=self.product.address,
            locale=locale,
            java_script_enabled=javascript,
            storage_state=self._cookie(role) if role else None,
            **more,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        self._watch(page)
        return page

    def sign_in(self, page: Any, role: str) -> None:
        name, password = self.product.accounts[role]
        page.goto("/sign-in")
        page.get_by_label("Name or mail address").fill(name)
        page.get_by_label("Password").fill(password)
        page.locator("main button[type=submit]").click()
        page.locator(".bar .account").wait_for()

    def _cookie(self, role: str) -> Any:
        if role not in self.cookies:
            page = self.open()
            self.sign_in(page, role)
            self.cookies[role] = page.context.storage_state()
        return self.cookies[role]

    def _watch(self, page: Any) -> None:
        page.on("console", lambda said: None if _own_status(said) else self._note(f"console: {said.text}"))
        page.on("pageerror", lambda error: self._note(f"error: {error}"))
        page.on("request", lambda asked: None if self._is_ours(asked.url) else self._note(f"asked for {asked.url}"))
        page.on("response", lambda got: self._note(f"{got.status} at {got.url}") if got.status >= 500 else None)

    def _is_ours(self, url: str) -> bool:
        return url.startswith((self.product.address + "/", "data:", "blob:", "about:"))

    def _note(self, event: str) -> None:
        self.events.append(event)


def _own_status(said: Any) -> bool:
    """Chromium complains about every page that is not 200, though a 401, 404 or 422 with a page is right."""
    return "Failed to load resource" in said.text and "/static/" not in said.location.get("url", "")


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample community, which nothing runs in: copy it."""
    folder = tmp_path_factory.mktemp("planted")
    subprocess.run(
        [sys.executable, "-m", "workers.prepare"], cwd=ROOT, env=_environ(folder, 0), check=True, timeout=300
    )
    return folder


@pytest.fixture(scope="module")
def product(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole tree of processes on a copy of the sample, on a free port."""
    folder = tmp_path_factory.mktemp("product") / "data"
    shutil.copytree(planted, folder)
    port = _free_port()
    log = (folder.parent / "log").open("w+")
    tree = subprocess.Popen(
        [sys.executable, "-m", "workers.supervise"],
        cwd=ROOT, env=_environ(folder, port), stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    made = Product(f"http://127.0.0.1:{port}", folder)
    try:
        until(lambda: tree.poll() is not None or _answers(made), within=90, what="the product is ready")
        assert tree.poll() is None, (folder.parent / "log").read_text()
        yield made
    finally:
        _stop(tree)
        log.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser a module: Playwright's own loop must not stand open while another module starts one."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"there is no browser at {CHROMIUM}")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """One process with the test's own database, for what needs a browser but no workers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        worker.join()
        server.server_close()


@pytest.fixture(scope="module")
def _kept_visitors(chromium: Any, product: Product) -> Visitors:  # the browser first: without one nothing is planted
    return Visitors(product, chromium)


@pytest.fixture
def visitors(_kept_visitors: Visitors) -> Iterator[Visitors]:
    """At its end nothing may have been said on any console, and nobody else asked for anything."""
    _kept_visitors.events.clear()
    yield _kept_visitors
    for context in _kept_visitors.contexts:
        context.close()
    _kept_visitors.contexts.clear()
    assert _kept_visitors.events == []


def _environ(folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    return {**kept, "DATA_DIR": str(folder), "PORT": str(port or 8000), "SAMPLE": "yes", "PYTHONPATH": str(ROOT)}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(product: Product) -> bool:
    try:
        return product.status("/healthz") == 200
    except OSError:
        return False


def _stop(tree: subprocess.Popen[bytes]) -> None:
    tree.send_signal(signal.SIGTERM)
    try:
        tree.wait(timeout=60)
    except subprocess.TimeoutExpired:
        tree.send_signal(signal.SIGTERM)  # a second wish to stop is one at once
        tree.wait(timeout=30)
