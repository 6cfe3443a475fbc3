"""Sending files over tus 1.0 on a bad line: a file in one request, a few files at once, and on after a cut.

The file goes with its announcement (creation-with-upload): a separate PATCH would cost a round trip for each. Several
at once, because one TCP connection cannot fill a line that is slow, long and lossy (Mathis).
"""

import asyncio
import base64
import hashlib
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import httpx

from veldboek_client.verbinding import Verbinding

AT_ONCE = 4
TRIES = 5
"""So often a cut is mended before we give up."""
TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}


class Bestand(NamedTuple):
    """A file to send: the id that its registratie names, and its bytes."""

    bijlage: UUID
    inhoud: bytes

    @property
    def sha256(self) -> str:
        """As the registratie promised it."""
        return hashlib.sha256(self.inhoud).hexdigest()


async def send_files(verbinding: Verbinding, bestanden: Sequence[Bestand], *, at_once: int = AT_ONCE) -> list[str]:
    """Send all, in order, some at once; what the server says became of each (`Bijlage-Staat`)."""
    places = asyncio.Semaphore(at_once)

    async def send(bestand: Bestand) -> str:
        async with places:
            return await send_file(verbinding, bestand)

    return await asyncio.gather(*(send(bestand) for bestand in bestanden))


async def send_file(verbinding: Verbinding, bestand: Bestand) -> str:
    """One file; after a cut announced again, which tells how far it was. Raises ApiProbleem, TransportError."""
    pairs = {"bijlage": str(bestand.bijlage), "sha256": bestand.sha256}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
    announced = {**TUS, "Upload-Length": str(len(bestand.inhoud)), "Upload-Metadata": metadata}
    body = bestand.inhoud
    for attempt in range(TRIES):
        try:
            headers = announced | (BODY if body else {})
            answer = await verbinding.request("POST", "/bijlagen/uploads", headers=headers, content=body)
            offset = int(answer.headers["Upload-Offset"])
            if offset < len(bestand.inhoud):
                place = answer.headers["Location"].removeprefix("/v1")
                headers = {**TUS, **BODY, "Upload-Offset": str(offset)}
                answer = await verbinding.request("PATCH", place, headers=headers, content=bestand.inhoud[offset:])
            return str(answer.headers["Bijlage-Staat"])
        except httpx.TransportError:
            body = b""  # some of it may be there: ask first
            if attempt == TRIES - 1:
                raise
    raise AssertionError
