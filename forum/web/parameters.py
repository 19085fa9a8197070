"""What an address or a form says, before any route reads it: without NUL, and with numbers that a database can hold.

PostgreSQL keeps no NUL, and neither database a number beyond 64 bits. No page of ours sends either, so nothing is lost.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1


def init_app(app: Flask) -> None:
    app.request_class = AskedRequest
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)


class RowNumber(IntegerConverter):
    """A number in an address; there is nothing at one that is too large."""

    def __init__(self, rules: Map) -> None:
        super().__init__(rules, max=LARGEST)


class Parameters(ImmutableMultiDict[str, Any]):
    def __init__(self, mapping: Any = None) -> None:
        pairs = MultiDict(mapping).items(multi=True)
        super().__init__([(_clean(name), _clean(value)) for name, value in pairs])

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # one for all its kinds
        """With `type=int`: `default` too where the number is too large."""
        return super().get(key, default, whole_number if type is int else type)


class AskedRequest(Request):
    parameter_storage_class = Parameters


def whole_number(text: str) -> int:
    """Raises ValueError for what is none, or is too large."""
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError("a number beyond 64 bits")
    return number


def _refuse_nul() -> None:
    if "\0" in request.path:
        abort(404)


def _clean(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value
