"""The examples of the contract: what was asked and answered when the demo played its year, and somebody looked round.

``python -m tests.hulp.contractvoorbeelden`` writes ``app/openapi/voorbeelden.json``. What changes at each play stands
there as something made up: ids, moments of this year, secrets. An act that the demo does not do takes its content from
the stories of tests/hulp/voorbeelden.py.
"""

import asyncio
import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
from httpx import ASGITransport, AsyncClient
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from uuid_utils.compat import uuid7

from app.database import create_engine
from app.inrichten import ensure_head, migrate
from app.openapi import PREFIX, operations
from app.openapi.voorbeelden import FILE
from app.postgres import EmbeddedPostgres
from app.registraties.act import Act, Registratie
from app.registraties.register import ACTEN
from app.routers.vastleggen import path_of
from app.routers.verzoeken import body_model
from tests.conftest import ORIGIN, serving
from tests.hulp.antwoorden import contract
from tests.hulp.gespeeld_jaar import JAAR, Demo, play_year
from tests.hulp.opname import UUID_TEXT, Opname, Taken, names_in, shorten
from tests.hulp.voorbeelden import START, VERHALEN

NU: Final = "2024-01-08T10:30:00+01:00"
SENT: Final = "verzondenOp=2024-01-08T09:30:00Z"
REDEN: Final = {"X-Audit-Toelichting": "vraag van de rechter-commissaris"}
STROOM: Final = "/sync/stroom"
"""Goes on until somebody goes away; events, no JSON."""
_MOMENT: Final = re.compile(r"20(?:2[5-9]|[3-9]\d)-\d\d-\d\d(T[\d:.]+(?:Z|[+-]\d\d:\d\d))?")
_SECRET: Final = re.compile(r"(?=[^ ]*\d)[A-Za-z0-9_-]{20,}")
_DAY: Final = re.compile(r"20\d\d-\d\d-\d\d")
LONGEST: Final = 86
"""Characters of a signature; tokens and cursors have more, which show nothing."""
_HEX: Final = re.compile(r"[0-9a-f]{32,}")


