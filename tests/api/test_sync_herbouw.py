"""`herbouw` drops what was folded and folds the ledger again: the same, row for row, in every table."""

from typing import Any

from uuid_utils.compat import uuid7

from app.database import create_engine
from app.postgres import Server
from app.services.beheer import herbouw
from tests.hulp.herbouw import run_sql
from tests.hulp.sync_proef import (
    accepted,
    controle,
    correctie,
    doorhaling,
    head,
    melding,
    mensenhandel,
    oordeel,
    select,
)
from tests.hulp.wereld import Wereld


async def lees(database: Server) -> dict[str, list[str]]:
    """Every row of every read model, as text."""
    names = await select(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'lees' ORDER BY 1")
    return {
        name: sorted(row for (row,) in await select(database, f"SELECT to_jsonb(t)::text FROM lees.{name} t"))  # noqa: S608
        for (name,) in names
    }


async def rebuild(database: Server) -> int:
    """How many were folded; and it came out as it was."""
    engine = create_engine(database.beheer_url, pool_size=1)
    done = await herbouw.rebuild(engine)
    await engine.dispose()
    assert done.epoch is None
    return done.registraties


async def record_everything(wereld: Wereld) -> None:
    """Every way in which an entry can change a document, over several batches."""
    locatie, start = controle(wereld, "boa-1")
    here = {"controle": start["onderwerp"]["controle"]}

    def persoon(rol: str) -> Any:
        return wereld.op("boa-1", "persoon.aangetroffen", {**here, "persoon": uuid7()}, {"rol": rol})

    klant, bewoner = persoon("klant"), persoon("bewoner")
    end = wereld.op("boa-1", "controle.afgerond", here, {"uitkomst": "niet_vastgesteld"})
    await accepted(wereld, "boa-1", locatie, start, klant, bewoner, end)
    twin = locatie | {"opId": melding(wereld, "boa-1")["opId"], "onderwerp": {"locatie": str(uuid7())}, "deviceSeq": 99}
    seen = melding(wereld, "boa-1", inhoud={"tekst": "een"}, waargenomenOp="1970-01-01T00:00:00+01:00")
    struck, left = melding(wereld, "boa-1"), melding(wereld, "boa-1")
    await accepted(wereld, "boa-1", twin, seen, struck, left, mensenhandel(wereld, "boa-1"), persoon("anders"))
    fixed = correctie(wereld, "boa-1", seen, tekst="twee") | {"waargenomenOp": "2026-08-01T00:30:00+02:00"}
    judged = oordeel(wereld, "boa-1", left["onderwerp"]["signaal"])
    results = await wereld.push(
        "boa-1",
        fixed,
        correctie(wereld, "boa-1", seen, tekst="drie"),
        correctie(wereld, "boa-1", klant, rol="exploitant"),
        doorhaling(wereld, "boa-1", bewoner, "controle"),
        doorhaling(wereld, "boa-1", struck, "signaal"),
        melding(wereld, "boa-1", inhoud={"gemeente": "GM0233"}),
        melding(wereld, "boa-1") | {"inhoud": {"x": "y"}},
        judged,
        verzonden_op="2026-08-19T23:10:00+02:00",
    )
    assert [result["status"][0] for result in results] == list("acaaaqqa")
    await accepted(wereld, "boa-1", *(doorhaling(wereld, "boa-1", op, "signaal") for op in (judged, left)))
    await accepted(wereld, "boa-1", doorhaling(wereld, "boa-1", twin, "locatie"))


async def test_a_rebuild_yields_the_same_rows(wereld: Wereld, database: Server) -> None:
    await record_everything(wereld)
    before = await lees(database)
    filled = {"signaal", "locatie", "controle", "attendering", "ontvangst", "cijferfeit", "feed", "geschiedenis"}
    assert [name for name in sorted(filled) if not before[name]] == []
    assert await rebuild(database) == await head(wereld)
    after = await lees(database)
    for name, rows in before.items():
        assert after[name] == rows, name


async def test_a_rebuild_in_small_pages_yields_the_same(wereld: Wereld, database: Server, monkeypatch: Any) -> None:
    """What a page folds starts from what the pages before it left in the tables."""
    await record_everything(wereld)
    before, whole = await lees(database), herbouw.walk_ledger
    monkeypatch.setattr(herbouw, "walk_ledger", lambda raw: whole(raw, page=1))
    await rebuild(database)
    assert await lees(database) == before


async def test_a_reader_goes_on_after_a_rebuild(wereld: Wereld, database: Server) -> None:
    await record_everything(wereld)
    everything, cursor = await wereld.pull("boa-1")
    await rebuild(database)
    assert (await wereld.pull("boa-1"))[0] == everything
    await accepted(wereld, "boa-1", melding(wereld, "boa-1"))
    assert [change["collectie"] for change in (await wereld.pull("boa-1", cursor))[0]] == ["signalen"]


async def test_what_folds_otherwise_than_before_reaches_every_phone(wereld: Wereld, database: Server) -> None:
    """An update folds otherwise, and no entry says so. Broken: the comparison of fingerprints in `rebuild`
    (services/beheer/herbouw.py: the phone kept the old fold and heard 304)."""
    op = melding(wereld, "boa-1", inhoud={"tekst": "zoals het nu is"})
    await accepted(wereld, "boa-1", op)
    await run_sql(database, "UPDATE lees.signaal SET doc = doc - 'tekst'")  # as the code of before had folded it
    held, cursor = await wereld.pull("boa-1")
    assert [change["doc"].get("tekst") for change in held if change["collectie"] == "signalen"] == [None]
    engine = create_engine(database.beheer_url, pool_size=1)
    done = await herbouw.rebuild(engine)
    await engine.dispose()
    answer = await wereld.get("boa-1", "/sync/pull", cursor=cursor)
    assert (answer.status_code, answer.json()["epoch"]) == (409, done.epoch)
    again, _ = await wereld.pull("boa-1")
    assert [change["doc"]["tekst"] for change in again if change["collectie"] == "signalen"] == ["zoals het nu is"]
