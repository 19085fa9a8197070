"""What a name, a display name, a mail address and the words about oneself must be. Raises Invalid, a sentence per field."""

from __future__ import annotations

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message

SHORTEST_NAME, LONGEST_NAME = 2, 30  # characters
LONGEST_DISPLAY_NAME = 60
LONGEST_BIO = 500
LONGEST_EMAIL = 254

# Words that would make somebody look like the house, or stand where an address of ours may stand one day.
RESERVED = frozenset({
    "about", "account", "admin", "administrator", "anonymous", "answerback", "api", "community", "everybody",
    "everyone", "forum", "guest", "help", "here", "info", "mail", "me", "moderator", "nobody", "null",
    "official", "owner", "people", "root", "routerly", "security", "staff", "superfan", "support", "system",
    "team", "undefined", "webmaster", "you",
})  # fmt: skip
# Scripts whose letters look like each other's; a name takes its letters from one of them.
_LOOK_ALIKE = ("LATIN", "CYRILLIC", "GREEK")


def clean_name(name: str, *, brand: str = "") -> str:
    """The name as it will stand in addresses and after @: the characters that a mention can hold."""
    name = unicodedata.normalize("NFKC", name).strip().removeprefix("@")
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or len(key_of(name)) > LONGEST_NAME:
        raise _invalid(
            "name",
            Message("A name has %(least)s to %(most)s characters.", {"least": SHORTEST_NAME, "most": LONGEST_NAME}),
        )
    if not re.fullmatch(r"\w[\w.-]*\w", name) or not any(character.isalnum() for character in name):
        raise _invalid(
            "name",
            Message(
                "A name is made of letters, digits, dots, hyphens and underscores, without a dot or hyphen at either end."
            ),
        )
    if _mixes_scripts(name):
        raise _invalid("name", Message("Please take all letters of a name from one alphabet."))
    if _bare(name) in RESERVED or (brand and _bare(name) == _bare(brand)):
        raise _invalid("name", Message("This name is kept for the community itself. Please choose another."))
    return name


def key_of(text: str) -> str:
    """What makes two names, or two addresses, the same; never anything that a database refuses."""
    text = text.encode("utf-8", "replace").decode().replace("\x00", "")
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).strip().casefold())


def clean_email(email: str, field: str = "email") -> str:
    """The address in its normal form. Whether somebody reads there is not asked: that needs the network."""
    try:
        checked = validate_email(email.strip(), check_deliverability=False).normalized
    except (EmailNotValidError, UnicodeError):
        checked = ""
    if not checked or len(checked) > LONGEST_EMAIL or len(key_of(checked)) > LONGEST_EMAIL:
        raise _invalid(field, Message("This does not look like a mail address."))
    return checked


def clean_display_name(text: str, name: str) -> str:
    """One line; the name itself where nothing is given."""
    shown = " ".join(_printable(text).split())
    if len(shown) > LONGEST_DISPLAY_NAME:
        raise _invalid("display_name", Message("At most %(most)s characters, please.", {"most": LONGEST_DISPLAY_NAME}))
    return shown or name


def clean_bio(text: str) -> str:
    """A few lines of plain text; may be empty."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    bio = "\n".join(_printable(line).rstrip() for line in lines).strip()
    if len(bio) > LONGEST_BIO:
        raise _invalid("bio", Message("At most %(most)s characters, please.", {"most": LONGEST_BIO}))
    return bio


def _printable(line: str) -> str:
    """Without control characters and those that turn the direction of what follows."""
    return "".join(
        " " if unicodedata.category(character) == "Cc" or character in "\u202a\u202b\u202c\u202d\u202e" else character
        for character in line.encode("utf-8", "replace").decode()
    )


def _mixes_scripts(name: str) -> bool:
    scripts = {unicodedata.name(character, "").partition(" ")[0] for character in name if character.isalpha()}
    return len(scripts.intersection(_LOOK_ALIKE)) > 1


def _bare(name: str) -> str:
    """Without what people put between words, so that _Admin_ is admin."""
    return re.sub(r"[\W_]+", "", key_of(name))


def _invalid(field: str, sentence: Message) -> Invalid:
    return Invalid(Message("Please check what is marked below."), {field: sentence})
