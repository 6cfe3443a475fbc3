"""Who takes part: organisations, people, roles, devices and accounts, made by the administrator."""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app.demo.gegevens import Gegevens, Kenmerken, at_hour
from app.vocabulary import Grondslag, Rol
from veldboek_client.verbinding import Verbinding

VANAF: Final = at_hour("2022-01-01", 0)
"""Before anything of the story: organisations, people and their roles."""
LEGT_VAST: Final = frozenset({Rol.BOA, Rol.WIJKAGENT, Rol.PCT, Rol.REGISSEUR})
"""The roles that record in the field, so have a device."""
_GRONDSLAG: Final = {
    Rol.BOA: Grondslag.AKTE,
    Rol.REGISSEUR: Grondslag.AANWIJZING,
    Rol.AANDACHTSFUNCTIONARIS: Grondslag.AANWIJZING,
}
BESTAND: Final = "demo.json"


@dataclass(frozen=True, slots=True)
class Account:
    """With what somebody signs in to the demo, in which role; `toestel` for who records in the field."""

    gebruikersnaam: str
    wachtwoord: str = field(repr=False)
    rol: str
    toestel: UUID | None = None

    def as_json(self) -> dict[str, str]:
        """As it stands in demo.json."""
        known = {"gebruikersnaam": self.gebruikersnaam, "wachtwoord": self.wachtwoord, "rol": self.rol}
        return known | ({"toestel": str(self.toestel)} if self.toestel else {})


async def record_organisaties(beheer: Verbinding, gegevens: Gegevens, ids: Kenmerken) -> int:
    """All organisations; returns how many."""
    for row in gegevens["organisaties"]:
        inhoud = {key: value for key, value in row.items() if key != "sleutel"}
        await beheer.record("/organisaties", VANAF, inhoud, {"organisatie": ids(row["sleutel"])})
    return len(gegevens["organisaties"])


async def record_mensen(beheer: Verbinding, gegevens: Gegevens, ids: Kenmerken) -> dict[str, Account]:
    """Everybody with role, device and account, by `sleutel`. Two hats: one functionaris, two accounts."""
    accounts: dict[str, Account] = {}
    for row in gegevens["functionarissen"]:
        sleutel, rol = row["sleutel"], Rol(row["rol"])
        if "zelfdePersoonAls" not in row:
            await _record_functionaris(beheer, row, ids)
        await _grant(beheer, row, rol, ids)
        toestel = await _enroll(beheer, sleutel, ids) if rol in LEGT_VAST else None
        account = Account(sleutel, secrets.token_urlsafe(18), rol.value, toestel)
        await _make_account(beheer, account, ids)
        accounts[sleutel] = account
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


async def _enroll(beheer: Verbinding, sleutel: str, ids: Kenmerken) -> UUID:
    inhoud = {"functionaris": str(ids.person(sleutel)), "omschrijving": f"telefoon van {sleutel}"}
    await beheer.record("/toestellen", VANAF, inhoud, {"toestel": ids.toestel(sleutel)})
    return ids.toestel(sleutel)


async def _make_account(beheer: Verbinding, account: Account, ids: Kenmerken) -> None:
    body = {
        "gebruikersnaam": account.gebruikersnaam,
        "wachtwoord": account.wachtwoord,
        "functionaris": str(ids.person(account.gebruikersnaam)),
        "roltoewijzing": str(ids.rol(account.gebruikersnaam)),
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
