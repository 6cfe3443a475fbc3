"""The schemas of the document, from what pydantic says to what clients are made of.

What may be absent is never null; keys that are words are fields; no title repeats a name; answers may grow, requests
may not; and what a family of schemas has in common stands once.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from app.access.beleid import PERMISSIES
from app.registraties.register import ACTEN

Schema = dict[str, Any]
REF: Final = "#/components/schemas/"
NULL: Final = {"type": "null"}
WORDS: Final = {"Soort": sorted(ACTEN), "Permissie": sorted(PERMISSIES)}
"""Names for text whose words are known only when all acts and rows of the policy are."""
FAMILIES: Final = {
    "RxdbOperatie": "Wat registraties gemeen hebben in de vorm van RxDB.",
    "Operatie": "Wat registraties van een toestel gemeen hebben.",
    "Vastleggen": "Wat registraties van achter een bureau gemeen hebben.",
    "Versie": "Wat versies van een registratie gemeen hebben.",
    "Verschil": "Wat versies gemeen hebben die naast de geldende staan.",
    "Inzage": "Hetzelfde, met wat alleen enkelen zien.",
    "Stap": "Wat stappen in de opvolging gemeen hebben.",
    "Wijziging": "Wat wijzigingen gemeen hebben.",
    "Lijst": "Wat bladzijden van een lijst gemeen hebben.",
    "Beslecht": "Wat verschillen gemeen hebben waarover is beslist.",
}
"""Ending of the names of a family → what its common part is. A name belongs to the first that fits."""


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
    _families(schemas)
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
    if all(words) and len(words) > 1 and [""] not in words:  # an empty word is none to name a constant by
        schema.pop("anyOf")
        schema.update(type="string", enum=[word for found in words for word in found])
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


def _families(schemas: Schema) -> None:
    taken: set[str] = set()
    for ending, about in FAMILIES.items():
        members = [
            name
            for name in sorted(schemas)
            if name.endswith(ending) and name != ending and name not in taken and "oneOf" not in schemas[name]
        ]
        taken |= {*members}
        corrected = [name for name in members if "corrigeert" in schemas[name]["properties"]]
        members = corrected or members  # the few that are never corrected stand by themselves
        if len(members) > 1:
            common = _common([_own(schemas[name]) for name in members])
            if len({schemas[name].get("description") for name in members}) == 1:
                for name in members:
                    schemas[name].pop("description", None)
            part_out(schemas, f"{ending}Deel", tuple(common), about, members)
    for name in sorted(schemas):
        if name.endswith("RxdbOperatie") and name != "RxdbOperatie":
            _kind_out(schemas, name.removesuffix("RxdbOperatie"), (name, name.replace("RxdbOperatie", "Operatie")))


def _kind_out(schemas: Schema, name: str, members: tuple[str, str]) -> None:
    """What one kind of registratie says of itself, the same in both ways in which it is sent."""
    first, second = (_own(schemas[member]) for member in members)
    if first == second:
        about = [schemas[member].pop("description") for member in members]
        schemas[f"{name}Registratie"] = {"description": about[0], **first}
        for member in members:
            schemas[member]["allOf"][-1] = {"$ref": f"{REF}{name}Registratie"}


def _own(schema: Schema) -> Schema:
    """The part of a schema that says fields by itself."""
    own: Schema = schema["allOf"][-1] if "allOf" in schema else schema
    return own if "$ref" not in own else {}


def _common(members: list[Schema]) -> list[str]:
    """The fields that all have, said alike."""
    first, *others = members
    return [
        name
        for name, given in first["properties"].items()
        if all(
            other["properties"].get(name) == given
            and (name in other.get("required", ())) == (name in first.get("required", ()))
            for other in others
        )
    ]


def part_out(
    schemas: Schema, name: str, fields: tuple[str, ...], about: str = "", members: Iterable[str] | None = None
) -> None:
    """Put `fields` of these members (without: of all that have them) in a schema of their own, under `name`."""
    fitting = [
        member
        for member in members or sorted(schemas)
        if member != name and {*fields} <= _own(schemas[member]).get("properties", {}).keys()
    ]
    if not fields or len(fitting) < 2:  # noqa: PLR2004
        return
    first = _own(schemas[fitting[0]])
    part = _cut(first, fields)
    for member in fitting:
        if _cut(_own(schemas[member]), fields) == part:
            schemas[member] = _without(schemas[member], fields, name)
    schemas[name] = {"type": "object", **({"description": about} if about else {}), **part}


def _cut(schema: Schema, fields: tuple[str, ...]) -> Schema:
    required = [name for name in schema.get("required", ()) if name in fields]
    together = {n: v for n, v in schema.get("dependentRequired", {}).items() if n in fields}
    return {
        **({"required": required} if required else {}),
        "properties": {name: schema["properties"][name] for name in fields},
        **({"dependentRequired": together} if together else {}),
    }


def _without(schema: Schema, fields: tuple[str, ...], name: str) -> Schema:
    """The schema with `name` for those fields. What was closed stays closed, over all its parts."""
    own = dict(_own(schema))
    own["properties"] = {n: v for n, v in own["properties"].items() if n not in fields}
    own["required"] = [n for n in own.get("required", ()) if n not in fields]
    own["dependentRequired"] = {n: v for n, v in own.get("dependentRequired", {}).items() if n not in fields}
    own = {key: value for key, value in own.items() if value or key not in {"required", "dependentRequired"}}
    closed = own.pop("additionalProperties", None) is False or schema.get("unevaluatedProperties") is False
    about = own.pop("description", None) or schema.get("description")
    parts = [part for part in schema.get("allOf", ()) if "$ref" in part] + [{"$ref": REF + name}]
    own.pop("type", None)
    return {
        **({"description": about} if about else {}),
        "allOf": [*parts, *([{"type": "object", **own}] if own.get("properties") else [])],
        **({"unevaluatedProperties": False} if closed else {}),
    }
