"""What the tests of sync share: small operations, raw bodies, and a look behind the API."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from httpx import Response
from sqlalchemy import text
from uuid_utils.compat import uuid7

from app.database import create_engine
from app.dependencies import get_now
from app.models.account import Aanmelding
from app.postgres import Server
from app.services.boeken.uitstel import LANGST
from tests.hulp.wereld import Persona, Wereld, add_toestel

ALTIJD = {"gemeente": "GM0243", "van": "1900-01-01", "totEnMet": "2199-12-31"}


def melding(wereld: Wereld, wie: str, signaal: UUID | None = None, *, inhoud: Any = None, **velden: Any) -> Any:
    """A new signaal in Harderwijk; `inhoud` is added to the smallest payload."""
    smallest = {"bron": "overlastmelding", "gemeente": "GM0243"}
    return wereld.op(wie, "signaal.gemeld", {"signaal": signaal or uuid7()}, smallest | (inhoud or {}), **velden)


def oordeel(wereld: Wereld, wie: str, signaal: UUID, **velden: Any) -> Any:
    """A judgement of a signaal: it names something that has to be there."""
    return wereld.op(wie, "signaal.beoordeeld", {"signaal": signaal}, {"uitkomst": "onvoldoende"}, **velden)


def mensenhandel(wereld: Wereld, wie: str, **velden: Any) -> Any:
    inhoud = {
        "gemeente": "GM0243",
        "soort": "uitbuiting",
        "indicatoren": [{"code": "angst", "bron": "waargenomen"}],
    }
    return wereld.op(wie, "mensenhandelsignaal.vastgelegd", {"mensenhandelsignaal": uuid7()}, inhoud | velden)


def correctie(wereld: Wereld, wie: str, van: Any, *, basis: Any = None, **inhoud: Any) -> Any:
    """A correction of the operation `van`, made by who knew `basis` (or only the original)."""
    op = wereld.op(wie, van["soort"], van["onderwerp"], van["inhoud"] | inhoud, versie=van["versie"])
    known = (basis or van)["opId"]
    return op | {"corrigeert": van["opId"], "basis": known, "reden": "vergissing"}


def doorhaling(wereld: Wereld, wie: str, van: Any, kind: str) -> Any:
    inhoud = {"registratie": van["opId"], "reden": "dubbel vastgelegd"}
    return wereld.op(wie, "doorhaling", {kind: van["onderwerp"][kind]}, inhoud)


def controle(wereld: Wereld, wie: str) -> tuple[Any, Any]:
    """A place where nobody lives, and a controle that starts there."""
    locatie, ident = uuid7(), uuid7()
    pand = {
        "soort": "bedrijfspand",
        "feitelijkBewoond": "nee",
        "gemeente": "GM0243",
        "bagId": f"{ident.int % 10**16:016}",
    }
    gestart = {"benadering": "aangebeld", "situatie": "toegang_verleend"}
    return (
        wereld.op(wie, "locatie.vastgelegd", {"locatie": locatie}, pand),
        wereld.op(wie, "controle.gestart", {"controle": ident, "locatie": locatie}, gestart),
    )


async def accepted(wereld: Wereld, wie: str, *ops: Any) -> list[dict[str, Any]]:
    """Push `ops` and make sure that all were accepted: the ground a test stands on."""
    results = await wereld.push(wie, *ops)
    assert [result["status"] for result in results] == ["accepted"] * len(ops), results
    return results


async def push_at(wereld: Wereld, wie: str, moment: datetime, *ops: Any) -> list[dict[str, Any]]:
    """Push when it is `moment` on the server, with a login of then."""
    async with wereld.http.app.state.proces.sessionmaker.begin() as session:
        (await session.get_one(Aanmelding, wereld.mensen[wie].functionaris)).laatst_gebruikt_op = moment
    overrides = wereld.http.app.dependency_overrides
    overrides[get_now] = lambda: moment
    try:
        body = {"batchId": str(uuid4()), "verzondenOp": moment.isoformat(), "ops": list(ops)}
        answer = await wereld.http.post("/sync/push", json=body, headers=wereld.headers(wie, nu=moment))
    finally:
        del overrides[get_now]
    assert answer.status_code == 200, answer.text
    return answer.json()["resultaten"]


async def give_up(wereld: Wereld, wie: str, *ops: Any) -> list[dict[str, Any]]:
    """Send what has to wait, and again once that took too long: what becomes of it."""
    assert {result["status"] for result in await wereld.push(wie, *ops)} == {"deferred"}
    return await push_at(wereld, wie, datetime.now(UTC) + LANGST, *ops)


def verdict(result: dict[str, Any]) -> tuple[str, str | None]:
    return result["status"], result["code"]


async def handshake(wereld: Wereld, wie: str) -> dict[str, Any]:
    body = {"protocollen": [1], "appVersie": "proef", "toestelTijd": datetime.now(UTC).isoformat()}
    answer = await wereld.http.post("/sync/handshake", json=body, headers=wereld.headers(wie))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def head(wereld: Wereld) -> int:
    """The size of the ledger."""
    return (await handshake(wereld, "avim-1"))["head"]


async def second_device(wereld: Wereld, wie: str) -> str:
    """The same person on a tablet; the name of that persona."""
    phone = wereld.mensen[wie]
    tablet = await add_toestel(wereld, wie, omschrijving="tablet")
    wereld.mensen[f"{wie}-tablet"] = Persona(phone.functionaris, phone.roltoewijzing, tablet)
    return f"{wie}-tablet"


def raw_op(op: dict[str, Any], inhoud: str) -> str:
    """The JSON text of `op` with `inhoud` put in as it is, sound or not."""
    return json.dumps(op | {"inhoud": "@"}).replace('"@"', inhoud)


def raw_batch(*ops: str) -> bytes:
    start = json.dumps({"batchId": str(uuid4()), "verzondenOp": datetime.now(UTC).isoformat()})
    return f'{start[:-1]}, "ops": [{", ".join(ops)}]}}'.encode()


async def send(wereld: Wereld, wie: str, body: bytes, **headers: str) -> Response:
    given = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return await wereld.http.post("/sync/push", content=body, headers=wereld.headers(wie) | given)


async def results_of(wereld: Wereld, wie: str, *ops: str) -> list[dict[str, Any]]:
    answer = await send(wereld, wie, raw_batch(*ops))
    assert answer.status_code == 200, answer.text
    return answer.json()["resultaten"]


async def select(database: Server, query: str, **values: Any) -> list[Any]:
    """Rows as the owner of the database sees them: for what no API shows."""
    engine = create_engine(database.beheer_url, pool_size=1)
    async with engine.connect() as connection:
        rows = (await connection.execute(text(query), values)).all()
    await engine.dispose()
    return list(rows)


async def counted(wereld: Wereld) -> dict[str, int]:
    """The signalen that count in the figures, per source."""
    told = (await wereld.get("regisseur-1", "/cijfers", **ALTIJD)).json()
    assert ("signalenPerBron" in told) is not told.get("geenGegevens", False)
    return told.get("signalenPerBron", {})
