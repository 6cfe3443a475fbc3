"""`make bench-peers`: Veldboek, Kinto and express-pouchdb side by side, in interleaved rounds.

Everything listens on 127.0.0.1, every phase has an end, and what was started is stopped, also on failure.
"""

import argparse
import asyncio
import os
import platform
import secrets
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from pydantic import TypeAdapter

from bench.opstelling import Opstelling, opstelling
from bench.peers.first import first_sync
from bench.peers.kinto import Kinto
from bench.peers.line import encode
from bench.peers.measure import Round, create_round, make_requests, make_work, poller_round, read_round
from bench.peers.pouch import Pouch
from bench.peers.recover import kill_round
from bench.peers.report import write_report
from bench.peers.results import BARE, Results
from bench.peers.systems import BENCH, CONNECTIONS, Documents, System, send_all
from bench.peers.veldboek import Veldboek, key_of
from bench.versturen import bare_round, make_batches, make_template, prepare_bare, read_rows


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    seconds: float
    documents: int
    sizes: tuple[int, ...] = (1, 10, 100)


LONG, SHORT = Plan(rounds=3, seconds=4, documents=10_000), Plan(rounds=1, seconds=1.5, documents=1_000)
SHARE = {1: 0.15, 10: 0.5, 100: 1.0}
"""Of the speed at a hundred per batch, at most: so much work is made ready for the first round."""


@asynccontextmanager
async def running() -> AsyncIterator[tuple[Opstelling, Veldboek, list[System]]]:
    """All systems, started; one PostgreSQL serves all but LevelDB, each in a database of its own."""
    async with opstelling(gemeenten=CONNECTIONS) as o:
        home, url = o.settings.veldboek_home, o.server.beheer_url
        ours = Veldboek(o)
        systems: list[System] = [ours]
        try:
            for server in ("waitress", "uwsgi"):
                systems.append(Kinto(server, home, url, f"kinto_{server}", secrets.token_hex(32)))
                await systems[-1].start()
            systems.append(Pouch(home))
            await systems[-1].start()
            await make_template(url)
            yield o, ours, systems
        finally:
            for system in reversed(systems):
                system.stop()


async def fill(o: Opstelling, ours: Veldboek, documents: int) -> tuple[Documents, list[str]]:
    """Push until the ledger holds so many documents; returns them as the regisseur pulls them, and the controls."""
    each = documents // 3 // CONNECTIONS + 1  # a control is three documents, eleven entries
    work = [make_batches(mens, count=each, size=11) for mens in o.mensen]
    await create_round(ours, work, make_requests(ours, work), seconds=None)
    found: dict[str, Any] = {}
    controls, cursor, more = [], "", True
    while more:
        answer = (await send_all(ours, [ours.poll(cursor)]))[0]
        page = ours.page(answer)
        for change in answer.json()["wijzigingen"]:
            found[key_of(change)] = change["doc"]
            if change["collectie"] == "controles":
                controls.append(key_of(change))
        cursor, more = page.cursor, page.more
    return list(found.items()), controls


async def bare(o: Opstelling, done: Any, name: str) -> Round:
    """The rows of a round of ours, written by asyncpg alone."""
    source = await asyncpg.connect(o.server.beheer_url)
    rows = [[await read_rows(source, batch) for batch in own] for own in done]
    await source.close()
    ronde = await bare_round(await prepare_bare(o.server.beheer_url, name), rows)
    return Round(records=ronde.entries, seconds=ronde.seconds, latencies=ronde.batches)


