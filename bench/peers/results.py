"""What one run measured, small enough to keep."""

import statistics
from dataclasses import dataclass, field

from bench.peers.first import First
from bench.peers.measure import Missed, Round
from bench.peers.recover import Recovery

OURS, BARE = "Veldboek", "bare asyncpg, same rows"


@dataclass
class Rate:
    """A round in short: records a second, latencies in ms, bytes per record on the line."""

    rate: float
    p50: float
    p95: float
    refused: int
    records: int
    sent: float
    received: float


def shorten(found: Round) -> Rate:
    """Without the records themselves."""
    ordered = sorted(found.latencies)
    return Rate(
        found.rate,
        ordered[len(ordered) // 2] * 1000,
        ordered[int(len(ordered) * 0.95)] * 1000,
        found.refused,
        found.records,
        found.sent / max(1, found.records),
        found.received / max(1, found.records),
    )


@dataclass
class Results:
    """By the name of the system, the rounds in the order in which they were run."""

    machine: str = ""
    documents: int = 0
    minutes: float = 0.0
    memory: int = 0
    load: tuple[float, float] = (0.0, 0.0)
    """Load average before and after: what else the machine was doing."""
    durability: dict[str, str] = field(default_factory=dict)
    creates: dict[str, dict[int, list[Rate]]] = field(default_factory=dict)
    reads: dict[str, dict[str, list[Rate]]] = field(default_factory=dict)
    disk: dict[str, list[float]] = field(default_factory=dict)
    first: dict[str, First] = field(default_factory=dict)
    missed: dict[str, Missed] = field(default_factory=dict)
    recovery: dict[str, Recovery] = field(default_factory=dict)

    def add_create(self, name: str, size: int, found: Round) -> None:
        """A round of creates."""
        self.creates.setdefault(name, {}).setdefault(size, []).append(shorten(found))

    def add_read(self, name: str, what: str, found: Round) -> None:
        """A round of reads."""
        self.reads.setdefault(name, {}).setdefault(what, []).append(shorten(found))

    @property
    def systems(self) -> list[str]:
        """Ours first, then the peers."""
        return [name for name in self.creates if name != BARE]

    @property
    def kintos(self) -> list[str]:
        """Kinto behind each of its servers."""
        return [name for name in self.systems if name.startswith("Kinto")]

    @property
    def pouch(self) -> str:
        """The other peer."""
        return next(name for name in self.systems if "pouch" in name)

    def ratio(self, other: str, size: int) -> float:
        """Ours to `other` in creates a second: the median of the ratios within each round."""
        pairs = zip(self.creates[OURS][size], self.creates[other][size], strict=True)
        return statistics.median(ours.rate / max(theirs.rate, 0.001) for ours, theirs in pairs)


def median_rate(rounds: list[Rate]) -> float:
    """Of the rates."""
    return statistics.median(found.rate for found in rounds)
