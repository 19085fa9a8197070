"""The ledger's commands, as an auditor runs them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from tests.application import QuietParts
from tests.ledger.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A claim that qualified in September 2026 and waits to be settled; the clock of commands is the real one, later."""
    world = World(database_url)
    thread = world.ask(world.cast.ada)
    world.accept(thread, world.answer(thread, world.cast.bob))
    yield world
    world.end()


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["ledger", *words])
    return result.exit_code, result.output


def test_a_month_is_settled_closed_recomputed_and_verified(app: Flask, parts: QuietParts, world: World) -> None:
    code, output = run(app, "close", "2026-09", "--by", "fay")
    assert code == 0 and output.startswith("2026-09 is closed: 1 rows, SHA-256 ")
    code, output = run(app, "recompute", "2026-09")
    assert code == 0 and "1 claims and reader-weeks, 1 rows, closed on" in output and "No difference." in output
    code, output = run(app, "verify")
    assert (code, output) == (0, "2026-09: 1 rows, as closed.\nNo difference.\n")


def test_a_changed_row_is_named_in_a_table_with_exit_code_1(app: Flask, world: World) -> None:
    run(app, "close", "2026-09", "--by", "fay")
    world.session.execute(text("UPDATE ledger_entries SET grade = 'checked'"))
    world.session.commit()
    code, output = run(app, "recompute", "2026-09")
    assert code == 1 and "what\texpected\tfound\n" in output and "acceptance:1\tkind direct, grade stated" in output
    code, output = run(app, "verify")
    assert code == 1 and "2026-09: 1 rows, not as closed." in output


def test_totals_are_added_up_anew(app: Flask, world: World) -> None:
    run(app, "close", "2026-09", "--by", "fay")
    world.session.execute(text("DELETE FROM entry_totals"))
    world.session.execute(text("UPDATE answer_totals SET quantity = 5"))
    world.session.commit()
    assert run(app, "verify")[0] == 1
    assert run(app, "rebuild-totals") == (0, "The ledger has 1 totals by day and 1 by answer.\n")
    assert run(app, "verify")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("close", "2026-09", "--by", "nobody"), "Nobody here is called nobody."),
        (("close", "2026-09", "--by", "cleo"), "You may not do that here."),
        (("close", "2999-01", "--by", "fay"), "2999-01 can be closed from 2999-02-08 on"),
        (("recompute", "2026-13"), "2026-13 is no month"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(app: Flask, world: World, words: tuple[str, ...], said: str) -> None:
    code, output = run(app, *words)
    assert code != 0 and said in output and "Traceback" not in output
