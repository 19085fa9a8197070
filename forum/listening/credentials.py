"""What was entered for a connection, read by what its kind of network asks for. Secrets are kept apart from the start."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from forum.kernel.messages import Message

LONGEST = 2_000


class Asked(Protocol):
    """One thing that a kind of network asks for, as forum/networks/catalogue.py lists it."""

    @property
    def name(self) -> str: ...
    @property
    def secret(self) -> bool: ...
    @property
    def required(self) -> bool: ...
    @property
    def default(self) -> str: ...
    @property
    def choices(self) -> Sequence[tuple[str, Message]]: ...


class Connectable(Protocol):
    """A kind of network that can be connected."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def poll_every(self) -> timedelta: ...
    @property
    def credentials(self) -> Sequence[Asked]: ...


@dataclass(frozen=True)
class Entered:
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    errors: Mapping[str, Message]  # by the name that the field has in the form


def form_name(asked: Asked) -> str:
    """A field's name in the form: apart from the form's own fields, and `secret-` tells every page not to show it again."""
    return f"secret-{asked.name}" if asked.secret else f"setting-{asked.name}"


def read_credentials(kind: Connectable, form: Mapping[str, str], kept: Collection[str] = ()) -> Entered:
    """`kept` names the secrets that are stored already; left empty they stay as they are."""
    settings: dict[str, str] = {}
    secrets: dict[str, str] = {}
    errors: dict[str, Message] = {}
    for asked in kind.credentials:
        value = form.get(form_name(asked), "").strip()
        if (wrong := _wrong(asked, value, asked.secret and asked.name in kept)) is not None:
            errors[form_name(asked)] = wrong
        elif asked.secret and value:
            secrets[asked.name] = value
        elif not asked.secret:
            settings[asked.name] = value
    return Entered(settings, secrets, errors)


def _wrong(asked: Asked, value: str, is_kept: bool) -> Message | None:
    if not value:
        return Message("Please fill this in.") if asked.required and not is_kept else None
    if len(value) > LONGEST:
        return Message("This is too long: at most %(most)s characters.", {"most": LONGEST})
    if asked.choices and value not in {name for name, _words in asked.choices}:
        return Message("Please choose one of these.")
    return None