class Verzonnen:
    """Puts something made up in the place of what differs at each play; the same for the same, all through the file."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def replace(self, said: Any) -> Any:
        """An example with nothing of this play in it."""
        if isinstance(said, dict):
            return {self._text(name): self.replace(value) for name, value in said.items()}
        if isinstance(said, list):
            return [self.replace(each) for each in said]
        return self._text(said) if isinstance(said, str) else said

    def _text(self, text: str) -> str:
        text = UUID_TEXT.sub(lambda found: self._id(found[0]), text)
        text = _MOMENT.sub(lambda found: "2024-01-08" + ("T09:30:00Z" if found[1] else ""), text)
        if UUID_TEXT.search(text):
            return text
        return _SECRET.sub(lambda found: _made_up(found[0]), text)

    def _id(self, ident: str) -> str:
        made = str(UUID(int=Random(len(self._ids)).getrandbits(128), version=4))  # noqa: S311
        fresh = made[:14] + ident[14] + made[15:]  # of the same version: an opId is a 4, a new document a 7
        return self._ids.setdefault(ident, fresh)


def _made_up(secret: str) -> str:
    of = "0123456789abcdef" if _HEX.fullmatch(secret) else "voorbeeld"
    return (of * len(secret))[: min(len(secret), LONGEST)]


@dataclass
class Dagen:
    """Some days after the year, for what it has not: a slip of the pen, a difference, a phone that was lost."""

    demo: Demo
    opname: Opname
    seq: int = 0
    """How far the phone has counted."""

    async def send(self, wie: str, method: str, pad: str, body: Any = None, **headers: str) -> Any:
        """As somebody of the year; raises AssertionError when it is refused."""
        answer = await self.ask(wie, method, pad, body, **headers)
        assert answer.is_success, (wie, method, pad, answer.text)
        return answer.json() if answer.content else None

    async def ask(self, wie: str, method: str, pad: str, body: Any = None, **headers: str) -> httpx.Response:
        """The same, whatever comes of it."""
        await self.demo.get(wie, "/ik")
        token = self.demo.accounts[wie]["token"]
        return await self.demo.http.request(
            method, pad, json=body, headers={"Authorization": f"Bearer {token}", **headers}
        )

    async def record(self, wie: str, pad: str, onderwerp: dict[str, str] | None, inhoud: dict[str, Any]) -> None:
        """An act from behind a desk."""
        body = {"waargenomenOp": NU, "inhoud": inhoud} | ({"onderwerp": onderwerp} if onderwerp else {})
        await self.send(wie, "POST", pad, body, **{"Idempotency-Key": str(uuid4())})

    def op(self, soort: str, onderwerp: dict[str, str], inhoud: dict[str, Any], **more: Any) -> dict[str, Any]:
        """One from the phone that makes no promise to sign."""
        self.seq += 1
        when = {"waargenomenOp": NU, "vastgelegdOp": NU}
        ids = {"opId": str(uuid4()), "deviceSeq": self.seq}
        return {
            **ids,
            "soort": soort,
            "versie": ACTEN[soort].versie,
            "onderwerp": onderwerp,
            **when,
            "inhoud": inhoud,
            **more,
        }

    async def push(self, *ops: dict[str, Any]) -> None:
        """What the phone sends in one batch."""
        batch = {"batchId": str(uuid4()), "verzondenOp": NU, "ops": list(ops)}
        await self.send("boa-3", "POST", "/sync/push", batch)

    async def slip_and_differ(self) -> None:
        """One report twice, one that differs, one of an advertentie that is not there, one with a photo on its way."""
        inhoud = {"bron": "overlastmelding", "gemeente": "GM0243", "overlastsoort": "geluid"}
        ops = [self.op("signaal.gemeld", {"signaal": str(uuid7())}, inhoud) for _ in range(2)]
        foto = {"id": str(uuid4()), "sha256": "ab" * 32, "grootte": 4183321, "mediatype": "image/jpeg"}
        ops[0]["bijlagen"] = [foto]
        await self.push(
            *ops, self.op("signaal.gemeld", {"signaal": str(uuid7())}, {"bron": "advertentie", "gemeente": "GM0243"})
        )
        first, twice = ops
        why = {"corrigeert": first["opId"], "basis": first["opId"], "reden": "verkeerd gehoord"}
        for soort in ("aanloop", "vervuiling"):
            await self.push(self.op("signaal.gemeld", first["onderwerp"], inhoud | {"overlastsoort": soort}, **why))
        await self.record(
            "boa-3", "/doorhalingen", twice["onderwerp"], {"registratie": twice["opId"], "reden": "dubbel"}
        )
        told = (await self.demo.get("regisseur-1", f"/signalen/{first['onderwerp']['signaal']}")).json()
        (other,) = told["verschillen"]
        chosen = {"keuze": other["opId"], "verworpen": other["geldt"], "reden": "zo staat het in het logboek"}
        await self.record("regisseur-1", "/verschilbeoordelingen", first["onderwerp"], chosen)
        held = (await self.demo.get("regisseur-1", "/quarantaine")).json()["resultaten"][0]["id"]
        await self.send("regisseur-1", "GET", f"/quarantaine/{held}", **REDEN)
        await self.record(
            "regisseur-1",
            f"/quarantaine/{held}/beoordeling",
            None,
            {"besluit": "geweigerd", "reden": "leg het opnieuw vast"},
        )

    async def follow(self) -> None:
        """What stock clients send, once more; whether a phone has it all; and a list with all that may be asked."""
        for ident in await _idents(self.demo, "regisseur-1", "/controles/{id}"):
            await self.send("regisseur-1", "GET", f"/controles?id={ident}&totaal=true&namen=true")
        page = (await self.demo.get("boa-3", "/sync/pull")).json()
        await self.send("regisseur-1", "GET", "/bijlagen/ontbrekend?collectie=signalen")
        await self.send("boa-3", "POST", "/sync/verify", {"cursor": page["cursor"], "collecties": {}})
        op = self.op("signaal.gemeld", {"signaal": str(uuid7())}, {"bron": "overlastmelding", "gemeente": "GM0243"})
        row = {"id": op.pop("opId"), **{name: value for name, value in op.items() if name != "deviceSeq"}}
        await self.send("boa-3", "POST", f"/sync/rxdb/registraties/push?{SENT}", [{"newDocumentState": row}])
        text = {name: json.dumps(row[name]) for name in ("onderwerp", "inhoud")}
        table = {"created": [{**row, **text}], "updated": [], "deleted": []}
        await self.send("boa-3", "POST", f"/sync/watermelon/push?{SENT}", {"registraties": table})

    async def grant(self) -> None:
        """A ground that waits for the other administrator, and then holds."""
        ident, inhoud = (
            str(uuid4()),
            {"gemeentecode": "GM0243", "van": "2024-01-01", "bepaling": "verzonnen: voor de demo"},
        )
        await self.record("beheerder", "/grondslagen-bijzonder", {"grondslagbijzonder": ident}, inhoud)
        await self.send("beheerder-2", "GET", "/wachtend")
        await self.record("beheerder-2", f"/grondslagen-bijzonder/{ident}/bevestiging", None, {})

    async def help_one(self) -> None:
        """A controle at which somebody was met, and offered help: there is a ground for it now."""
        me = (await self.demo.get("boa-3", "/ik")).json()
        controle, persoon = str(uuid7()), str(uuid7())
        location, place = str(uuid7()), self.opname.ops["locatie.vastgelegd"]["inhoud"]
        who = {"functionaris": me["functionaris"], "organisatie": me["organisatie"], "taak": "coordineert"}
        start = {name: START[name] for name in ("benadering", "situatie", "binnentreden")}
        start |= {"deelnemers": [who], "initiatief": who["organisatie"]}
        start |= {"coordinator": who["functionaris"], "aanleidingen": [{"soort": "thema"}], "hoedanigheid": "toezicht"}
        about = {"controle": controle, "persoon": persoon}
        where = {"controle": controle, "locatie": location}
        met, offered = (
            {"rol": "sekswerker"},
            {"aangeboden": True, "aanvaard": "ja", "doorverwezenNaar": ["comensha"], "toestemming": True},
        )
        await self.push(
            self.op("locatie.vastgelegd", {"locatie": location}, place),
            self.op("controle.gestart", where, start),
            self.op("persoon.aangetroffen", about, {"hoedanigheid": "toezicht"} | met),
            self.op("hulp.aangeboden", about, {"hoedanigheid": "toezicht"} | offered),
        )

    async def look_into(self) -> None:
        """What is shown with a reason only."""
        for pad, part in (("mensenhandelsignalen", ""), ("controles", "/hulp")):
            for wie in self.demo.accounts:
                for ident in await _idents(self.demo, wie, f"/{pad}/{{id}}"):
                    await self.ask(wie, "GET", f"/{pad}/{ident}{part}", **REDEN)

    async def lose(self) -> None:
        """Logins end, a password is chosen anew, and a phone is told to erase itself."""
        account = self.demo.accounts["boa-3"]
        login = {"gebruikersnaam": account["gebruikersnaam"], "wachtwoord": account["wachtwoord"]}
        await self.demo.http.post("/oauth/sessie", json=login, headers={"Origin": "http://127.0.0.1:8000"})
        self.demo.http.cookies.clear()
        fresh = {"grant_type": "password", "client_id": "veldboek", **login, "toestel": account["toestel"]}
        token = (await self.demo.http.post("/oauth/token", data=fresh)).json()["refresh_token"]
        await self.demo.http.post("/oauth/revoke", data={"client_id": "veldboek", "token": token})
        chosen = {"huidig": account["wachtwoord"], "nieuw": "negen eenden op de sloot"}
        await self.send("boa-3", "POST", "/oauth/wachtwoord", chosen)
        fresh["wachtwoord"] = chosen["nieuw"]
        del account["token"]
        account["wachtwoord"] = chosen["nieuw"]
        await self.send("boa-3", "DELETE", "/aanmeldingen")
        await self.record("beheerder", f"/toestellen/{account['toestel']}/intrekking", None, {"reden": "gestolen"})
        order = (await self.demo.http.post("/oauth/token", data=fresh)).json()["opdracht"]
        await self.demo.http.post("/toestelopdrachten/uitvoering", json={"opdracht": order})


async def live_on(demo: Demo, http: AsyncClient, opname: Opname) -> None:
    """The days after, and everybody reads all that he may, until each operation that only reads was answered."""
    async with AsyncClient(transport=opname.wrap(ASGITransport(http.app)), base_url=http.base_url) as client:
        await _live(Dagen(demo.at(client), opname), opname)
    tell_acts(opname)


async def _live(days: "Dagen", opname: Opname) -> None:
    await days.slip_and_differ()
    await days.follow()
    await days.grant()
    await days.help_one()
    await days.look_into()
    for path, method, operation in operations(contract()):
        if method == "get" and path != STROOM and not opname.has(operation["operationId"]):
            await _ask(days.demo, opname, path, operation)
    await days.lose()


async def _ask(demo: Demo, opname: Opname, path: str, operation: dict[str, Any]) -> None:
    params = JAAR if path.startswith("/cijfer") else {}
    for wie in demo.accounts:
        for ident in await _idents(demo, wie, path):
            await demo.get(wie, re.sub(r"{\w+}", ident, path), **params)
        if opname.has(operation["operationId"]):
            return


async def _idents(demo: Demo, wie: str, path: str) -> list[str]:
    if "{" not in path:
        return [""]
    found = await demo.get(wie, path.partition("/{")[0])
    return [each["id"] for each in found.json().get("resultaten", ())] if found.is_success else []


def tell_acts(opname: Opname) -> None:
    """The body of each act behind a desk: as the demo said it, or from a device of it, or from the stories."""
    stories = [r for verhaal in VERHALEN.values() for r in verhaal]
    for act in ACTEN.values():
        if act.pad is None:
            continue
        name = opname.name("POST", PREFIX + path_of(act))
        assert name is not None, act.soort
        known = opname.taken.setdefault(name, {})
        if "vraag" not in known:
            said = [opname.ops[act.soort]] if act.soort in opname.ops else []
            said += [as_op(r) for r in stories if r.soort == act.soort]
            bodies = (_body_of(act, shorten(op)) for op in said)
            known["vraag"] = body = next(body for body in bodies if body is not None)
            opname.said.setdefault(name, set()).update(names_in(body))


def as_op(r: Registratie) -> dict[str, Any]:
    """An entry of a story as a device would send it, on the last day that it names."""
    inhoud = (
        r.inhoud.model_dump(mode="json", by_alias=True, exclude_unset=True)
        if isinstance(r.inhoud, BaseModel)
        else r.inhoud
    )
    about = {to_camel(key): str(ident) for key, ident in r.onderwerp.items()}
    last = max([*_DAY.findall(json.dumps(inhoud)), r.waargenomen_op.date().isoformat()])
    return {"waargenomenOp": f"{last}T12:00:00+01:00", "onderwerp": about, "inhoud": inhoud}


def _body_of(act: Act, op: dict[str, Any]) -> dict[str, Any] | None:
    in_path = {*re.findall(r"{(\w+)}", path_of(act))}
    inhoud = {name: value for name, value in op["inhoud"].items() if name != "adres"}  # it asks for a postcode
    body = {"waargenomenOp": op["waargenomenOp"], "inhoud": inhoud}
    about = {key: value for key, value in op["onderwerp"].items() if key not in in_path}
    body |= {"onderwerp": about} if about else {}
    try:
        TypeAdapter(body_model(act, in_path)).validate_python(body)
    except ValidationError:
        return None
    return body


async def take() -> Taken:
    """Play the year into a ledger of its own, look round, and say what was asked and answered."""
    opname = Opname()
    with tempfile.TemporaryDirectory(prefix="voorbeelden-") as made:
        home = Path(made)
        home.chmod(0o755)  # noqa: ASYNC240
        with EmbeddedPostgres(home / "home") as server:
            engine = create_engine(server.beheer_url, pool_size=1)
            await migrate(engine)
            await ensure_head(engine, ORIGIN)
            await engine.dispose()
            async with serving(server, home) as http:
                demo = await play_year(http, server, home, opname)
                await live_on(demo, http, opname)
    return opname.taken


def main() -> None:
    """Write the file."""
    verzonnen = Verzonnen()
    told = {name: verzonnen.replace(said) for name, said in sorted(asyncio.run(take()).items())}
    FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
