"""The upgrade drill: what release 0.1.0 left, database, files and phones, against this build.

`maken.py` made the fixtures with the code of that release. Nothing may read otherwise than it did, unless it stands
in `ANDERS`, with the reason; fields may be added. The clock stands at the moment at which they were made.
"""

import json
import lzma
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from httpx import ASGITransport
from pydantic import SecretStr, ValidationError

from app.access.geheimen import load_geheimen
from app.database import create_engine
from app.dependencies import get_now
from app.lifespan import open_ledger, prepare_database
from app.postgres import Server
from app.services.beheer import herbouw
from app.services.beheer.nakijken import accept_restored, check_everything
from app.services.bewaken.aanvang import GrootboekTeruggezet
from app.services.bewaken.merkteken import mark_place
from app.settings import Settings
from tests.conftest import own_database, serving
from tests.hulp.documenten import hold_documents
from tests.hulp.sync_proef import select
from tests.hulp.uitgave import ORIGIN, UITGAVE, Telefoons, differences, load_dump, read_verwacht, unpack
from tests.upgrade.vragen import ask_all
from veldboek_client.bijlagen import Bijlagen
from veldboek_client.verbinding import ApiProbleem, Inlog, Verbinding

ROOT = Path(__file__).parents[2]
NIET_ZIJN_WERK = (
    "aanleidingen", "afronding", "begonnenOp", "benadering", "bevindingen", "bijlagen", "binnentreden", "coordinator",
    "correcties", "deelnemers", "eindeOp", "hulp", "initiatief", "overtredingen", "overtredingen.personen", "personen",
    "planning", "situatie", "start", "telling", "venster",
)  # fmt: skip
NIET_AAN_DE_DEUR = (
    "adressaten", "bekendmakingen.adressaat", "toepassing.evenredigheidstoets", "verbeurten", "verlengingen",
    "voornemen", "zienswijzen",
)  # fmt: skip
ANDERS: dict[tuple[str, str, str], str] = {
    ("*", "ik", "permissies locaties:verwijzen weg"): "naming a place asks that one was shown it: no row opens it",
    ("*", "maatregelen", "rij.status anders"): "a closure past its last day reads as over, also before that was booked",
    ("*", "quarantaine", "probleem weg"): "what boa's investigate another boa decides on: he has a desk, empty here",
    ("*", "ik", "permissies account:beheren weg"): "an account is asked, confirmed and disabled, by two people",
    ("*", "controles", "probleem weg"): "who guides after the door sees where help was offered",
    ("*", "controles", "rij erbij"): "the same, once `herbouw` folded them again",
    ("*", "controles", "rij.hulp anders"): "help stays with who offered it",
    ("*", "cijfers altijd", "perioden anders"): "empty years stand among the others, and say that nothing is known",
    **{
        ("burgemeester-1", naam, "signalenPerBron weg"): "by source some are small: not told to who does not steer"
        for naam in ("cijfers 2023", "cijfers altijd")
    },
    **{
        ("burgemeester-1", "cijfers altijd", f"{naam} weg"): "different places are told of one year (ADR 28)"
        for naam in ("locaties", "locatiesPerSoort")
    },
    **{
        ("*", naam, "probleem weg"): "jurist and PCT ask the figures of their own area"
        for naam in ("cijfers 2023", "cijfers altijd")
    },
    **{
        ("*", "controles", f"rij.{veld} weg"): "the team sees its work, others the door (ADR 22)"
        for veld in NIET_ZIJN_WERK
    },
    **{
        ("*", "maatregelen", f"rij.{veld} weg"): "how a measure came about is for who decides"
        for veld in NIET_AAN_DE_DEUR
    },
}
"""What reads otherwise than the release read it, on purpose: (account or *, list, what) and why."""
VOUWT_ANDERS = True
"""Whether `herbouw` gives this ledger other documents than were folded then: it begins a new epoch, all fetch anew."""


@dataclass
class NaUpdate:
    """The ledger of the release on this build: the API in front of it, and what lay on the phones."""

    database: Server
    http: httpx.AsyncClient
    verwacht: dict[str, Any]
    accounts: dict[str, Any]
    stack: AsyncExitStack

    def set_clock(self, **later: float) -> None:
        moment = datetime.fromisoformat(self.verwacht["moment"]) + timedelta(**later)
        self.http.app.dependency_overrides[get_now] = lambda: moment

    async def connect(self, inlog: Inlog) -> Verbinding:
        transport = ASGITransport(self.http.app, raise_app_exceptions=False)
        return await self.stack.enter_async_context(Verbinding("http://127.0.0.1:8000", inlog, transport=transport))

    async def ask(self, wie: str) -> dict[str, Any]:
        account = self.accounts[wie]
        return await ask_all(await self.connect(Inlog(account["gebruikersnaam"], account["wachtwoord"])))


