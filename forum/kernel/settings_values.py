"""Turns the text of one setting into its value, or says in half a sentence what it should have been.

Standard library only: the supervisor reads settings before anything heavier is imported.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class WrongValueError(Exception):
    """Completes the sentence "PORT ..."; the caller puts the variable's name in front. Never quotes a secret."""


LANGUAGES = ("en", "zh_Hans", "zh_Hant")  # those that have a catalogue
LOG_LEVELS = ("debug", "info", "warning", "error")
# A socket's path fits into 107 bytes on Linux; what stands behind DATA_DIR takes 17 of them.
LONGEST_DATA_DIR = 88
LOOPBACK_NAMES = ("localhost", "localhost.localdomain")


def text(value: str) -> str:
    return value


def one_line(value: str) -> str:
    if not value.isprintable():
        raise WrongValueError("must be one line of text")
    return value


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A reader of decimal numbers from `least` to `most`, both included."""

    def read(value: str) -> int:
        if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not least <= int(value) <= most:
            raise WrongValueError(f"must be a whole number from {least} to {most}, not {value!r}")
        return int(value)

    return read


def yes_or_no(value: str) -> bool:
    if value.lower() not in ("yes", "no"):
        raise WrongValueError(f"must be yes or no, not {value!r}")
    return value.lower() == "yes"


def folder(value: str) -> Path:
    """The absolute path, so that every process means the same folder whatever its own is."""
    if "\0" in value:
        raise WrongValueError("must be a path")
    return Path(value).expanduser().absolute()


def data_folder(value: str) -> Path:
    """A folder whose path is short enough for the socket that lies in it."""
    path = folder(value)
    if len(bytes(path)) > LONGEST_DATA_DIR:
        raise WrongValueError(
            f"must be a path of at most {LONGEST_DATA_DIR} bytes, since a socket lies in it, not {path}"
        )
    return path


def existing_folder(value: str) -> Path:
    path = folder(value)
    if not path.is_dir():
        raise WrongValueError(f"must be a folder that is there, not {value}")
    return path


def existing_file(value: str) -> Path:
    path = folder(value)
    if not path.is_file():
        raise WrongValueError(f"must be a file that is there, not {value}")
    return path


def host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", value):
        raise WrongValueError(f"must be a host name or an IP address without port, not {value!r}")
    return value


def is_loopback(name: str) -> bool:
    """Whether a host can be reached from this machine alone."""
    if name.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def database_url(value: str) -> str:
    """An SQLAlchemy address of an SQLite file (made absolute) or of PostgreSQL (always through psycopg)."""
    if value.startswith("sqlite:///"):
        path = value.removeprefix("sqlite:///").partition("?")[0]
        if path and path != ":memory:":
            return f"sqlite:///{folder(path)}"
    else:
        parts = _split(value, ("postgresql", "postgres", "postgresql+psycopg"))
        if parts and parts.path.strip("/"):
            return f"postgresql+psycopg:{value.partition(':')[2]}"
    raise WrongValueError("must look like sqlite:////folder/answerback.db or postgresql://user:password@host/database")


def redis_url(value: str) -> str:
    if not _split(value, ("redis", "rediss")) and not (value.startswith("unix://") and urlsplit(value).path.strip("/")):
        raise WrongValueError("must look like redis://host:6379/0, rediss://host:6379/0 or unix:///path/of/the.sock")
    return value


def smtp_url(value: str) -> str:
    if not _split(value, ("smtp", "smtps")):
        raise WrongValueError("must look like smtp://user:password@host:587 or smtps://user:password@host:465")
    return value


def public_url(value: str) -> str:
    """Scheme and host alone, without a slash at the end: pages stand at the root of their host."""
    parts = _split(value, ("http", "https"))
    if not parts or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise WrongValueError(f"must look like https://forum.example.com, without a path, not {value!r}")
    return parts.geturl().rstrip("/")  # the scheme in small letters, since cookies are secure by it


def mail_address(value: str) -> str:
    """An address, with or without a display name before it."""
    if not re.fullmatch(r"(?:[^<>@\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)", value):
        raise WrongValueError(f"must be a mail address such as forum@example.com, not {value!r}")
    return value


def hosts_with_ports(value: str) -> tuple[str, ...]:
    """host:port pairs in lower case, IPv6 in brackets."""
    pairs = tuple(pair.strip().lower() for pair in value.split(",") if pair.strip())
    for pair in pairs:
        if not re.fullmatch(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\]):\d{1,5}", pair):
            raise WrongValueError(f"must be host:port pairs with commas between them, and {pair!r} is none")
    return pairs


def time_zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongValueError(f"must be a time zone such as Europe/Berlin, not {value!r}") from None


def currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise WrongValueError(f"must be a currency of three capital letters such as EUR, not {value!r}")
    return value


def languages(value: str) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))
    unknown = [name for name in chosen if name not in LANGUAGES]
    if not chosen or unknown:
        raise WrongValueError(f"must name some of {', '.join(LANGUAGES)} with commas between them, not {value!r}")
    return chosen


def log_level(value: str) -> str:
    if value.lower() not in LOG_LEVELS:
        raise WrongValueError(f"must be one of {', '.join(LOG_LEVELS)}, not {value!r}")
    return value.lower()


def signing_key(value: str) -> str:
    if len(value) < 32:
        raise WrongValueError("must have at least 32 characters")
    return value


def fernet_key(value: str) -> str:
    try:
        if len(base64.b64decode(value.encode(), altchars=b"-_", validate=True)) == 32:
            return value
    except (binascii.Error, UnicodeEncodeError):
        pass
    raise WrongValueError("must be a Fernet key: 32 random bytes in URL-safe base64")


def card_key(value: str) -> str:
    try:
        return fernet_key(value)  # the same form, for another use
    except WrongValueError:
        raise WrongValueError("must be 32 random bytes in URL-safe base64") from None


def _split(value: str, schemes: tuple[str, ...]) -> SplitResult | None:
    """The parts of an address of one of these schemes with a host, or None; never raises."""
    try:
        parts = urlsplit(value)
        reachable = parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if reachable and value.isprintable() and " " not in value else None
