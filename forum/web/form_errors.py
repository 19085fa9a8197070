"""What was wrong in a form, in the reader's language, for the macros of components/forms.html."""

from __future__ import annotations

from forum.kernel.errors import Invalid
from forum.web.i18n import say


def said(error: Invalid) -> dict[str, str]:
    """By field; a sentence about the whole form stands under an empty name."""
    return {name: say(message) for name, message in error.fields.items()} or {"": say(error.message)}
