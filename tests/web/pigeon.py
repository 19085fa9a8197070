"""Pigeon post: a network for tests of the pages, whose credentials are right or wrong as the test says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from forum.kernel.messages import Message
from forum.networks.catalogue import Catalogue, Field, NetworkKind
from forum.networks.port import ConnectedAccount, Network, NetworkError
from tests.application import QuietParts

RIGHT = "a right ring 4711"
PIGEON = NetworkKind(
    "pigeon",
    "Pigeon post",
    (
        Field("loft", Message("Loft")),
        Field("ring", Message("Ring"), secret=True),
        Field("spare", Message("Spare ring"), secret=True, required=False),
    ),
    timedelta(seconds=30),
)


@dataclass
class Pigeon:
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    asked: Callable[[], None]

    def check(self) -> ConnectedAccount:
        self.asked()
        if self.settings["loft"] == "far":
            raise NetworkError("No bird came back.", retry_after=timedelta(minutes=1))
        if not self.secrets["ring"].startswith(RIGHT):
            raise NetworkError(f"The ring {self.secrets['ring']} is not known here.", permanent=True)
        return ConnectedAccount(f"loft:{self.settings['loft']}", self.settings["loft"], "Routerly's loft")


@dataclass(frozen=True)
class PigeonParts(QuietParts):
    """The real parts, and pigeons beside the networks. `when_asked` runs while the network is asked."""

    when_asked: list[Callable[[], None]] = field(default_factory=list)

    @cached_property
    def networks(self) -> Catalogue:
        parts = self

        class WithPigeons(Catalogue):
            def kinds(self) -> Sequence[NetworkKind]:
                return [*super().kinds(), PIGEON]

            def open(self, kind: str, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Network:
                if kind == "pigeon":
                    return Pigeon(settings, secrets, parts.ask)  # type: ignore[return-value]
                return super().open(kind, settings, secrets)

        return WithPigeons([], self.sessions, self.settings.public_url)

    def ask(self) -> None:
        for one in self.when_asked:
            one()
