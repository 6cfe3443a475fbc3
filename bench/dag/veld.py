"""The officer's end of the line: records a day offline, then syncs it with the reference client.

`python -m bench.dag.veld KORT` inside its namespace: takes what the server said as JSON on its input, and prints as
JSON what it did and when, by the clock that all processes of this machine share.
"""

import asyncio
import itertools
import json
import random
import socket
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
from uuid_utils.compat import uuid7

from bench.dag.foto import make_photo
from bench.werk import TOEZICHT, Feit, make_controle
from veldboek_client.bijlagen import Bijlagen
from veldboek_client.opslag import Opslag
from veldboek_client.toestel import Toestel
from veldboek_client.verbinding import Inlog, Verbinding

CONTROLES, PERSONEN = 40, 5
"""In one day, and at each of them: two hundred persons."""
FOTOS = (2, 1)
"""At each control in turn: sixty in a day."""


def record_day(toestel: Toestel, bijlagen: Bijlagen, gemeente: str, controles: int) -> None:
    """What one officer writes down, a control every quarter of an hour, with its photos."""
    chance = random.Random(1)  # noqa: S311  # words, not secrets
    begin = datetime.now(UTC) - timedelta(hours=12)
    fotos = itertools.count()
    for number in range(controles):
        moment = begin + timedelta(minutes=15 * number)
        feiten = list(make_controle(number, gemeente, chance, personen=PERSONEN))
        controle = feiten[-1].onderwerp["controle"]
        for _ in range(FOTOS[number % len(FOTOS)]):
            bijlage = uuid7()
            row = bijlagen.add(bijlage, make_photo(next(fotos)), "image/jpeg")
            inhoud = {key: row[key] for key in ("sha256", "grootte", "mediatype")} | {"geenPersonenInBeeld": True}
            about = {"controle": controle, "bijlage": bijlage}
            feiten.insert(-1, Feit("bijlage.toegevoegd", about, inhoud | TOEZICHT, 2))
        for soort, onderwerp, inhoud, versie in feiten:
            written = moment + timedelta(minutes=2)
            toestel.record(soort, onderwerp, inhoud, waargenomen_op=moment, vastgelegd_op=written, versie=versie)


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
            bijlagen = Bijlagen(verbinding, opslag)
            record_day(toestel, bijlagen, told["gemeente"], controles)
            fotos = [bestand.grootte for bestand in opslag.files()]
            begun = time.monotonic()
            done = await toestel.sync()
            synced = time.monotonic()
            staten = await bijlagen.send()
            sent = time.monotonic()
        said = {"begin": begun, "operaties": synced, "bestanden": sent, "uitkomsten": done, "staten": staten}
        print(json.dumps(said | {"fotobytes": fotos}), flush=True)
        opslag.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
