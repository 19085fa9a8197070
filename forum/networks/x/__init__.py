"""X (formerly Twitter) behind the port, by tweepy. Names, limits and hosts are in fields.py."""

from __future__ import annotations

from collections.abc import Mapping

from forum.networks.x.adapter import XNetwork

__all__ = ["XNetwork", "build"]


def build(settings: Mapping[str, str], secrets: Mapping[str, str]) -> XNetwork:
    """The network behind one stored connection; raises a permanent NetworkError where a secret is missing."""
    return XNetwork(settings, secrets)
