"""What acts in a run work with: its world, its phones, its clock and what was written down."""

import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from storm.journaal import Bron, Journaal
from storm.mensen import MENSEN, SINDS, Mens, grant
from storm.opstelling import Opstelling
from storm.telefoon import Telefoon


class Run:
    """One world for one run."""

    def __init__(self, o: Opstelling, seed: int) -> None:
        self.o, self.seed = o, seed
        self.journaal = Journaal()
        self.bron = Bron(seed)
        self.map = Path(tempfile.mkdtemp(prefix="telefoons-", dir=o.home))
        self.telefoons: list[Telefoon] = []
        for mens in o.mensen.mensen.values():
            for number, toestel in sorted(mens.toestellen.items()):
                naam = f"{mens.naam}-{'ab'[number]}"
                telefoon = Telefoon(naam, mens, toestel, self.map, o.dienst.path, self.journaal, o.bord)
                telefoon.enrolled(*mens.sleutels.get(number, (None, None)))
                self.telefoons.append(telefoon)
        self.kopie = False
        self.vragen_bij_kopie = 0

    async def come_back(self, mens: Mens) -> None:
        """A new day. Whoever has no role is given one, unless all his phones are signed in: those still deliver."""
        roles = await self.roles_of(mens)
        if not roles and all(t.signed_in for t in self.phones_of(mens)) and not self.restored:
            return
        if not roles:
            rol, _, gemeenten, _ = MENSEN[mens.naam]
            inhoud = grant(mens.functionaris, rol, mens.organisatie, gemeenten, SINDS)
            await self.grant_role(str(self.bron.uuid7(self.o.bord.now())), inhoud)
        for t in self.phones_of(mens):
            t.sign_in()

    @property
    def restored(self) -> bool:
        """Whether the ledger went back to a copy: with it, logins and what the administrator did since."""
        return bool(self.journaal.fouten["teruggezet_naar_kopie"])

    async def size(self) -> int:
        """How long the ledger is."""
        async with self.o.connect() as connection:
            return int(await connection.fetchval("SELECT size FROM grootboek.head"))

    def check(self, holds: bool, wat: str) -> None:  # noqa: FBT001  # it reads as the sentence it is
        """Note what must hold and does not."""
        if not holds:
            self.journaal.find(wat)

    def phones_of(self, mens: Mens) -> Iterable[Telefoon]:
        """All devices of one person."""
        return (t for t in self.telefoons if t.mens is mens)

    def signs(self, naam: str | None, *, put_back: bool = False) -> bool:
        """Whether a phone signs; with `put_back`, one whose chain has a gap or a fork by an older copy of it."""
        return any(t.naam == naam and t.sleutel and (t.teruggezet or not put_back) for t in self.telefoons)

    async def roles_of(self, mens: Mens) -> list[Any]:
        """The roles that somebody has at this moment of the server's clock."""
        async with self.o.connect() as connection:
            rows = await connection.fetch(
                "SELECT id::text, rol, gemeenten FROM lees.roltoewijzing WHERE functionaris = $1::uuid"
                " AND (tot IS NULL OR tot > $2) ORDER BY id",
                mens.functionaris,
                self.o.bord.now(),
            )
        return list(rows)

    async def gemeenten(self, mens: Mens) -> list[str]:
        """Where somebody works now."""
        return sorted({code for role in await self.roles_of(mens) for code in role["gemeenten"]})

    async def working_phones(self) -> list[str]:
        """The devices that were not revoked."""
        async with self.o.connect() as connection:
            rows = await connection.fetch("SELECT id::text FROM lees.toestel WHERE NOT ingetrokken")
        known = {t.ident for t in self.telefoons}
        return sorted({row["id"] for row in rows} & known)

    async def end_role(self, mens: Mens) -> None:
        """The administrator ends every role of somebody, from now."""
        for role in await self.roles_of(mens):
            moment = {"op": self.o.bord.now().isoformat()}
            await self.administer(f"/roltoewijzingen/{role['id']}/beeindiging", "roltoewijzing", role["id"], moment)

    async def grant_role(self, role: str, inhoud: dict[str, Any]) -> None:
        """One administrator grants a role, the other confirms it: until then it is nobody's."""
        await self.administer("/roltoewijzingen", "roltoewijzing", role, inhoud)
        await self.administer(f"/roltoewijzingen/{role}/bevestiging", "roltoewijzing", role, {}, door="beheerder-2")

    async def approve_role(self, mens: Mens, role: str, rol: str) -> None:
        """The second administrator lets the devices of somebody be used in a role of a kind that they were not for."""
        kind = json.dumps([{"rol": rol, "organisatie": mens.organisatie}])
        async with self.o.connect() as connection:
            rows = await connection.fetch(
                "SELECT id::text FROM lees.toestel WHERE functionaris = $1::uuid AND NOT ingetrokken"
                " AND NOT rollen @> $2::jsonb ORDER BY id",
                mens.functionaris,
                kind,
            )
        for row in rows:
            pad, inhoud = f"/toestellen/{row['id']}/rollen", {"roltoewijzing": role}
            await self.administer(pad, "toestel", row["id"], inhoud, door="beheerder-2")

    async def administer(
        self, pad: str, kind: str, ident: str, inhoud: dict[str, Any], *, door: str = "beheerder"
    ) -> None:
        """Something an administrator records, online."""
        key = str(self.bron.uuid4())
        op = {"opId": key, "onderwerp": {kind: ident}, "inhoud": inhoud}
        body: dict[str, Any] = {"waargenomenOp": self.o.bord.now().isoformat(), "inhoud": inhoud}
        if pad.count("/") == 1:
            body["onderwerp"] = op["onderwerp"]
        async with self.o.sign_in(door) as beheer:
            await beheer.post(pad, body, **{"Idempotency-Key": key})
        self.journaal.write({**op, "beheer": True}, None)

    async def close(self) -> None:
        """Leave nothing behind."""
        for t in self.telefoons:
            await t.close()
        shutil.rmtree(self.map, ignore_errors=True)
