"""tus 1.0 at the edge: its headers, and the door through which bodies of files come as they are sent.

https://tus.io/protocols/resumable-upload; extensions creation, creation-with-upload, checksum, expiration and
termination. What is stored and who wins is in :mod:`app.services.bijlagen.uploads`.
"""

import asyncio
import base64
import binascii
import re
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.error_handlers import problem_response
from app.problems import OnbekendMediatype, OngeldigVerzoek, Problem, TeGroot, TeTraag, TusVersie
from app.services.bijlagen.uploads import BIJLAGE_MAX, Stand

PAD = "/v1/bijlagen/uploads"
VERSIE = "1.0.0"
OFFSET_TYPE = "application/offset+octet-stream"
STIL = 30.0
"""Seconds without a byte after which a sender is given up; what he sent is kept."""
SENT = ["Tus-Resumable", "Upload-Checksum", "Upload-Length", "Upload-Metadata", "Upload-Offset"]
TOLD = ["Tus-Resumable", "Upload-Expires", "Upload-Length", "Upload-Offset"]
"""The headers of the protocol, from a client and to it."""
DISCOVERY = {
    "Tus-Version": VERSIE,
    "Tus-Extension": "creation,creation-with-upload,checksum,expiration,termination",
    "Tus-Max-Size": str(BIJLAGE_MAX),
    "Tus-Checksum-Algorithm": "sha256",
}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DIGEST_BYTES = 32


def is_upload(path: str) -> bool:
    """Whether a request is about an upload."""
    return path == PAD or path.startswith(f"{PAD}/")


async def pass_through(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Judge the headers, then let the body through as it comes: bounded in size, and in how long it may be silent."""

    async def send_tus(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Tus-Resumable"] = VERSIE
        await send(message)

    headers = Headers(scope=scope)
    if scope["method"] == "POST" and headers.get("x-http-method-override") in {"PATCH", "DELETE", "HEAD"}:
        scope["method"] = headers["x-http-method-override"]  # for senders behind a proxy that knows no PATCH
    try:
        _check(scope, headers)
    except Problem as problem:
        await problem_response(problem)(scope, receive, send_tus)
        return
    await app(scope, _paced(receive), send_tus)


def _check(scope: Scope, headers: Headers) -> None:
    if scope["method"] == "OPTIONS":
        return
    if headers.get("tus-resumable") != VERSIE:
        raise TusVersie(f"Stuur Tus-Resumable: {VERSIE}.", headers=DISCOVERY)
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise OngeldigVerzoek("De opgegeven lengte klopt niet.", "Content-Length")
    if int(length) > BIJLAGE_MAX:
        raise TeGroot("Dit bestand is te groot.", limits={"bijlageMax": BIJLAGE_MAX})
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise OnbekendMediatype("Stuur een bestand zonder codering.", headers={"Accept-Encoding": "identity"})
    has_body = length != "0" or "transfer-encoding" in headers
    if scope["method"] == "PATCH" or (has_body and scope["method"] == "POST"):
        given = headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != OFFSET_TYPE:
            raise OnbekendMediatype(f"Stuur de inhoud als {OFFSET_TYPE}.", headers={"Accept": OFFSET_TYPE})


def _paced(receive: Receive) -> Receive:
    async def next_message() -> Message:
        try:
            return await asyncio.wait_for(receive(), STIL)
        except TimeoutError:
            raise TeTraag("Er kwam te lang niets. Ga verder waar u was.", headers={"Connection": "close"}) from None

    return next_message


def read_metadata(text: str) -> tuple[UUID, str]:
    """Which file it is and its SHA-256, from `Upload-Metadata`; all else, such as a name, is not even read.

    Raises OngeldigVerzoek.
    """
    pairs = dict(part.strip().partition(" ")[::2] for part in text.split(","))
    try:
        found = {key: base64.b64decode(pairs[key], validate=True).decode() for key in ("bijlage", "sha256")}
        bijlage = UUID(found["bijlage"])
    except (KeyError, ValueError, binascii.Error):
        raise OngeldigVerzoek("Upload-Metadata noemt bijlage (UUID) en sha256, in base64.", "Upload-Metadata") from None
    if not _SHA256.fullmatch(found["sha256"]):
        raise OngeldigVerzoek("sha256 is 64 kleine hexadecimale tekens.", "Upload-Metadata")
    return bijlage, found["sha256"]


def read_checksum(text: str | None) -> bytes | None:
    """The SHA-256 from `Upload-Checksum`. Raises OngeldigVerzoek for another algorithm or no digest."""
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        digest = b""
    if algorithm != "sha256" or len(digest) != _DIGEST_BYTES:
        raise OngeldigVerzoek("Upload-Checksum is sha256 met de hash in base64.", "Upload-Checksum")
    return digest


def headers_of(stand: Stand) -> dict[str, str]:
    """How an upload stands, in headers. `Bijlage-Staat` is ours: what became of a file that arrived."""
    vervalt: datetime | None = stand.vervalt_op
    return {
        "Upload-Offset": str(stand.ontvangen),
        "Bijlage-Staat": stand.uitkomst if stand.uitkomst and stand.geboekt else stand.staat,
        **({"Bijlage-Afkeuring": stand.afkeuring} if stand.afkeuring else {}),
        **({"Upload-Expires": format_datetime(vervalt, usegmt=True)} if vervalt else {}),
    }
