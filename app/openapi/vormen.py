"""The schemas of the document, from what pydantic says to what clients are made of.

What may be absent is never null; keys that are words are fields; no title repeats a name; answers may grow, requests
may not; and what a family of schemas has in common stands once (:mod:`app.openapi.verwant`).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from app.access.beleid import PERMISSIES
from app.openapi import verwant
from app.openapi.verwant import REF
from app.registraties.register import ACTEN

Schema = dict[str, Any]
NULL: Final = {"type": "null"}
WORDS: Final = {"Soort": sorted(ACTEN), "Permissie": sorted(PERMISSIES)}
"""Names for text whose words are known only when all acts and rows of the policy are."""


def complete(document: Schema) -> None:
    """Change the schemas of `document`, and those in its operations, in place."""
    schemas = document["components"]["schemas"]
    for name, words in WORDS.items():
        if name in schemas:
            schemas[name] = {"type": "string", "enum": words}
    for change in (_absent, _keys, _plain):
        each(document, lambda node, change=change: change(node, schemas))  # type: ignore[misc]
    for schema in schemas.values():
        schema.pop("title", None)
        if "enum" in schema:  # its words speak for themselves; the docstring behind it is for programmers
            schema.pop("description", None)
    directions(document)
    verwant.share(schemas)
    for name, schema in schemas.items():
        schemas[name] = {key: schema[key] for key in sorted(schema, key=_place)}
    named = reached([document["paths"], document["components"].get("responses")], schemas)
    for name in schemas.keys() - named:
        del schemas[name]


_ORDER: Final = ("description", "type", "enum", "allOf", "oneOf", "discriminator", "required", "properties")


def _place(key: str) -> tuple[int, str]:
    """Where a word stands in a schema: what it is first."""
    return (_ORDER.index(key) if key in _ORDER else len(_ORDER)), key


def each(node: Any, change: Callable[[Schema], None]) -> None:
    """Change every object in the document, what is inside first."""
    for value in list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else ():
        each(value, change)
    if isinstance(node, dict):
        change(node)


def _absent(schema: Schema, _schemas: Schema) -> None:
    """A field that may be left out is never null: nothing sends that, and it is not what is asked for.

    Nor has it a default: openapi-typescript takes what has one for what is always there.
    """
    properties, required = schema.get("properties"), schema.get("required", ())
    if not isinstance(properties, dict):
        return
    for name, given in properties.items():
        if name not in required and isinstance(given, dict):
            properties[name] = without_null({key: value for key, value in given.items() if key != "default"})


def drop_null_default(schema: Schema) -> None:
    """FastAPI says nothing of a field that is null when it is left out; so do we."""
    if "default" in schema and schema["default"] is None:
        del schema["default"]


def without_null(schema: Schema) -> Schema:
    """The same for a value that is there."""
    rest = dict(schema)
    choices = rest.get("anyOf")
    if choices is None or NULL not in choices:
        return rest
    rest["anyOf"] = [choice for choice in choices if choice != NULL]
    if len(rest["anyOf"]) == 1:
        (only,) = rest.pop("anyOf")
        return {**only, **rest}
    return rest


def _keys(schema: Schema, schemas: Schema) -> None:
    """A map whose keys are words is an object with those fields."""
    named = schema.pop("propertyNames", {})
    words = _resolve(named, schemas).get("enum")
    if words and isinstance(schema.get("additionalProperties"), dict):
        values = schema.pop("additionalProperties")
        made = {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(words, values)}
        name = f"Per{named['$ref'].removeprefix(REF)}" if "$ref" in named else None
        if name is not None:
            while schemas.setdefault(name, made) != made:
                name += "Geteld"
            made = {"$ref": REF + name}
        schema.pop("type")
        schema.update(made)


def _plain(schema: Schema, schemas: Schema) -> None:
    """What pydantic and FastAPI say otherwise than is wanted."""
    if isinstance(schema.get("properties"), dict):
        for given in schema["properties"].values():
            if isinstance(given, dict) and isinstance(given.get("title"), str):
                del given["title"]
    if isinstance(schema.get("dependentRequired"), dict):  # FastAPI makes sets of them
        schema["dependentRequired"] = {name: sorted(them) for name, them in sorted(schema["dependentRequired"].items())}
    _numbers(schema)
    if isinstance(schema.get("anyOf"), list):
        _choices(schema, schemas)


def _numbers(schema: Schema) -> None:
    """Whole limits; and a number that may be longer than 32 bits says so, for Kotlin and C#."""
    for limit in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if isinstance(schema.get(limit), float) and schema[limit].is_integer():
            schema[limit] = int(schema[limit])
    if schema.get("type") == "integer" and not schema.keys() & {"enum", "const", "format"} and _is_long(schema):
        schema["format"] = "int64"


