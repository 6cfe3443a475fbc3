"""Every error leaves as RFC 9457 ``application/problem+json``, in Dutch, and never repeats what was sent.

:func:`install` registers the handlers. What they do not know travels on to :mod:`app.middleware`, which logs
its type and answers 500: Starlette's own last resort would hand the exception, message included, to the log.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from socket import gaierror
from typing import Any

import orjson
import structlog
from asyncpg.exceptions import InterfaceError as AsyncpgInterfaceError
from asyncpg.exceptions import PostgresError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.opslag import BestaatNiet
from app.problems import (
    MAX_FOUTEN,
    Geweigerd,
    MethodeBestaatNiet,
    NietGevonden,
    OngeldigVerzoek,
    Onjuist,
    Problem,
    TijdelijkNietBeschikbaar,
)
from app.proces import proces_of
from app.services.bewaken.alarm import frozen
from app.services.bewaken.schade import Schade, is_damage

log = structlog.get_logger("veldboek.http")

MEDIA_TYPE = "application/problem+json"
WHOLE_BODY = "verzoek"

_UNAVAILABLE_SQLSTATE = re.compile(r"55P03|40P01|40001|57P0.|08...|53...")
"""Lock not available, deadlock, serialization, shutting down or starting, connection, too few resources."""

_COME_BACK_LATER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

_BY_STATUS = {
    400: (OngeldigVerzoek.slug, OngeldigVerzoek.title, "Het verzoek kon niet worden gelezen."),
    404: (NietGevonden.slug, NietGevonden.title, "Dit adres bestaat niet."),
    405: (MethodeBestaatNiet.slug, MethodeBestaatNiet.title, "Deze methode bestaat niet op dit adres."),
}
_REFUSED = (Geweigerd.slug, Geweigerd.title, "Het verzoek kan niet worden uitgevoerd.")
_BROKEN = (Problem.slug, Problem.title, "De fout is vastgelegd. Probeer het later opnieuw.")

_MELDINGEN = {
    "bool": "Vul waar of onwaar in (true of false).",
    "date": "Vul een geldige datum in, zoals 2026-08-19.",
    "datetime": "Vul een geldige datum en tijd in, zoals 2026-08-19T23:10:00+02:00.",
    "date_future": "Kies een datum in de toekomst.",
    "date_past": "Kies een datum in het verleden.",
    "datetime_future": "Kies een moment in de toekomst.",
    "datetime_past": "Kies een moment in het verleden.",
    "decimal": "Vul een getal in.",
    "dict": "Hier hoort een object met velden.",
    "enum": "Kies een van deze waarden: {expected}.",
    "extra_forbidden": "Dit veld hoort hier niet.",
    "finite_number": "Vul een getal in.",
    "float": "Vul een getal in.",
    "frozen_set": "Hier hoort een lijst.",
    "greater_than": "De waarde moet groter zijn dan {gt}.",
    "greater_than_equal": "De waarde moet minstens {ge} zijn.",
    "int": "Vul een heel getal in.",
    "json_invalid": "De inhoud is geen geldige JSON.",
    "json_type": "De inhoud is geen geldige JSON.",
    "less_than": "De waarde moet kleiner zijn dan {lt}.",
    "less_than_equal": "De waarde mag hoogstens {le} zijn.",
    "list": "Hier hoort een lijst.",
    "literal_error": "Kies een van deze waarden: {expected}.",
    "missing": "Dit veld is verplicht.",
    "model": "Hier hoort een object met velden.",
    "multiple_of": "De waarde moet een veelvoud zijn van {multiple_of}.",
    "none_required": "Dit veld moet leeg zijn.",
    "set": "Hier hoort een lijst.",
    "string": "Vul een tekst in.",
    "string_pattern_mismatch": "De waarde heeft niet de juiste vorm.",
    "string_too_long": "De tekst is te lang: hoogstens {max_length} tekens.",
    "string_too_short": "De tekst is te kort: minstens {min_length} tekens.",
    "time": "Vul een geldige tijd in, zoals 23:10.",
    "timezone_aware": "Zet de tijdzone achter de tijd, zoals +02:00 of Z.",
    "timezone_naive": "Laat de tijdzone weg.",
    "too_long": "Dit is te lang: hoogstens {max_length}.",
    "too_short": "Dit is te kort: minstens {min_length}.",
    "tuple": "Hier hoort een lijst.",
    "union_tag_invalid": "Kies een van deze waarden: {expected_tags}.",
    "union_tag_not_found": "Het veld dat de soort aangeeft, ontbreekt.",
    "url": "Vul een geldig webadres in.",
    "uuid": "Vul een geldig kenmerk (UUID) in.",
}
_DEFAULT_MELDING = "De waarde klopt niet."
_UNKNOWN_FIELD = "Hier staat een onbekend veld."
_KIND_SUFFIX = re.compile(
    r"_(parsing|type|parsing_size|from_datetime_parsing|from_datetime_inexact|from_date_parsing|object_invalid"
    r"|attributes_type|version|from_float|scheme|syntax_violation|too_long)$"
)


def problem_response(problem: Problem) -> Response:
    """The wire form: type, title, status, detail and the problem's own members; no instance."""
    headers = dict(problem.headers)
    names = {name.lower() for name in headers}
    if problem.status == HTTPStatus.UNAUTHORIZED and "www-authenticate" not in names:
        headers["WWW-Authenticate"] = "Bearer"
    if problem.status in _COME_BACK_LATER and "retry-after" not in names:
        headers["Retry-After"] = str(2 + secrets.randbelow(9))
    if "RateLimit" in headers:
        headers["RateLimit"] += f";t={headers['Retry-After']}"
    words = (problem.slug, problem.title, problem.detail)
    return _render(problem.status, words, problem.extensions, headers)


