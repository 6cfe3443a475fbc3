"""What goes over a line while somebody is at work: of each operation what shows it best."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import parse_qsl

import httpx

from app.openapi import PREFIX, operations
from tests.hulp.antwoorden import contract

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
ENOUGH: Final = 3600
"""Characters: of larger examples the smallest is taken."""
LONG: Final = 500
TABEL: Final = {"created", "updated", "deleted"}
"""What changed in one table, as WatermelonDB asks for it."""
UUID_TEXT: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ZONDER: Final = "begin.get"
"""Its fields have examples: in one example of them all the linter of the API Design Rules takes `links.openapi` for the
version of the document."""
Taken = dict[str, dict[str, Any]]
"""operationId → `vraag` and `antwoord`, as in the file."""


class Opname:
    """Listens to what goes over a transport, and keeps of each operation what shows it best."""

    def __init__(self) -> None:
        self.taken: Taken = {}
        self.said: dict[str, set[str]] = {}
        """operationId → every name of a field that went over the line."""
        self.ops: dict[str, dict[str, Any]] = {}
        """soort → the first operation of that kind that a device sent."""
        self._named = [
            (method.upper(), re.compile(PREFIX + re.sub(r"{\w+}", "[^/]+", path) + "/?"), operation)
            for path, method, operation in operations(contract())
        ]

    def wrap(self, inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        """The same transport, listened to."""
        return _Listening(inner, self._hear)

    def has(self, name: str) -> bool:
        """Whether an answer was heard with something in it."""
        answer = self.taken.get(name, {}).get("antwoord")
        return bool(answer.get("resultaten", True) if isinstance(answer, dict) else answer)

    def name(self, method: str, path: str) -> str | None:
        """The operation that a request is about; a path without parameters goes before one with."""
        found = [(o["operationId"], p.pattern) for m, p, o in self._named if m == method and p.fullmatch(path)]
        return min(found, key=lambda each: each[1].count("[^/]+"))[0] if found else None

    def _hear(self, request: httpx.Request, response: httpx.Response) -> None:
        name = self.name(request.method, request.url.path)
        if name in {None, ZONDER} or not response.is_success:
            return
        sent = gzip.decompress(request.content) if "content-encoding" in request.headers else request.content
        heard = {"vraag": _said(_body(request.headers, sent)), "antwoord": _body(response.headers, response.content)}
        if name == "sync.push":
            for op in heard["vraag"]["ops"]:
                self.ops.setdefault(op["soort"], op)
        if "username" in (heard["vraag"] or {}):
            return  # the names of RFC 6749 do as well; the contract says ours
        self.said.setdefault(name, set()).update(names_in(heard))
        told = {part: shorten(said) for part, said in heard.items() if said is not None}
        known = self.taken.get(name)
        if known is None or _worth(known) < _worth(told):
            self.taken[name] = told


class _Listening(httpx.AsyncBaseTransport):
    def __init__(self, inner: httpx.AsyncBaseTransport, hear: Callable[[httpx.Request, httpx.Response], None]) -> None:
        self.inner, self.hear = inner, hear

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        response = await self.inner.handle_async_request(request)
        if not response.headers.get("content-type", "").startswith("text/event-stream"):
            await response.aread()
            self.hear(request, response)
        return response


def _body(headers: httpx.Headers, content: bytes) -> Any:
    """JSON, a form or lines as they were said; None for anything else, and for nothing."""
    kind = headers.get("content-type", "").partition(";")[0]
    if not content:
        return None
    if kind == JSON:
        return json.loads(content)
    if kind == FORM:
        return dict(parse_qsl(content.decode()))
    if kind == "application/x-ndjson":
        return json.loads(content.splitlines()[0])
    if kind == "text/csv":
        return "".join(content.decode().splitlines(keepends=True)[:3])
    return None


def _said(body: Any) -> Any:
    """Without what a client of ours says to be absent; what a device signs stays whole."""
    if isinstance(body, dict):
        return {k: v if k in {"kop", "zouten"} else _said(v) for k, v in body.items() if v is not None}
    return [_said(each) for each in body] if isinstance(body, list) else body


def _worth(told: dict[str, Any]) -> tuple[bool, int, int]:
    """What says the most, of what is short enough; else the shortest."""
    size = len(json.dumps(told))
    return (size <= ENOUGH, len({*names_in(told)}) if size <= ENOUGH else -size, -size)


def names_in(said: Any) -> Iterator[str]:
    """The names of all fields, at any depth; ids that are names are none."""
    if isinstance(said, dict | list):
        yield from (name for name in said if isinstance(said, dict) and not UUID_TEXT.fullmatch(name))
        for each in said.values() if isinstance(said, dict) else said:
            yield from names_in(each)


def shorten(said: Any) -> Any:
    """Of objects in a list, of names and of tables the first; of long texts the beginning; and no postcode.

    The linter of the API Design Rules takes each name in an example with `post` in it for an operation.
    """
    if isinstance(said, dict):
        return {name: shorten(value) for name, value in _few(said).items() if name != "postcode"}
    if isinstance(said, list):
        return [shorten(each) for each in (said[:1] if said and isinstance(said[0], dict) else said)]
    return said[:60] + "…" if isinstance(said, str) and len(said) > LONG else said


def _few(said: dict[str, Any]) -> dict[str, Any]:
    if said and all(UUID_TEXT.fullmatch(name) for name in said):
        return dict(list(said.items())[:2])
    if all(isinstance(each, dict) and {*each} == TABEL for each in said.values()):
        full = next((name for name, each in said.items() if any(each.values())), None)
        return {name: each if name == full else {key: [] for key in sorted(TABEL)} for name, each in said.items()}
    return said
