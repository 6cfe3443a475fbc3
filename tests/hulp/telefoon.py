"""The reference client as a phone in front of the real server."""

from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

from httpx import ASGITransport
from uuid_utils.compat import uuid7

from tests.hulp.toestel_proef import WACHTWOORD, Accounthouder, approve
from tests.hulp.wereld import Wereld
from veldboek_client.inschrijving import Uitnodiging, enrol
from veldboek_client.opslag import Opslag
from veldboek_client.sleutel import Sleutel
from veldboek_client.storing import Storing
from veldboek_client.toestel import Toestel, read_clock
from veldboek_client.verbinding import Inlog, Verbinding


def line_to(wereld: Wereld) -> Storing:
    """A line that can be told to break."""
    return Storing(ASGITransport(wereld.http.app, raise_app_exceptions=False))


async def connect(stack: AsyncExitStack, wereld: Wereld, inlog: Inlog, lijn: Storing | None = None) -> Verbinding:
    transport = lijn or line_to(wereld)
    return await stack.enter_async_context(Verbinding("http://127.0.0.1:8000", inlog, transport=transport))


async def new_toestel(
    stack: AsyncExitStack,
    houder: Accounthouder,
    pad: str | Path = ":memory:",
    *,
    goedgekeurd: bool = True,
    lijn: Storing | None = None,
) -> Toestel:
    """Enrolled by the client itself; from here on it is the device of the persona, on a line of its own."""
    given = await houder.give_code()
    fresh = await connect(stack, houder.wereld, Inlog(houder.wie, WACHTWOORD))
    sleutel = Sleutel.generate()
    found = await enrol(fresh, Uitnodiging.read(given["qr"]), sleutel, platform="android", app_versie="1")
    if goedgekeurd:
        await approve(houder.wereld, found.toestel)
    houder.persona.toestel = found.toestel
    verbinding = await connect(stack, houder.wereld, Inlog(houder.wie, WACHTWOORD, found.toestel), lijn)
    toestel = Toestel(verbinding, Opslag(pad), sleutel=sleutel, ingeschreven=found)
    stack.callback(toestel.opslag.close)
    return toestel


def meld(toestel: Toestel, tekst: str = "licht aan, deur dicht") -> UUID:
    signaal = uuid7()
    inhoud = {"bron": "overlastmelding", "gemeente": "GM0243", "tekst": tekst}
    toestel.record("signaal.gemeld", {"signaal": signaal}, inhoud, waargenomen_op=read_clock())
    return signaal
