"""The one place that asks what time it is. Everything below web and workers is handed `now`."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Aware UTC, whole microseconds."""
    return datetime.now(UTC)
