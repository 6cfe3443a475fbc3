"""The promises of docs/ontwerp/sync.md, one named test each. Each says which line was broken once to see it fail."""

import asyncio
import os
import random
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from app.database import create_engine
from app.inrichten import ensure_head, migrate
from app.postgres import EmbeddedPostgres, Server
from tests.conftest import ORIGIN, serving
from tests.hulp.replica import Replica, grant
from tests.hulp.sync_proef import (
    accepted,
    controle,
    correctie,
    counted,
    doorhaling,
    handshake,
    head,
    melding,
    oordeel,
    raw_op,
    results_of,
    select,
)
from tests.hulp.wereld import Wereld, build_wereld


@dataclass
class EigenPostgres:
    """A PostgreSQL of this test's own, on disk, that it may break."""

    postgres: EmbeddedPostgres
    server: Server

    async def crash(self) -> None:
        """An immediate stop: whatever was not on disk is gone. Then start again."""
        os.kill(self.server.pid, signal.SIGQUIT)
        while self.postgres.alive():  # noqa: ASYNC110  # another process
            await asyncio.sleep(0.01)
        self.server = await asyncio.to_thread(self.postgres.restart)


@pytest.fixture
async def eigen_postgres() -> AsyncIterator[EigenPostgres]:
    directory = Path(tempfile.mkdtemp(prefix="veldboek-belofte-"))
    directory.chmod(0o755)  # noqa: ASYNC240  # nothing else runs yet
    postgres = EmbeddedPostgres(directory / "home")
    with postgres as running:
        engine = create_engine(running.beheer_url, pool_size=1)
        await migrate(engine)
        await ensure_head(engine, ORIGIN)
        await engine.dispose()
        yield EigenPostgres(postgres, running)
    shutil.rmtree(directory, ignore_errors=True)


async def test_belofte_1_wat_is_aanvaard_overleeft_elke_val(eigen_postgres: EigenPostgres, tmp_path: Path) -> None:
    """An operation answered `accepted` survives an immediate stop of the database right after the answer.

    Broken: `SESSION` in app/database.py with `"synchronous_commit": "off"`; and, apart, `await session.commit()`
    in `services/boeken/overnieuw._carry_out` (with that of `get_session`) left out.
    """
    async with serving(eigen_postgres.server, tmp_path) as http:
        wereld = await build_wereld(http)
        ops = [melding(wereld, "boa-1") for _ in range(3)]
        results = await accepted(wereld, "boa-1", *ops)
        await eigen_postgres.crash()
    rows = await select(eigen_postgres.server, "SELECT op::text, pos FROM grootboek.entry ORDER BY pos")
    assert [tuple(row) for row in rows[-3:]] == [(r["opId"], r["pos"]) for r in results]
    assert [row.pos for row in rows] == list(range(1, len(rows) + 1))
    async with serving(eigen_postgres.server, tmp_path) as http:
        again = Wereld(http, wereld.mensen, wereld.organisaties)
        repeats = await again.push("boa-1", *ops)
        assert [r["eerste"]["pos"] for r in repeats] == [r["pos"] for r in results]


async def test_belofte_2_elke_registratie_telt_precies_een_keer(wereld: Wereld) -> None:
    """Sent at the same time over several lines, in parts, in another order, after a lost answer: once in the ledger.

    Broken: `repeated = find_repeat(b, operatie)` in `services/boeken/boek.find_outcome` (set to None).
    """
    before, rng = await head(wereld), random.Random(2)  # noqa: S311  # a schedule
    ops = [melding(wereld, "boa-1") for _ in range(12)]
    batches = [rng.sample(ops, rng.randint(1, 12)) for _ in range(8)] + [ops]
    answers = await asyncio.gather(*(push_until_answered(wereld, "boa-1", batch) for batch in batches))
    places: dict[str, set[int]] = {}
    for result in (r for results in answers for r in results):
        first = result["eerste"] or result
        assert first["status"] == "accepted", result
        places.setdefault(result["opId"], set()).add(first["pos"])
    assert sorted(pos for of in places.values() for pos in of) == list(range(before + 1, before + 13))
    assert await head(wereld) == before + 12
    assert await counted(wereld) == {"overlastmelding": 12}


