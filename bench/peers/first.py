"""The first sync of a new device, beside the time in which a plain server sends the very same bytes."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bench.opstelling import free_port
from bench.peers.line import HOST, Answer, Line, encode
from bench.peers.systems import System

PHONE = 10_000_000 // 8
"""Bytes a second of an ordinary mobile connection: 10 Mbit/s."""

SLACK = 0.05
"""Seconds that the line may catch up when this process was late."""


@dataclass
class First:
    """Seconds and bytes of one first sync, and of the same bytes alone."""

    documents: int
    wire: int
    loopback: float
    loopback_alone: float
    phone: float
    phone_alone: float
    way: str


async def first_sync(system: System, *, snapshot: bytes | None, rounds: int) -> First:
    """Medians of some rounds, with and without the narrow line. `snapshot` is the request for all in one answer."""
    times: dict[tuple[bool, bool], list[float]] = {}
    answers: list[Answer] = []
    for _ in range(rounds):
        for narrow in (False, True):
            async with slow_line(system.port(0), PHONE if narrow else None) as port:
                begun = time.perf_counter()
                answers = await fetch(system, port, snapshot)
                times.setdefault((narrow, False), []).append(time.perf_counter() - begun)
            body = b"".join(answer.body for answer in answers)
            async with plain_server(body) as plain, slow_line(plain, PHONE if narrow else None) as port:
                line = Line(port)
                begun = time.perf_counter()
                await line.send(encode("GET", "/"))
                times.setdefault((narrow, True), []).append(time.perf_counter() - begun)
                line.close()
    median = {key: sorted(values)[len(values) // 2] for key, values in times.items()}
    wire = sum(answer.wire for answer in answers)
    way = f"{len(answers)} answer{'s' * (len(answers) > 1)}"
    return First(
        *(count(system, answers, whole=snapshot is not None), wire),
        *(median[False, False], median[False, True], median[True, False], median[True, True], way),
    )


async def fetch(system: System, port: int, snapshot: bytes | None) -> list[Answer]:
    """Everything, by the way the system offers."""
    line, answers, cursor = Line(port, once=system.once), [], ""
    try:
        async with asyncio.timeout(300):
            if snapshot is not None:
                return [await line.send(snapshot)]
            while True:
                answers.append(await line.send(system.poll(cursor, loaded=True)))
                page = system.page(answers[-1])
                cursor = page.cursor
                if not page.more:
                    return answers
    finally:
        line.close()


def count(system: System, answers: list[Answer], *, whole: bool) -> int:
    """Different documents in the answers."""
    if not whole:
        return len({key for answer in answers for key in system.page(answer).seen})
    lines = [orjson.loads(line) for answer in answers for line in answer.text().splitlines()]
    return len({(line["collectie"], line["id"]) for line in lines if "id" in line})


@asynccontextmanager
async def plain_server(body: bytes) -> AsyncIterator[int]:
    """The address of a server, in a process of its own, that only sends `body`."""
    port = free_port()
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(body)
        kept.flush()
        process = subprocess.Popen(  # noqa: ASYNC220, S603  # starting takes a millisecond
            [sys.executable, "-S", Path(__file__).with_name("plain.py"), str(port), kept.name]
        )
        try:
            await until_open(port)
            yield port
        finally:
            process.kill()
            process.wait(5)


async def until_open(port: int) -> None:
    """Wait until somebody listens, ten seconds at most."""
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except OSError:
                await asyncio.sleep(0.01)
            else:
                writer.close()
                return


@asynccontextmanager
async def slow_line(port: int, rate: int | None) -> AsyncIterator[int]:
    """An address that leads to `port` and passes at most `rate` bytes a second back; no limit: the port itself."""
    if rate is None:
        yield port
        return

    clients: set[asyncio.Task[Any]] = set()

    async def serve_client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        clients.add(asyncio.current_task())  # type: ignore[arg-type]
        up_reader, up_writer = await asyncio.open_connection(HOST, port)
        down = asyncio.ensure_future(copy(up_reader, writer, rate))
        try:
            await copy(reader, up_writer, None)  # until the client closes
        finally:
            down.cancel()
            up_writer.close()
            writer.close()

    server = await asyncio.start_server(serve_client, HOST, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.wait_for(asyncio.gather(*clients), 30)


async def copy(reader: asyncio.StreamReader, writer: Any, rate: int | None) -> None:
    """Pass on what comes, no faster than `rate`: each piece leaves when a line of that rate would have sent it."""
    free = time.perf_counter()
    while piece := await reader.read(4096):
        if rate is not None:
            free = max(free, time.perf_counter() - SLACK) + len(piece) / rate
            await asyncio.sleep(free - time.perf_counter())
        try:
            writer.write(piece)
            await writer.drain()
        except ConnectionError:
            return
