"""One administrator alone, whatever he does in whatever order, reads no content and becomes nobody else.

Random sequences of everything the API lets him try, with every answer that he gets put to use again. The ledger is
the same throughout, so what one sequence left the next one finds. `make test` plays 200, `make alleen` 10,000.
"""

import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from httpx import Response
from uuid_utils.compat import uuid7

from app.registraties.account import bevestigd as account_bevestigd
from tests.hulp.keten import build_keten
from tests.hulp.wereld import BEHEER_WACHTWOORD, Wereld, add_mens

REEKSEN = int(os.environ.get("REEKSEN", "200"))
LENGTE = 4
MERK = "kanarie"
INHOUD = (
    "signalen", "locaties", "controles", "rapportages", "maatregelen", "attenderingen", "mensenhandelsignalen",
    "quarantaine", "aantallen", "sync/pull", "sync/snapshot", "ik",
)  # fmt: skip
ROLLEN = ("pct", "regisseur", "aandachtsfunctionaris", "boa", "burgemeester", "functioneel_beheerder")


class Gelekt(AssertionError):
    """He read content, or acts as somebody else."""


@dataclass
class Alleen:
    """What one administrator knows and holds."""

    wereld: Wereld
    kans: random.Random
    mensen: list[str] = field(default_factory=list)
    einden: list[tuple[str, str]] = field(default_factory=list)
    """ends of roles, by op, with the role"""
    rollen: list[tuple[str, str]] = field(default_factory=list)
    """roles, with whose each is"""
    wie: str = ""
    """on whom he has his eye in this sequence"""
    toestellen: list[str] = field(default_factory=list)
    ops: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    namen: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    gelukt: set[str] = field(default_factory=set)

    def pick(self, known: list[Any]) -> Any:
        """Rather what is new: that is where something may be half done."""
        return self.kans.choice(known[-3:] if self.kans.random() < 0.7 else known)

    def mens(self) -> str:
        """Mostly the one he has his eye on."""
        return self.wie if self.kans.random() < 0.8 else self.kans.choice(self.mensen)

    def rol(self, mens: str) -> str:
        """A role of this person, if he has one."""
        own = [ident for ident, whose in self.rollen if whose == mens]
        return str(self.pick(own or [ident for ident, _ in self.rollen]))

    async def ask(self, method: str, pad: str, **options: Any) -> Response:
        headers = self.wereld.headers("beheerder")
        if self.tokens and self.kans.random() < 0.3:
            headers = {"Authorization": f"Bearer {self.pick(self.tokens)}"}
        answer = await self.wereld.http.request(method, pad, headers=headers | options.pop("headers", {}), **options)
        if MERK in answer.text:
            raise Gelekt(f"{method} {pad} shows content")
        assert answer.status_code < 500, (method, pad, answer.text)
        return answer

    async def book(self, pad: str, onderwerp: dict[str, str], inhoud: dict[str, Any], **more: Any) -> Response:
        body = {"waargenomenOp": "2026-08-19T23:10:00+02:00", "inhoud": inhoud, **more}
        if pad.count("/") == 1:
            body["onderwerp"] = onderwerp
        key = str(uuid4())
        answer = await self.ask("POST", pad, json=body, headers={"Idempotency-Key": key})
        if answer.status_code == 201:
            self.ops.append((key, onderwerp))
            self.gelukt.add(pad.rsplit("/", 1)[-1])
        return answer

    async def make_mens(self) -> None:
        ident = str(uuid7())
        inhoud = {
            "aanduiding": "nieuw-1",
            "organisatie": str(self.kans.choice(list(self.wereld.organisaties.values()))),
        }
        if (await self.book("/functionarissen", {"functionaris": ident}, inhoud)).status_code == 201:
            self.mensen.append(ident)
            self.wie = ident

    async def make_rol(self) -> None:
        ident, rol, mens = str(uuid7()), self.kans.choice(ROLLEN), self.mens()
        inhoud = {
            "functionaris": mens, "rol": rol, "grondslag": "aanstelling",
            "organisatie": str(self.kans.choice(list(self.wereld.organisaties.values()))),
            "gemeenten": [] if rol == "functioneel_beheerder" else ["GM0233", "GM0243", "GM0273"],
            "van": "2022-01-01T00:00:00+01:00", "doorTwee": self.kans.random() < 0.8,
        }  # fmt: skip
        if (await self.book("/roltoewijzingen", {"roltoewijzing": ident}, inhoud)).status_code == 201:
            self.rollen.append((ident, mens))

    async def confirm_rol(self) -> None:
        await self.book(f"/roltoewijzingen/{self.rol(self.mens())}/bevestiging", {}, {})

    async def ask_account(self) -> None:
        ident = self.mens()
        await self.book("/accounts", {"account": ident}, {"functionaris": ident})

    async def confirm_account(self) -> None:
        await self.book(f"/accounts/{self.mens()}/bevestiging", {}, {})

    async def disable(self) -> None:
        if self.kans.random() < 0.2:
            await self.book(f"/accounts/{self.mens()}/uitzetting", {}, {})

    async def get_code(self) -> None:
        answer = await self.ask("POST", f"/accounts/{self.mens()}/toegangscode")
        if answer.status_code == 201:
            self.codes.append(answer.json()["code"])

    async def use_code(self) -> None:
        if self.codes:
            naam = f"naam-{len(self.namen)}"
            body = {"code": self.pick(self.codes), "gebruikersnaam": naam, "wachtwoord": "mijn eigen wachtwoord"}
            if (await self.ask("POST", "/oauth/toegang", json=body)).status_code == 200:
                self.namen.append(naam)

    async def sign_in(self) -> None:
        naam = self.pick(self.namen) if self.namen else "beheerder"
        wachtwoord = "mijn eigen wachtwoord" if self.namen else BEHEER_WACHTWOORD
        form = {"grant_type": "password", "client_id": "veldboek", "gebruikersnaam": naam, "wachtwoord": wachtwoord}
        more = {"roltoewijzing": self.rol(self.mens())} if self.kans.random() < 0.3 else {}
        more |= {"toestel": self.pick(self.toestellen)} if self.toestellen and self.kans.random() < 0.3 else {}
        answer = await self.ask("POST", "/oauth/token", data=form | more)
        if answer.status_code == 200:
            self.tokens.append(answer.json()["access_token"])
            me = (await self.wereld.http.get("/ik", headers={"Authorization": f"Bearer {self.tokens[-1]}"})).json()
            if me.get("functionaris") not in {None, str(self.wereld.mensen["beheerder"].functionaris)}:
                raise Gelekt(f"signed in as another, {me['rol']}")

    async def make_toestel(self) -> None:
        ident, mens = str(uuid7()), self.mens()
        inhoud = {"functionaris": mens, "omschrijving": "x", "roltoewijzing": self.rol(mens)}
        if (await self.book("/toestellen", {"toestel": ident}, inhoud)).status_code == 201:
            self.toestellen.append(ident)

    async def approve(self) -> None:
        if self.toestellen:
            pad = f"/toestellen/{self.pick(self.toestellen)}"
            await self.book(f"{pad}/goedkeuring", {}, {})
            await self.book(f"{pad}/rollen", {}, {"roltoewijzing": self.rol(self.mens())})

    async def give_device_code(self) -> None:
        mens = self.mens()
        body = {"functionaris": mens, "roltoewijzing": self.rol(mens), "omschrijving": "x"}
        await self.ask("POST", "/inschrijfcodes", json=body)

    async def change(self) -> None:
        """Strike, or correct, something of his own or of another."""
        if self.ops:
            op, onderwerp = self.pick(self.ops)
            inhoud = {"registratie": op, "reden": "anders"}
            await self.book("/doorhalingen", onderwerp, inhoud)

    async def end_rol(self) -> None:
        if self.kans.random() < 0.3:
            rol = self.rol(self.mens())
            answer = await self.book(f"/roltoewijzingen/{rol}/beeindiging", {}, {"op": "2026-09-01T00:00:00Z"})
            if answer.status_code == 201:
                self.einden.append((answer.json()["opId"], rol))

    async def take_back(self) -> None:
        """Strike the end of a role, or correct it to a later one: his own of long ago too."""
        op, rol = self.kans.choice(self.einden)
        struck = {"registratie": op, "reden": "vergissing"}
        await self.book("/doorhalingen", {"roltoewijzing": rol}, struck)
        later = {"corrigeert": op, "basis": op, "reden": "later"}
        await self.book(f"/roltoewijzingen/{rol}/beeindiging", {}, {"op": "2036-09-01T00:00:00Z"}, **later)
        form = {
            "grant_type": "password", "client_id": "veldboek", "gebruikersnaam": "beheerder",
            "wachtwoord": BEHEER_WACHTWOORD, "roltoewijzing": rol,
        }  # fmt: skip
        answer = await self.ask("POST", "/oauth/token", data=form)
        if answer.status_code == 200:
            raise Gelekt("a role that ended is his again")

    async def take_in(self) -> None:
        held = (await self.ask("GET", "/quarantaine")).json().get("resultaten", [])
        if held:
            pad = f"/quarantaine/{self.kans.choice(held)['id']}"
            await self.ask("GET", pad, headers={"X-Audit-Toelichting": "ik kijk wat hier staat"})
            await self.book(f"{pad}/beoordeling", {}, {"besluit": "aanvaard", "reden": "akkoord"})

    async def look(self) -> None:
        await self.ask("GET", f"/{self.kans.choice(INHOUD)}", headers={"X-Audit-Toelichting": "nieuwsgierig hiernaar"})

    async def wait(self) -> None:
        for row in (await self.ask("GET", "/wachtend")).json().get("resultaten", []):
            await self.book(row["bevestigen"].removeprefix("/v1"), {}, {})