async def push_until_answered(wereld: Wereld, wie: str, ops: list[Any]) -> list[Any]:
    for _ in range(30):
        body = {"batchId": str(uuid4()), "verzondenOp": "2026-08-19T23:10:00Z", "ops": ops}
        answer = await wereld.http.post("/sync/push", json=body, headers=wereld.headers(wie))
        if answer.status_code == 200:
            return answer.json()["resultaten"]
        assert answer.status_code == 503, answer.text
    raise AssertionError("never answered")


async def test_belofte_3_een_lezer_slaat_nooit_iets_over(wereld: Wereld) -> None:
    """Writers and a reader of small pages at the same time: its union is what it may see, no more and no less.

    Broken: `if row["pos"] <= boundary` in `services/sync/pull.cut` (a page ended inside a position). That positions
    come out under the head lock is for the database to keep too: gaps are refused (test_grootboek_database.py).
    """
    boa, done = Replica(wereld, "boa-2"), asyncio.Event()
    await boa.sync()

    async def write(wie: str) -> None:
        for size in (1, 8, 2, 6):
            made = [melding(wereld, wie) for _ in range(size)]
            await accepted(wereld, wie, *made)
            await accepted(wereld, wie, correctie(wereld, wie, made[0], tekst="beter"))
            locatie, start = controle(wereld, wie)
            await accepted(wereld, wie, locatie, start)

    async def read() -> int:
        pages = 0
        while True:
            last = done.is_set()
            pages += 1
            if await boa.step(2) and last:
                return pages

    reader = asyncio.create_task(read())
    await asyncio.gather(*map(write, ("boa-1", "pct-1", "regisseur-1")))
    done.set()
    assert await reader > 20
    await boa.check()
    assert sum(name == "signalen" for name, _ in boa.docs) == 3 * 17
    regisseur = Replica(wereld, "regisseur-1")
    await regisseur.sync(limit=1)
    assert sum(name == "attenderingen" for name, _ in regisseur.docs) == 3 * 4


async def test_belofte_4_veldgegevens_worden_nooit_geweigerd(wereld: Wereld, database: Server) -> None:
    """Content, the app's age, the clock and a right that ended: stored, each with its verdict, the bytes kept.

    Broken: `return quarantine(operatie.fout, …)` in `services/boeken/boek.first_verdict` (raised instead).
    """
    before, boa = await head(wereld), wereld.mensen["boa-1"]
    fine = melding(wereld, "boa-1")
    odd = {
        "schema_ongeldig": melding(wereld, "boa-1", inhoud={"nieuw": "veld"}),
        "onbekende_soort": melding(wereld, "boa-1") | {"soort": "dron.gevlogen"},
        "regel_geschonden": fine | {"opId": str(uuid4()), "deviceSeq": 90},
    }
    (poison,) = await results_of(wereld, "boa-1", raw_op(melding(wereld, "boa-1"), '{"tekst":"\\u0000\\ud800"}'))
    assert (poison["status"], poison["code"]) == ("quarantined", "niet_canoniek")
    future = melding(wereld, "boa-1") | {"versie": 99}
    results = await wereld.push("boa-1", fine, *odd.values(), future, verzonden_op="1970-01-01T00:00:00Z")
    assert [(r["status"], r["code"]) for r in results[1:-1]] == [("quarantined", code) for code in odd]
    assert (results[0]["status"], results[0]["vlaggen"]) == ("accepted", ["klok_verdacht"])
    assert results[-1]["status"] == "quarantined"
    late = melding(wereld, "boa-1")
    await wereld.make(
        "beheerder", f"/roltoewijzingen/{boa.roltoewijzing}/beeindiging", {"inhoud": {"op": "2026-01-01T00:00:00Z"}}
    )
    (ended,) = await wereld.push("boa-1", late)
    assert (ended["status"], ended["code"]) == ("quarantined", "recht_ontbreekt")
    assert await head(wereld) == before + 1 + len(odd) + 1 + 1 + 1 + 1  # and the end of the role
    kept = await select(
        database,
        "SELECT mensenhandel FROM kluis.inhoud JOIN grootboek.entry USING (pos) WHERE pos = :pos",
        pos=poison["pos"],
    )
    assert b'"tekst":"\\u0000\\ud800"' in bytes(kept[0].mensenhandel)