async def bench_creates(o: Opstelling, systems: list[System], plan: Plan, results: Results) -> None:
    """A round of each system and size, then of the bare writer, and again."""
    rates: dict[tuple[str, int], float] = {}
    for number in range(plan.rounds):
        for size in plan.sizes:
            for system in systems:
                speed = rates.get((system.name, size), system.fastest * SHARE[size])
                count = max(2, round(speed * 1.5 * plan.seconds / size / CONNECTIONS) + 1)
                before = await system.size() if size == max(plan.sizes) else 0
                work = make_work(system, count=count, size=size)
                found = await create_round(system, work, make_requests(system, work), seconds=plan.seconds)
                rates[system.name, size] = max(found.rate, 20)
                results.add_create(system.name, size, found)
                if before and found.records:
                    results.disk.setdefault(system.name, []).append((await system.size() - before) / found.records)
                print(f"{system.name}, {size} per batch: {found.rate:,.0f}/s, {found.refused} refused", flush=True)
                if isinstance(system, Veldboek):
                    alone = await bare(o, found.done, f"kaal_{number}_{size}")
                    results.add_create(BARE, size, alone)
                    print(f"{BARE}, {size} per batch: {alone.rate:,.0f}/s", flush=True)


async def bench_reads(systems: list[System], idents: list[str], plan: Plan, results: Results) -> None:
    """One document by id, and a page of a hundred."""
    for _ in range(plan.rounds):
        for system in systems:
            if isinstance(system, Veldboek):
                system.forget_tokens()
            for what, requests in (("one", [system.read_one(i) for i in idents]), ("list", [system.read_list()])):
                found = await read_round(system, requests, seconds=plan.seconds / 2)
                results.add_read(system.name, what, found)
                print(f"{system.name}, read {what}: {found.rate:,.0f}/s", flush=True)


async def measure(plan: Plan) -> Results:
    """All measurements, one after another."""
    results = Results(machine=describe_machine(), load=(os.getloadavg()[0], 0.0))
    async with running() as (o, ours, systems):
        results.durability = {system.name: system.durability for system in systems}
        docs, controls = await fill(o, ours, plan.documents)
        for system in systems:
            await system.load(docs)
        results.documents = len(docs)
        print(f"{len(docs):,} documents loaded", flush=True)
        snapshot = encode("GET", "/v1/sync/snapshot", Authorization=ours.token(o.regisseur))
        has_snapshot = await exists(ours, snapshot)
        for system in systems:
            way = snapshot if has_snapshot and isinstance(system, Veldboek) else None
            results.first[system.name] = await first_sync(system, snapshot=way, rounds=plan.rounds)
            print(f"{system.name}, first sync: {results.first[system.name]}", flush=True)
        await bench_reads(systems, controls[:1000], plan, results)
        await bench_creates(o, systems, plan, results)
        for system in systems:
            results.missed[system.name] = await poller_round(system, seconds=plan.seconds * 2)
            print(f"{system.name}, poller: {results.missed[system.name]}", flush=True)
        for system in systems:
            size = 1 if isinstance(system, Kinto) else 100  # or it would not have answered once
            results.recovery[system.name] = await kill_round(system, o, size=size, seconds=plan.seconds)
            print(f"{system.name}, kill -9: {results.recovery[system.name]}", flush=True)
        results.memory = o.rss()
    results.load = (results.load[0], os.getloadavg()[0])
    return results


def describe_machine() -> str:
    """One line."""
    node = shutil.which("node") or "node"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    python = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return f"{python}, Node {version}, PostgreSQL 18."


async def exists(system: System, request: bytes) -> bool:
    """Whether a request answers with a success."""
    try:
        await send_all(system, [request])
    except RuntimeError:
        return False
    return True


def main() -> None:
    """Measure and write, or only draw again what was measured last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kort", action="store_true", help="under two minutes; writes nothing to docs/")
    parser.add_argument("--teken", action="store_true", help="write the report again from the last long run")
    args = parser.parse_args()
    kept, adapter = BENCH / "peers.json", TypeAdapter(Results)
    if not args.teken:
        started = time.monotonic()
        results = asyncio.run(measure(SHORT if args.kort else LONG))
        results.minutes = (time.monotonic() - started) / 60
        if not args.kort:
            kept.write_bytes(adapter.dump_json(results))
    else:
        results = adapter.validate_json(kept.read_bytes())
    write_report(results, None if args.kort else Path("docs/bench"))


if __name__ == "__main__":
    main()
