"""The measurements themselves: creates, reads, a poller beside writers, kill -9, the first sync."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.opstelling import Mens
from bench.peers.line import Answer
from bench.peers.systems import CONNECTIONS, Op, Seen, System
from bench.peers.veldboek import Veldboek
from bench.versturen import make_batches

Work = list[list[list[Op]]]
"""For each connection its batches."""
LONGEST = 300.0
"""Seconds that filling may take."""


@dataclass
class Round:
    """One round of one system. Latencies in seconds; bytes as they went over the line."""

    records: int = 0
    refused: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    sent: int = 0
    received: int = 0
    acknowledged: list[tuple[str, int]] = field(default_factory=list)
    done: Work = field(default_factory=list)
    """The batches that were answered, for the bare writer."""

    @property
    def rate(self) -> float:
        """Records per second."""
        return self.records / self.seconds


def make_work(system: System, *, count: int, size: int) -> Work:
    """`count` batches for each connection; every system gets what the same generator makes."""
    if isinstance(system, Veldboek):
        system.forget_tokens()
        return [make_batches(mens, count=count, size=size) for mens in system.o.mensen[:CONNECTIONS]]
    return [make_batches(stranger(), count=count, size=size) for _ in range(CONNECTIONS)]


def stranger() -> Mens:
    """Somebody to record for a system that does not ask who he is."""
    from uuid_utils.compat import uuid7  # noqa: PLC0415

    return Mens(uuid7(), uuid7(), uuid7(), "GM0001")


def hand_back(system: System, done: Work) -> None:
    """What was not sent was never recorded: the next round goes on from the last number sent."""
    if isinstance(system, Veldboek):
        for mens, batches in zip(system.o.mensen, done, strict=False):
            if batches:
                mens.seq = batches[-1][-1]["deviceSeq"]


def make_requests(system: System, work: Work, *, shared: bool = False) -> list[list[bytes]]:
    """For each connection its requests, ready to be sent."""
    return [[system.create(n, ops, shared=shared) for ops in batches] for n, batches in enumerate(work)]


async def create_round(system: System, work: Work, requests: list[list[bytes]], *, seconds: float | None) -> Round:
    """All connections write at once, each one batch after another.

    Until the time is up or one of them has no more; without `seconds`, until all is written.
    """
    answers: list[list[Answer]] = [[] for _ in work]
    found, lines = Round(), [system.line(n) for n in range(len(work))]
    started = time.perf_counter()
    until = [started + (seconds or LONGEST)]

    async def write(n: int) -> None:
        for request in requests[n]:
            begun = time.perf_counter()
            if begun >= until[0]:
                return
            answers[n].append(await lines[n].send(request))
            found.latencies.append(time.perf_counter() - begun)
            found.sent += len(request)
            found.received += answers[n][-1].wire
        if seconds is not None:
            until[0] = 0.0

    try:
        async with asyncio.timeout((seconds or LONGEST) + 120):
            await asyncio.gather(*(write(n) for n in range(len(work))))
    finally:
        for line in lines:
            line.close()
    found.seconds = time.perf_counter() - started
    found.done = [batches[: len(got)] for batches, got in zip(work, answers, strict=True)]
    judge(system, found, answers)
    if isinstance(system, Veldboek) and found.refused:
        raise RuntimeError(f"Veldboek refused {found.refused} of what the bench pushes")
    hand_back(system, found.done)
    return found


def judge(system: System, found: Round, answers: list[list[Answer]]) -> None:
    """Count what the server vouched for, after the clock stopped."""
    for batches, got in zip(found.done, answers, strict=True):
        for ops, answer in zip(batches, got, strict=True):
            accepted, refused = system.outcome(ops, answer)
            found.records += len(accepted)
            found.refused += refused
            found.acknowledged += accepted


async def read_round(system: System, requests: Sequence[bytes], *, seconds: float) -> Round:
    """All connections read at once, going round the requests."""
    found, lines = Round(), [system.line(n) for n in range(CONNECTIONS)]
    started = time.perf_counter()

    async def read(n: int) -> None:
        for request in itertools.islice(itertools.cycle(requests), n, None):
            begun = time.perf_counter()
            if begun >= started + seconds:
                return
            answer = await lines[n].send(request)
            if answer.status != 200:  # noqa: PLR2004
                raise RuntimeError(f"{system.name} answered {answer.status} to a read")
            found.latencies.append(time.perf_counter() - begun)
            found.records += 1
            found.received += answer.wire

    try:
        async with asyncio.timeout(seconds + 60):
            await asyncio.gather(*(read(n) for n in range(CONNECTIONS)))
    finally:
        for line in lines:
            line.close()
    found.seconds = time.perf_counter() - started
    return found


@dataclass
class Missed:
    """What a poller did not get of what writers were promised."""

    acknowledged: int
    missed: int
    refused: int
    polls: int


async def poller_round(system: System, *, seconds: float) -> Missed:
    """A poller beside writers that write one record at a time into one collection; then it polls until all is quiet."""
    work = make_work(system, count=round(seconds * 400), size=1)
    requests = make_requests(system, work, shared=True)
    seen: Seen = {}
    cursor, polls, writing = "", 0, False
    line = system.line()

    async def poll_until_quiet() -> None:
        nonlocal cursor, polls
        while True:
            last = not writing
            page = system.page(await line.send(system.poll(cursor)))
            for key, revision in page.seen.items():
                seen[key] = max(seen.get(key, 0), revision)
            cursor, polls = page.cursor, polls + 1
            if last and not page.seen and not page.more:
                return
            await asyncio.sleep(0)

    try:
        async with asyncio.timeout(seconds + 180), asyncio.TaskGroup() as group:
            await poll_until_quiet()  # what was there before is no news
            writing = True
            poller = group.create_task(poll_until_quiet())
            found = await create_round(system, work, requests, seconds=seconds)
            writing = False
            await poller
    finally:
        line.close()
    missed = sum(1 for key, revision in found.acknowledged if seen.get(key, -1) < revision)
    return Missed(len(found.acknowledged), missed, found.refused, polls)
