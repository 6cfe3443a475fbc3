"""The numbers for Prometheus: what they count, that they name nobody, and where they can be asked."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from uuid_utils.compat import uuid7

from app.meter import serve_metingen
from app.postgres import Server
from app.services.beheer.metingen import METINGEN
from tests.hulp.bijlage_proef import adding, begin, begun, eventually, manifest, outcome, patch, photo
from tests.hulp.herbouw import run_sql
from tests.hulp.ingehouden import break_judging, decide, elsewhere
from tests.hulp.opstarten import free_port, home, launch, wait_until_healthy
from tests.hulp.sync_proef import accepted, head, melding, oordeel, select, verdict
from tests.hulp.toestel_proef import revoke, shake
from tests.hulp.wereld import Wereld

__all__ = ["home"]
DOCS = Path(__file__).parents[2] / "docs" / "beheer.md"
LINE = re.compile(r'veldboek_([a-z_]+)(?:\{[a-z]+="[0-9a-f]{8}"\})? ([0-9.]+)')


@pytest.fixture
async def meter(database: Server) -> AsyncIterator[httpx.AsyncClient]:
    """The port with the numbers of this test's own ledger."""
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(serve_metingen(database.app_url, listener))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
        yield client
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    listener.close()


async def read(meter: httpx.AsyncClient) -> dict[str, float]:
    answer = await meter.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = {}
    for line in answer.text.splitlines():
        if not line.startswith("# "):
            name, value = LINE.fullmatch(line).groups()  # type: ignore[union-attr]
            found[name] = float(value)
    return found


async def grew(meter: httpx.AsyncClient, before: dict[str, float]) -> dict[str, float]:
    """What is another number than it was; the head moves with everything."""
    now = await read(meter)
    return {
        name: now[name] - before[name] for name in now if now[name] != before[name] and name != "registraties_total"
    }


async def look_again(wereld: Wereld, pad: str = "/gezondheid") -> dict[str, Any]:
    """Health, looked at anew: one look answers all of a second."""
    wereld.http.app.state.proces.waker._seen = (-10.0, None)
    return dict((await wereld.http.get(pad)).json())


async def ready(wereld: Wereld) -> tuple[int, str]:
    """What readiness says, and by what name; whatever it says, the process lives."""
    told = await look_again(wereld, "/gezondheid/gereed")
    alive = await wereld.http.get("/gezondheid/levend")
    assert (alive.status_code, alive.json()["status"]) == (200, "levend")
    return told["status"], told.get("type", "").rpartition("/")[2]


