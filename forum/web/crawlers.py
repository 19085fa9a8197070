"""Programs that read pages: those that say who they are, and browsers that load ahead of their person."""

from __future__ import annotations

from functools import lru_cache

from crawleruseragents import is_crawler
from flask import Request

LONGEST = 400  # characters of a User-Agent that are looked at
LOADED_AHEAD = ("Sec-Purpose", "Purpose", "X-Sec-Purpose", "X-Moz")


def is_program(request: Request) -> bool:
    """By the kept list of crawler-user-agents; who says nothing at all is none of the browsers that people use."""
    agent = request.user_agent.string[:LONGEST]
    return not agent or _is_listed(agent) or is_loaded_ahead(request)


def is_loaded_ahead(request: Request) -> bool:
    """Prefetched or prerendered: perhaps nobody will ever see it."""
    said = (request.headers.get(name, "") for name in LOADED_AHEAD)
    return any("prefetch" in value or "prerender" in value for value in said)


@lru_cache(maxsize=4096)
def _is_listed(agent: str) -> bool:
    """Some hundred patterns: looked at once for each name that comes by."""
    return bool(is_crawler(agent))
