"""flask --app wsgi index rebuild: the search index anew from the database."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from forum.actions.index_threads import rebuild_index
from forum.web.context import parts

index = AppGroup("index", help="The search index.")


@index.command("rebuild")
def rebuild() -> None:
    """Empty the index and write every visible thread anew; search finds less until it is done."""
    done = rebuild_index(parts().sessions, parts().index, lambda count: click.echo(f"  {count} threads"))
    click.echo(f"The index holds {done} threads.")
