"""The officer's end of the line: records a day offline, then syncs it with the reference client.

`python -m bench.dag.veld KORT` inside its namespace: takes what the server said as JSON on its input, and prints as
JSON what it did and when, by the clock that all processes of this machine share.
"""

import asyncio
import json
import random
import socket
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
from uuid_utils.compat import uuid7

from bench.dag.foto import make_photo
from bench.dag.sturen import Bestand, send_files
from bench.werk import Feit, make_controle
from veldboek_client.opslag import Opslag
from veldboek_client.toestel import Toestel
from veldboek_client.verbinding import Inlog, Verbinding

CONTROLES, PERSONEN = 40, 5
"""In one day, and at each of them: two hundred persons."""
FOTOS = (2, 1)
"""At each control in turn: sixty in a day."""


def record_day(toestel: Toestel, gemeente: str, controles: int) -> list[Bestand]:
    """What one officer writes down, a control every quarter of an hour; the photos that belong to it."""
    chance = random.Random(1)  # noqa: S311  # words, not secrets
    begin = datetime.now(UTC) - timedelta(hours=12)
    fotos: list[Bestand] = []
    for number in range(controles):
        moment = begin + timedelta(minutes=15 * number)
        feiten = list(make_controle(number, gemeente, chance, personen=PERSONEN))
        controle = feiten[-1].onderwerp["controle"]
        for _ in range(FOTOS[number % len(FOTOS)]):
            fotos.append(Bestand(uuid7(), make_photo(len(fotos))))
            feiten.insert(-1, promise(controle, fotos[-1]))
        for soort, onderwerp, inhoud in feiten:
            written = moment + timedelta(minutes=2)
            toestel.record(soort, onderwerp, inhoud, waargenomen_op=moment, vastgelegd_op=written)
    return fotos


def promise(controle: UUID, foto: Bestand) -> Feit:
    """The registratie that a photo was taken, with its hash."""
    inhoud = {
        "sha256": foto.sha256,
        "grootte": len(foto.inhoud),
        "mediatype": "image/jpeg",
        "geenPersonenInBeeld": True,
    }
    return Feit("bijlage.toegevoegd", {"controle": controle, "bijlage": foto.bijlage}, inhoud)


def as_a_phone() -> httpx.AsyncHTTPTransport:
    """Phones send by CUBIC, whatever this machine was set to."""
    return httpx.AsyncHTTPTransport(socket_options=[(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")])


async def main(controles: int) -> None:
    """Record, then sync, noting when."""
    told = json.loads(sys.stdin.readline())
    inlog = Inlog(told["gebruikersnaam"], told["wachtwoord"], UUID(told["toestel"]))
    with tempfile.TemporaryDirectory() as place:
        opslag = Opslag(Path(place) / "veld.sqlite")
        async with Verbinding(told["base"], inlog, transport=as_a_phone()) as verbinding:
            toestel = Toestel(verbinding, opslag)
            fotos = record_day(toestel, told["gemeente"], controles)
            begun = time.monotonic()
            done = await toestel.sync()
            synced = time.monotonic()
            staten = await send_files(verbinding, fotos)
            sent = time.monotonic()
        said = {"begin": begun, "operaties": synced, "bestanden": sent, "uitkomsten": done, "staten": Counter(staten)}
        print(json.dumps(said | {"fotobytes": [len(foto.inhoud) for foto in fotos]}), flush=True)
        opslag.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
