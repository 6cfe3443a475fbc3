"""`make bench`: push against the bare ceiling in interleaved rounds, pull, figures at 10³ and 10⁵ entries, lists."""

import argparse
import asyncio
import os
import platform
import statistics
from typing import Any

import asyncpg

from bench.lezen import pull_everything, time_cijfers
from bench.lijsten import bench_lijsten
from bench.opstelling import WORKERS, Opstelling, opstelling
from bench.versturen import Ronde, bare_round, make_batches, make_template, prepare_bare, push_round, read_rows


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def line(name: str, rounds: list[Ronde]) -> str:
    """One row of the table: medians over the rounds."""
    batches = [seconds for ronde in rounds for seconds in ronde.batches]
    rates = [ronde.per_second for ronde in rounds]
    return (
        f"| {name} | {statistics.median(rates):,.0f} | {min(rates):,.0f}–{max(rates):,.0f} |"
        f" {percentile(batches, 0.5) * 1000:.1f} | {percentile(batches, 0.95) * 1000:.1f} |"
    )


async def bench_push(*, devices: int, batches: int, size: int, rounds: int) -> None:
    """Interleaved: a round of ours, then the same rows bare, and again."""
    async with opstelling(gemeenten=devices) as o:
        await make_template(o.server.beheer_url)
        warm = {n: make_batches(o.mensen[n], count=2, size=size) for n in range(devices)}
        await push_round(o, warm)
        ours, bare, ratios, memory = [], [], [], 0
        for number in range(rounds):
            work = {n: make_batches(o.mensen[n], count=batches, size=size) for n in range(devices)}
            ours.append(await push_round(o, work))
            memory = max(memory, o.rss())
            source = await asyncpg.connect(o.server.beheer_url)
            rows = [[await read_rows(source, batch) for batch in own] for own in work.values()]
            await source.close()
            url = await prepare_bare(o.server.beheer_url, f"kaal_{number}")
            bare.append(await bare_round(url, rows))
            ratios.append(ours[-1].per_second / bare[-1].per_second)
        print(f"\n### Push, {size} per batch, {devices} devices, {rounds} rounds of {batches * devices} batches\n")
        print("| | entries/s (median) | range | p50 ms per batch | p95 ms |\n|---|---|---|---|---|")
        print(line("Veldboek over HTTP", ours))
        print(line("bare asyncpg, same rows", bare))
        print(
            f"\nratio per round: {', '.join(f'{r:.2f}' for r in ratios)}; median **{statistics.median(ratios):.2f}**."
            f" Resident memory of one worker at most {memory} MiB."
        )


async def fill(o: Opstelling, *, until: int, years: tuple[int, ...], people: int) -> None:
    """Push until every one of the first `people` recorded his share of `until` entries, spread over `years`."""
    from bench.opstelling import day_of_work  # noqa: PLC0415

    for number in range(people):
        mens, wanted = o.mensen[number], until // people
        while mens.seq < wanted:
            work = []
            for jaar in years:
                work += day_of_work(mens, controles=max(1, min(90, (wanted - mens.seq) // 11 // len(years))), jaar=jaar)
            batches = [work[at : at + 100] for at in range(0, len(work), 100)]
            await push_round(o, {number: batches})


async def bench_cijfers(*, spread: bool, sizes: tuple[int, int]) -> None:
    """The same question when the ledger is small and when it is large."""
    years, people = ((2022, 2023, 2024, 2025, 2026), 20) if spread else ((2025,), 1)
    name = "spread over 20 municipalities and 5 years" if spread else "all in the one municipality and year asked for"
    print(f"\n### cijfers over a year, entries {name}\n\n| entries | median ms |\n|---|---|")
    async with opstelling(gemeenten=20) as o:
        headers = o.headers(o.regisseur)
        found = []
        for size in sizes:
            await fill(o, until=size, years=years, people=people)
            found.append(await time_cijfers(o, headers, o.mensen[0].gemeente, 2025))
            print(f"| {size:,} | {found[-1]:.1f} |", flush=True)
        print(f"\nratio **{found[-1] / found[0]:.2f}**. Resident memory of one worker {o.rss()} MiB.")
        if spread:
            print("\n### A first pull\n")
            for name, value in (await pull_everything(o, o.mensen[0])).items():
                print(f"- {name}: {value}")


async def run(args: Any) -> None:
    """All measurements, one after another."""
    print(
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, {WORKERS} API workers,"
        " PostgreSQL embedded, fsync on."
    )
    rounds, batches = (2, 5) if args.kort else (5, 25)
    await bench_push(devices=8, batches=batches, size=100, rounds=rounds)
    if not args.kort:
        await bench_push(devices=8, batches=batches, size=10, rounds=rounds)
    sizes = (1_000, 10_000) if args.kort else (1_000, 100_000)
    for spread in (True, False):
        await bench_cijfers(spread=spread, sizes=sizes)
    await (bench_lijsten(aantallen=(10, 20), hoop=1_000, maal=5) if args.kort else bench_lijsten())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kort", action="store_true", help="a short run, to see that the benchmark works")
    asyncio.run(run(parser.parse_args()))
