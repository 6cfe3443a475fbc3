"""The table of `docs/bench/dag.md` and its picture: bytes over time, beside what the line could carry."""

import math
import os
import statistics
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from bench.dag.line import Line, Quality, Way
from bench.svg import FAINT, INK, RULE, Drawing, ticks

STALL = 10.0
"""Seconds without a new byte in either direction that we call a stall. A SYN that is lost three times takes seven, so a
longer silence is no longer the line's but ours."""
SEGMENT, HEADERS = 1448, 52
"""Payload and headers of a full packet, with TCP timestamps."""


METHOD = Path(__file__).with_name("method.md")


@dataclass
class Day:
    """One day as it went over the line. Moments in seconds since the sync began."""

    quality: Quality
    phases: list[tuple[str, float]]
    """Name and end of each part, in order."""
    progress: list[tuple[float, int]]
    """(moment, new bytes) both ways, in order."""
    up: Way
    down: Way
    uitkomsten: dict[str, int]
    staten: dict[str, int]
    fotobytes: list[int]
    load: float

    @classmethod
    def of(cls, quality: Quality, line: Line, said: dict[str, Any]) -> Self:
        """From what the line saw and what the officer's end said."""
        begin = said["begin"]
        events = sorted(line.up.flows.progress + line.down.flows.progress)
        phases = [("operations", said["operaties"] - begin), ("photos", said["bestanden"] - begin)]
        progress = [(moment - begin, size) for moment, size in events]
        ends = (line.up, line.down)
        said = {key: said[key] for key in ("uitkomsten", "staten", "fotobytes")}
        return cls(quality, phases, progress, *ends, **said, load=os.getloadavg()[0])

    @property
    def seconds(self) -> float:
        """From the first packet to the last answer."""
        return self.phases[-1][1]

    @property
    def stall(self) -> tuple[float, float]:
        """The longest time in which nothing new arrived on either side, and when it began."""
        moments = [0.0, *(at for at, _ in self.progress if 0 <= at <= self.seconds), self.seconds]
        return max((after - before, before) for before, after in pairwise(moments))

    @property
    def flows_on(self) -> bool:
        """The goal: no stall."""
        return self.stall[0] <= STALL

    @property
    def whole(self) -> bool:
        """Whether everything arrived: an evening that flows on but loses something is no evening."""
        return self.uitkomsten.keys() == {"accepted"} and self.staten.keys() == {"compleet"}

    @property
    def limit(self) -> float:
        """Seconds that the line itself needs for these bytes, however they are sent.

        Each new byte with its headers, at the rate, the lost ones twice; a handshake and one question with its answer.
        """
        new = max(way.flows.sent_bytes - way.flows.again for way in (self.up, self.down))
        wire = new * (SEGMENT + HEADERS) / SEGMENT
        return wire * 8 / self.quality.rate / (1 - self.quality.loss) + 4 * self.quality.delay

    @property
    def mathis(self) -> float:
        """Bits a second that one TCP connection gets at this loss and delay (Mathis et al. 1997)."""
        return SEGMENT * 8 / (2 * self.quality.delay) * math.sqrt(1.5 / self.quality.loss)


def write_report(day: Day, where: Path | None) -> None:
    """Print the table; with `where`, also write it there, with the picture."""
    text = "\n".join(table(day))
    print(text)
    if where is not None:
        draw(day, where / "dag.svg")
        (where / "dag.md").write_text(text, encoding="utf-8")


