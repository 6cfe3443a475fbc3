"""What a device holds by pulling, page by page, role by role; and what the stream of events tells."""

import asyncio
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from app.database import shared
from tests.hulp.wereld import Wereld, confirm_role

ROLLEN: dict[str, tuple[str, list[str]]] = {
    "boa": ("boa", ["GM0243"]),
    "boa-breed": ("boa", ["GM0233", "GM0243"]),
    "boa-ermelo": ("boa", ["GM0233"]),
    "regisseur": ("regisseur", ["GM0243"]),
    "pct": ("pct", ["GM0233", "GM0243"]),
}


async def events(lines: Any, wanted: int, seconds: float) -> list[str]:
    found: list[str] = []
    try:
        async with asyncio.timeout(seconds):
            async for line in lines:
                if line.startswith(("event", "data")):
                    found.append(line)
                if len(found) >= wanted:
                    break
    except TimeoutError:
        pass
    return found


async def page(wereld: Wereld, wie: str, cursor: str | None = None, **params: Any) -> dict[str, Any]:
    answer = await wereld.get(wie, "/sync/pull", **({"cursor": cursor} if cursor else {}), **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def zegel(wereld: Wereld) -> bytes:
    return shared(wereld.http.app.state.proces.sessionmaker).zegel


async def grant(wereld: Wereld, wie: str, rol: str, gemeenten: list[str], **meer: Any) -> UUID:
    """Another role of the same person: with it his rights change on the same device."""
    ident = uuid7()
    inhoud = {
        "functionaris": str(wereld.mensen[wie].functionaris),
        "rol": rol,
        "organisatie": str(wereld.organisaties["harderwijk"]),
        "gemeenten": gemeenten,
        "van": "2022-01-01T00:00:00+01:00",
        "grondslag": "aanstelling",
    } | meer
    await wereld.make("beheerder", "/roltoewijzingen", {"onderwerp": {"roltoewijzing": str(ident)}, "inhoud": inhoud})
    await confirm_role(wereld, ident)
    return ident


class Replica:
    """What a device holds; it refuses every change that is not part of the exact difference."""

    def __init__(self, wereld: Wereld, wie: str) -> None:
        self.wereld, self.wie, self.cursor = wereld, wie, None
        self.docs: dict[tuple[str, str], tuple[int, Any, Any]] = {}
        self.told: list[tuple[str, str, str]] = []

    async def sync(self, limit: int = 1000) -> None:
        self.told.clear()
        while not await self.step(limit):
            pass

    async def step(self, limit: int, *, exact: bool = True, remasked: bool = False) -> bool:
        answer = await page(self.wereld, self.wie, self.cursor, limit=limit)
        for change in answer["wijzigingen"]:
            key = change["collectie"], change["id"]
            self.told.append((change["op"], *key))
            if change["op"] == "revoke":
                assert set(change) == {"pos", "collectie", "id", "op"}
                assert key in self.docs or not exact, f"revoke of what was never here: {key}"
                self.docs.pop(key, None)
            else:
                new = change["rev"], change["doc"], change["gemaskeerd"]
                assert self.docs.get(key) != new or remasked or not exact, f"sent again: {key}"
                self.docs[key] = new
        self.cursor = answer["cursor"]
        return not answer["meer"]

    def heard(self) -> list[tuple[str, str, str]]:
        """What was told of anything but colleagues."""
        return [told for told in self.told if told[1] != "naslag"]

    def colleagues(self) -> set[tuple[str, str]]:
        """What was told of colleagues: whoever works where one does."""
        names = {str(persona.functionaris): wie for wie, persona in self.wereld.mensen.items()}
        return {(op, names[ident]) for op, name, ident in self.told if name == "naslag" and ident in names}

    async def check(self) -> None:
        """The replica is what a device that starts from nothing would get."""
        fresh = Replica(self.wereld, self.wie)
        await fresh.sync(1000)
        assert self.docs == fresh.docs