DADEN: tuple[Callable[[Alleen], Awaitable[None]], ...] = (
    Alleen.make_mens, Alleen.make_rol, Alleen.confirm_rol, Alleen.confirm_rol, Alleen.ask_account,
    Alleen.confirm_account, Alleen.confirm_account, Alleen.get_code, Alleen.use_code, Alleen.sign_in, Alleen.disable,
    Alleen.end_rol, Alleen.take_back, Alleen.make_toestel, Alleen.approve, Alleen.give_device_code, Alleen.change,
    Alleen.take_in, Alleen.look,
    Alleen.wait,
)  # fmt: skip


async def had_a_role(wereld: Wereld) -> tuple[str, str]:
    """He was with the police once; two others gave him the role and ended it. The op of the end, and the role."""
    rol = str(uuid7())
    inhoud = {
        "functionaris": str(wereld.mensen["beheerder"].functionaris), "rol": "pct", "gemeenten": ["GM0243"],
        "organisatie": str(wereld.organisaties["pct-oost"]), "van": "2022-01-01T00:00:00Z", "grondslag": "aanstelling",
    }  # fmt: skip
    await wereld.make("beheerder-2", "/roltoewijzingen", {"onderwerp": {"roltoewijzing": rol}, "inhoud": inhoud})
    await wereld.make("beheerder-3", f"/roltoewijzingen/{rol}/bevestiging", {"inhoud": {}})
    ended = {"inhoud": {"op": "2026-09-01T00:00:00Z"}}
    return (await wereld.make("beheerder-2", f"/roltoewijzingen/{rol}/beeindiging", ended))["opId"], rol


