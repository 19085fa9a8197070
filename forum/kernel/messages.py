"""A sentence for a person, not yet translated. Rules return messages; web, mail and exports translate them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """An English sentence that is also its catalogue key, with `%(name)s` parameters.

    `pybabel extract -k Message` finds the sentences, so the first argument is always a literal. A parameter
    that is itself a Message is translated too.
    """

    text: str
    params: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def kept(cls, text: str, params: Mapping[str, object]) -> Message:
        """One that was stored and is shown again; its sentence stands where it was said first."""
        return cls(text, params)

    def __str__(self) -> str:
        """The English sentence, for logs and for readers who have no other language."""
        return self.text % {name: str(value) for name, value in self.params.items()} if self.params else self.text
