"""The local X as the contract's world: customers post on it by no API, and our replies are read from its own store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from forum.networks.port import Network
from forum.networks.x import XNetwork
from tests.networks.x_server import XServer, running_x


@dataclass
class XWorld:
    server: XServer
    network: Network
    renderable: bool = False
    can_always_tell: bool = True

    def customer_posts(self, text: str, *, author: str = "mira", mention: bool = True, under: str | None = None) -> str:
        return self.server.post(author, f"{'@routerly' if mention else 'routerly'} {text}", under=under)

    def replies_under(self, remote_id: str) -> list[str]:
        return [
            post.said
            for post in self.server.posts.visible()
            if post.author.username == "routerly" and post.parent and str(post.parent.id) == remote_id
        ]

    def customer_deletes(self, remote_id: str) -> None:
        self.server.posts.posts[int(remote_id)].deleted = True

    def with_wrong_credentials(self) -> Network:
        secrets = {**self.server.connect("routerly"), "access_token": "nobody"}
        return XNetwork({}, secrets, transport=self.server.transport())

    def settle(self) -> None:
        """What is posted here can be listed at once."""

    def another(self, **settings: str) -> XNetwork:
        return XNetwork(settings, self.server.connect("routerly"), transport=self.server.transport())

    def impatient(self) -> XNetwork:
        """An adapter that knows who it is and waits half a second, for one request that hangs."""
        settings = {"account_id": self.network.check().remote_id, "account_handle": "routerly"}
        secrets, transport = self.server.connect("routerly"), self.server.transport()
        return XNetwork(settings, secrets, transport=transport, timeout=(5, 0.5))


@contextmanager
def running_world() -> Iterator[XWorld]:
    """A fresh X, and our account listening for mentions and a keyword; at the end nothing may have been violated."""
    with running_x() as server:
        settings = {"keywords": 'routerly OR "router ly"'}
        yield XWorld(server, XNetwork(settings, server.connect("routerly"), transport=server.transport()))
    assert server.violations == []