@pytest.fixture
async def na_update(server: Server, tmp_path: Path) -> AsyncIterator[NaUpdate]:
    """The fixtures put in place, migrated and served by this build: what was folded then fits the classes of now."""
    home = unpack("thuis.tar.xz", tmp_path / "thuis")
    async with own_database(server, "template0") as database, AsyncExitStack() as stack:
        load_dump(database.beheer_url)
        await prepare_database(database.beheer_url, ORIGIN)
        await hold_documents(database)
        http = await stack.enter_async_context(serving(database, home, origin=ORIGIN))
        accounts = json.loads((home / "demo.json").read_text())["accounts"]
        found = NaUpdate(database, http, read_verwacht(), accounts, stack)
        found.set_clock(hours=1)
        yield found


@pytest.fixture
def telefoons(na_update: NaUpdate, tmp_path: Path) -> Telefoons:
    return Telefoons(unpack("telefoons.tar.xz", tmp_path / "telefoons"), na_update.connect, na_update.stack)


async def read_all(na_update: NaUpdate) -> set[tuple[str, str, str]]:
    """What of `ANDERS` shows; anything else that reads otherwise fails here."""
    found: set[tuple[str, str, str]] = set()
    for wie, was in na_update.verwacht["accounts"].items():
        now = await na_update.ask(wie)
        found |= {(wie, naam, what) for naam in was for what in differences(was[naam], now.get(naam))}
    named = {each: each if each in ANDERS else ("*", *each[1:]) for each in found}
    undeclared = sorted(each for each, name in named.items() if name not in ANDERS)
    assert not undeclared, f"reads otherwise than release {UITGAVE}; on purpose? then say why in ANDERS: {undeclared}"
    return set(named.values())


async def read_facts(database: Server) -> list[str]:
    """All that counts, in whatever order it stands."""
    query = "SELECT (to_jsonb(f) - 'volgnummer')::text FROM lees.cijferfeit f ORDER BY 1"
    return [fact for (fact,) in await select(database, query)]


async def test_everything_reads_as_before_and_folds_to_the_same(na_update: NaUpdate) -> None:
    """Broken once: a bevinding folded without its `wijze`; `controles` lacks the field for everybody, after herbouw."""
    seen = {
        naam: rows for was in na_update.verwacht["accounts"].values() for naam, rows in was.items() if len(rows) > 1
    }
    assert {"signalen", "controles", "maatregelen", "rapportages", "quarantaine", "mensenhandelsignalen"} <= set(seen)
    await read_all(na_update)
    facts = await read_facts(na_update.database)
    engine = create_engine(na_update.database.beheer_url, pool_size=1)
    first, again = await herbouw.rebuild(engine), await herbouw.rebuild(engine)
    await engine.dispose()
    assert ((first.epoch is not None), again.epoch) == (VOUWT_ANDERS, None)
    await hold_documents(na_update.database)
    assert facts == await read_facts(na_update.database), "what the migrations made of documents is what folding gives"
    assert await read_all(na_update) == set(ANDERS), "what is declared to read otherwise does"


async def test_its_ledger_is_sound_and_the_first_start_sets_a_mark(na_update: NaUpdate, tmp_path: Path) -> None:
    """It had none: all of it is checked once, and from then on a mark that is gone is missed."""
    settings = Settings(veldboek_home=tmp_path, grootboek_naam=ORIGIN)
    assert await open_ledger(settings, na_update.database.app_url) is None
    plaats = mark_place(settings, load_geheimen(settings))
    engine = create_engine(na_update.database.beheer_url, pool_size=1)
    await herbouw.rebuild(engine)
    size, _ = await check_everything(engine, plaats, ORIGIN)
    await engine.dispose()
    mark = plaats.read()
    assert mark is not None
    assert mark.size == size > 0
    plaats.pad.unlink()
    with pytest.raises(GrootboekTeruggezet):
        await open_ledger(settings, na_update.database.app_url)


