"""flask --app wsgi import stackexchange DIR: another community, replayed; docs/importing.md explains."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from forum.actions.import_community import Imported, Importing, clean_source, import_community
from forum.actions.review_members import review_due
from forum.importing.stackexchange.dump import open_dump
from forum.kernel.errors import ForumError
from forum.kernel.ids import slug
from forum.markup.recent import RecentMarkup
from forum.web.context import parts

imports = AppGroup("import", help="Another community, with everything that happened there.")
SAY_EVERY = 2_000  # happenings, where no bar can be drawn

Progress = Callable[[int, int], None]


@imports.command("stackexchange")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--source", help="The community's name in small letters; by it a second run knows what it has. Default: DIR's."
)
@click.option("--board", help="The board that it comes to, made if there is none of that name. Default: the source.")
@click.option("--language", help="The language that it is written in, such as en.")
def stackexchange(folder: Path, source: str | None, board: str | None, language: str | None) -> None:
    """Import the dump in DIR. It may be stopped and started again, and a second run changes nothing."""
    begun = time.monotonic()
    try:
        name = clean_source(source or slug(folder.resolve().name, 40))
        markup = RecentMarkup(parts().markup)
        settings = parts().settings
        tools = Importing(
            parts().sessions, markup, parts().clock, name, board or name, settings.site_name, language,
            review=partial(review_due, zone=settings.time_zone, quiet=True),
        )  # fmt: skip
        with open_dump(folder, markup.render) as dump, _progress() as progress:
            done = import_community(tools, dump, progress)
    except IntegrityError as error:
        raise click.ClickException(
            "Another import of this source seems to be running; this one has stopped."
        ) from error
    except ForumError as error:
        raise click.ClickException(str(error.message)) from error
    parts().bell.ring("index_due")
    _say(done, time.monotonic() - begun)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on a terminal, a line now and then elsewhere."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    with click.progressbar(length=1, label="Importing", file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield advance


def _lines() -> Progress:
    said = 0

    def say(done: int, total: int) -> None:
        nonlocal said
        if done - said >= SAY_EVERY or done == total:
            click.echo(f"  {done} of {total}", err=True)
            said = done

    return say


def _say(done: Imported, seconds: float) -> None:
    new = sum(done.came_in.values())
    if not new:
        click.echo("Nothing is new: all of it came in before.")
    for kind, count in done.came_in.items():
        click.echo(f"{count:>8} {kind}{'s' if count != 1 else ''}")
    if new:
        click.echo(f"{new} in {seconds:.0f} seconds, {new / seconds:.0f} a second.")
    _list("Changed on the way, so that it fits:", done.remarks)
    _list("Left out:", [f"{count} {what}" for what, count in done.left_out.items()])


def _list(heading: str, lines: list[str]) -> None:
    if lines:
        click.echo(heading)
        for line in lines:
            click.echo(f"  {line}")
