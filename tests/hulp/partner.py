"""A partner organisation and somebody who works there, made while a test runs."""

from typing import Any

from uuid_utils.compat import uuid7

from tests.hulp.keten import HARDERWIJK
from tests.hulp.wereld import Wereld, add_mens


async def add_organisatie(wereld: Wereld, sleutel: str, soort: str) -> None:
    wereld.organisaties[sleutel] = uuid7()
    about = {"organisatie": str(wereld.organisaties[sleutel])}
    area: dict[str, Any] = {"gemeentecode": HARDERWIJK} if soort == "gemeente" else {}
    area |= {"gemeenten": [HARDERWIJK]} if soort == "regio" else {}
    inhoud = {"soort": soort, "naam": f"Van soort {soort}", **area}
    await wereld.make("beheerder", "/organisaties", {"onderwerp": about, "inhoud": inhoud})


async def add_partner(wereld: Wereld) -> None:
    await add_organisatie(wereld, "zorg", "ketenpartner")
    await add_mens(wereld, "zorg-1", "ketenpartner", "zorg", [HARDERWIJK])
