"""Open the network behind a stored connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.kernel.sealing import Seal
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.networks.port import MentionRef, Network, Networks


class Opener:
    """Unseals a connection's secrets and opens its network, once per connection and process."""

    def __init__(self, networks: Networks, seal: Seal) -> None:
        self._networks = networks
        self._seal = seal
        self._open: dict[tuple[int, str, str], Network] = {}

    def __call__(self, connection: Connection) -> Network:
        """Raises Conflict where the secrets cannot be opened or are wiped, NetworkError where the kind is unknown."""
        if connection.removed_at is not None:
            raise Conflict(Message("This account is not connected any more."))
        settings = settings_of(connection)
        key = (connection.id, connection.sealed_secrets, repr(sorted(settings.items())))
        if key not in self._open:
            self._open[key] = self._networks.open(connection.kind, settings, self._seal.open(connection.sealed_secrets))
        return self._open[key]


class OpenNetwork(Protocol):
    def __call__(self, connection: Connection) -> Network: ...


def settings_of(connection: Connection) -> Mapping[str, str]:
    """The connection's settings, with the account that its check found."""
    known = {
        "account_id": connection.account_remote_id,
        "account_handle": connection.account_handle,
        "handle": connection.account_handle,
    }
    return {name: value for name, value in known.items() if value} | connection.settings


def reference(mention: Mention) -> MentionRef:
    """What an adapter needs to know of a stored mention."""
    return MentionRef(
        remote_id=mention.remote_id,
        conversation_id=mention.conversation_id,
        author_id=mention.author_id,
        author_handle=mention.author_handle,
        addressed=mention.addressed,
        created_at=mention.created_at,
        handle=mention.handle,
    )