async def test_our_mistake_is_never_the_officers_fault(
    wereld: Wereld, meter: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is kept under a code of its own, stops none of the others, is counted, and is judged again at the desk.

    Broken once: `Code.NIET_VERWERKT` made SCHEMA_ONGELDIG, as it was: the writer seemed to have made the mistake.
    """
    before = await read(meter)
    broken = melding(wereld, "boa-1")
    with monkeypatch.context() as patched:
        break_judging(patched)
        results = await wereld.push("boa-1", broken, melding(wereld, "boa-1") | {"soort": "iets.nieuws"})
    assert [verdict(result) for result in results] == [
        ("quarantined", "niet_verwerkt"), ("quarantined", "onbekende_soort"),
    ]  # fmt: skip
    assert await grew(meter, before) == {"quarantaine_open": 2, "niet_verwerkt": 1}
    assert (await look_again(wereld))["nietVerwerkt"] == 1
    listed = (await wereld.get("regisseur-1", "/quarantaine", code="niet_verwerkt")).json()["resultaten"]
    assert [row["id"] for row in listed] == [broken["opId"]]
    answer = await decide(wereld, broken["opId"])
    assert answer.status_code == 201, answer.text
    assert (await wereld.get("boa-1", f"/signalen/{broken['onderwerp']['signaal']}")).status_code == 200
    assert (await look_again(wereld))["nietVerwerkt"] == 0
    assert await grew(meter, before) == {"quarantaine_open": 1}


async def test_what_waits_is_counted_until_it_does_not(wereld: Wereld, meter: httpx.AsyncClient) -> None:
    before, signaal = await read(meter), uuid7()
    assert before["registraties_total"] == await head(wereld)
    waits = oordeel(wereld, "regisseur-1", signaal)
    assert (await wereld.push("regisseur-1", waits))[0]["status"] == "deferred"
    await elsewhere(wereld)
    assert await grew(meter, before) == {"uitgesteld": 1, "quarantaine_open": 1}
    await accepted(wereld, "boa-1", melding(wereld, "boa-1", signaal))
    await accepted(wereld, "regisseur-1", waits)
    assert await grew(meter, before) == {"quarantaine_open": 1}
    assert (await read(meter))["registraties_total"] == await head(wereld)


async def test_a_device_that_holds_something_back_is_counted_with_its_age(
    wereld: Wereld, database: Server, meter: httpx.AsyncClient
) -> None:
    """One that was revoked is not waited for; one that delivered everything is not either."""
    before = await read(meter)
    await accepted(wereld, "boa-1", melding(wereld, "boa-1"), melding(wereld, "boa-1"))
    assert (await shake(wereld, "boa-1", 2)).status_code == 200
    assert await grew(meter, before) == {}
    for wie, ago in (("boa-1", timedelta(hours=3)), ("boa-2", timedelta(hours=1))):
        assert (await shake(wereld, wie, 5)).status_code == 200
        moment = (datetime.now(UTC) - ago).isoformat()
        await run_sql(
            database,
            f"UPDATE bedrijf.toestel_stand SET gezien_op = '{moment}' WHERE toestel = '{wereld.mensen[wie].toestel}'",  # noqa: S608
        )
    found = await read(meter)
    assert found["toestellen_niet_afgeleverd"] == 2
    assert 3 * 3600 <= found["oudste_niet_afgeleverd_seconden"] < 3 * 3600 + 60
    await revoke(wereld, wereld.mensen["boa-1"].toestel)
    found = await read(meter)
    assert found["toestellen_niet_afgeleverd"] == 1
    assert 3600 <= found["oudste_niet_afgeleverd_seconden"] < 3660


async def test_files_are_counted_while_they_come_and_until_they_are_booked(
    wereld: Wereld, meter: httpx.AsyncClient
) -> None:
    before, controle, content = await read(meter), await begun(wereld), photo(size=(64, 48))
    row = manifest(content)
    pad = await begin(wereld, "boa-1", row)
    await patch(wereld, "boa-1", pad, 0, content[:100])
    assert await grew(meter, before) == {"bestanden_onderweg": 1}
    await patch(wereld, "boa-1", pad, 100, content[100:])
    assert await grew(meter, before) == {"bestanden_te_boeken": 1}
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", controle, row))
    await outcome(wereld, "boa-1", controle, row)

    async def done() -> bool:
        return await grew(meter, before) == {}

    await eventually(done)


async def test_the_epoch_is_named_and_nothing_else_is(
    wereld: Wereld, database: Server, meter: httpx.AsyncClient
) -> None:
    """Every name and every line is one of the table; no value of a label comes from what was recorded."""
    await accepted(wereld, "boa-1", melding(wereld, "boa-1", inhoud={"tekst": "kanarie"}))
    ((epoch,),) = await select(database, "SELECT epoch FROM grootboek.head")
    whole = (await meter.get("/metrics")).text
    assert f'veldboek_tijdperk_info{{tijdperk="{epoch}"}} 1' in whole
    assert set(await read(meter)) == {meting.naam for meting in METINGEN}
    assert len(whole.splitlines()) == 3 * len(METINGEN)
    assert whole.count("{") == 1


async def test_nothing_else_is_answered_there_and_a_dead_database_is_503(
    database: Server, meter: httpx.AsyncClient
) -> None:
    for method, path in (("GET", "/"), ("GET", "/v1/gezondheid"), ("POST", "/metrics"), ("GET", "/metrics/x")):
        assert (await meter.request(method, path)).status_code == 404
    await run_sql(database, "REVOKE SELECT ON grootboek.head FROM app")
    answer = await meter.get("/metrics")
    assert (answer.status_code, answer.text) == (503, "De database antwoordt niet.\n")
    await run_sql(database, "GRANT SELECT ON grootboek.head TO app")
    assert await read(meter)


async def test_ready_is_another_question_than_alive(wereld: Wereld, database: Server, meter: httpx.AsyncClient) -> None:
    """Not while the database lacks a migration, does not answer, or the ledger stands still.

    Broken once: `not in self.ouder` made `True` in `Waker._read`; then it was ready on an older database.
    """
    assert await ready(wereld) == ("gereed", "")
    await run_sql(database, "UPDATE bedrijf.alembic_version SET version_num = '0009'")
    assert await ready(wereld) == (503, "tijdelijk-niet-beschikbaar")
    assert (await look_again(wereld))["status"] == "ok", "as before: that the database answers"
    await run_sql(database, "UPDATE bedrijf.alembic_version SET version_num = '9999'")
    assert await ready(wereld) == ("gereed", ""), "an update is going on around us"
    await run_sql(database, "ALTER TABLE grootboek.head RENAME TO weg")
    assert await ready(wereld) == (503, "tijdelijk-niet-beschikbaar")
    await run_sql(database, "ALTER TABLE grootboek.weg RENAME TO head")
    assert await ready(wereld) == ("gereed", "")
    await run_sql(database, "INSERT INTO bedrijf.alarm VALUES ('schade', 'kluis.inhoud', 'stuk', now(), now(), 1)")
    assert await ready(wereld) == (503, "grootboek-bevroren")
    assert (await read(meter))["bevroren"] == 1


def test_the_page_lists_every_number() -> None:
    told = dict(
        re.findall(r"^\| `veldboek_([a-z_]+)(?:\{[a-z]+\})?` \| (.*) \|$", DOCS.read_text(), flags=re.MULTILINE)
    )
    assert told == {meting.naam: meting.uitleg for meting in METINGEN}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_service_has_them_on_a_port_of_their_own(home: Path, workers: str) -> None:
    """One port and one answer, whatever the number of workers; not on the port of the API; a taken port is said."""
    port, own = free_port(), free_port()
    process = launch(home, port, METINGEN_POORT=str(own), WORKERS=workers)
    try:
        wait_until_healthy(port, process)
        assert "veldboek_registraties_total 0" in httpx.get(f"http://127.0.0.1:{own}/metrics").text
        assert httpx.get(f"http://127.0.0.1:{port}/metrics").status_code == 404
        second = launch(home.with_name("ander"), free_port(), METINGEN_POORT=str(own))
        told, _ = second.communicate(timeout=60)
        assert (second.returncode, f"Poort {own} is bezet. Kies een andere met METINGEN_POORT=…" in told) == (1, True)
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0
