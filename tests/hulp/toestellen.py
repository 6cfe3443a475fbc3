"""What administrators do to devices: approve, order, open for salvage; and signing in on one."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from httpx import Response

from tests.hulp.toestel_proef import Accounthouder, problem
from tests.hulp.wereld import Wereld

NU = "2026-08-20T00:00:00Z"


def over(**duration: float) -> str:
    return (datetime.now(UTC) + timedelta(**duration)).isoformat(timespec="seconds")


async def open_window(wereld: Wereld, door: str = "beheerder-2", tot: str | None = None) -> Any:
    pad = f"/toestellen/{wereld.mensen['boa-1'].toestel}/berging"
    return await wereld.post(door, pad, {"inhoud": {"tot": tot or over(hours=4)}})


async def give_order(
    wereld: Wereld, opdracht: str, wie: str = "boa-1", *, door: str = "beheerder", **velden: Any
) -> str:
    """The op id of the order."""
    pad = f"/toestellen/{wereld.mensen[wie].toestel}/opdrachten"
    return str((await wereld.make(door, pad, {"inhoud": {"opdracht": opdracht, **velden}}))["opId"])


async def stand(wereld: Wereld, wie: str = "boa-1", door: str = "beheerder") -> Any:
    answer = await wereld.get(door, f"/toestellen/{wereld.mensen[wie].toestel}/stand")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def end(wereld: Wereld, roltoewijzing: UUID) -> None:
    await wereld.make("beheerder", f"/roltoewijzingen/{roltoewijzing}/beeindiging", {"inhoud": {"op": NU}})


async def enter(houder: Accounthouder, rol: UUID | None = None) -> Response:
    """Sign in on the officer's own device, in the role `rol` or in none by name."""
    form = {"grant_type": "password", "client_id": "veldboek", "gebruikersnaam": houder.wie}
    form |= {"wachtwoord": "zeven koeien in de wei", "toestel": str(houder.persona.toestel)}
    return await houder.wereld.http.post("/oauth/token", data=form | ({"roltoewijzing": str(rol)} if rol else {}))


async def approve_role(wereld: Wereld, toestel: UUID | None, rol: UUID, door: str = "beheerder-2") -> tuple[int, str]:
    inhoud = {"roltoewijzing": str(rol)}
    return problem(await wereld.post(door, f"/toestellen/{toestel}/rollen", {"inhoud": inhoud}))
