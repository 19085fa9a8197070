"""Roles, and the standing that the permission table speaks of."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    MODERATOR = "moderator"
    FINANCE = "finance"
    ADMIN = "admin"


STAFF = frozenset({Role.AGENT, Role.MODERATOR, Role.ADMIN})  # those who speak for the brand


class Standing(StrEnum):
    """What somebody is in the permission table: a visitor, a role, or a customer with the superfan status."""

    VISITOR = "visitor"
    CUSTOMER = "customer"
    SUPERFAN = "superfan"
    AGENT = "agent"
    MODERATOR = "moderator"
    FINANCE = "finance"
    ADMIN = "admin"
