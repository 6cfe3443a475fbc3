"""What holds for every request and answer: headers, limits on the body, one log line, no leaking of errors.

Pure ASGI, from the outside in: :class:`Edge`, Starlette's gzip, :class:`app.lichaam.BodyGate`, :class:`Turnstile`,
then the application.
"""

import asyncio
import secrets
import time
from http import HTTPStatus
from typing import TextIO

import orjson
import structlog
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import __version__, tus
from app.error_handlers import problem_response, unexpected_response
from app.lichaam import BodyGate
from app.problems import Fout, Geweigerd, TijdelijkNietBeschikbaar, describe

_HEALTH = "/v1/gezondheid"
UNQUEUED = frozenset({"/v1/sync/snapshot", "/v1/sync/stroom", _HEALTH, f"{_HEALTH}/levend", f"{_HEALTH}/gereed"})
"""Answers that last longer than a request and open what they need by themselves; and whether we are well."""
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_CLIENT_LEFT = 499

SENT = ["Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "X-Audit-Toelichting", *tus.SENT]
TOLD = [
    "Accept",
    "Accept-Encoding",
    "API-Version",
    "Allow",
    "Bijlage-Afkeuring",
    "Bijlage-Staat",
    "Content-Disposition",
    "ETag",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Repr-Digest",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
    *tus.TOLD,
    *tus.DISCOVERY,
]
"""What pages of others may send, and read of an answer. Never a cookie: they bring a token of their own."""

HEADERS = {
    "API-Version": __version__,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_NOT_FROM_THERE = {
    "origin": ("Origin", "Deze herkomst is hier niet toegelaten."),
    "method": ("Access-Control-Request-Method", "Deze methode bestaat hier niet."),
    "headers": ("Access-Control-Request-Headers", "Een van deze headers wordt hier niet gelezen."),
}
"""What Starlette says of a page of others that may not ask something → where, and what."""
_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]

log = structlog.get_logger("veldboek.http")


def install(app: FastAPI) -> None:
    """Put the layers round `app`; the last one added is the outermost."""
    app.add_middleware(Turnstile)
    app.add_middleware(BodyGate)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    if origins := app.state.settings.cors:
        app.add_middleware(
            Cors,
            allow_origins=origins,
            allow_methods=sorted(_METHODS),
            allow_headers=SENT,
            expose_headers=TOLD,
            max_age=600,
        )
    app.add_middleware(Edge)


def configure_logging(target: TextIO | None = None) -> None:
    """One JSON object a line, on stdout or in `target`; the request id is in every line of a request."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event).decode()),
        ],
        logger_factory=structlog.WriteLoggerFactory(target),
    )


class Cors(CORSMiddleware):
    """Starlette's, in Dutch: what a page of others may not ask is a problem like any other."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """The same answer, and where it refuses, what is refused."""
        answer = super().preflight_response(request_headers)
        if answer.status_code == HTTPStatus.BAD_REQUEST:
            told = bytes(answer.body).decode()
            fouten = [
                Fout(veld=veld, melding=melding) for word, (veld, melding) in _NOT_FROM_THERE.items() if word in told
            ]
            refused = problem_response(Geweigerd("Een pagina van deze herkomst mag dit niet vragen.", fouten=fouten))
            answer.body = refused.body
            answer.headers.update(refused.headers)
        return answer


class Edge:
    """The outermost layer. A header that a route sets itself stands; the others are added.

    An exception that nothing handled ends here: logged by type and place, never by message, since messages
    of database errors hold personal data. It is not raised again: the server would print it whole.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.templates: dict[int, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request and log it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.setdefault("headers", [])
                present = {name for name, _ in headers}
                headers.extend(header for header in _RAW_HEADERS if header[0] not in present)
                headers.append((b"x-request-id", request_id.encode()))
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as exc:  # noqa: BLE001  # the last resort
            log.error("unexpected", route=self._route(scope), **describe(exc))  # noqa: TRY400  # no traceback
            if status:
                raise ConnectionAbortedError("the answer broke off; see the log line before this") from None
            await unexpected_response()(scope, receive, send_with_headers)
        finally:
            log.info(
                "request",
                method=scope["method"] if scope["method"] in _METHODS else "?",
                route=self._route(scope),
                status=status or _CLIENT_LEFT,
                duration_ms=round((time.perf_counter() - started) * 1000, 1),
            )

    def _route(self, scope: Scope) -> str:
        """The template of the matched route, with its prefix; a path holds ids, so it is never logged."""
        route = scope.get("route")
        if route is None:
            return "-"
        if id(route) not in self.templates:
            self.templates.update(
                (id(context.original_route), context.path or "-")
                for context in iter_route_contexts(scope["app"].routes)
            )
        return self.templates.get(id(route), "-")


class Turnstile:
    """So many requests at work at once, so many waiting in turn; who comes next is told when to come back.

    Behind `BodyGate`, so a slow sender takes no place. A place is about a database connection: more at
    once only wait for each other. It is given back as soon as the answer begins, for then the connection is too:
    a slow reader of a large file takes no place either. What streams for long is let through.
    """

    def __init__(self, app: ASGIApp, *, places: int = 14, waiting: int = 70, patience: float = 8.0) -> None:
        """`patience` in seconds."""
        self.app = app
        self.places = asyncio.Semaphore(places)
        self.waiting, self.room, self.patience = 0, waiting, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request when it is its turn, or tell it to come back."""
        if scope["type"] != "http" or scope["path"] in UNQUEUED or tus.is_upload(scope["path"]):
            await self.app(scope, receive, send)
            return
        if not await self._enter():
            busy = TijdelijkNietBeschikbaar("Het is druk. Er is niets verwerkt; probeer het zo opnieuw.")
            await problem_response(busy)(scope, receive, send)
            return
        held = True

        def leave() -> None:
            nonlocal held
            if held:
                held = False
                self.places.release()

        async def send_and_leave(message: Message) -> None:
            leave()
            await send(message)

        try:
            await self.app(scope, receive, send_and_leave)
        finally:
            leave()

    async def _enter(self) -> bool:
        if self.waiting >= self.room:
            return False
        self.waiting += 1
        try:
            async with asyncio.timeout(self.patience):
                await self.places.acquire()
        except TimeoutError:
            return False
        finally:
            self.waiting -= 1
        return True
