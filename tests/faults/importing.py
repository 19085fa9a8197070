"""An import in a process of its own, which says after every few statements that it is alive, so that a test can kill it there."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import sessionmaker

import forum.models  # noqa: F401  the metadata must be whole
from forum.actions import import_community as importing
from forum.actions.review_members import review_due
from forum.importing.stackexchange.dump import open_dump
from forum.kernel.database import open_engine
from forum.markup.recent import RecentMarkup
from forum.markup.renderer import MarkdownMarkup
from tests.scene import NOON

EVERY = 100  # statements between two signs of life


def main(database: str, folder: Path) -> None:
    engine = open_engine(database)
    _show_life(engine)
    markup = RecentMarkup(MarkdownMarkup())
    tools = importing.Importing(
        sessionmaker(engine, expire_on_commit=False), markup, lambda: NOON, "beer", "Beer", "Answerback", "en",
        review=partial(review_due, zone=ZoneInfo("UTC"), quiet=True),
    )  # fmt: skip
    with open_dump(folder, markup.render) as dump:
        importing.import_community(tools, dump, lambda done, total: say(f"committed {done} of {total}"))
    say("finished")


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _show_life(engine: Engine) -> None:
    sent = 0

    def tick(*_about: object) -> None:
        nonlocal sent
        sent += 1
        if sent % EVERY == 0:
            say("alive")

    event.listen(engine, "after_cursor_execute", tick)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
