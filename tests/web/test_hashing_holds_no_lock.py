"""While a password is being checked, others can write: SQLite has one writer, and a hash takes long."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session

from tests.cast import PASSWORD, Cast


def longest_wait(path: Path, busy: object) -> float:
    """Seconds for which another writer was kept out, at the longest, until `busy` was done."""
    longest = 0.0
    writer = sqlite3.connect(path, isolation_level=None, timeout=0)
    since: float | None = None
    while not busy.done():  # type: ignore[attr-defined]
        try:
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("ROLLBACK")
            since = None
        except sqlite3.OperationalError:
            since = since or time.monotonic()
            longest = max(longest, time.monotonic() - since)
        time.sleep(0.001)
    writer.close()
    return longest


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sign-in", {"name": "ada", "password": PASSWORD}),
        ("/account/password", {"old_password": PASSWORD, "new_password": "eleven louder routers"}),
    ],
)
def test_others_write_while_a_password_is_checked(
    app: Flask, session: Session, cast: Cast, tmp_path: Path, sign_in_as: object, path: str, form: dict[str, str]
) -> None:
    client = app.test_client()
    sign_in_as(client, cast.ada)  # type: ignore[operator]
    cast.ada.password_hash = PasswordHasher(time_cost=40, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)
    session.commit()
    begun = time.monotonic()
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(client.post, path, data=form)
        waited = longest_wait(tmp_path / "forum.db", answer)
    took = time.monotonic() - begun
    assert answer.result().status_code == 303
    assert waited < took / 2, f"locked for {waited:.2f} of {took:.2f} s"
