"""Every JSON answer that any test of the API gets is held against what openapi.yaml declares of it."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.routing import compile_path

from app.main import every_route
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


class Houder:
    """A hook for the client of one application; `found` counts what it held."""

    def __init__(self, app: FastAPI) -> None:
        self.app, self.found = app, 0

    async def __call__(self, response: httpx.Response) -> None:
        request = response.request
        shape = shape_of(self.app, request.method, request.url.path)
        if shape is None or not response.is_success or response.headers.get("content-type") != JSON:
            return
        hold(shape, await response.aread())
        self.found += 1
