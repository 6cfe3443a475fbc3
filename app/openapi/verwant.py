"""What a family of schemas has in common stands once, as a part (`allOf`) of each: found by comparing them."""

from collections.abc import Iterable
from typing import Any, Final

Schema = dict[str, Any]
REF: Final = "#/components/schemas/"
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


def share(schemas: Schema) -> None:
    """Take the common part out of each family, and what a kind of registratie says in both ways to send it."""
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
