"""The reference as HTML, made on the server from the OpenAPI document: no script, nothing from elsewhere.

Every text goes through :func:`html.escape`; backquotes in descriptions become ``<code>``.
"""

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from app.openapi import operations
from app.openapi.delen import STANDARD
from app.openapi.voorbeelden import shown
from app.openapi.wegwijzer import render_callers

_MAX_DEPTH = 5
_USUAL = {name for name, _ in STANDARD.values()}
_KINDS = {
    "array": "lijst",
    "boolean": "waar of onwaar",
    "integer": "heel getal",
    "null": "leeg",
    "number": "getal",
    "object": "object",
    "string": "tekst",
}
_FORMATS = {
    "date": "datum",
    "date-time": "datum en tijd",
    "uuid": "UUID",
    "uri": "webadres",
    "uri-reference": "webadres",
    "email": "e-mailadres",
}
_PLACES = {"path": "in het pad", "query": "in de query", "header": "header", "cookie": "cookie"}
_LIMITS = {
    "minLength": "minstens {} tekens",
    "maxLength": "hoogstens {} tekens",
    "minimum": "minstens {}",
    "maximum": "hoogstens {}",
    "exclusiveMinimum": "meer dan {}",
    "exclusiveMaximum": "minder dan {}",
    "minItems": "minstens {} stuks",
    "maxItems": "hoogstens {} stuks",
    "default": "standaard {}",
}


def render_reference(document: dict[str, Any]) -> tuple[str, str]:
    """The contents list and the reference, both HTML, grouped by first tag in the order of the document.

    What answers are made of stands once, at the end, each shape under a name of its own.
    """
    reference = _Reference(document)
    groups: dict[str, list[str]] = {}
    for path, method, operation in operations(document):
        groups.setdefault(operation.get("tags", ["Overig"])[0], []).append(reference.operation(path, method, operation))
    contents, sections = [], []
    groups["Vormen in antwoorden"] = list(reference.shapes())
    for tag, parts in groups.items():
        anchor, name = _anchor(tag), escape(tag)
        contents.append(f'<li><a href="#{anchor}">{name}</a></li>')
        heading = f'<h3 id="{anchor}">{name}</h3>'
        sections.append(f'<section aria-labelledby="{anchor}">{heading}{"".join(parts)}</section>')
    return "".join(contents), "".join(sections)


def render_usual_answers() -> str:
    """The answers that every operation shares, explained once."""
    return "".join(
        f"<dt><code>{_status(status)}</code></dt><dd>{inline(text)}</dd>" for status, (_, text) in STANDARD.items()
    )


