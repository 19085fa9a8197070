"""A form that came without a sign-in, or after the sign-in had ended: kept through the sign-in page, so that nothing
written is lost. The fields travel in the page itself; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from forum.web.own_path import own_path, this_path

PREFIX = "kept:"
LONG = 80  # characters; what is longer, or has lines, is shown in a field of several lines


@dataclass(frozen=True)
class KeptField:
    name: str
    value: str
    label: str | None  # None: the form's own bookkeeping, carried along unseen
    is_long: bool


@dataclass(frozen=True)
class KeptForm:
    path: str
    fields: tuple[KeptField, ...]


def form_in_hand() -> KeptForm | None:
    """What was just posted; None where no form was."""
    if request.method != "POST" or not request.form:
        return None
    return KeptForm(this_path(), _kept(request.form.items(multi=True)))


def form_carried() -> KeptForm | None:
    """What the sign-in page carried along; None where it carried nothing."""
    path = own_path(request.form.get("kept_path"), "")
    carried = request.form.items(multi=True)
    fields = [(name.removeprefix(PREFIX), value) for name, value in carried if name.startswith(PREFIX)]
    return KeptForm(path, _kept(fields)) if path else None


def _kept(fields: Iterable[tuple[str, str]]) -> tuple[KeptField, ...]:
    """Without secrets, which belong into no page."""
    return tuple(
        KeptField(name, value, _label(name, value), "\n" in value or len(value) > LONG)
        for name, value in fields
        if "password" not in name and not name.startswith("secret-") and name != "csrf_token"
    )


def _label(name: str, value: str) -> str | None:
    """What people know the field by. A field that we do not know is shown when it holds words, not a key."""
    known: dict[str, str] = {
        "title": _("Title"),
        "text": _("Text"),
        "body": _("Text"),
        "summary": _("In short"),
        "tags": _("Tags"),
        "reason": _("Reason"),
        "display_name": _("Shown name"),
        "bio": _("About you"),
    }
    if name in known:
        return known[name]
    return name.replace("_", " ").capitalize() if len(value.split()) > 1 else None
