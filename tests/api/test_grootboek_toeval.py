"""Three devices, everything in any order and in any batches: what stands is what the ledger folds to."""

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from app.services.beheer import herbouw
from tests.hulp.herbouw import changed, dump, rebuild, strike
from tests.hulp.keten import HARDERWIJK, adres, team
from tests.hulp.wereld import Wereld

WHO = ("boa-1", "boa-2", "pct-1")
Op = dict[str, Any]


class Veldwerk:
    """Makes operations that hang together, by chance."""

    def __init__(self, wereld: Wereld, seed: int) -> None:
        self.wereld, self.chance = wereld, random.Random(seed)  # noqa: S311  # chance, not a secret
        self.made: list[tuple[str, Op]] = []
        self.deelnemers = team(wereld, boa_1="coordineert", boa_2="voert_uit", pct_1="voert_uit")

    def add(self, wie: str, soort: str, onderwerp: dict[str, UUID], inhoud: Op, **velden: Any) -> Op:
        op = self.wereld.op(wie, soort, onderwerp, inhoud, **velden)
        if self.chance.random() < 0.08:  # a number used twice: whichever comes last is kept in quarantine
            op["deviceSeq"] = max(1, op["deviceSeq"] - 1)
        self.made.append((wie, op))
        return op

    def visit(self) -> None:
        """A location (often the same address), a controle there, and what was found."""
        wie, locatie, here = self.chance.choice(WHO), uuid7(), {"controle": uuid7()}
        waar = adres(str(self.chance.randint(1, 2)))
        pand = {"soort": "woning", "feitelijkBewoond": "nee", "gemeente": HARDERWIJK, "adres": waar}
        self.add(wie, "locatie.vastgelegd", {"locatie": locatie}, pand)
        start = {"benadering": "aangebeld", "situatie": "toegang_verleend", "deelnemers": self.deelnemers}
        for starter in self.chance.sample(WHO, self.chance.choice((1, 1, 2))):
            self.add(starter, "controle.gestart", {**here, "locatie": locatie}, start)
        personen = [uuid7() for _ in range(self.chance.randint(0, 3))]
        for persoon in personen:
            rol = self.chance.choice(("klant", "sekswerker", "bewoner"))
            op = self.add(self.chance.choice(WHO), "persoon.aangetroffen", {**here, "persoon": persoon}, {"rol": rol})
            self.change(here, op, "rol", ("klant", "exploitant"))
        bevinding = {"code": "drugs", "aard": "feit", "wijze": "waargenomen", "tekst": "een"}
        bewijs = uuid7()
        concluded = {"soort": "illegale_prostitutie", "bevindingen": [str(bewijs)]}
        op = self.add(self.chance.choice(WHO), "bevinding.vastgelegd", {**here, "bevinding": bewijs}, bevinding)
        self.change(here, op, "tekst", ("twee", "drie"))
        inhoud: Op = {"uitkomst": "niet_vastgesteld"}
        if personen:
            inhoud = {"overtredingen": [{"id": str(uuid7()), **concluded, "alleen": [str(personen[0])]}]}
        self.add(wie, "controle.afgerond", here, inhoud)

    def change(self, onderwerp: dict[str, UUID], op: Op, veld: str, waarden: tuple[str, ...]) -> None:
        """Corrections by chance, of the original or of each other, and a strike now and then."""
        basis = op["opId"]
        for waarde in waarden:
            if self.chance.random() < 0.5:
                velden = changed(op, {veld: waarde}, basis)
                correctie = self.add(self.chance.choice(WHO), **velden)
                basis = self.chance.choice((basis, correctie["opId"]))
        if self.chance.random() < 0.3:
            self.add(self.chance.choice(WHO), **strike(onderwerp, op["opId"]))

    def batches(self, wie: str) -> list[list[Op]]:
        """Everything of one device, somewhat out of order, some of it twice, split by chance."""
        mine = [op for of, op in self.made if of == wie]
        mine += self.chance.sample(mine, len(mine) // 5)
        mine = [op for _, op in sorted(enumerate(mine), key=lambda pair: pair[0] + self.chance.uniform(0, 6))]
        split = []
        while mine:
            size = self.chance.randint(1, 8)
            split.append(mine[:size])
            mine = mine[size:]
        return split


async def settle(wereld: Wereld, chance: random.Random, share: float = 0.7) -> int:
    """The regisseur settles differences by chance, one way or the other; how many."""
    listed = (await wereld.get("regisseur-1", "/controles", limit=200)).json()["resultaten"]
    ops = []
    for doc in listed:
        pairs = [(v["opId"], v["geldt"]) for v in doc.get("verschillen", ())]
        pairs += [(v["op"], doc["start"]["op"]) for v in doc.get("startVerschillen", ())]
        if pairs and chance.random() < share:
            keuze, verworpen = chance.sample(chance.choice(pairs), 2)
            named = {"keuze": keuze, "verworpen": verworpen, "reden": "nagekeken"}
            ops.append(wereld.op("regisseur-1", "verschil.beoordeeld", {"controle": UUID(doc["id"])}, named))
    results = await deliver(wereld, "regisseur-1", [[op] for op in ops])
    return sum(result["status"] == "accepted" for result in results)


async def decide(wereld: Wereld, chance: random.Random, besluiten: tuple[str, ...]) -> int:
    """The regisseur decides by chance on what is in quarantine; how many were taken in."""
    kept = (await wereld.get("regisseur-1", "/quarantaine", limit=200, stand="open")).json()["resultaten"]
    named = [
        ({"ontvangst": UUID(doc["id"])}, {"besluit": chance.choice(besluiten), "reden": "!"})
        for doc in (chance.sample(kept, len(kept) * 2 // 3) if len(besluiten) > 1 else kept)
    ]
    ops = [wereld.op("regisseur-1", "quarantaine.beoordeeld", *each) for each in named]
    results = await deliver(wereld, "regisseur-1", [ops[n : n + 5] for n in range(0, len(ops), 5)])
    pairs = zip(ops, results, strict=True)
    return sum(r["status"] == "accepted" and op["inhoud"]["besluit"] == "aanvaard" for op, r in pairs)


async def deliver(wereld: Wereld, wie: str, batches: list[list[Op]]) -> list[Op]:
    return [result for batch in batches for result in await wereld.push(wie, *batch)]


@pytest.mark.parametrize("seed", range(4))
async def test_any_order_of_delivery_folds_as_the_ledger_does(
    wereld: Wereld, database: Server, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    werk = Veldwerk(wereld, seed)
    for _ in range(8):
        werk.visit()
    planned = {wie: werk.batches(wie) for wie in WHO}
    await asyncio.gather(*(deliver(wereld, wie, planned[wie]) for wie in WHO))
    decided = await settle(wereld, werk.chance)
    taken_in = await decide(wereld, werk.chance, ("aanvaard", "aanvaard", "geweigerd"))
    left = [r for wie in WHO for r in await deliver(wereld, wie, planned[wie])]
    decided += await settle(wereld, werk.chance, share=1)
    inhoud = {"bron": "overlastmelding", "gemeente": "GM0233"}  # so that something can be taken in, whatever is left
    await wereld.push("boa-1", wereld.op("boa-1", "signaal.gemeld", {"signaal": uuid7()}, inhoud))
    taken_in += await decide(wereld, werk.chance, ("aanvaard",))
    assert decided
    assert taken_in
    assert {(r["eerste"] or r)["status"] for r in left} >= {"accepted", "quarantined"}
    live = await dump(database)
    assert all(live[name] for name in ("controle", "locatie", "cijferfeit", "feed", "ontvangst"))
    walk = herbouw.walk_ledger
    for page in (500, 5):
        monkeypatch.setattr(herbouw, "walk_ledger", lambda raw, page=page: walk(raw, page=page))
        assert await rebuild(database) > 60
        assert await dump(database) == live, page
