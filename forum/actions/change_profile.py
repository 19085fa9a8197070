"""Change one's profile: how one is called, a few words about oneself, language and theme."""

from __future__ import annotations

from sqlalchemy.orm import Session

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.kernel.settings_values import LANGUAGES
from forum.people.account import Account
from forum.people.names import clean_bio, clean_display_name

THEMES = ("light", "dark")


def change_profile(
    session: Session, by: Account, *, display_name: str, bio: str, language: str | None, theme: str | None
) -> None:
    """`language` None: as the browser says; `theme` None: as the system says."""
    choose_language(session, by, language)
    by.display_name = clean_display_name(display_name, by.name)
    by.bio = clean_bio(bio)
    if theme not in (None, *THEMES):
        raise Invalid(_CHECK, {"theme": Message("There is no such theme.")})
    by.theme = theme
    session.flush()


def choose_language(session: Session, by: Account, language: str | None) -> None:
    if language not in (None, *LANGUAGES):
        raise Invalid(_CHECK, {"language": Message("This language is not on offer.")})
    by.language = language
    session.flush()


_CHECK = Message("Please check what is marked below.")
