"""The tables of `docs/bench/peers.md`: every goal beside its outcome, met or not, and how it was measured."""

import statistics
from collections.abc import Callable
from pathlib import Path

from bench.peers.picture import draw
from bench.peers.results import BARE, OURS, Rate, Results, median_rate

METHOD = Path(__file__).with_name("method.md")


def write_report(results: Results, where: Path | None) -> None:
    """Print the tables; with `where`, also write them there, with the picture."""
    method = ["## Method", METHOD.read_text(encoding="utf-8")]
    text = "\n".join([*heading(results), *goals(results), *speeds(results), *promises(results), *method])
    print("\n" + text)
    if where is not None:
        draw(results, where / "peers.svg")
        (where / "peers.md").write_text(text, encoding="utf-8")


def heading(results: Results) -> list[str]:
    """What and where."""
    before, after = results.load
    return [
        "# Veldboek beside Kinto and express-pouchdb",
        f"`make bench-peers`, {results.minutes:.0f} minutes, on {results.machine}",
        f"Load average {before:.1f} before, {after:.1f} after: quote the ratios, not the rates.",
        "",
        "![Creates, reads, first sync, rows missed, bytes and recovery of each system](peers.svg)",
        "",
    ]


def goals(results: Results) -> list[str]:
    """The goals of this step, with their outcomes."""
    fastest = max(results.kintos, key=lambda name: median_rate(results.creates[name][100]))
    first, lost = results.first[OURS], results.recovery[OURS].lost
    lines = ["## Goals", "| | goal | outcome | |", "|---|---|---|---|"]

    def at_least(what: str, goal: float, outcome: float) -> None:
        met = "met" if outcome >= goal else "not met"
        lines.append(f"| {what} | ≥ {goal:g} × | **{outcome:.2f} ×** | {met} |")

    def at_most(what: str, goal: float, outcome: float, unit: str = "") -> None:
        met = "met" if outcome <= goal else "not met"
        lines.append(f"| {what} | ≤ {goal:g}{unit} | **{outcome:.3g}{unit}** | {met} |")

    at_least("creates/s at 100 per batch, against Kinto (the faster server)", 100, results.ratio(fastest, 100))
    at_least("the same, against express-pouchdb", 1, results.ratio(results.pouch, 100))
    at_least("the same, against bare PostgreSQL", 0.5, results.ratio(BARE, 100))
    at_most("rows missed by a poller beside 8 writers", 0, results.missed[OURS].missed)
    at_most("acknowledged and lost by kill −9", 0, lost)
    documents, alone = f"first sync of {first.documents:,} documents", " × bytes alone"
    at_most(f"{documents} at 10 Mbit/s", 2, first.phone / first.phone_alone, alone)
    at_most("the same on the loopback, where bytes are free", 2, first.loopback / first.loopback_alone, alone)
    bare = median_rate(results.creates[BARE][100])
    beside = {name: bare / median_rate(results.creates[name][100]) for name in (fastest, results.pouch)}
    ceiling = f"{beside[fastest]:.0f} × Kinto and {beside[results.pouch]:.2f} × express-pouchdb"
    return [*lines, "", f"What bare PostgreSQL reaches with our rows, and so the ceiling of all this: {ceiling}.", ""]


def speeds(results: Results) -> list[str]:
    """Creates and reads."""
    names = [*results.systems, BARE]
    lines = ["## Speed", f"| | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]

    def add(what: str, cell: Callable[[str], str]) -> None:
        lines.append(f"| {what} | {' | '.join(cell(name) for name in names)} |")

    for size in sorted(results.creates[OURS]):
        add(f"creates/s, {size} per batch", lambda name, size=size: spread(results.creates[name][size]))
        add(f"p95, {size} per batch", lambda name, size=size: slowest(results.creates[name][size]))
    for what, words in (("one", "reads/s, one document"), ("list", "reads/s, a page of 100")):
        add(words, lambda name, what=what: spread(results.reads[name][what]) if name in results.reads else "–")
    largest = max(results.creates[OURS])
    add("bytes sent per record", lambda name: wire(results.creates[name][largest], "sent"))
    add("bytes answered per record", lambda name: wire(results.creates[name][largest], "received"))
    add(
        "bytes on disk per record",
        lambda name: f"{statistics.median(results.disk[name]):,.0f}" if name in results.disk else "–",
    )
    return [*lines, ""]


def spread(rounds: list[Rate]) -> str:
    """The median and the range."""
    rates = [found.rate for found in rounds]
    return f"**{statistics.median(rates):,.0f}** ({min(rates):,.0f}–{max(rates):,.0f})"


def slowest(rounds: list[Rate]) -> str:
    """The median of the 95th percentiles."""
    return f"{statistics.median(found.p95 for found in rounds):,.0f} ms"


def wire(rounds: list[Rate], way: str) -> str:
    """Median bytes per record; the bare writer has no line that we count."""
    found = statistics.median(getattr(each, way) for each in rounds)
    return f"{found:,.0f}" if found else "–"


def promises(results: Results) -> list[str]:
    """What was promised and whether it came."""
    names = results.systems
    lines = ["## Promises", f"| | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]

    def add(what: str, cells: list[str]) -> None:
        lines.append(f"| {what} | {' | '.join(cells)} |")

    missed, recovery = results.missed, results.recovery
    add("durability", [results.durability[name] for name in names])
    add("rows missed by the poller", [f"**{missed[n].missed}** of {missed[n].acknowledged:,}" for n in names])
    add("valid writes refused meanwhile", [f"{missed[n].refused:,}" for n in names])
    add("lost by kill −9", [f"**{recovery[n].lost}** of {recovery[n].acknowledged:,}" for n in names])
    add("first good answer after it", [f"{recovery[n].seconds:.1f} s" for n in names])
    first = results.first
    add(
        f"first sync, {results.documents:,} documents", [f"{first[n].wire / 1e6:.1f} MB, {first[n].way}" for n in names]
    )
    add("– on the loopback", [times(first[n].loopback, first[n].loopback_alone) for n in names])
    add("– at 10 Mbit/s", [times(first[n].phone, first[n].phone_alone) for n in names])
    return [*lines, "", f"Resident memory of one Veldboek worker at the end: {results.memory} MiB.", ""]


def times(seconds: float, alone: float) -> str:
    """Seconds, and beside the bytes alone."""
    return f"{seconds:.2f} s ({seconds / alone:.1f} ×)"
