"""Accounts and roles that two people give, and signing in with them."""

from uuid import UUID

from httpx import Response
from uuid_utils.compat import uuid7

from tests.hulp.toestel_proef import problem
from tests.hulp.wereld import (
    Wereld,
)

EIGEN = "vier paarden op het erf"


async def sign_in(wereld: Wereld, naam: str, wachtwoord: str, **velden: str) -> Response:
    form = {"grant_type": "password", "client_id": "veldboek", "gebruikersnaam": naam, "wachtwoord": wachtwoord}
    return await wereld.http.post("/oauth/token", data=form | velden)


async def ask_account(wereld: Wereld, mens: UUID, door: str = "beheerder") -> tuple[int, str]:
    body = {"onderwerp": {"account": str(mens)}, "inhoud": {"functionaris": str(mens)}}
    return problem(await wereld.post(door, "/accounts", body))


async def use(wereld: Wereld, code: str, naam: str | None = "nieuw", wachtwoord: str = EIGEN) -> Response:
    body = {"code": code, "wachtwoord": wachtwoord} | ({"gebruikersnaam": naam} if naam else {})
    return await wereld.http.post("/oauth/toegang", json=body)


async def grant(wereld: Wereld, mens: UUID, rol: str = "regisseur", door: str = "beheerder") -> UUID:
    ident = uuid7()
    inhoud = {
        "functionaris": str(mens), "rol": rol, "organisatie": str(wereld.organisaties["harderwijk"]),
        "gemeenten": [] if rol == "functioneel_beheerder" else ["GM0243"], "van": "2022-01-01T00:00:00+01:00",
        "grondslag": "aanstelling",
    }  # fmt: skip
    await wereld.make(door, "/roltoewijzingen", {"onderwerp": {"roltoewijzing": str(ident)}, "inhoud": inhoud})
    return ident


async def disable(wereld: Wereld, mens: UUID, door: str = "beheerder") -> tuple[int, str]:
    return problem(await wereld.post(door, f"/accounts/{mens}/uitzetting", {"inhoud": {}}))