@pytest.mark.parametrize("tijdperk", ["zelfde", "nieuw"])
async def test_the_outbox_of_a_phone_arrives_whole(na_update: NaUpdate, telefoons: Telefoons, tijdperk: str) -> None:
    """Each unsent operation is accepted, the one whose answer was lost is there once, and the file is bound.

    Broken once: version 1 of bevinding.vastgelegd out of `eerdere`; then one lies in quarantine.
    """
    before = (await na_update.ask("regisseur-1"))["quarantaine"]
    if tijdperk == "nieuw":
        engine = create_engine(na_update.database.beheer_url, pool_size=1)
        await accept_restored(engine, 100)
        await engine.dispose()
    een, twee = await telefoons("telefoon-1"), await telefoons("telefoon-2")
    unsent = [u.op_id for u in een.opslag.outcomes() if u.staat == "wacht"]
    assert len(unsent) == 10
    done = await een.sync()
    assert (done["accepted"], set(done)) == (9, {"accepted", "duplicate"})
    assert {(u.staat, u.status) for u in een.opslag.outcomes() if u.op_id in unsent} == {("verstuurd", "accepted")}
    assert dict(await twee.sync()) == {"accepted": 1}, "what it is about came from the other phone"
    bijlagen = Bijlagen(een.verbinding, een.opslag)
    await bijlagen.send()
    assert {b.staat for b in een.opslag.files()} <= {"gebonden", "compleet"}
    for toestel in (een, twee):
        assert toestel.opslag.waiting() == []
        await toestel.sync()
        assert await toestel.verify()
    assert (await na_update.ask("regisseur-1"))["quarantaine"] == before


async def test_an_old_cursor_and_an_old_login_still_work_or_say_what_to_do(
    na_update: NaUpdate, telefoons: Telefoons
) -> None:
    """Once it ran out the phone signs in anew, and delivers all the same."""
    toestel = await telefoons("telefoon-1")
    cursor, token = toestel.opslag.get("cursor"), telefoons.told("telefoon-1")["refresh_token"]
    form = {"grant_type": "refresh_token", "client_id": "veldboek", "refresh_token": token}
    answer = await na_update.http.post("/oauth/token", data=form)
    assert answer.status_code == 200, answer.text
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    pulled = await na_update.http.get("/sync/pull", params={"cursor": cursor}, headers=bearer)
    told = pulled.json().get("type", "").rpartition("/")[2]
    assert (pulled.status_code, told) in {(200, ""), (410, "cursor-verlopen"), (409, "epoch-gewijzigd")}
    na_update.set_clock(days=40)
    late = await na_update.http.post("/oauth/token", data=form)
    assert (late.status_code, late.json()["type"]) == (400, "/problemen/aanmelden-mislukt")
    assert (await toestel.sync())["accepted"] == 9


@pytest.mark.parametrize(
    ("naam", "slug"), [("verloren", "toestel-ingetrokken"), ("wacht-op-goedkeuring", "toestel-niet-goedgekeurd")]
)
async def test_a_phone_that_may_not_is_told_so_as_before(telefoons: Telefoons, naam: str, slug: str) -> None:
    """The lost one erases itself, as it was ordered under the old release."""
    toestel = await telefoons(naam)
    with pytest.raises(ApiProbleem) as caught:
        await toestel.sync()
    assert caught.value.slug == slug
    assert toestel.opslag.documents("signalen") == {}


def test_its_keys_and_name_are_of_a_demo() -> None:
    """Nobody can take this ledger for one in use: outside the demo its name is refused."""
    with pytest.raises(ValidationError, match="GROOTBOEK_NAAM"):
        Settings(
            database_url=SecretStr("postgresql://app@127.0.0.1/x"),
            database_url_beheer=SecretStr("postgresql://beheer@127.0.0.1/x"),
            token_sleutel=Path("x"),
            ververs_geheim=Path("x"),
            public_url="https://veldboek.example",
            grootboek_naam=ORIGIN,
        )


def test_the_contract_of_the_release_is_kept() -> None:
    contract = yaml.load(
        lzma.decompress((ROOT / f"docs/uitgaven/{UITGAVE}/openapi.yaml.xz").read_bytes()), yaml.CSafeLoader
    )
    assert contract["info"]["version"] == UITGAVE
    assert {"/sync/push", "/gezondheid", "/controles"} <= set(contract["paths"])
