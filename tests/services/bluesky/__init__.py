"""The real Bluesky network (PLC, PDS and AppView from @atproto/dev-env) on loopback, for tests."""

from tests.services.bluesky.install import why_not_bluesky
from tests.services.bluesky.network import BlueskyNetworkServer, bluesky_network

__all__ = ["BlueskyNetworkServer", "bluesky_network", "why_not_bluesky"]