class _Reference:
    """Knows the document, so that it can follow references."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.seen: set[str] = set()
        """The shapes that something points to."""
        self.prefix = "/" + document["servers"][0]["url"].rpartition("/")[2]

    def operation(self, path: str, method: str, operation: dict[str, Any]) -> str:
        """One operation, folded shut until the reader opens it."""
        who = render_callers(operation.get("x-permissie"), public=operation.get("security") == [])
        full_path = self.prefix + ("" if path == "/" else path)
        parts = [
            f'<details class="operatie" id="{escape(operation["operationId"])}"><summary>',
            f'<span class="methode {method}">{method.upper()}</span> <code>{escape(full_path)}</code> ',
            f'<span class="kort">{escape(operation.get("summary", ""))}</span></summary><div class="inhoud">',
            _prose(operation.get("description", "")),
            f'<p class="stil">{escape(who)}</p>',
            self._parameters(operation),
            self._body(operation),
            self._responses(operation),
            "</div></details>",
        ]
        return "".join(parts)

    def _parameters(self, operation: dict[str, Any]) -> str:
        parameters = [self._resolve(parameter) for parameter in operation.get("parameters", [])]
        if not parameters:
            return ""
        rows = "".join(
            _row(
                parameter["name"],
                [
                    self._kind(parameter["schema"]),
                    _PLACES[parameter["in"]],
                    *self._limits(parameter["schema"]),
                ],
                required=parameter.get("required", False),
                text=parameter.get("description", ""),
            )
            for parameter in parameters
        )
        return f"<h4>Parameters</h4><dl>{rows}</dl>"

    def _body(self, operation: dict[str, Any]) -> str:
        content = operation.get("requestBody", {}).get("content", {})
        return "".join(
            f"<h4>Inhoud <code>{escape(media_type)}</code></h4>"
            f"{self._fields(part.get('schema', {}))}{_example(self.document, part)}"
            for media_type, part in content.items()
        )

    def _responses(self, operation: dict[str, Any]) -> str:
        rows, usual = [], []
        for status, given in operation["responses"].items():
            name = _status(status)
            if given.get("$ref", "").rpartition("/")[2] in _USUAL:
                usual.append(f"<code>{name}</code>")
                continue
            answer = self._resolve(given)
            rows.append(f"<dt><code>{name}</code></dt><dd>{inline(answer.get('description', ''))}")
            if status[0] == "2":
                contents = answer.get("content", {}).values()
                rows.extend(self._answer(part.get("schema", {})) + _example(self.document, part) for part in contents)
            rows.append("</dd>")
        shared = f'<p class="stil">Zoals overal: {", ".join(usual)}.</p>' if usual else ""
        return f"<h4>Antwoorden</h4><dl>{''.join(rows)}</dl>{shared}"

    def shapes(self) -> Iterator[str]:
        """Each shape that an answer points to, and what those point to, folded shut."""
        done: dict[str, str] = {}
        while waiting := sorted(self.seen - done.keys()):
            for name in waiting:
                shape = self.document["components"]["schemas"][name]
                about = f'<span class="kort">{inline(shape.get("description", ""))}</span>'
                done[name] = (
                    f'<details class="operatie" id="vorm-{escape(name)}"><summary><code>{escape(name)}</code> {about}'
                    f'</summary><div class="inhoud">{self._answer(shape)}</div></details>'
                )
        yield from (done[name] for name in sorted(done))

    def _answer(self, schema: dict[str, Any]) -> str:
        """The fields of an object, one deep; what they are made of, or what there is a choice of, is pointed to."""
        owner = self._whole(schema)
        if "properties" not in owner:
            return self._pointed(owner)
        required = owner.get("required", [])
        rows = [
            _row(
                field,
                [self._kind(given), *self._limits(given)],
                required=field in required,
                text=given.get("description", ""),
                nested=self._pointed(given),
            )
            for field, given in owner["properties"].items()
        ]
        return f"<dl>{''.join(rows)}</dl>" if rows else ""

    def _pointed(self, schema: dict[str, Any]) -> str:
        """Where the shapes in a type stand."""
        names = sorted(set(self._shapes_in(schema)))
        self.seen.update(names)
        links = ", ".join(f'<a href="#vorm-{escape(name)}">{escape(name)}</a>' for name in names)
        return f'<p class="stil">Vorm: {links}</p>' if names else ""

    def _shapes_in(self, schema: dict[str, Any]) -> Iterator[str]:
        if "$ref" in schema:
            resolved = self._resolve(schema)
            if any(name in resolved for name in ("properties", "oneOf", "anyOf", "allOf")):
                yield schema["$ref"].rpartition("/")[2]
            return
        for inner in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
            yield from self._shapes_in(inner)
        for name in ("items", "additionalProperties", "contentSchema"):
            if isinstance(schema.get(name), dict):
                yield from self._shapes_in(schema[name])

    def _fields(self, schema: dict[str, Any], seen: tuple[str, ...] = ()) -> str:
        """The fields of an object, or of the objects in a list or choice, at most `_MAX_DEPTH` deep."""
        if len(seen) >= _MAX_DEPTH:
            return ""
        rows = []
        for name, owner in self._objects(schema, seen):
            required = owner.get("required", [])
            for field, given in owner.get("properties", {}).items():
                resolved = self._resolve(given)
                text = given.get("description") or resolved.get("description", "")
                nested = self._fields(given, (*seen, name))
                facts = [self._kind(given), *self._limits(given)]
                rows.append(_row(field, facts, required=field in required, text=text, nested=nested))
        return f"<dl>{''.join(rows)}</dl>" if rows else ""

    def _objects(self, schema: dict[str, Any], seen: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
        name = schema.get("$ref", "")
        if name and name in seen:
            return
        resolved = self._whole(schema)
        if "properties" in resolved:
            yield name, resolved
        seen = (*seen, name) if name else seen
        for inner in (*resolved.get("anyOf", ()), *resolved.get("oneOf", ())):
            yield from self._objects(inner, seen)
        if isinstance(resolved.get("items"), dict):
            yield from self._objects(resolved["items"], seen)

    def _kind(self, schema: dict[str, Any], depth: int = 0) -> str:
        resolved = self._whole(schema)
        kinds = resolved.get("type", "")
        choices = [*resolved.get("anyOf", ()), *resolved.get("oneOf", ())]
        choices += [{**resolved, "type": each} for each in kinds] if isinstance(kinds, list) else []
        if depth > _MAX_DEPTH:
            return "vrij"
        if choices:
            return " of ".join(dict.fromkeys(self._kind(choice, depth + 1) for choice in choices))
        if "const" in resolved:
            return f"“{resolved['const']}”"
        if "enum" in resolved:
            return "een van " + ", ".join(f"“{value}”" for value in resolved["enum"] if value is not None)
        if kinds == "array":
            return f"lijst van {self._kind(resolved.get('items', {}), depth + 1)}"
        return _FORMATS.get(resolved.get("format", "")) or _KINDS.get(kinds, "vrij")

    def _limits(self, schema: dict[str, Any]) -> list[str]:
        resolved = self._resolve(schema)
        given = {**resolved, **schema}
        return [text.format(_say(given[name])) for name, text in _LIMITS.items() if given.get(name) is not None]

    def _whole(self, node: dict[str, Any]) -> dict[str, Any]:
        """A schema with the fields of all its parts as one object."""
        target = self._resolve(node)
        parts = [self._whole(part) for part in target.get("allOf", ())]
        if not parts:
            return target
        properties = {name: given for part in parts for name, given in part.get("properties", {}).items()}
        required = [name for part in parts for name in part.get("required", ())]
        return {**target, "type": "object", "properties": properties, "required": required}

    def _resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        target = node
        while "$ref" in target:
            name = target["$ref"]
            target = self.document
            for part in name.removeprefix("#/").split("/"):
                target = target[part]
        return target


def _row(name: str, facts: list[str], *, required: bool, text: str, nested: str = "") -> str:
    must = '<span class="verplicht">verplicht</span> ' if required else ""
    described = f"<p>{inline(text)}</p>" if text else ""
    return (
        f'<dt><code>{escape(name)}</code> {must}<span class="soort">{escape(" · ".join(facts))}</span></dt>'
        f"<dd>{described}{nested}</dd>"
    )


def _example(document: dict[str, Any], part: dict[str, Any]) -> str:
    """What it looks like, folded shut; nothing where there is none."""
    told = shown(document, part)
    if told is None:
        return ""
    text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False, indent=2)
    return f'<details><summary>Voorbeeld</summary><pre tabindex="0"><code>{escape(text)}</code></pre></details>'


def _prose(text: str) -> str:
    return "".join(f"<p>{inline(paragraph)}</p>" for paragraph in text.split("\n\n") if paragraph.strip())


def inline(text: str) -> str:
    """The text, with `<code>` for what stands between backquotes."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(" ".join(text.split())))


def _say(value: object) -> object:
    return ("waar" if value else "onwaar") if isinstance(value, bool) else value


def _status(status: str) -> str:
    return "anders" if status == "default" else status


def _anchor(tag: str) -> str:
    return "naslag-" + re.sub(r"[^a-z0-9]+", "-", tag.lower()).strip("-")
