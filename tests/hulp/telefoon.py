"""The reference client as a phone in front of the real server."""

from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

from httpx import ASGITransport
from uuid_utils.compat import uuid7

from tests.hulp.toestel_proef import WACHTWOORD, Kast, approve
from tests.hulp.wereld import Wereld
from veldboek_client.inschrijving import Uitnodiging, enrol
from veldboek_client.opslag import Opslag
from veldboek_client.sleutel import Sleutel
from veldboek_client.toestel import Toestel, read_clock
from veldboek_client.verbinding import Inlog, Verbinding


async def connect(stack: AsyncExitStack, wereld: Wereld, inlog: Inlog) -> Verbinding:
    transport = ASGITransport(wereld.http.app, raise_app_exceptions=False)
    return await stack.enter_async_context(Verbinding("http://127.0.0.1:8000", inlog, transport=transport))


async def new_toestel(
    stack: AsyncExitStack, kast: Kast, pad: str | Path = ":memory:", *, goedgekeurd: bool = True
) -> Toestel:
    """Enrolled by the client itself; from here on it is the device of the persona."""
    given = await kast.give_code()
    fresh = await connect(stack, kast.wereld, Inlog(kast.wie, WACHTWOORD))
    sleutel = Sleutel.generate()
    found = await enrol(fresh, Uitnodiging.read(given["qr"]), sleutel, platform="android", app_versie="1")
    if goedgekeurd:
        await approve(kast.wereld, found.toestel)
    kast.persona.toestel = found.toestel
    verbinding = await connect(stack, kast.wereld, Inlog(kast.wie, WACHTWOORD, found.toestel))
    toestel = Toestel(verbinding, Opslag(pad), sleutel=sleutel, ingeschreven=found)
    stack.callback(toestel.opslag.close)
    return toestel


def meld(toestel: Toestel, tekst: str = "licht aan, deur dicht") -> UUID:
    signaal = uuid7()
    inhoud = {"bron": "overlastmelding", "gemeente": "GM0243", "tekst": tekst}
    toestel.record("signaal.gemeld", {"signaal": signaal}, inhoud, waargenomen_op=read_clock())
    return signaal
