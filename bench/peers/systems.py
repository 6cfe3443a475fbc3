"""What a measurement asks of a system, and how the two peers do it.

Each peer gets its best case: no sign-in, no history, a collection for each connection, its own fastest request.
"""

import asyncio
import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from bench.opstelling import free_port
from bench.peers.line import Answer, Line

CONNECTIONS = 8
OURS = Path(__file__).parent
BENCH = OURS.parent.parent / ".bench"
Op = dict[str, Any]
Seen = dict[str, int]
Documents = list[tuple[str, dict[str, Any]]]


class Outcome(NamedTuple):
    """Of one request: rows the server vouched for, as (key, revision) pairs, and how many it refused."""

    accepted: list[tuple[str, int]]
    refused: int


class Page(NamedTuple):
    """What a poller read: the newest revision of each key, where to go on, and whether more is waiting."""

    seen: Seen
    cursor: str
    more: bool


class System(ABC):
    """One system under measurement. `start` and `revive` return when it answers."""

    name: str
    durability: str
    fastest: int
    """Records a second that it does not reach on such a machine."""
    once: bool = False
    """It closes the connection after each answer."""

    def line(self, number: int = 0) -> Line:
        """A connection as number `number` makes it."""
        return Line(self.port(number), once=self.once)

    @abstractmethod
    async def start(self) -> None:
        """Start from nothing."""

    @abstractmethod
    def stop(self) -> None:
        """Stop all that was started; may be called twice."""

    @abstractmethod
    def kill(self) -> None:
        """`kill -9`, without the PostgreSQL that others share."""

    @abstractmethod
    async def revive(self) -> None:
        """Start again on what is on disk."""

    @abstractmethod
    def port(self, number: int) -> int:
        """Where connection `number` goes."""

    @abstractmethod
    def create(self, number: int, ops: Sequence[Op], *, shared: bool = False) -> bytes:
        """The request that stores `ops`; `shared`: all connections in one collection."""

    @abstractmethod
    def outcome(self, ops: Sequence[Op], answer: Answer) -> Outcome:
        """What became of them."""

    @abstractmethod
    async def load(self, docs: Documents) -> None:
        """Store these documents, to be read."""

    @abstractmethod
    def poll(self, cursor: str, *, loaded: bool = False) -> bytes:
        """What changed after `cursor` (empty: everything), in the shared or in the loaded collection."""

    @abstractmethod
    def page(self, answer: Answer) -> Page:
        """Read a poll."""

    @abstractmethod
    def read_one(self, ident: str) -> bytes:
        """One loaded document."""

    @abstractmethod
    def read_list(self) -> bytes:
        """A page of a hundred loaded documents."""

    @abstractmethod
    async def size(self) -> int:
        """Bytes on disk now."""


@dataclass
class Peer(System):
    """A server that others wrote: one process group behind one address."""

    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    own_port: int = field(default_factory=free_port, init=False)

    def stop(self) -> None:
        """TERM to the group."""
        end(self.process)

    def kill(self) -> None:
        """KILL to the group."""
        end(self.process, signal.SIGKILL)

    def port(self, number: int) -> int:
        """One address for all."""
        return self.own_port

    @abstractmethod
    def read_back(self, number: int, ident: str) -> bytes:
        """A record that connection `number` stored."""


def run(command: Sequence[str | Path], log: Path, **environment: str) -> subprocess.Popen[bytes]:
    """A server in a session of its own, so that it and its children can be stopped together."""
    with log.open("ab") as target:
        return subprocess.Popen(  # noqa: S603
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=target,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **environment},
        )


def end(process: subprocess.Popen[bytes] | None, first: signal.Signals = signal.SIGTERM) -> None:
    """Stop a server and its children; ten seconds, then by force."""
    if process is None or process.poll() is not None:
        return
    os.killpg(process.pid, first)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def tree_bytes(directory: Path) -> int:
    """Bytes of all files below `directory`."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


async def database_bytes(url: str) -> int:
    """Bytes of a PostgreSQL database, indexes included, after a checkpoint and without what vacuum may drop."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM")
        return int(await connection.fetchval("SELECT pg_database_size(current_database())"))
    finally:
        await connection.close()


def chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """`items` in pieces of at most `size`."""
    for at in range(0, len(items), size):
        yield items[at : at + size]


async def send_all(system: System, requests: Sequence[bytes]) -> list[Answer]:
    """One after another over one line. Raises RuntimeError at the first that fails."""
    line, answers = system.line(), []
    try:
        for request in requests:
            answers.append(await line.send(request))
            if answers[-1].status >= 400:  # noqa: PLR2004
                raise RuntimeError(f"{system.name} answered {answers[-1].status}: {answers[-1].body[:300]!r}")
    finally:
        line.close()
    return answers


async def until_good(system: System, request: bytes, *, seconds: float = 60) -> float:
    """Ask until the answer is a success; returns the seconds that took. Raises TimeoutError."""
    line, started = system.line(), time.monotonic()
    try:
        while time.monotonic() - started < seconds:
            try:
                if (await line.send(request)).status < 300:  # noqa: PLR2004
                    return time.monotonic() - started
            except (OSError, asyncio.IncompleteReadError):
                pass
            await asyncio.sleep(0.01)
    finally:
        line.close()
    raise TimeoutError(f"{system.name} did not start within {seconds:.0f} s")
