"""X's official API description as a judge: what is wrong with a request, or with an answer, by its own schemas."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

DATA = Path(os.environ.get("TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
SENT, COMING = DATA / "api" / "x_openapi_2.159.json", DATA / "api" / "x_openapi.json"
_HERE = "urn:x"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    authorization: str
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Operation:
    template: str
    method: str
    path_values: Mapping[str, str]
    spec: Mapping[str, Any]


class Description:
    """One version of the description."""

    def __init__(self, path: Path) -> None:
        self._spec = json.loads(path.read_text())
        self._registry = Registry().with_resource(_HERE, DRAFT4.create_resource(self._spec))
        self._templates = {
            re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template) + "$"): template
            for template in sorted(self._spec["paths"], key=lambda template: template.count("{"))
        }

    def operation(self, method: str, path: str) -> Operation | None:
        for pattern, template in self._templates.items():
            match = pattern.match(path)
            if match and method.lower() in self._spec["paths"][template]:
                return Operation(template, method, match.groupdict(), self._spec["paths"][template][method.lower()])
        return None

    def faults_of_request(self, request: Request) -> list[str]:
        operation = self.operation(request.method, request.path)
        if operation is None:
            return [f"{request.method} {request.path} is not described"]
        return [
            *self._parameter_faults(operation, request),
            *self._body_faults(operation, request),
            *self._auth_faults(operation, request),
        ]

    def faults_of_response(self, method: str, path: str, status: int, content_type: str, body: bytes) -> list[str]:
        operation = self.operation(method, path)
        if operation is None:
            return []  # the request's fault
        described = operation.spec["responses"].get(str(status)) or (
            operation.spec["responses"]["default"] if status >= 400 else None
        )
        if described is None or content_type not in described["content"]:
            return [f"{method} {path} does not answer {status} {content_type}"]
        return list(self._schema_faults(described["content"][content_type]["schema"], json.loads(body), "answer"))

    def _parameter_faults(self, operation: Operation, request: Request) -> Iterator[str]:
        given = dict(request.query)
        if len(given) != len(request.query):
            yield "a parameter comes twice"
        known = set()
        for stated in operation.spec.get("parameters", []):
            parameter = self._resolved(stated)
            name, schema = parameter["name"], self._resolved(parameter["schema"])
            values = operation.path_values if parameter["in"] == "path" else given
            known.add(name)
            if name in values:
                yield from self._schema_faults(schema, _read(schema, values[name]), name)
            elif parameter.get("required"):
                yield f"{name} is missing"
        yield from (f"{name} is not a parameter" for name in given.keys() - known)

    def _body_faults(self, operation: Operation, request: Request) -> Iterator[str]:
        described = operation.spec.get("requestBody")
        if described is None:
            if request.body:
                yield "a body where none is described"
            return
        if request.content_type not in described["content"]:
            yield f"{request.content_type} is not described"
            return
        schema = described["content"][request.content_type]["schema"]
        yield from self._schema_faults(schema, json.loads(request.body), "body")

    def _auth_faults(self, operation: Operation, request: Request) -> Iterator[str]:
        if {"UserToken": []} not in operation.spec.get("security", []):
            yield "user tokens are not taken here"
        if not request.authorization.startswith("OAuth "):
            yield "no OAuth 1.0a authorization"

    def _schema_faults(self, schema: Mapping[str, Any], value: object, where: str) -> Iterator[str]:
        validator = OAS30Validator(_anchored(schema), registry=self._registry, format_checker=oas30_format_checker)
        for error in validator.iter_errors(value):
            yield f"{where}{''.join(f'/{step}' for step in error.absolute_path)}: {error.message[:200]}"

    def _resolved(self, stated: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in stated:
            found: Any = self._spec
            for step in stated["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            stated = found
        return stated


@cache
def description(path: Path) -> Description:
    return Description(path)


def _anchored(schema: Any) -> Any:
    """The schema with its references made absolute, as it is taken out of its document."""
    if isinstance(schema, dict):
        return {
            key: _HERE + value if key == "$ref" and str(value).startswith("#") else _anchored(value)
            for key, value in schema.items()
        }
    return [_anchored(item) for item in schema] if isinstance(schema, list) else schema


def _read(schema: Mapping[str, Any], value: str) -> object:
    """A parameter's text as the value that its schema describes; lists are comma-separated (form, not exploded)."""
    if schema.get("type") == "array":
        return value.split(",")
    if schema.get("type") == "integer":
        return int(value) if re.fullmatch(r"-?\d+", value) else value
    return value
