"""Whatever is folded live can be folded again from the ledger alone, to the last row."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from app.services.beheer import herbouw
from app.services.boeken import boek
from tests.hulp.herbouw import changed, dump, push_one, rebuild, run_sql, strike
from tests.hulp.keten import HARDERWIJK, Keten, book, build_keten, team
from tests.hulp.wereld import Wereld

FILLED = {
    "account", "attendering", "cijferfeit", "controle", "feed", "functionaris", "geschiedenis",
    "grondslagbijzonder", "locatie", "maatregel",
    "mensenhandelsignaal", "ontvangst", "organisatie", "rapportage", "roltoewijzing", "signaal", "toestel",
}  # fmt: skip


async def enrich(wereld: Wereld, keten: Keten) -> None:
    """Corrections, conflicts of both kinds, strikes, quarantines, a second start, a practice record."""
    controle, locatie, gone = uuid7(), keten["pand"], uuid7()
    here = {"controle": controle}
    start = {"benadering": "aangebeld", "situatie": "toegang_verleend", "deelnemers": team(wereld, boa_1="voert_uit")}
    bevinding = {"code": "drugs", "aard": "feit", "wijze": "waargenomen", "tekst": "eerst"}
    _, first, second, _ = await book(
        wereld,
        "boa-1",
        ("controle.gestart", {**here, "locatie": locatie}, start),
        ("bevinding.vastgelegd", {**here, "bevinding": uuid7()}, bevinding),
        ("persoon.aangetroffen", {**here, "persoon": uuid7()}, {"rol": "klant"}),
        ("signaal.gemeld", {"signaal": gone}, {"bron": "overlastmelding", "gemeente": HARDERWIJK}),
    )
    newer = await push_one(wereld, "boa-1", changed(first, {"tekst": "toen"}), "accepted")
    await push_one(wereld, "boa-1", changed(first, {"tekst": "anders"}), "conflict")
    await push_one(wereld, "boa-1", changed(first, {"uitkomst": "aangetroffen"}), "conflict")
    await push_one(wereld, "boa-1", changed(first, {"tekst": "slot"}, basis=newer["opId"]), "accepted")
    await push_one(wereld, "boa-1", strike(here, second["opId"]), "accepted")
    (melding,) = await book(
        wereld, "boa-1", ("signaal.gemeld", {"signaal": uuid7()}, {"bron": "overlastmelding", "gemeente": HARDERWIJK})
    )
    await push_one(
        wereld, "boa-1", strike({"signaal": UUID(melding["onderwerp"]["signaal"])}, melding["opId"]), "accepted"
    )
    again = {"controle": controle, "locatie": locatie}
    await book(wereld, "boa-1", ("controle.gestart", again, start))
    await book(wereld, "boa-1", ("iets.nieuws", {"iets": uuid7()}, {"a": 1.5}), status="quarantined")
    oefening = {"soort": "persoon.aangetroffen", "onderwerp": {**here, "persoon": uuid7()}, "inhoud": {"rol": "klant"}}
    await push_one(wereld, "boa-1", {**oefening, "oefening": True}, "accepted")
    await book(wereld, "boa-1", ("maatregel.opgelegd", {"maatregel": uuid7()}, {}), status="quarantined")
    await decide(wereld, first)


async def decide(wereld: Wereld, first: dict[str, Any]) -> None:
    """One difference is settled; of what is in quarantine one is taken in and one refused."""
    doc = (await wereld.get("regisseur-1", f"/controles/{first['onderwerp']['controle']}")).json()
    named = {"keuze": doc["verschillen"][0]["opId"], "verworpen": doc["verschillen"][0]["geldt"], "reden": "nagekeken"}
    here = {"controle": UUID(doc["id"])}
    await book(wereld, "regisseur-1", ("verschil.beoordeeld", here, named))
    elsewhere = {"bron": "overlastmelding", "gemeente": "GM0233"}
    kept = await book(
        wereld,
        "boa-1",
        *(("signaal.gemeld", {"signaal": uuid7()}, elsewhere) for _ in range(3)),
        status="quarantined",
    )
    for op, besluit in zip(kept, ("aanvaard", "geweigerd"), strict=False):
        inhoud = {"besluit": besluit, "reden": "nagevraagd"}
        await wereld.make("regisseur-1", f"/quarantaine/{op['opId']}/beoordeling", {"inhoud": inhoud})


async def test_folding_the_ledger_again_gives_every_row_again(wereld: Wereld, database: Server) -> None:
    keten = await build_keten(wereld)
    await enrich(wereld, keten)
    live = await dump(database)
    assert {name for name, rows in live.items() if rows} == FILLED == set(live), "tests/hulp/keten.py makes one of each"
    assert any("verschillen" in row and "beslecht" in row for row in live["controle"])
    assert {stand for stand in STANDEN if any(f",{stand}," in row for row in live["ontvangst"])} == STANDEN
    assert any("revoke" in row for row in live["feed"])
    head = (await wereld.http.post("/sync/handshake", json=HANDSHAKE, headers=wereld.headers("boa-1"))).json()["head"]
    assert await rebuild(database) == head
    assert await dump(database) == live
    await run_sql(database, "TRUNCATE " + ", ".join(f"lees.{name}" for name in live))
    assert not any((await dump(database)).values())
    await rebuild(database)
    assert await dump(database) == live


STANDEN = {"open", "aanvaard", "geweigerd"}
HANDSHAKE = {"protocollen": [1], "appVersie": "1", "toestelTijd": "2026-08-19T23:10:00+02:00"}


async def test_folding_again_in_small_pages_gives_the_same(
    wereld: Wereld, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enrich(wereld, await build_keten(wereld))
    live, walk = await dump(database), herbouw.walk_ledger
    for page in (1, 7):
        monkeypatch.setattr(herbouw, "walk_ledger", lambda raw, page=page: walk(raw, page=page))
        await rebuild(database)
        assert await dump(database) == live, page


async def paused(monkeypatch: pytest.MonkeyPatch, database: Server) -> tuple[Callable[[], None], Awaitable[int]]:
    """A rebuild that has emptied the tables and waits; call the first to let it go on."""
    halfway, go_on, fold = asyncio.Event(), asyncio.Event(), herbouw.fold_page

    async def waiting(raw: Any, rows: list[Any]) -> None:
        halfway.set()
        await go_on.wait()
        await fold(raw, rows)

    monkeypatch.setattr(herbouw, "fold_page", waiting)
    running = asyncio.create_task(rebuild(database))
    await asyncio.wait_for(halfway.wait(), 5)
    return go_on.set, running


async def test_readers_keep_the_old_state_while_it_is_folded_again(
    wereld: Wereld, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    keten = await build_keten(wereld)
    before, _ = await wereld.pull("boa-1")
    assert before
    go_on, running = await paused(monkeypatch, database)
    async with asyncio.timeout(3):
        during, _ = await wereld.pull("boa-1")
        one = await wereld.get("boa-1", f"/controles/{keten['afgerond']}")
    go_on()
    await running
    assert during == before
    assert one.status_code == 200


def melding(wereld: Wereld) -> dict[str, Any]:
    inhoud = {"bron": "overlastmelding", "gemeente": HARDERWIJK}
    return wereld.op("boa-1", "signaal.gemeld", {"signaal": uuid7()}, inhoud)


async def test_a_booking_waits_for_a_rebuild(wereld: Wereld, database: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, running = await paused(monkeypatch, database)
    writing = asyncio.create_task(wereld.push("boa-1", melding(wereld)))
    await asyncio.sleep(0.3)
    assert not writing.done()
    go_on()
    await running
    assert [r["status"] for r in await writing] == ["accepted"]
    live = await dump(database)
    await rebuild(database)
    assert await dump(database) == live


async def test_a_rebuild_waits_for_a_booking_that_is_halfway(
    wereld: Wereld, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    halfway, go_on, append = asyncio.Event(), asyncio.Event(), boek.append

    async def waiting(*arguments: Any) -> Any:
        halfway.set()
        await go_on.wait()
        return await append(*arguments)

    monkeypatch.setattr(boek, "append", waiting)
    writing = asyncio.create_task(wereld.push("boa-1", melding(wereld)))
    await asyncio.wait_for(halfway.wait(), 5)
    running = asyncio.create_task(rebuild(database))
    await asyncio.sleep(0.3)
    assert not running.done()
    go_on.set()
    assert [r["status"] for r in await writing] == ["accepted"]
    assert await running == (await writing)[0]["pos"]
