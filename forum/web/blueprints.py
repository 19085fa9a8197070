"""The list of blueprints, one per resource."""

from __future__ import annotations

from flask import Blueprint

from forum.web.health import health

BLUEPRINTS: tuple[Blueprint, ...] = (health,)
