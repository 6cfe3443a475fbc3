"""Every JSON answer has a shape to make types of: no free object."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.openapi import operations

Schema = dict[str, Any]
VRIJ = {
    "AttenderingGezienUit": "a payload that says all by being there",
    "MensenhandelsignaalOvergedragenOpen": "the only field of it is shown to few",
    "VerstuurdeRegistratie.inhoud": "what an app of any version sent, before anybody took it in; masked for the reader",
}
"""What may be anything, each with its reason: a component, or a field of one."""
SAYS_WHAT = {"type", "const", "enum", "anyOf", "oneOf", "allOf"}


@cache
def document() -> Schema:
    found: Schema = yaml.load(
        (Path(__file__).parents[2] / "openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return found


class Walk:
    """What is wrong with the answers of a document, each place once; `free` are the places that may be anything."""

    def __init__(self, document: Schema) -> None:
        self.schemas = document["components"]["schemas"]
        self.document = document
        self.done: set[str] = set()
        self.free: set[str] = set()
        self.answers = 0

    def faults(self) -> Iterator[str]:
        for path, method, operation in operations(self.document):
            for status, given in operation["responses"].items():
                answer = self.document["components"]["responses"].get(given.get("$ref", "").rpartition("/")[2], given)
                for media, part in answer.get("content", {}).items():
                    if status[0] == "2" and "json" in media:
                        self.answers += 1
                        yield from self.look(part.get("schema", {}), f"{method.upper()} {path} {status}")

    def look(self, schema: Schema, at: str) -> Iterator[str]:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if schema.keys() - {"$ref", "description", "default", "x-sectie"}:
                yield f"{at}: says more than {name}"
            if name not in self.done:
                self.done.add(name)
                yield from self.look(self.schemas[name], name)
            return
        if not schema.keys() & SAYS_WHAT:
            yield from self.anything(at)
        for each in ("anyOf", "oneOf", "allOf"):
            for choice in schema.get(each, ()):
                yield from self.look(choice, at)
        if schema.get("type") == "object":
            yield from self.look_in(schema, at)
        if schema.get("type") == "array":
            yield from self.look(schema.get("items", {}), f"{at}[]")
        if "contentMediaType" in schema:
            yield from self.look(schema.get("contentSchema", {}), f"{at} as text")

    def look_in(self, schema: Schema, at: str) -> Iterator[str]:
        others = schema.get("additionalProperties", True)
        if isinstance(others, dict):
            yield from self.look(others, f"{at}.*")
        elif others and not schema.get("properties"):
            yield from self.anything(at)
        for name, given in schema.get("properties", {}).items():
            yield from self.look(given, f"{at}.{name}")

    def anything(self, at: str) -> Iterator[str]:
        if at in VRIJ:
            self.free.add(at)
        else:
            yield f"{at}: may be anything"


def test_every_json_answer_has_a_shape() -> None:
    """Broken: `doc: Any` left in `changed` of routers/antwoorden; a route that says nothing."""
    walk = Walk(document())
    assert list(walk.faults()) == []
    assert walk.answers > 60
    assert walk.free == VRIJ.keys(), "an exception that is none any more"
    assert len(walk.done) > 300


def json_of(item: Schema) -> Schema:
    found: Schema = item["get"]["responses"]["200"]["content"]["application/json"]
    return found


Break = Callable[[Schema, Schema], Any]
BROKEN: dict[str, Break] = {
    "Controle.adres: may be anything": lambda s, _: s["Controle"]["properties"].update(adres={}),
    "Door: may be anything": lambda s, _: s["Door"].pop("properties"),
    "SignaalLijst.resultaten[]: may be anything": lambda s, _: s["SignaalLijst"]["properties"]["resultaten"].pop(
        "items"
    ),
    "SignaalRij.doc as text: may be anything": lambda s, _: s["SignaalRij"]["properties"]["doc"].pop("contentSchema"),
    "GET /sync/snapshot 200: says more than Snapshotregel": lambda _, p: p["/sync/snapshot"]["get"]["responses"]["200"][
        "content"
    ]["application/x-ndjson"]["schema"].update(type="string"),
    "GET /ik 200: may be anything": lambda _, p: json_of(p["/ik"]).clear(),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_an_answer_without_a_shape_is_named(fault: str) -> None:
    """Negative control, one for each way to say nothing."""
    broken = deepcopy(document())
    BROKEN[fault](broken["components"]["schemas"], broken["paths"])
    assert fault in list(Walk(broken).faults())