def _choices(schema: Schema, schemas: Schema) -> None:
    """Null beside one type is a type; words beside words are one list of words."""
    choices = schema["anyOf"]
    words = [_words(choice, schemas) for choice in choices]
    if all(words) and len(words) > 1:
        schema.pop("anyOf")
        made = {"type": "string", "enum": [word for found in words for word in found]}
        if [""] in words:  # with a name of its own: generators give it that of the list which it takes over
            name = choices[0]["$ref"].removeprefix(REF) + "OfLeeg"
            schemas[name], made = made, {"$ref": REF + name}
        schema.update(made)
    elif len(choices) == 2 and NULL in choices:  # noqa: PLR2004
        (other,) = (choice for choice in choices if choice != NULL)
        if isinstance(other.get("type"), str) and "const" not in other:
            schema.pop("anyOf")
            schema.update({**other, "type": [other["type"], "null"]})
            if "enum" in other:
                schema["enum"] = [*other["enum"], None]


def _is_long(schema: Schema) -> bool:
    return bool(min(schema.get("maximum", 2**53), schema.get("exclusiveMaximum", 2**53)) >= 2**31)


def _words(schema: Schema, schemas: Schema) -> list[str]:
    found = _resolve(schema, schemas)
    return [found["const"]] if isinstance(found.get("const"), str) else list(found.get("enum", ()))


def _resolve(schema: Schema, schemas: Schema) -> Schema:
    while "$ref" in schema:
        schema = schemas[schema["$ref"].removeprefix(REF)]
    return schema


def refs(node: Any) -> Iterator[str]:
    """The names of the schemas that a part of the document points to."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref" and isinstance(value, str) and value.startswith(REF):
                yield value.removeprefix(REF)
            else:
                yield from refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from refs(value)


def reached(parts: Iterable[Any], schemas: Schema) -> set[str]:
    """The names of all schemas that these parts are made of."""
    seen: set[str] = set()
    waiting = [name for part in parts for name in refs(part)]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += refs(schemas[name])
    return seen


def directions(document: Schema) -> None:
    """Answers may grow: nothing in them is closed. What is also sent has a twin `…Uit` as it is answered."""
    schemas = document["components"]["schemas"]
    found = [operation for item in document["paths"].values() for operation in item.values()]
    asked = reached((operation.get("requestBody") for operation in found), schemas)
    told = reached((operation["responses"] for operation in found), schemas)
    both = {name for name in asked & told if _is_closed(schemas, name)}
    twins = {name: f"{name}Uit" for name in both}
    if clash := {*twins.values()} & schemas.keys():
        raise ValueError(f"two schemas are called {', '.join(sorted(clash))}")
    for name, twin in twins.items():
        schemas[twin] = _copy(schemas[name])
    for name in (told - both) | {*twins.values()}:
        _point(schemas[name], twins)
        each(schemas[name], _open)
    for operation in found:
        _point(operation["responses"], twins)


def _is_closed(schemas: Schema, name: str) -> bool:
    """Whether it, or anything that it is made of, allows no other fields."""
    return any(_closes(schemas[each_name]) for each_name in {name} | reached([schemas[name]], schemas))


def _closes(node: Any) -> bool:
    if isinstance(node, dict):
        return node.get("additionalProperties") is False or any(_closes(value) for value in node.values())
    return isinstance(node, list) and any(_closes(value) for value in node)


def _copy(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _copy(value) for name, value in node.items()}
    return [_copy(value) for value in node] if isinstance(node, list) else node


def _point(node: Any, twins: dict[str, str]) -> None:
    """Let references to a schema point to its twin."""

    def change(part: Schema) -> None:
        for key, value in part.items():
            if isinstance(value, str) and value.startswith(REF) and value.removeprefix(REF) in twins:
                part[key] = REF + twins[value.removeprefix(REF)]

    each(node, change)


def _open(schema: Schema) -> None:
    if schema.get("additionalProperties") is False:
        del schema["additionalProperties"]
