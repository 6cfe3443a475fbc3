"""Who takes part: organisations, people, roles, devices and accounts, made by two administrators.

Devices are enrolled as they are in earnest: the first administrator gives a code, the officer uses it on his
device with its own key, the second administrator approves.
"""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app.demo.gegevens import Gegevens, Kenmerken, at_hour
from app.vocabulary import Grondslag, Platform, Rol
from veldboek_client.inschrijving import Ingeschreven, Uitnodiging, enrol
from veldboek_client.sleutel import Sleutel
from veldboek_client.toestel import APP_VERSIE, read_clock
from veldboek_client.verbinding import Inlog, Verbinding

VANAF: Final = at_hour("2022-01-01", 0)
"""Before anything of the story: organisations, people and their roles."""
LEGT_VAST: Final = frozenset({Rol.BOA, Rol.WIJKAGENT, Rol.PCT, Rol.REGISSEUR})
"""The roles that record in the field, so have a device."""
_GRONDSLAG: Final = {
    Rol.BOA: Grondslag.AKTE,
    Rol.REGISSEUR: Grondslag.AANWIJZING,
    Rol.AANDACHTSFUNCTIONARIS: Grondslag.AANWIJZING,
}
TWEEDE: Final = "beheerder-2"
"""The second administrator: every device needs two people."""
REGISSEUR: Final = "regisseur-1"
"""His device makes no promise to sign: the examples in the documentation, typed by hand, are sent from it too."""
BESTAND: Final = "demo.json"


@dataclass(frozen=True, slots=True)
class Account:
    """With what somebody signs in to the demo, in which role; a device with its key for who records in the field."""

    gebruikersnaam: str
    wachtwoord: str = field(repr=False)
    rol: str
    ingeschreven: Ingeschreven | None = None
    sleutel: Sleutel | None = field(default=None, repr=False)

    @property
    def toestel(self) -> UUID | None:
        """The device, if any."""
        return self.ingeschreven.toestel if self.ingeschreven else None

    def as_json(self) -> dict[str, str]:
        """As it stands in demo.json."""
        known = {"gebruikersnaam": self.gebruikersnaam, "wachtwoord": self.wachtwoord, "rol": self.rol}
        return known | ({"toestel": str(self.toestel)} if self.toestel else {})


@dataclass(frozen=True, slots=True)
class Beheer:
    """Two administrators, and how an officer connects from his own device."""

    eerste: Verbinding
    tweede: Verbinding
    connect: Callable[[Inlog], Verbinding]


async def record_tweede(beheer: Verbinding, ids: Kenmerken) -> Account:
    """The second administrator, in the organisation of the first: nobody enrols a device alone."""
    organisatie = UUID((await beheer.get("/ik"))["organisatie"])
    inhoud: dict[str, Any] = {"aanduiding": TWEEDE, "organisatie": str(organisatie)}
    await beheer.record("/functionarissen", VANAF, inhoud, {"functionaris": ids(TWEEDE)})
    inhoud = {
        "functionaris": str(ids(TWEEDE)),
        "rol": Rol.FUNCTIONEEL_BEHEERDER.value,
        "organisatie": str(organisatie),
        "gemeenten": [],
        "van": VANAF.isoformat(),
        "grondslag": Grondslag.AANSTELLING.value,
    }
    await beheer.record("/roltoewijzingen", VANAF, inhoud, {"roltoewijzing": ids.rol(TWEEDE)})
    account = Account(TWEEDE, secrets.token_urlsafe(18), Rol.FUNCTIONEEL_BEHEERDER.value)
    await _make_account(beheer, account, ids(TWEEDE), ids.rol(TWEEDE))
    return account


async def record_organisaties(beheer: Verbinding, gegevens: Gegevens, ids: Kenmerken) -> int:
    """All organisations; returns how many."""
    for row in gegevens["organisaties"]:
        inhoud = {key: value for key, value in row.items() if key != "sleutel"}
        await beheer.record("/organisaties", VANAF, inhoud, {"organisatie": ids(row["sleutel"])})
    return len(gegevens["organisaties"])


async def record_mensen(beheer: Beheer, gegevens: Gegevens, ids: Kenmerken) -> dict[str, Account]:
    """Everybody with role, account and device, by `sleutel`. Two hats: one functionaris, two accounts."""
    accounts: dict[str, Account] = {}
    for row in gegevens["functionarissen"]:
        sleutel, rol = row["sleutel"], Rol(row["rol"])
        if "zelfdePersoonAls" not in row:
            await _record_functionaris(beheer.eerste, row, ids)
        await _grant(beheer.eerste, row, rol, ids)
        account = Account(sleutel, secrets.token_urlsafe(18), rol.value)
        await _make_account(beheer.eerste, account, ids.person(sleutel), ids.rol(sleutel))
        accounts[sleutel] = await _enrol(beheer, account, ids) if rol in LEGT_VAST else account
    return accounts


async def _record_functionaris(beheer: Verbinding, row: Gegevens, ids: Kenmerken) -> None:
    inhoud = {"aanduiding": row["sleutel"], "organisatie": str(ids(row["organisatie"]))}
    await beheer.record("/functionarissen", VANAF, inhoud, {"functionaris": ids.person(row["sleutel"])})


async def _grant(beheer: Verbinding, row: Gegevens, rol: Rol, ids: Kenmerken) -> None:
    inhoud: dict[str, Any] = {
        "functionaris": str(ids.person(row["sleutel"])),
        "rol": rol.value,
        "organisatie": str(ids(row["organisatie"])),
        "gemeenten": row["gemeenten"],
        "van": VANAF.isoformat(),
        "grondslag": _GRONDSLAG.get(rol, Grondslag.AANSTELLING).value,
    }
    await beheer.record("/roltoewijzingen", VANAF, inhoud, {"roltoewijzing": ids.rol(row["sleutel"])})


async def _enrol(beheer: Beheer, account: Account, ids: Kenmerken) -> Account:
    """The account with a device: code, key and proof on the device itself, then the second administrator."""
    sleutel = account.gebruikersnaam
    given = await beheer.eerste.post(
        "/inschrijfcodes",
        {
            "functionaris": str(ids.person(sleutel)),
            "roltoewijzing": str(ids.rol(sleutel)),
            "omschrijving": f"telefoon van {sleutel}",
        },
    )
    own = Sleutel.generate()
    async with beheer.connect(Inlog(sleutel, account.wachtwoord)) as verbinding:
        found = await enrol(
            verbinding,
            Uitnodiging.read(given["qr"]),
            own,
            platform=Platform.ANDROID.value,
            app_versie=APP_VERSIE,
            ondertekent=sleutel != REGISSEUR,
        )
    await beheer.tweede.record(f"/toestellen/{found.toestel}/goedkeuring", read_clock(), {})
    return replace(account, ingeschreven=found, sleutel=own)


async def _make_account(beheer: Verbinding, account: Account, functionaris: UUID, roltoewijzing: UUID) -> None:
    body = {
        "gebruikersnaam": account.gebruikersnaam,
        "wachtwoord": account.wachtwoord,
        "functionaris": str(functionaris),
        "roltoewijzing": str(roltoewijzing),
    }
    await beheer.post("/accounts", body)


def save_accounts(home: Path, accounts: dict[str, Account]) -> Path:
    """Write demo.json, for its owner only, whole or not at all."""
    path, new = home / BESTAND, home / f"{BESTAND}.{secrets.token_hex(4)}"
    text = json.dumps({"accounts": {key: each.as_json() for key, each in accounts.items()}}, indent=1)
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    return path
