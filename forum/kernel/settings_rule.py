"""What one setting is: its variable, its default, the sentence that documents it, and how its text is read.

Standard library only: the supervisor reads settings before anything heavier is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

RULE = "setting"  # where a field of Settings keeps its rule, in its metadata
Earlier = Mapping[str, Any]  # the fields read so far, in the order of the class


@dataclass(frozen=True)
class Described:
    """What documentation says about one setting."""

    variable: str
    default: str  # as one would write it, or in words
    sentence: str
    secret: bool


@dataclass(frozen=True)
class Rule:
    """One setting; `read` raises WrongValueError for a text that it cannot take."""

    variable: str
    default: str
    sentence: str
    read: Callable[[str], Any]
    otherwise: Callable[[Earlier], Any] | None  # gives the value when unset; None: `default` is read like a set one


def setting(
    variable: str,
    default: str,
    sentence: str,
    read: Callable[[str], Any],
    *,
    otherwise: Callable[[Earlier], Any] | None = None,
) -> dict[str, Rule]:
    """The metadata of a field of Settings."""
    return {RULE: Rule(variable, default, sentence, read, otherwise)}


def nothing(earlier: Earlier) -> None:
    """Unset means that there is none; the shape of every `otherwise`."""


def own_address(earlier: Earlier) -> str:
    """The address that the web server itself listens on."""
    host = f"[{earlier['host']}]" if ":" in earlier["host"] else earlier["host"]
    return f"http://{host}:{earlier['port']}"