def unexpected_response() -> Response:
    """A 500 that tells nothing; the log line of the same request has the type of the exception."""
    return _render(500, _BROKEN, {}, {})


def install(app: FastAPI) -> None:
    """Register the handlers; the middleware of :mod:`app.middleware` is the last resort around them."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(Schade, _on_damage)
    for kind in (DBAPIError, PoolTimeoutError, PostgresError, AsyncpgInterfaceError, OSError):
        app.add_exception_handler(kind, _on_infrastructure)
    app.add_exception_handler(BestaatNiet, _on_missing_file)


def fouten_of(errors: Iterable[Mapping[str, Any]], declared: frozenset[str]) -> list[dict[str, str]]:
    """Pydantic's errors as ``{veld, melding}``, at most :data:`MAX_FOUTEN`, equal ones once.

    Of a location only numbers and names in `declared` are repeated: any other name came from the caller
    (an unknown field, a key of a free-form object) and may be personal data.
    """
    fouten: dict[tuple[str, str], None] = {}
    for error in errors:
        fouten[_fout(error, declared)] = None
        if len(fouten) == MAX_FOUTEN:
            break
    return [{"veld": veld, "melding": melding} for veld, melding in fouten]


def declared_names(document: Any) -> frozenset[str]:
    """All property and parameter names in an OpenAPI document: the names that are ours to repeat."""
    names: set[str] = set()
    rest = [document]
    while rest:
        node = rest.pop()
        if isinstance(node, dict):
            names.update(node["properties"] if isinstance(node.get("properties"), dict) else ())
            if isinstance(node.get("name"), str) and "in" in node:
                names.add(node["name"])
            rest.extend(node.values())
        elif isinstance(node, list):
            rest.extend(node)
    return frozenset(names)


def is_unavailable(exc: Exception) -> bool:
    """Whether the database (or the way to it) is away or busy, so that trying again later may help."""
    if isinstance(exc, PoolTimeoutError | ConnectionError | TimeoutError | gaierror):
        return True
    if isinstance(exc, DBAPIError) and exc.connection_invalidated:
        return True
    if isinstance(exc, AsyncpgInterfaceError):
        return "closed" in str(exc)
    if isinstance(exc, OSError):  # asyncio's "Multiple exceptions: [Errno 111] …" has no errno of its own
        return exc.errno is None and "Connect call failed" in str(exc)
    raised = exc.orig if isinstance(exc, DBAPIError) else exc
    return _UNAVAILABLE_SQLSTATE.fullmatch(getattr(raised, "sqlstate", None) or "") is not None


def _render(
    status: int, words: tuple[str, str, str], extensions: Mapping[str, Any], headers: Mapping[str, str]
) -> Response:
    slug, title, detail = words
    content = {**extensions, "type": f"/problemen/{slug}", "title": title, "status": status, "detail": detail}
    return Response(orjson.dumps(content), status, headers, MEDIA_TYPE)


async def _on_problem(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, Problem)  # noqa: S101  # Starlette's signature is wider than what it passes
    return problem_response(exc)


async def _on_http_exception(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)  # noqa: S101
    status, headers = exc.status_code, dict(exc.headers or {})
    if status == HTTPStatus.NOT_FOUND:
        return problem_response(NietGevonden(_BY_STATUS[404][2]))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    known = _BY_STATUS.get(status, _REFUSED if status < HTTPStatus.INTERNAL_SERVER_ERROR else _BROKEN)
    return _render(status, known, {}, headers)


async def _on_invalid_request(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)  # noqa: S101
    fouten = fouten_of(exc.errors(), _declared_in(request.app))
    return problem_response(OngeldigVerzoek("Kijk de genoemde velden na.", fouten=fouten))


async def _on_damage(request: Request, exc: Exception) -> Response:
    """What is stored is not what was sealed, or PostgreSQL cannot read its own files: everything stops here."""
    await proces_of(request).waker.stop_for(exc)
    return problem_response(frozen())


async def _on_infrastructure(request: Request, exc: Exception) -> Response:
    if is_damage(exc):
        return await _on_damage(request, exc)
    if not is_unavailable(exc):
        raise exc
    detail = "De server kan de gegevens nu niet bereiken. Er is niets verwerkt; probeer het zo opnieuw."
    return problem_response(TijdelijkNietBeschikbaar(detail))


async def _on_missing_file(_request: Request, exc: Exception) -> Response:
    """The ledger says that a file was kept, and the store does not have it: for whoever keeps the store."""
    assert isinstance(exc, BestaatNiet)  # noqa: S101
    log.error("file missing from the store", upload=exc.upload)
    detail = "Dit bestand is nu niet in de opslag te vinden. Meld dit bij uw beheerder."
    return problem_response(TijdelijkNietBeschikbaar(detail))


def _allowed_methods(request: Request) -> list[str]:
    """The methods of every route on this path: Starlette names those of the first route only."""
    path = request.scope["path"]
    allowed: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.path_regex.match(path):
            allowed |= route.methods
    return sorted(allowed)


def _declared_in(app: FastAPI) -> frozenset[str]:
    if not hasattr(app.state, "declared_names"):
        app.state.declared_names = declared_names(app.openapi())
    names: frozenset[str] = app.state.declared_names
    return names


def _fout(error: Mapping[str, Any], declared: frozenset[str]) -> tuple[str, str]:
    kind, location = error["type"], error["loc"]
    if kind == "json_invalid":
        return WHOLE_BODY, melding_of(error)
    if kind == "extra_forbidden" and location[-1] not in declared:
        return _veld(location[1:-1], declared), _UNKNOWN_FIELD
    return _veld(location[1:], declared), melding_of(error)


def _veld(location: tuple[int | str, ...], declared: frozenset[str]) -> str:
    """``personen[0].naam``; the first part (body, query, path, header) is already gone."""
    veld = ""
    for part in location:
        if isinstance(part, int):
            veld += f"[{part}]"
        elif part in declared:
            veld += f".{part}" if veld else part
    return veld or WHOLE_BODY


def melding_of(error: Mapping[str, Any]) -> str:
    """A Dutch sentence; only limits and choices from our own schemas are filled in.

    A validator of ours speaks for itself with ``PydanticCustomError("melding", "…")``, without context.
    """
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "melding" and not context:
        return str(error["msg"])
    if isinstance(told_by := context.get("error"), Onjuist):
        told = str(told_by)
        return f"{told[:1].upper()}{told[1:].rstrip('.')}."
    sentence = _MELDINGEN.get(kind) or _MELDINGEN.get(_KIND_SUFFIX.sub("", kind), _DEFAULT_MELDING)
    values = {name: str(value).replace("'", "").replace(" or ", " of ") for name, value in context.items()}
    try:
        return sentence.format_map(values)
    except KeyError:
        return _DEFAULT_MELDING
