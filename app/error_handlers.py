"""Every error leaves as RFC 9457 ``application/problem+json``, in Dutch, and never repeats what was sent.

:func:`install` registers the handlers. What they do not know travels on to :mod:`app.middleware`, which logs
its type and answers 500: Starlette's own last resort would hand the exception, message included, to the log.
"""

import re
import secrets
from collections.abc import Mapping
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

from app.fouten import fouten_of
from app.opslag import BestaatNiet
from app.problems import (
    Geweigerd,
    MethodeBestaatNiet,
    NietGevonden,
    OngeldigVerzoek,
    Problem,
    TijdelijkNietBeschikbaar,
)
from app.proces import proces_of
from app.services.bewaken.alarm import frozen
from app.services.bewaken.schade import Schade, is_damage

log = structlog.get_logger("veldboek.http")

MEDIA_TYPE = "application/problem+json"

_UNAVAILABLE_SQLSTATE = re.compile(r"55P03|40P01|40001|57P0.|08...|53...")
"""Lock not available, deadlock, serialization, shutting down or starting, connection, too few resources."""

_COME_BACK_LATER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

_BY_STATUS = {
    404: (NietGevonden.slug, NietGevonden.title, "Dit adres bestaat niet."),
    405: (MethodeBestaatNiet.slug, MethodeBestaatNiet.title, "Deze methode bestaat niet op dit adres."),
}
_REFUSED = (Geweigerd.slug, Geweigerd.title, "Het verzoek kan niet worden uitgevoerd.")
_BROKEN = (Problem.slug, Problem.title, "De fout is vastgelegd. Probeer het later opnieuw.")


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
    if status == HTTPStatus.BAD_REQUEST:
        return problem_response(OngeldigVerzoek("Het verzoek kon niet worden gelezen."))
    if status == HTTPStatus.NOT_FOUND:
        return problem_response(NietGevonden(_BY_STATUS[404][2]))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    known = _BY_STATUS.get(status, _REFUSED if status < HTTPStatus.INTERNAL_SERVER_ERROR else _BROKEN)
    return _render(status, known, {}, headers)


async def _on_invalid_request(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)  # noqa: S101
    body = getattr(request.scope["route"], "body_field", None)
    fouten = fouten_of(exc.errors(), body and body.field_info.annotation)
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
