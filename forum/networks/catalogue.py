"""Every kind of network that can be connected: what its form asks for, and how a stored connection is opened.

Third parties add theirs by an entry point of the group `answerback.networks`, named as the kind, which loads to a
`Plugin`. Each SDK is imported when the first connection of its kind is opened, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from forum.kernel.messages import Message
from forum.networks.port import Network, NetworkError

if TYPE_CHECKING:
    from forum.networks.bluesky.session import Sessions  # imports atproto

GROUP = "answerback.networks"

Values = Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """One thing that a connection's form asks for. Secret ones are stored sealed and shown never again."""

    name: str
    label: Message
    secret: bool = False
    required: bool = True
    default: str = ""
    help: Message | None = None
    choices: tuple[tuple[str, Message], ...] = ()  # value and words; empty: free text


@dataclass(frozen=True)
class NetworkKind:
    """A network as the connection form shows it."""

    name: str
    title: str  # the network's own name, in every language
    credentials: tuple[Field, ...]
    poll_every: timedelta
    needs_public_url: bool = False  # the network calls us, so it has to reach this forum
    ours: bool = False  # a part of this product: nothing leaves the house

    def settings(self) -> tuple[Field, ...]:
        return tuple(field for field in self.credentials if not field.secret)

    def secrets(self) -> tuple[Field, ...]:
        return tuple(field for field in self.credentials if field.secret)


@dataclass(frozen=True)
class Plugin:
    """What a third party's entry point loads to."""

    kind: NetworkKind
    build: Callable[[Values, Values], Network]  # of settings and secrets


SANDBOX = NetworkKind(
    name="sandbox",
    title="Sandbox",
    credentials=(
        Field("handle", Message("Account name"), help=Message("The brand's account in the sandbox, without the @.")),
        Field(
            "keywords",
            Message("Keywords"),
            required=False,
            help=Message("Words to listen for, with commas between them, also where nobody mentions the account."),
        ),
    ),
    poll_every=timedelta(seconds=1),
    ours=True,
)

BLUESKY = NetworkKind(
    name="bluesky",
    title="Bluesky",
    credentials=(
        Field(
            "service",
            Message("Server"),
            default="https://bsky.social",
            help=Message("Where the account lives; change it only for a server of your own."),
        ),
        Field("handle", Message("Handle"), help=Message("Such as brand.bsky.social, without the @.")),
        Field(
            "app_password",
            Message("App password"),
            secret=True,
            help=Message("Made under Settings, Privacy and security, App passwords; never the account's own password."),
        ),
        Field(
            "keywords",
            Message("Keywords"),
            required=False,
            help=Message("Words to listen for, with commas between them, also where nobody mentions the account."),
        ),
    ),
    poll_every=timedelta(seconds=10),
)

_FROM_THE_CONSOLE = Message("From the app's page in X's developer console, under Keys and tokens.")
_WITH_WRITING = Message("Made there for the brand's account, after the app was given permission to read and write.")

X = NetworkKind(
    name="x",
    title="X",
    credentials=(
        Field("api_key", Message("API key"), secret=True, help=_FROM_THE_CONSOLE),
        Field("api_key_secret", Message("API key secret"), secret=True, help=_FROM_THE_CONSOLE),
        Field("access_token", Message("Access token"), secret=True, help=_WITH_WRITING),
        Field("access_token_secret", Message("Access token secret"), secret=True, help=_WITH_WRITING),
        Field(
            "keywords",
            Message("Keyword search"),
            required=False,
            help=Message(
                'A query in the words of X\'s recent search, such as: routerly OR "router ly". '
                "X charges for every post that it finds."
            ),
        ),
        Field(
            "reply_policy",
            Message("Which posts X lets the app answer"),
            default="self_serve",
            choices=(
                ("self_serve", Message("Only those that mention or quote the account (self-serve plans)")),
                ("full", Message("All posts (plans with that permission)")),
            ),
        ),
    ),
    poll_every=timedelta(seconds=60),
)

BUILT_IN = (SANDBOX, BLUESKY, X)


class Catalogue:
    """The `Networks` that web and workers pass to actions."""

    def __init__(
        self,
        allow: Collection[str],
        session_factory: Callable[[], Session],
        public_url: str = "",
        sign_ins: Sessions | None = None,
    ) -> None:
        """`allow` names the private places (host:port) that requests may reach; `sign_ins` keeps Bluesky's sessions
        for other processes, since it allows few sign-ins a day."""
        self._allow = frozenset(allow)
        self._sessions = session_factory
        self._public_url = public_url
        self._sign_ins = sign_ins

    def kinds(self) -> Sequence[NetworkKind]:
        """All that can be connected here, third parties' last; one that cannot be loaded is left out."""
        found = list(BUILT_IN)
        for point in _foreign():
            try:
                found.append(_loaded(point).kind)
            except NetworkError:
                continue  # open() tells why, to whoever has a connection of this kind
        return found

    def kind(self, name: str) -> NetworkKind | None:
        return next((kind for kind in self.kinds() if kind.name == name), None)

    def open(self, kind: str, settings: Values, secrets: Values) -> Network:
        """Asks nothing of the network yet. A kind that nobody provides is a permanent NetworkError."""
        if kind == SANDBOX.name:
            from forum.networks.sandbox.network import build as build_sandbox  # noqa: PLC0415  as the others

            return build_sandbox(settings, self._sessions, self._public_url)
        if kind == BLUESKY.name:
            from forum.networks.bluesky.adapter import build as build_bluesky  # noqa: PLC0415  imports atproto

            return build_bluesky(settings, secrets, self._allow, self._sign_ins)
        if kind == X.name:
            from forum.networks.x import build as build_x  # noqa: PLC0415  imports tweepy

            return build_x(settings, secrets)
        point = next((point for point in _foreign() if point.name == kind), None)
        if point is None:
            raise NetworkError(f"There is no network of the kind {kind} here.", permanent=True)
        return _loaded(point).build(settings, secrets)


def _foreign() -> Sequence[EntryPoint]:
    """Third parties' entry points; a name of ours stays ours."""
    ours = {kind.name for kind in BUILT_IN}
    return sorted(
        (point for point in entry_points(group=GROUP) if point.name not in ours), key=lambda point: point.name
    )


def _loaded(point: EntryPoint) -> Plugin:
    try:
        plugin = point.load()
    except (ImportError, AttributeError) as error:
        raise NetworkError(f"The plug-in for {point.name} cannot be loaded: {error}", permanent=True) from error
    if not isinstance(plugin, Plugin) or plugin.kind.name != point.name:
        raise NetworkError(f"The plug-in for {point.name} provides no network of that name.", permanent=True)
    return plugin
