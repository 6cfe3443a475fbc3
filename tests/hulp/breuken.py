"""What in a contract would break a client that was made of an earlier one, a line for each place.

Not a break: something new that nobody has to know (an operation, a field in an answer, a field that may be left out of
a request, a word in an answer), and other words in a text. docs/contract.md says the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.openapi import operations

Part = dict[str, Any]
DEEP = 12
LIMITS = {"maxLength": -1, "maximum": -1, "maxItems": -1, "minLength": 1, "minimum": 1, "minItems": 1}
"""Limit → which way it becomes narrower."""


@dataclass
class Shape:
    """What a schema allows: its types, fields, items and words; nothing said allows anything."""

    types: set[str] = field(default_factory=set)
    fields: dict[str, Part] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    items: Part | None = None
    words: set[Any] | None = None
    closed: bool = False
    rest: Part = field(default_factory=dict)


class Contract:
    """A document, and its operations by method and path: names of path parameters do not count."""

    def __init__(self, document: Part) -> None:
        self.document = document
        self.operations = {
            f"{method.upper()} {re.sub(r'{[^}]+}', '{}', path)}": operation
            for path, method, operation in operations(document)
        }

    def resolve(self, node: Part) -> Part:
        while "$ref" in node:
            target: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def shape(self, schema: Part) -> Shape:
        """Of a choice, what any of it allows."""
        schema = self.resolve(schema)
        if "allOf" in schema:
            return self._all(schema)
        choices = [self.shape(choice) for each in ("oneOf", "anyOf") for choice in schema.get(each, ())]
        if choices:
            return _any(choices)
        given = schema.get("type", [])
        return Shape(
            types={given} if isinstance(given, str) else set(given),
            fields=dict(schema.get("properties", {})),
            required=set(schema.get("required", ())),
            items=schema.get("items"),
            words={schema["const"]} if "const" in schema else set(schema["enum"]) if "enum" in schema else None,
            closed=schema.get("additionalProperties") is False,
            rest=schema,
        )

    def _all(self, schema: Part) -> Shape:
        whole = Shape(types={"object"}, closed=schema.get("unevaluatedProperties") is False)
        for part in schema["allOf"]:
            found = self.shape(part)
            whole.fields |= found.fields
            whole.required |= found.required
        return whole

    def parameters(self, operation: Part) -> dict[str, Part]:
        found = [self.resolve(parameter) for parameter in operation.get("parameters", ())]
        return {f"{p['in']} {p['name']}".lower(): p for p in found if p["in"] != "path"}


def _any(choices: list[Shape]) -> Shape:
    whole = Shape(required=set.intersection(*(c.required for c in choices if c.types != {"null"})))
    for choice in choices:
        whole.types |= choice.types
        for name, given in choice.fields.items():
            known = whole.fields.get(name)
            whole.fields[name] = given if known in (None, given) else {"anyOf": [known, given]}
        whole.items = whole.items or choice.items
        whole.closed = whole.closed or choice.closed
    there = [choice for choice in choices if choice.types != {"null"}]
    whole.rest = there[0].rest if len(there) == 1 else {}
    words = [choice.words for choice in there]
    whole.words = set().union(*(w for w in words if w is not None)) if None not in words else None
    return whole


def breaks(old: Part, new: Part) -> list[str]:
    """All of them, each `<METHOD> <path> <where>: <what>`."""
    return sorted(set(_breaks(Contract(old), Contract(new))))


def _breaks(old: Contract, new: Contract) -> Iterator[str]:
    for at, was in old.operations.items():
        now = new.operations.get(at)
        if now is None:
            yield f"{at}: is gone"
            continue
        if was["operationId"] != now["operationId"]:
            yield f"{at} operationId: was {was['operationId']}"
        yield from _parameters(old, new, at, was, now)
        for media, part in _content(old, was.get("requestBody", {})):
            given = dict(_content(new, now.get("requestBody", {}))).get(media)
            yield from _asked(old, new, (part, given), f"{at} body") if given else [f"{at} body {media}: is gone"]
        for status, answer in was["responses"].items():
            if status[0] == "2" and status not in now["responses"]:
                yield f"{at} {status}: is gone"
            elif status[0] == "2":
                given_now = dict(_content(new, now["responses"][status]))
                for media, part in _content(old, answer):
                    if media in given_now:
                        yield from _told(old, new, (part, given_now[media]), f"{at} {status}")
                    else:
                        yield f"{at} {status} {media}: is gone"


def _content(contract: Contract, holder: Part) -> list[tuple[str, Part]]:
    content = contract.resolve(holder).get("content", {})
    return [(media, part["schema"]) for media, part in content.items() if "schema" in part]


def _parameters(old: Contract, new: Contract, at: str, was: Part, now: Part) -> Iterator[str]:
    before, after = old.parameters(was), new.parameters(now)
    for name, parameter in before.items():
        if name in after:
            yield from _asked(old, new, (parameter["schema"], after[name]["schema"]), f"{at} {name}")
        else:
            yield f"{at} {name}: is gone"
    for name, parameter in after.items():
        if parameter.get("required") and not before.get(name, {}).get("required"):
            yield f"{at} {name}: is required"


def _asked(old: Contract, new: Contract, pair: tuple[Part, Part], at: str, deep: int = 0) -> Iterator[str]:
    """What was taken and is taken no more."""
    if deep > DEEP:
        return
    if kinds := _kinds(old, new, pair):
        for word, each in kinds.items():
            yield from _asked(old, new, each, f"{at}<{word}>", deep + 1) if each[1] else [f"{at}<{word}>: is gone"]
        return
    was, now = old.shape(pair[0]), new.shape(pair[1])
    yield from _narrower(was, now, at)
    if was.types == {"object"} and not was.fields and now.fields and now.closed:
        yield f"{at}: is closed"
        return
    for name in sorted(now.required - was.required):
        yield f"{at}.{name}: is required"
    for name in sorted(was.fields):
        if name in now.fields:
            yield from _asked(old, new, (was.fields[name], now.fields[name]), f"{at}.{name}", deep + 1)
        elif now.closed:
            yield f"{at}.{name}: is gone"
    if was.items and now.items:
        yield from _asked(old, new, (was.items, now.items), f"{at}[]", deep + 1)


def _kinds(old: Contract, new: Contract, pair: tuple[Part, Part]) -> dict[str, tuple[Part, Part]]:
    """Of a choice that a word tells, in both: what each word of the old one leads to; `{}` where to nothing."""
    was, now = (
        c.resolve(schema).get("discriminator", {}).get("mapping") for c, schema in zip((old, new), pair, strict=True)
    )
    if was is None or now is None:
        return {}
    return {word: ({"$ref": ref}, {"$ref": now[word]} if word in now else {}) for word, ref in was.items()}


def _narrower(was: Shape, now: Shape, at: str) -> Iterator[str]:
    """Of the value itself: other types, fewer words, closer limits."""
    for kind in sorted(was.types - now.types) if now.types else ():
        yield f"{at}: is not {kind} any more"
    if now.words is not None and was.types and (was.words is None or was.words - now.words - {None}):
        yield f"{at}: takes fewer words"
    for limit, way in LIMITS.items():
        before, after = was.rest.get(limit), now.rest.get(limit)
        if after is not None and (before is None or (after - before) * way > 0) and not (way > 0 and after == 0):
            yield f"{at}: {limit} is {after}"


def _told(old: Contract, new: Contract, pair: tuple[Part, Part], at: str, deep: int = 0) -> Iterator[str]:
    """What was told and is not, or otherwise."""
    if deep > DEEP:
        return
    if kinds := _kinds(old, new, pair):
        for word, each in kinds.items():
            yield from _told(old, new, each, f"{at}<{word}>", deep + 1) if each[1] else [f"{at}<{word}>: is gone"]
        return
    was, now = old.shape(pair[0]), new.shape(pair[1])
    for kind in sorted((now.types or {"anything"}) - was.types) if was.types else ():
        yield f"{at}: can be {kind}"
    for name in sorted(was.fields):
        if name not in now.fields:
            yield f"{at}.{name}: is gone"
            continue
        if name in was.required - now.required:
            yield f"{at}.{name}: may be absent"
        yield from _told(old, new, (was.fields[name], now.fields[name]), f"{at}.{name}", deep + 1)
    if was.items and now.items:
        yield from _told(old, new, (was.items, now.items), f"{at}[]", deep + 1)