def table(day: Day) -> list[str]:
    """Every number with what it means."""
    heavy = statistics.mean(day.fotobytes) / 1000
    q, (stall, since), verdict = day.quality, day.stall, "met" if day.flows_on else "NOT MET"
    rows = [
        (f"{name}, seconds", f"{end - begin:.1f}") for (_, begin), (name, end) in pairwise([("", 0.0), *day.phases])
    ]
    rows += [
        ("**total, seconds**", f"**{day.seconds:.1f}**"),
        ("what the line itself needs for these bytes, seconds", f"{day.limit:.1f}"),
        ("ratio", f"**{day.seconds / day.limit:.2f}**"),
        ("what one TCP connection gets here at most (Mathis), kbit/s", f"{day.mathis / 1000:.0f}"),
        ("connections", f"{day.up.flows.connections}"),
        (
            f"longest time without a new byte, seconds (goal: at most {STALL:.0f})",
            f"**{stall:.1f}** at {since:.0f} s: {verdict}",
        ),
        ("new bytes up, down", f"{sent_once(day.up):,}, {sent_once(day.down):,}"),
        ("bytes sent again up, down", f"{day.up.flows.again:,}, {day.down.flows.again:,}"),
        (
            "packets lost by the air up, down",
            f"{day.up.lost} of {day.up.packets}, {day.down.lost} of {day.down.packets}",
        ),
        ("packets that found the queue full up, down", f"{day.up.full}, {day.down.full}"),
        (
            f"{len(day.fotobytes)} photos of {heavy:.0f} kB by outcome",
            tell(day.staten),
        ),
        ("operations by outcome", tell(day.uitkomsten)),
    ]
    head = f"`make bench-dag`: {q.rate / 1e6:.0f} Mbit/s, {2000 * q.delay:.0f} ms, {100 * q.loss:.0f} % loss each way,"
    return [
        "# An officer's day over a bad line",
        f"{head} a queue of {q.queue} packets, CUBIC. Load average of the machine {day.load:.1f}.",
        "",
        "| | |\n|---|---|",
        *(f"| {what} | {value} |" for what, value in rows),
        "",
        "![Bytes that arrived over time, beside what the line allows](dag.svg)",
        "",
        METHOD.read_text(encoding="utf-8"),
    ]


def tell(counts: dict[str, int]) -> str:
    """How many of each."""
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


def sent_once(way: Way) -> int:
    """Payload without what was sent again."""
    return way.flows.sent_bytes - way.flows.again


def draw(day: Day, path: Path) -> None:
    """Bytes that arrived, over time, and the slope that the line allows."""
    left, right, top, bottom = 70.0, 930.0, 70.0, 400.0
    d = Drawing(960, 450, title="An officer's day over a bad line: bytes over time")
    whole = sum(size for _, size in day.progress)
    wide, high = day.seconds * 1.02, whole * 1.05 / 1e6
    d.text(20, 28, "An officer's day offline, synced over a bad line", size=17, bold=True)
    q = day.quality
    words = f"{q.rate / 1e6:.0f} Mbit/s, {2000 * q.delay:.0f} ms, {100 * q.loss:.0f} % loss"
    d.text(20, 47, f"{words}; megabytes that arrived, by second", colour=FAINT)

    def at(moment: float, size: float) -> tuple[float, float]:
        return left + moment / wide * (right - left), bottom - size / 1e6 / high * (bottom - top)

    for size in ticks(high):
        y = at(0, size * 1e6)[1]
        d.line(left, y, right, y)
        d.text(left - 8, y + 4, f"{size:g}", size=11, colour=FAINT, anchor="end")
    for moment in ticks(wide, 8):
        d.text(at(moment, 0)[0], bottom + 18, f"{moment:g} s", size=11, colour=FAINT, anchor="middle")
    d.line(*at(0, 0), *at(day.limit, whole), FAINT, width=2, dash="6 5")
    d.text(at(day.limit * 0.5, 0)[0] - 10, at(0, whole * 0.5)[1] - 8, "the line itself", colour=FAINT, anchor="end")
    sofar, points = 0, [at(0, 0)]
    for moment, size in day.progress:
        sofar += size
        points.append(at(moment, sofar))
    d.path(points, "#0b5cad")
    for name, end in day.phases:
        d.line(at(end, 0)[0], top, at(end, 0)[0], bottom, RULE, dash="2 3")
        x, late = at(end, 0)[0], end > day.seconds / 2
        words, side = f"{name} done, {end:.0f} s", "end" if late else "start"
        d.text(x + (-5 if late else 5), top + 12, words, size=11.5, colour=INK, anchor=side)
    d.save(path)
