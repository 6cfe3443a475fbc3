"""Bodies: read whole before anybody sees them, within limits of size, of type, and of what is held at one moment."""

import zlib
from collections import Counter
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import tus
from app.dependencies import read_sender
from app.error_handlers import problem_response
from app.problems import (
    OnbekendMediatype,
    OngeldigVerzoek,
    Problem,
    TeGroot,
    TeVeelVerzoeken,
    TijdelijkNietBeschikbaar,
)

MAX_BYTES: Final = 2_097_152
MAX_OPS: Final = 100
JSON_TYPE: Final = "application/json"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
FORM_PATHS: Final = frozenset({"/v1/oauth/token", "/v1/oauth/revoke"})
_TYPED_METHODS = frozenset({"POST", "PUT"})
_GZIP_CODINGS = frozenset({"gzip", "x-gzip"})

KLEIN: Final = 4_096
"""Bytes of a body that are always held: whatever others do, anybody can sign in."""
VREEMD: Final = 163_840
"""Bytes that are held for somebody who showed no token of ours: the largest registratie and what is around it."""
EEN: Final = 16 * 2**20
"""Bytes that are held for one of us, and for all strangers together."""
ALLES: Final = 64 * 2**20
"""Bytes of bodies that one process holds at one moment."""


class Ruimte:
    """What is held of bodies at this moment, for whom."""

    def __init__(self) -> None:
        self.total = 0
        self._held: Counter[str] = Counter()

    def take(self, wie: str, size: int) -> None:
        """Make room. Raises TijdelijkNietBeschikbaar, or TeVeelVerzoeken for who fills it alone."""
        if wie and self._held[wie] + size > EEN:
            raise TeVeelVerzoeken(
                "U verstuurt te veel tegelijk. Er is niets verwerkt; wacht even.",
                f'"lichamen";q={EEN};qu="content-bytes"',
            )
        if self._held[wie] + size > EEN or self.total + size > ALLES:
            raise TijdelijkNietBeschikbaar("Het is druk. Er is niets verwerkt; probeer het zo opnieuw.")
        self.total += size
        self._held[wie] += size

    def give_back(self, wie: str, size: int) -> None:
        """What was taken is free again."""
        self.total -= size
        self._held -= Counter({wie: size})


class Houder:
    """What is held for one request. Whose it is, is asked only when it is much, or when strangers hold much."""

    def __init__(self, ruimte: Ruimte, scope: Scope) -> None:
        self.ruimte, self.scope = ruimte, scope
        self.wie, self.size, self.taken = "", 0, 0

    def add(self, size: int) -> None:
        """Hold so many more bytes. Raises NietAangemeld, TeVeelVerzoeken, TijdelijkNietBeschikbaar."""
        self.size += size
        if self.size > VREEMD and not self.wie:
            self._ask()
        if self.size > KLEIN:
            try:
                self._take()
            except TijdelijkNietBeschikbaar:
                if self.wie or "authorization" not in Headers(scope=self.scope):
                    raise
                self._ask()
                self._take()

    def release(self) -> None:
        """Nothing is held any more."""
        self.ruimte.give_back(self.wie, self.taken)
        self.taken = 0

    def _take(self) -> None:
        self.ruimte.take(self.wie, self.size - self.taken)
        self.taken = self.size

    def _ask(self) -> None:
        self.release()
        self.wie = read_sender(Request(self.scope))


class BodyGate:
    """Reads a body whole, within the limit, before the application sees any of it; undoes gzip.

    A route therefore never waits for a slow sender while it holds a connection, and a refused body has had no
    effect at all. Of a stranger little is held, of all together no more than fits. How long a sender may take is
    watched by :mod:`app.verbinding`. Files have a door of their own (:mod:`app.tus`): their bodies go through as
    they come.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.ruimte = app, Ruimte()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with the whole body in one message."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if tus.is_upload(scope["path"]):
            await tus.pass_through(self.app, scope, receive, send)
            return
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        if length in {"", "0"} and "transfer-encoding" not in headers:
            await self.app(scope, receive, send)
            return
        houder = Houder(self.ruimte, scope)
        try:
            gzipped = _check_headers(scope, headers, length)
            body = await _read(receive, houder, gzipped=gzipped)
            if body is not None:
                scope["headers"] = _plain_headers(scope, len(body))
                await self.app(scope, _replay(body, receive), send)
        except Problem as problem:  # of the body: those of the application were answered there
            await problem_response(problem)(scope, receive, send)
        finally:
            houder.release()


class _Gunzip:
    """Streaming gzip that never makes more than one byte over the limit. One member, and nothing after it."""

    def __init__(self) -> None:
        self.stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self.room = MAX_BYTES + 1

    def feed(self, chunk: bytes) -> bytes:
        try:
            plain = self.stream.decompress(chunk, self.room)
        except zlib.error:
            raise _bad_gzip() from None
        self.room -= len(plain)
        if self.room <= 0:
            raise too_large()
        if self.stream.unused_data:
            raise _bad_gzip()
        return plain

    def close(self) -> None:
        if not self.stream.eof:
            raise _bad_gzip()


def too_large() -> TeGroot:
    """The 413 with the limits in it."""
    return TeGroot("Splits het verzoek op.", limits={"maxBytes": MAX_BYTES, "maxOps": MAX_OPS})


def _bad_gzip() -> OngeldigVerzoek:
    return OngeldigVerzoek("De inhoud is geen geldige gzip.")


def _check_headers(scope: Scope, headers: Headers, length: str) -> bool:
    """Judge what the headers promise; True when the body is gzipped."""
    if length and not (length.isascii() and length.isdigit()):
        raise OngeldigVerzoek("De opgegeven lengte klopt niet.", "Content-Length")
    if length and int(length) > MAX_BYTES:
        raise too_large()
    if scope["method"] in _TYPED_METHODS:
        wanted = FORM_TYPE if scope["path"] in FORM_PATHS else JSON_TYPE
        if headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
            raise OnbekendMediatype(f"Stuur de inhoud als {wanted}.", headers={"Accept": wanted})
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in {*_GZIP_CODINGS, "identity"}:
        raise OnbekendMediatype("Stuur de inhoud zonder codering of met gzip.", headers={"Accept-Encoding": "gzip"})
    return coding in _GZIP_CODINGS


async def _read(receive: Receive, houder: Houder, *, gzipped: bool) -> bytes | None:
    """The whole plain body, or None when the client left."""
    gunzip = _Gunzip() if gzipped else None
    parts: list[bytes] = []
    received = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        received += len(chunk)
        if received > MAX_BYTES:
            raise too_large()
        parts.append(gunzip.feed(chunk) if gunzip else chunk)
        houder.add(len(parts[-1]))
        more = message.get("more_body", False)
    if gunzip:
        gunzip.close()
    return b"".join(parts)


def _plain_headers(scope: Scope, length: int) -> list[tuple[bytes, bytes]]:
    dropped = {b"content-encoding", b"content-length", b"transfer-encoding"}
    kept = [(name, value) for name, value in scope["headers"] if name not in dropped]
    return [*kept, (b"content-length", str(length).encode())]


def _replay(body: bytes, receive: Receive) -> Receive:
    """First the body in one message, then whatever the server says (a disconnect)."""
    waiting = [body]

    async def next_message() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return next_message
