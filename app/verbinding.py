"""A connection, and how long a sender may take: for the head of a request, for its body, for what nobody waits for.

What is no HTTP, or has too long a head, is answered here as the application would: it never gets there.

uvicorn has no such limits: who sends a byte a minute keeps a connection, and what is held for it, for ever. Where
the time goes to us (reading was paused) it is not counted. How much may be held is for :mod:`app.middleware`.
"""

import sys
from asyncio import Transport
from http import HTTPStatus
from typing import Any, Final

import h11
import structlog
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.error_handlers import problem_response
from app.middleware import HEADERS
from app.problems import KopTeGroot, OngeldigVerzoek

KOP: Final = 20.0
"""Seconds for a whole head, from the first byte of it or from the beginning of the connection."""
KOP_MAX: Final = 16_384
"""Bytes of a head that are held while it is not whole."""
AANLOOP: Final = 30.0
"""Seconds for a body, before its pace counts; and the longest silence in it."""
TEMPO: Final = 2048
"""Bytes in a second: slower is no line. A full push over 1 Mbit/s with losses comes at twenty times that."""
NASLEEP: Final = 30.0
"""Seconds that the rest of a body may still come after it was answered: a sender listens when he is done."""
BLIK: Final = 2.0
"""Seconds between two looks at a connection."""

_LONG: Final = f"Samen hoogstens {KOP_MAX // 1024} KiB. Vraag minder tegelijk; er is niets verwerkt."

log = structlog.get_logger("veldboek.http")


class Verbinding(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with a watch on the sender."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._last, self._got, self._answered = self.loop.time(), 0, False
        self._since: float | None = self._last
        """When the head, the body or its rest began to come; None while nobody owes us anything."""
        self._watch = self.loop.call_later(BLIK, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop looking."""
        self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Note what comes, and when a new part of the request begins; what was refused is let go."""
        if self.conn.their_state is h11.ERROR:
            return
        before = self.conn.their_state
        self._last = self.loop.time()
        self._got += len(data)
        super().data_received(data)
        if self._since is None or self.conn.their_state is not before:
            self._begin(len(data))

    def on_response_complete(self) -> None:
        """From here on what still comes of the body is of no use; or the next head may begin."""
        super().on_response_complete()
        self._begin()
        self._answered = self.conn.their_state is h11.SEND_BODY
        if self.conn.their_state is h11.IDLE:
            self._since = None

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's own words are English
        """Refuse what cannot be read, while h11 says why; the sender may end his sentence, so that he hears it."""
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:  # an answer is on its way already
            self.transport.close()
            return
        if self.cycle is not None:  # whoever waits for the body waits for nothing, and nobody hears his answer
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        status = getattr(sys.exception(), "error_status_hint", HTTPStatus.BAD_REQUEST)
        long = status == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        answer = problem_response(KopTeGroot(_LONG) if long else OngeldigVerzoek("Het verzoek is niet te lezen."))
        headers = [*answer.raw_headers, *((n.encode(), v.encode()) for n, v in HEADERS.items())]
        for event in (
            h11.Response(status_code=answer.status_code, headers=[*headers, (b"connection", b"close")]),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.write_eof()
        self.flow.resume_reading()  # a body may have been held back; the rest of it is let go
        self._begin()
        log.info("request", method="?", route="-", status=answer.status_code, duration_ms=0.0)

    def _begin(self, got: int = 0) -> None:
        self._since = self._last = self.loop.time()
        self._got, self._answered = got, False

    def _look(self) -> None:
        if self._is_too_slow():
            self.transport.abort()
        else:
            self._watch = self.loop.call_later(BLIK, self._look)

    def _is_too_slow(self) -> bool:
        if self._since is None:
            return False
        if self.flow.read_paused:
            self._since += BLIK
            self._last += BLIK
            return False
        now, state = self.loop.time(), self.conn.their_state
        took = now - self._since
        if state is h11.IDLE:
            return took > KOP
        if self._answered or state is h11.ERROR:
            return took > NASLEEP
        if state is not h11.SEND_BODY:
            return False
        return now - self._last > AANLOOP or took > AANLOOP + self._got / TEMPO


def server_config(app: Any, **options: Any) -> uvicorn.Config:
    """How the API is served, wherever that is: started, measured or tried."""
    ours = {"log_config": None, "access_log": False, "server_header": False, "timeout_graceful_shutdown": 10}
    return uvicorn.Config(app, http=Verbinding, h11_max_incomplete_event_size=KOP_MAX, **(ours | options))
