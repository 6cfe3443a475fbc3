"""A closure past its last day is over everywhere: in what is read, in what is decided, and in an entry of that day."""

import asyncio
import json
from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from pydantic import SecretStr

from app.cli import build_parser
from app.moment import AMSTERDAM
from app.postgres import Server
from app.services.boeken.verlopen import SLOT, book_ended
from app.settings import Settings
from tests.hulp.handhaving import JURIST, LOB, Adres, opgelegd, post, vandaag, voornemen
from tests.hulp.ingehouden import end_role, the_same_again
from tests.hulp.sync_proef import head, select
from tests.hulp.wereld import Wereld
from veldboek_client.maatregel import status_on

VECTORS = json.loads((Path(__file__).parents[1] / "domain/maatregel_status.json").read_text())


def at(dag: str, uur: int = 12) -> datetime:
    return datetime.combine(date.fromisoformat(dag), time(uur), AMSTERDAM)


async def closed(wereld: Wereld, later: int) -> tuple[Adres, UUID]:
    """A closure whose last day lies so many days from today."""
    adres = await Adres(wereld).record()
    return adres, await adres.sluiting(begin=vandaag(-40), tot=vandaag(later))


async def listed(wereld: Wereld, status: str, wie: str = JURIST) -> list[str]:
    answer = await wereld.get(wie, "/maatregelen", status=status)
    assert answer.status_code == 200, answer.text
    assert {doc["status"] for doc in answer.json()["resultaten"]} <= {status}
    return [doc["id"] for doc in answer.json()["resultaten"]]


@pytest.mark.parametrize(("later", "status"), [(-1, "verlopen"), (0, "toegepast")])
async def test_it_reads_as_over_before_anything_was_booked(wereld: Wereld, later: int, status: str) -> None:
    """In the document, in lists by status, at the door, and on a phone that computes it from what it pulled."""
    adres, maatregel = await closed(wereld, later)
    doc = await adres.doc(maatregel)
    assert (doc["status"], doc["geldtTotEnMet"]) == (status, vandaag(later))
    assert (await adres.doc(maatregel, "boa-1"))["status"] == status
    for each in ("toegepast", "verlopen"):
        assert (str(maatregel) in await listed(wereld, each)) is (each == status)
    pulled, _ = await wereld.pull(JURIST, collecties="maatregelen")
    (held,) = [change["doc"] for change in pulled if change["id"] == str(maatregel)]
    assert status_on(held, vandaag()) == status


@pytest.mark.parametrize(("later", "status"), [(-1, 201), (0, 409)])
async def test_once_over_it_stands_in_nobodys_way(wereld: Wereld, later: int, status: int) -> None:
    """Awb 5:6: a new herstelsanctie may be imposed on the day after the last."""
    adres, _ = await closed(wereld, later)
    new = UUID(int=later + 99)
    await adres.make(voornemen(new, adres.locatie, LOB))
    assert (await post(wereld, opgelegd(new, LOB))).status_code == status


async def test_the_server_books_the_end_on_the_day_after(wereld: Wereld, database: Server) -> None:
    """Once, however often and by however many it is looked; phones hear of it, and the door no longer shows it."""
    adres, maatregel = await closed(wereld, 3)
    sessions = wereld.http.app.state.proces.sessionmaker
    _, cursor = await wereld.pull(JURIST)
    _, boa = await wereld.pull("boa-1")
    assert await book_ended(sessions, nu=at(vandaag(3), 23)) == 0
    before = await head(wereld)
    done = await asyncio.gather(*(book_ended(sessions, nu=at(vandaag(4), 0)) for _ in range(3)))
    assert (sum(done) > 0, await head(wereld)) == (True, before + 1)
    assert await book_ended(sessions, nu=at(vandaag(4), 1)) == 0
    doc = await adres.doc(maatregel)
    assert (doc["status"], doc["einde"]["datum"], doc["einde"]["vanzelf"]) == ("verlopen", vandaag(3), True)
    told, _ = await wereld.pull(JURIST, cursor)
    assert [change["doc"]["status"] for change in told if change["id"] == str(maatregel)] == ["verlopen"]
    told, _ = await wereld.pull("boa-1", boa)
    assert [change["op"] for change in told if change["id"] == str(maatregel)] == ["revoke"]
    await the_same_again(wereld, database)