async def play(wereld: Wereld, reeksen: int, seed: int = 1) -> Alleen:
    await build_keten(wereld, MERK)
    me = Alleen(wereld, random.Random(seed))  # noqa: S311  # chance, not a secret
    me.mensen = [str(each.functionaris) for each in wereld.mensen.values()]
    me.rollen = [(str(each.roltoewijzing), str(each.functionaris)) for each in wereld.mensen.values()]
    me.toestellen = [str(each.toestel) for each in wereld.mensen.values() if each.toestel]
    await add_mens(wereld, "beheerder-3", "functioneel_beheerder", "harderwijk", [])
    me.einden = [await had_a_role(wereld)]
    for _ in range(reeksen):
        me.wie = me.kans.choice(me.mensen[:12] if me.kans.random() < 0.5 else me.mensen)
        for daad in me.kans.choices(DADEN, k=LENGTE):
            await daad(me)
    return me


async def test_alone_he_never_reads_content(wereld: Wereld) -> None:
    me = await play(wereld, REEKSEN)
    assert {"functionarissen", "roltoewijzingen", "accounts", "toestellen", "uitzetting"} <= me.gelukt, (
        "he can do his work"
    )
    assert me.codes == [], "no code is ever his to see: who asked does not, and nobody confirms his own"
    assert me.tokens, "he signs in as himself"


async def test_it_finds_what_one_missing_rule_would_open(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the rule on accounts away it signs in as another, so its silence says something."""
    monkeypatch.setattr(
        account_bevestigd, "why_not", lambda doc, _actor: None if "aanvraag" in doc else "niets gevraagd"
    )
    with pytest.raises(Gelekt):
        await play(wereld, 300)
