"""The results as one picture: creates on a logarithmic scale, and six small panels."""

import math
import statistics
from pathlib import Path

from bench.peers.results import BARE, OURS, Results, median_rate
from bench.svg import FAINT, INK, RULE, Drawing

WIDTH, LEFT, RIGHT = 960.0, 168.0, 930.0
COLOURS = {OURS: "#0b5cad", "waitress": "#c2571a", "uwsgi": "#b98a2d", "pouch": "#3f8f5b", BARE: "#66727f"}


def colour_of(name: str) -> str:
    """Ours blue, Kinto twice orange, pouch green, the bare ceiling grey."""
    return next(colour for key, colour in COLOURS.items() if key in name)


def draw(results: Results, path: Path) -> None:
    """Write the picture."""
    sizes = sorted(results.creates[OURS])
    names = [*results.systems, BARE]
    top = 66.0
    bottom = top + len(sizes) * (len(names) * 17 + 22)
    d = Drawing(WIDTH, bottom + 436, title="Veldboek beside Kinto and express-pouchdb")
    d.text(20, 28, "Records created per second", size=17, bold=True)
    d.text(20, 47, "8 connections; median round and range; logarithmic scale", colour=FAINT)
    creates(d, results, names, top, bottom)
    panels(d, results, bottom + 56)
    note = "express-pouchdb answers before its data is on disk, the others after. asyncpg writes what Veldboek wrote."
    d.text(20, d.height - 14, note, size=11, colour=FAINT)
    d.save(path)


def creates(d: Drawing, results: Results, names: list[str], top: float, bottom: float) -> None:
    """A row for each system and batch size."""
    every = [found.rate for sizes in results.creates.values() for rounds in sizes.values() for found in rounds]
    low, high = math.floor(math.log10(max(1.0, min(every)))), math.ceil(math.log10(max(every)))

    def across(rate: float) -> float:
        return LEFT + 90 + (math.log10(max(rate, 1)) - low) / (high - low) * (RIGHT - LEFT - 150)

    for power in range(low, high + 1):
        x = across(10**power)
        d.line(x, top, x, bottom)
        d.text(x, bottom + 15, f"{10**power:,}", size=11, colour=FAINT, anchor="middle")
    y = top + 14
    for size in sorted(results.creates[OURS]):
        d.text(20, y + 4, f"{size} per batch", bold=True)
        for name in names:
            rates = [found.rate for found in results.creates[name][size]]
            colour, middle = colour_of(name), across(statistics.median(rates))
            d.text(
                LEFT + 76,
                y + 4,
                name.removeprefix("bare "),
                size=11.5,
                colour=INK if name == OURS else FAINT,
                anchor="end",
                bold=name == OURS,
            )
            d.line(across(min(rates)), y, across(max(rates)), y, colour, width=3)
            d.dot(middle, y, colour, hollow=name == BARE)
            d.text(
                across(max(rates)) + 9,
                y + 4,
                f"{statistics.median(rates):,.0f}",
                size=11.5,
                colour=colour,
                bold=name == OURS,
            )
            y += 17
        y += 22


def panels(d: Drawing, results: Results, top: float) -> None:
    """Six questions, a bar for each system."""
    names = results.systems
    missed, first, recovery = results.missed, results.first, results.recovery
    share = {n: 100 * missed[n].missed / max(1, missed[n].acknowledged) for n in names}
    asked = [
        ("Reads per second, one document", {n: median_rate(results.reads[n]["one"]) for n in names}, "{:,.0f}", {}),
        ("Reads per second, a page of 100", {n: median_rate(results.reads[n]["list"]) for n in names}, "{:,.0f}", {}),
        ("Bytes on disk per record", {n: statistics.median(results.disk[n]) for n in names}, "{:,.0f}", {}),
        ("Rows missed by a poller, %", share, "{:.1f}", {}),
        (
            f"First sync of {results.documents:,}, 10 Mbit/s, seconds",
            {n: first[n].phone for n in names},
            "{:.1f}",
            {n: first[n].phone_alone for n in names},
        ),
        ("Seconds to an answer after kill −9", {n: recovery[n].seconds for n in names}, "{:.1f}", {}),
    ]
    for number, (title, values, form, marks) in enumerate(asked):
        x, y = 20 + number % 3 * 312, top + number // 3 * 190
        d.text(x, y, title, size=13, bold=True)
        if marks:
            d.text(x, y + 15, "the black line: the same bytes alone", size=11, colour=FAINT)
        bars(d, x, y + 24, values, form, marks)


def bars(d: Drawing, x: float, y: float, values: dict[str, float], form: str, marks: dict[str, float]) -> None:
    """Horizontal bars from zero, the number behind each."""
    widest = max(*values.values(), 1e-9)
    d.line(x, y, x, y + len(values) * 33 - 4, RULE)
    for name, value in values.items():
        d.text(x + 4, y + 10, name, size=11, colour=INK if name == OURS else FAINT, bold=name == OURS)
        length = 225 * value / widest
        d.rect(x, y + 14, length, 11, colour_of(name))
        d.text(x + length + 6, y + 24, form.format(value), size=11.5, colour=colour_of(name), bold=name == OURS)
        if name in marks:
            at = x + 225 * marks[name] / widest
            d.line(at, y + 11, at, y + 28, INK, width=2)
        y += 33
