"""Files of a device: kept until the server has bound them, sent in checked pieces, resumed from any byte (tus 1.0).

They travel apart from the operations that promise them, before or after. A cut raises `httpx.TransportError`:
simply send again later; what arrived is not sent twice.
"""

import asyncio
import base64
import hashlib
from collections import Counter
from typing import Any, Final
from uuid import UUID

import httpx

from veldboek_client.opslag import Bestand, Opslag
from veldboek_client.verbinding import ApiProbleem, Verbinding

STUK: Final = 1_048_576
"""Bytes per request: so much is sent anew when it is cut or comes damaged."""
TEGELIJK: Final = 4
"""Files at once: one TCP connection gets about MSS/RTT × √(1.5/p), which on a slow line with loss is a third of it."""
POGINGEN: Final = 5
"""So often one file is taken up again in one go when the server has it elsewhere than we think."""
UPLOADS: Final = "/bijlagen/uploads"
TUS: Final = {"Tus-Resumable": "1.0.0"}
AF: Final = frozenset({"gebonden", "afgekeurd"})
_ELSEWHERE: Final = frozenset({httpx.codes.CONFLICT, httpx.codes.NOT_FOUND, httpx.codes.GONE, 460})
_NOBODY_THERE: Final = (httpx.ConnectError, httpx.ConnectTimeout)
"""The next file would not find a server either."""


class Bijlagen:
    """The files of one device. `add` works without a network; `send` needs one."""

    def __init__(self, verbinding: Verbinding, opslag: Opslag, *, stuk: int = STUK) -> None:
        self.verbinding, self.opslag, self._stuk = verbinding, opslag, stuk

    def add(self, ident: UUID, inhoud: bytes, mediatype: str) -> dict[str, Any]:
        """Keep a file and return its row for the manifest of the operation that promises it. `ident` is a UUIDv7."""
        sha256 = hashlib.sha256(inhoud).hexdigest()
        self.opslag.put_file(ident, sha256, inhoud)
        return {"id": str(ident), "sha256": sha256, "grootte": len(inhoud), "mediatype": mediatype}

    async def send(self, *, tegelijk: int = TEGELIJK) -> Counter[str]:
        """Send what is not with the server yet, a few files at once; returns how many files stand how.

        A file that cannot be sent holds up no other: what it raised is raised when the others were tried.
        `compleet` waits for its entry, `gebonden` is done, `afgekeurd` is to be shown: the file stays on the device.
        """
        left = iter([bestand for bestand in self.opslag.files() if bestand.staat not in AF])
        failed: list[Exception] = []

        async def take_turns() -> None:
            for bestand in left:
                try:
                    await self._send(bestand)
                except (ApiProbleem, httpx.TransportError) as error:
                    failed.append(error)
                    if isinstance(error, _NOBODY_THERE):
                        return

        await asyncio.gather(*(take_turns() for _ in range(tegelijk)))
        if failed:
            raise failed[0]
        return Counter(bestand.staat for bestand in self.opslag.files())

    async def _send(self, bestand: Bestand) -> None:
        adres: str | None = bestand.adres
        for poging in range(1, POGINGEN + 1):
            try:
                adres, answer = await self._find(bestand, adres)
                while (offset := int(answer.headers["upload-offset"])) < bestand.grootte:
                    answer = await self._send_piece(bestand, adres, offset)
            except ApiProbleem as problem:
                if problem.status not in _ELSEWHERE or poging == POGINGEN:
                    raise
                if problem.status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
                    adres = None
            else:
                self.opslag.note_file(bestand.id, answer.headers["bijlage-staat"], adres)
                return

    async def _find(self, bestand: Bestand, adres: str | None) -> tuple[str, httpx.Response]:
        """Where the server takes the file in, and how far it is."""
        if adres is not None:
            return adres, await self.verbinding.request("HEAD", adres, headers=TUS)
        told = {"bijlage": bestand.id, "sha256": bestand.sha256}
        metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())
        headers = {**TUS, "Upload-Length": str(bestand.grootte), "Upload-Metadata": metadata}
        answer = await self.verbinding.request("POST", UPLOADS, headers=headers)
        adres = answer.headers["location"].removeprefix("/v1")
        self.opslag.note_file(bestand.id, bestand.staat, adres)
        return adres, answer

    async def _send_piece(self, bestand: Bestand, adres: str, offset: int) -> httpx.Response:
        piece = self.opslag.read_piece(bestand.id, offset, self._stuk)
        digest = base64.b64encode(hashlib.sha256(piece).digest()).decode()
        headers = {
            **TUS,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha256 {digest}",
        }
        return await self.verbinding.request("PATCH", adres, content=piece, headers=headers)