async def test_belofte_5_wat_men_niet_meer_mag_zien_verlaat_het_toestel(wereld: Wereld) -> None:
    """A municipality that is lost, a document that is struck, a role that ends: gone with the next pull, no content.

    Broken: `changes = await find_lost(…)` in `services/sync/pull.pull`.
    """
    breed, smal = (
        await grant(wereld, "boa-1", "boa", ["GM0233", "GM0243"]),
        await grant(wereld, "boa-1", "boa", ["GM0243"]),
    )
    boa = Replica(wereld, "boa-1")
    wereld.mensen["boa-1"].roltoewijzing = breed
    here, there = melding(wereld, "pct-1"), melding(wereld, "pct-1", inhoud={"gemeente": "GM0233", "tekst": "geheim"})
    await accepted(wereld, "pct-1", here, there)
    await boa.sync()
    held = {ident for name, ident in boa.docs if name == "signalen"}
    assert held == {here["onderwerp"]["signaal"], there["onderwerp"]["signaal"]}
    wereld.mensen["boa-1"].roltoewijzing = smal
    await boa.sync()
    colleague = ("revoke", "naslag", str(wereld.mensen["boa-ermelo"].functionaris))
    gone = [told for told in boa.told if told[1] != "naslag" or told == colleague]
    assert gone == [colleague, ("revoke", "signalen", there["onderwerp"]["signaal"])]
    assert {op for op, _, _ in boa.told} == {"revoke"}
    await accepted(wereld, "pct-1", doorhaling(wereld, "pct-1", here, "signaal"))
    await boa.sync()
    assert boa.told == [("revoke", "signalen", here["onderwerp"]["signaal"])]
    ended = {"inhoud": {"op": "2026-01-01T00:00:00Z"}}
    await wereld.make("beheerder", f"/roltoewijzingen/{smal}/beeindiging", ended)
    await boa.sync()
    assert boa.docs == {}


async def test_belofte_6_van_elk_toestel_is_bekend_of_alles_is_afgeleverd(wereld: Wereld) -> None:
    """Every gap is named until it is closed; what was deferred is not delivered, what was refused is.

    Broken: `if o.device_seq is not None and u.status is not Status.DEFERRED` in `services/boeken/boek.boek`; and,
    apart, `missing.extend(…)` in `services/boeken/voortgang.as_ack`.
    """
    signaal = uuid7()
    made = melding(wereld, "boa-1", signaal)
    ops = [melding(wereld, "boa-1") for _ in range(4)] + [oordeel(wereld, "boa-1", signaal)]
    order = [ops[3], ops[0], ops[4]]
    assert [r["status"] for r in await wereld.push("boa-1", *order)] == ["accepted", "accepted", "deferred"]
    ack = (await handshake(wereld, "boa-1"))["deviceAck"]
    assert ack == {"contiguousThrough": 0, "missing": [1, 3, 4]}
    await accepted(wereld, "boa-1", made, ops[2])
    assert (await handshake(wereld, "boa-1"))["deviceAck"] == {"contiguousThrough": 2, "missing": [3]}
    await accepted(wereld, "boa-1", ops[1])
    assert (await handshake(wereld, "boa-1"))["deviceAck"] == {"contiguousThrough": 5, "missing": []}
    await accepted(wereld, "boa-1", ops[4])
    assert (await handshake(wereld, "boa-1"))["deviceAck"] == {"contiguousThrough": 6, "missing": []}
