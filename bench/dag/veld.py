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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx

from bench.werk import make_controle
from veldboek_client.opslag import Opslag
from veldboek_client.toestel import Toestel
from veldboek_client.verbinding import Inlog, Verbinding

CONTROLES, PERSONEN = 40, 5
"""In one day, and at each of them: two hundred persons."""


def record_day(toestel: Toestel, gemeente: str, controles: int) -> None:
    """What one officer writes down, a control every quarter of an hour."""
    chance = random.Random(1)  # noqa: S311  # words, not secrets
    begin = datetime.now(UTC) - timedelta(hours=12)
    for number in range(controles):
        moment = begin + timedelta(minutes=15 * number)
        for soort, onderwerp, inhoud in make_controle(number, gemeente, chance, personen=PERSONEN):
            written = moment + timedelta(minutes=2)
            toestel.record(soort, onderwerp, inhoud, waargenomen_op=moment, vastgelegd_op=written)


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
            record_day(toestel, told["gemeente"], controles)
            begun = time.monotonic()
            done = await toestel.sync()
            synced = time.monotonic()
        print(json.dumps({"begin": begun, "operaties": synced, "uitkomsten": done}), flush=True)
        opslag.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
