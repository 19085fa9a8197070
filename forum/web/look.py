"""Gives templates the few functions that the look needs; docs/look.md lists them."""

from flask import Flask

from forum.web.faces import face_hue, face_initial
from forum.web.icons import icon
from forum.web.times import ago, how_long, since
from forum.web.wording import listed


def install_look(app: Flask) -> None:
    """Register the look's Jinja globals on `app`; Flask-Babel brings `_`, `ngettext` and its filters."""
    app.jinja_env.globals.update(
        icon=icon, face_hue=face_hue, face_initial=face_initial, ago=ago, how_long=how_long, since=since, listed=listed
    )
