"""Every JSON answer that any test of the API gets is held against what openapi.yaml declares of it."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.routing import compile_path

from app.error_handlers import MEDIA_TYPE
from app.main import create_app, every_route
from app.middleware import HEADERS
from app.openapi import PREFIX, operations
from app.openapi.__main__ import plain_settings
from app.registraties.document import AS_SHOWN

JSON = "application/json"


@cache
def declared(app: FastAPI) -> list[tuple[str, re.Pattern[str], TypeAdapter[Any] | None]]:
    """Method, path and shape of every answer; None for what is no part of the document."""
    found = []
    for route in every_route(app):
        given = route.original_route
        model = getattr(given, "response_model", None)
        model = (getattr(given, "responses", None) or {}).get(200, {}).get("model", model)
        path = compile_path(route.path or "")[0]
        found += [(method, path, TypeAdapter(model) if model else None) for method in sorted(route.methods or ())]
    return found


def shape_of(app: FastAPI, method: str, path: str) -> TypeAdapter[Any] | None:
    """What is declared of one answer."""
    return next((shape for m, pattern, shape in declared(app) if m == method and pattern.match(path)), None)


def hold(shape: TypeAdapter[Any], body: bytes) -> None:
    """Raises AssertionError, without the content, for an answer that is not as declared."""
    try:
        told = shape.validate_json(body, context=AS_SHOWN)
    except ValidationError as error:
        wrong = {f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)}
        raise AssertionError(wrong) from None
    null = sorted(set(said_null(told)))
    assert not null, f"openapi.yaml says that these are absent or there, never null: {', '.join(null)}"


def said_null(told: Any) -> Iterator[str]:
    """The fields that may be left out and were given as null."""
    if isinstance(told, BaseModel):
        for name, info in type(told).model_fields.items():
            value = getattr(told, name)
            if value is None and name in told.model_fields_set and not info.is_required():
                yield f"{type(told).__name__}.{name}"
            yield from said_null(value)
    elif isinstance(told, dict | list | tuple):
        for value in told.values() if isinstance(told, dict) else told:
            yield from said_null(value)


HTTP = frozenset(
    {
        "content-length",
        "content-type",
        "content-encoding",
        "vary",
        "connection",
        "set-cookie",
        "pragma",
        "date",
        "server",
    }
    | {name.lower() for name in HEADERS if name != "API-Version"}
)
"""Headers of HTTP itself, and those that are about security only."""
EVERYWHERE = frozenset({"x-request-id", "tus-resumable"})
"""On every answer (about an upload), and said where it is needed."""


@cache
def contract() -> dict[str, Any]:
    """The document, made once for all tests: it takes seconds."""
    return create_app(plain_settings()).openapi()


@cache
def declared_headers() -> list[tuple[str, re.Pattern[str], dict[str, set[str]]]]:
    """Method, path and for each status the headers that openapi.yaml says."""
    document = contract()
    shared = document["components"]["responses"]
    return [
        (
            method.upper(),
            compile_path(PREFIX + ("" if path == "/" else path))[0],
            {
                status: {
                    name.lower()
                    for name in shared.get(given.get("$ref", "").rpartition("/")[2], given).get("headers", {})
                }
                for status, given in operation["responses"].items()
            },
        )
        for path, method, operation in operations(document)
    ]


def hold_headers(response: httpx.Response) -> None:
    """Raises AssertionError for a header that the contract does not name for this answer."""
    method, path = response.request.method, response.request.url.path
    for wanted, pattern, answers in declared_headers():
        if wanted == method and pattern.match(path):
            known = answers.get(str(response.status_code), answers["default"])
            extra = {name.lower() for name in response.headers} - HTTP - EVERYWHERE - known
            assert not extra, (
                f"{method} {path} {response.status_code}: openapi.yaml names no {', '.join(sorted(extra))}"
            )
            return


def hold_problem(body: bytes) -> None:
    """Raises AssertionError for a member or a kind of problem that the contract does not name."""
    problem, schemas = json.loads(body), contract()["components"]["schemas"]
    extra = problem.keys() - schemas["Problem"]["properties"].keys()
    assert not extra, f"openapi.yaml says of no problem that it has {', '.join(sorted(extra))}"
    assert problem["type"] in schemas["Probleemsoort"]["enum"]


class Houder:
    """A hook for the client of one application; `found` counts what it held."""

    def __init__(self, app: FastAPI) -> None:
        self.app, self.found = app, 0

    async def __call__(self, response: httpx.Response) -> None:
        request = response.request
        hold_headers(response)
        if response.headers.get("content-type") == MEDIA_TYPE and request.method != "HEAD":
            hold_problem(await response.aread())
        shape = shape_of(self.app, request.method, request.url.path)
        if shape is None or not response.is_success or response.headers.get("content-type") != JSON:
            return
        hold(shape, await response.aread())
        self.found += 1
