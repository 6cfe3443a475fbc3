"""Who takes part: organisations, people, roles, devices and accounts, made by two administrators.

What one of them asks the other confirms. Devices are enrolled as they are in earnest: the first administrator gives
a code, the officer uses it on his device with its own key, the second administrator approves.
"""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

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
REGISSEUR: Final = "regisseur-1"
MET_DE_HAND: Final = frozenset({REGISSEUR, "boa-3"})
"""Their devices make no promise to sign: for what is typed by hand from the pages, and apps that do not sign."""
ZONDER: Final = "apps die niet ondertekenen (RxDB, WatermelonDB) en voorbeelden met de hand"
"""What such a device is for: said where it is enrolled, and in demo.json."""
BESTAND: Final = "demo.json"


@dataclass(frozen=True, slots=True)
class Account:
    """With what somebody signs in to the demo, in which role; a device with its key for who records in the field."""

    gebruikersnaam: str
    wachtwoord: str = field(repr=False)
    rol: str
    roltoewijzing: UUID | None = None
    ingeschreven: Ingeschreven | None = None
    sleutel: Sleutel | None = field(default=None, repr=False)

    @property
    def toestel(self) -> UUID | None:
        """The device, if any."""
        return self.ingeschreven.toestel if self.ingeschreven else None

    def as_json(self) -> dict[str, str]:
        """As it stands in demo.json."""
        known = {"gebruikersnaam": self.gebruikersnaam, "wachtwoord": self.wachtwoord, "rol": self.rol}
        more = {"roltoewijzing": self.roltoewijzing, "toestel": self.toestel}
        told = {"toestelVoor": ZONDER} if self.toestel and self.gebruikersnaam in MET_DE_HAND else {}
        return known | {name: str(ident) for name, ident in more.items() if ident} | told


@dataclass(frozen=True, slots=True)
class Beheer:
    """Two administrators, and how an officer connects from his own device."""

    eerste: Verbinding
    tweede: Verbinding
    connect: Callable[[Inlog], Verbinding]


async def record_organisaties(beheer: Verbinding, gegevens: Gegevens, ids: Kenmerken) -> int:
    """All organisations; returns how many."""
    for row in gegevens["organisaties"]:
        inhoud = {key: value for key, value in row.items() if key != "sleutel"}
        await beheer.record("/organisaties", VANAF, inhoud, {"organisatie": ids(row["sleutel"])})
    return len(gegevens["organisaties"])


async def record_grondslag(beheer: Beheer, gemeentecode: str) -> None:
    """That a municipality keeps rows about persons: recorded by one administrator, confirmed by the other."""
    ident = uuid4()
    inhoud = {"gemeentecode": gemeentecode, "van": "2022-01-01", "bepaling": "verzonnen: voor de demo"}
    await beheer.eerste.record("/grondslagen-bijzonder", VANAF, inhoud, {"grondslagbijzonder": ident})
    await beheer.tweede.record(f"/grondslagen-bijzonder/{ident}/bevestiging", read_clock(), {})


async def record_mensen(beheer: Beheer, gegevens: Gegevens, ids: Kenmerken) -> dict[str, Account]:
    """Everybody with role, account and device, by `sleutel`. Two hats: one functionaris, one account, two roles."""
    accounts: dict[str, Account] = {}
    for row in gegevens["functionarissen"]:
        sleutel, rol = row["sleutel"], Rol(row["rol"])
        hat = row.get("zelfdePersoonAls")
        if hat is None:
            await _record_functionaris(beheer.eerste, row, ids)
        await _grant(beheer, row, rol, ids)
        if hat is None:
            account = await _open_account(beheer, sleutel, rol, ids)
        else:
            account = replace(accounts[hat], rol=rol.value, roltoewijzing=ids.rol(sleutel), ingeschreven=None)
        accounts[sleutel] = await _enrol(beheer, account, ids) if rol in LEGT_VAST else account
    return accounts


async def _record_functionaris(beheer: Verbinding, row: Gegevens, ids: Kenmerken) -> None:
    inhoud = {"aanduiding": row["sleutel"], "organisatie": str(ids(row["organisatie"]))}
    await beheer.record("/functionarissen", VANAF, inhoud, {"functionaris": ids.person(row["sleutel"])})


async def _grant(beheer: Beheer, row: Gegevens, rol: Rol, ids: Kenmerken) -> None:
    """One administrator grants the role, the other confirms it."""
    inhoud: dict[str, Any] = {
        "functionaris": str(ids.person(row["sleutel"])),
        "rol": rol.value,
        "organisatie": str(ids(row["organisatie"])),
        "gemeenten": row["gemeenten"],
        "van": VANAF.isoformat(),
        "grondslag": _GRONDSLAG.get(rol, Grondslag.AANSTELLING).value,
    }
    ident = ids.rol(row["sleutel"])
    await beheer.eerste.record("/roltoewijzingen", VANAF, inhoud, {"roltoewijzing": ident})
    await beheer.tweede.record(f"/roltoewijzingen/{ident}/bevestiging", read_clock(), {})


async def _enrol(beheer: Beheer, account: Account, ids: Kenmerken) -> Account:
    """The account with a device: code, key and proof on the device itself, then the second administrator."""
    sleutel = account.gebruikersnaam
    given = await beheer.eerste.post(
        "/inschrijfcodes",
        {
            "functionaris": str(ids.person(sleutel)),
            "roltoewijzing": str(ids.rol(sleutel)),
            "omschrijving": f"telefoon van {sleutel}" + (f", voor {ZONDER}" if sleutel in MET_DE_HAND else ""),
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
            ondertekent=sleutel not in MET_DE_HAND,
        )
    await beheer.tweede.record(f"/toestellen/{found.toestel}/goedkeuring", read_clock(), {})
    return replace(account, ingeschreven=found, sleutel=own)


async def _open_account(beheer: Beheer, sleutel: str, rol: Rol, ids: Kenmerken) -> Account:
    """Asked by the first administrator, confirmed by the second, who hands the officer a code for his own password."""
    mens, wachtwoord = ids.person(sleutel), secrets.token_urlsafe(18)
    await beheer.eerste.record("/accounts", read_clock(), {"functionaris": str(mens)}, {"account": mens})
    await beheer.tweede.record(f"/accounts/{mens}/bevestiging", read_clock(), {})
    code = (await beheer.tweede.post(f"/accounts/{mens}/toegangscode", {}))["code"]
    async with beheer.connect(Inlog(sleutel, wachtwoord)) as own:
        await own.choose_password(code, roltoewijzing=ids.rol(sleutel))
    return Account(sleutel, wachtwoord, rol.value)


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
