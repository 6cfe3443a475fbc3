"""`kill -9` under load: how long until the first good answer, and is anything lost that was acknowledged."""

import asyncio
import os
import signal
import time
from dataclasses import dataclass

from bench.opstelling import Opstelling
from bench.peers.line import Answer
from bench.peers.measure import Round, Work, judge, make_requests, make_work
from bench.peers.systems import Peer, System, send_all
from bench.peers.veldboek import Veldboek, acknowledged, count_missing


@dataclass
class Recovery:
    """Seconds from the start of the restart, database included, to the first good answer."""

    acknowledged: int
    lost: int
    seconds: float


async def kill_round(system: System, o: Opstelling, *, size: int, seconds: float) -> Recovery:
    """Write, kill everything in the middle, start again, look for every record that was acknowledged."""
    work = make_work(system, count=round(seconds * (60 if size > 1 else 400)), size=size)
    requests = make_requests(system, work)
    answers = await write_until_cut(system, o, requests, seconds)
    found = Round(done=[batches[: len(got)] for batches, got in zip(work, answers, strict=True)])
    judge(system, found, answers)
    begun = time.monotonic()
    if uses_postgres(system):
        o.server = o.postgres.restart()
    await system.revive()
    took = time.monotonic() - begun
    if isinstance(system, Veldboek):
        lost = await count_lost_here(system, only_acknowledged(found.done, answers))
    else:
        assert isinstance(system, Peer)  # noqa: S101  # the others are
        lost = await count_lost(system, found)
    return Recovery(len(found.acknowledged), lost, took)


def uses_postgres(system: System) -> bool:
    """All but LevelDB."""
    return "PostgreSQL" in system.durability


async def write_until_cut(
    system: System, o: Opstelling, requests: list[list[bytes]], seconds: float
) -> list[list[Answer]]:
    """The answers that came before everything was killed."""
    answers: list[list[Answer]] = [[] for _ in requests]

    async def write(n: int) -> None:
        line = system.line(n)
        try:
            for request in requests[n]:
                answers[n].append(await line.send(request))
        except (OSError, asyncio.IncompleteReadError):
            return  # the cut: what was under way was not acknowledged
        finally:
            line.close()

    async with asyncio.timeout(seconds + 60), asyncio.TaskGroup() as group:
        for n in range(len(requests)):
            group.create_task(write(n))
        await asyncio.sleep(seconds)
        if uses_postgres(system):
            os.kill(o.server.pid, signal.SIGKILL)
        await asyncio.to_thread(system.kill)
    return answers


def only_acknowledged(done: Work, answers: list[list[Answer]]) -> Work:
    """Of what was answered, what was vouched for: the API that lost its database answers 503 until it is killed too."""
    kept = [
        [[op for op, _ in acknowledged(ops, answer)] for ops, answer in zip(batches, got, strict=True)]
        for batches, got in zip(done, answers, strict=True)
    ]
    return [[ops for ops in batches if ops] for batches in kept]


async def count_lost_here(system: Veldboek, vouched: Work) -> int:
    """Send all that was acknowledged once more: what the ledger has is a duplicate, anything else was lost."""
    system.forget_tokens()
    lost = 0
    for number, batches in enumerate(vouched):
        requests = [system.create(number, ops) for ops in batches]
        for ops, answer in zip(batches, await send_all(system, requests), strict=True):
            lost += count_missing(ops, answer)
    return lost


async def count_lost(system: Peer, found: Round) -> int:
    """Ask for every acknowledged record by its id, eight lines at once."""
    keys = [key for key, _ in found.acknowledged]
    number_of = {op["opId"]: n for n, batches in enumerate(found.done) for ops in batches for op in ops}
    lost = 0

    async def look(part: list[str]) -> None:
        nonlocal lost
        line = system.line()
        for key in part:
            answer = await line.send(system.read_back(number_of[key], key))
            lost += answer.status != 200  # noqa: PLR2004
        line.close()

    await asyncio.gather(*(look(keys[at::8]) for at in range(8)))
    return lost
