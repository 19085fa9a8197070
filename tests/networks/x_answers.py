"""What the local X of x_server.py says: answers, problems and the headers of its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Answer:
    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


def problem(status: int, detail: str) -> Answer:
    title = {401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}.get(status, "Error")
    return Answer(status, {"type": "about:blank", "title": title, "status": status, "detail": detail})


def invalid(message: str) -> Answer:
    body = {
        "type": "https://api.twitter.com/2/problems/invalid-request",
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "errors": [{"message": message, "parameters": {}}],
    }
    return Answer(400, body)


def limit_headers(limit: int, remaining: int, seconds: int) -> dict[str, str]:
    reset = int(datetime.now(UTC).timestamp()) + seconds
    return {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": str(remaining),
        "x-rate-limit-reset": str(reset),
    }