async def test_who_applied_it_may_have_left(wereld: Wereld, database: Server) -> None:
    """The end follows from the law: nobody's right to book it is asked."""
    adres, maatregel = await closed(wereld, -1)
    await end_role(wereld, JURIST)
    assert await book_ended(wereld.http.app.state.proces.sessionmaker, nu=at(vandaag())) == 1
    assert (await adres.doc(maatregel, "burgemeester-1"))["einde"]["vanzelf"]
    rows = await select(database, "SELECT count(*) FROM lees.ontvangst WHERE doc ->> 'soort' = 'sluiting.verlopen'")
    assert rows == [(0,)]
    await the_same_again(wereld, database)


async def test_nobody_but_the_server_books_that_a_closure_ran_out(wereld: Wereld) -> None:
    _, maatregel = await closed(wereld, -1)
    op = wereld.op(JURIST, "sluiting.verlopen", {"maatregel": maatregel}, {"op": vandaag(-1)})
    (result,) = await wereld.push(JURIST, op)
    assert (result["status"], result["code"]) == ("quarantined", "onbekende_soort")


async def test_a_process_that_dies_leaves_nothing_undone(wereld: Wereld, database: Server) -> None:
    """Its connection is cut while it holds the lock; the next look books it."""
    _, maatregel = await closed(wereld, -1)
    holder = await asyncpg.connect(database.beheer_url)
    await holder.execute("BEGIN")
    await holder.execute("SELECT pg_advisory_xact_lock($1)", SLOT)
    assert await book_ended(wereld.http.app.state.proces.sessionmaker, nu=at(vandaag())) == 0
    await holder.close()
    assert await book_ended(wereld.http.app.state.proces.sessionmaker, nu=at(vandaag())) == 1
    assert str(maatregel) in await listed(wereld, "verlopen")


async def test_lists_and_the_one_function_agree(wereld: Wereld, database: Server) -> None:
    """The filter of the list is SQL; it is held against the vectors of `status_on`, moved to today.

    Broken: `_status_on` with `<=`.
    """
    adres, maatregel = await closed(wereld, 5)
    raw = await asyncpg.connect(database.beheer_url)
    for vector in VECTORS:
        shift = date.fromisoformat(vandaag()) - date.fromisoformat(vector["dag"])
        last = vector["doc"].get("geldtTotEnMet") or vector["doc"].get("sluitingTot")
        day = date.fromisoformat(last) + shift if last else None
        await raw.execute(
            "UPDATE lees.maatregel SET status = $2, geldt_tot_en_met = $3::date,"
            " doc = doc || jsonb_build_object('status', $2::varchar, 'geldtTotEnMet', $3::date) WHERE id = $1",
            maatregel,
            vector["doc"]["status"],
            day,
        )
        assert (await adres.doc(maatregel))["status"] == vector["status"], vector
        assert str(maatregel) in await listed(wereld, vector["status"]), vector
    await raw.close()


async def test_the_command_books_it_too(
    wereld: Wereld, database: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`veldboek verlopen`, for whoever does not want to wait for the service."""
    adres, maatregel = await closed(wereld, -1)
    settings = Settings(veldboek_home=tmp_path, database_url_beheer=SecretStr(database.beheer_url))
    args = build_parser().parse_args(["verlopen"])
    await args.run(settings, args)
    assert "verstreek: 1." in capsys.readouterr().out
    assert (await adres.doc(maatregel))["einde"]["vanzelf"]
