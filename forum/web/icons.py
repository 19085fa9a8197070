"""Icons for templates: the SVG files of static/icons, inlined, so that they take the colour of their text.

Registered as the Jinja global `icon`. An icon beside a word says nothing of its own and is hidden from screen readers; one that
stands alone in a control gets its `label`.
"""

import re
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

FOLDER = Path(__file__).resolve().parents[2] / "static" / "icons"
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def icon(name: str, size: int = 16, label: str | None = None) -> Markup:
    """Return the icon `name` at `size` CSS pixels; a name without a file is a mistake in a template and raises LookupError."""
    meaning = (
        Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true" focusable="false"')
    )
    return Markup('<svg width="{size}" height="{size}" {meaning} {rest}').format(
        size=int(size), meaning=meaning, rest=_after_tag_name(name)
    )


@lru_cache(maxsize=256)
def _after_tag_name(name: str) -> Markup:
    """Return what follows `<svg ` in the file; the files are ours, so their text is trusted as it stands."""
    path = FOLDER / f"{name}.svg"
    if not NAME.fullmatch(name) or not path.is_file():
        raise LookupError(f"There is no icon named {escape(name)} in static/icons")
    text = path.read_text(encoding="utf-8").strip()
    return Markup(text.removeprefix('<svg xmlns="http://www.w3.org/2000/svg" '))  # noqa: S704  a file of our own
