"""Many runs: storms side by side, each a process with a PostgreSQL and an API of its own."""

import asyncio
import multiprocessing
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from queue import Empty
from types import TracebackType
from typing import Any, NamedTuple, Self

from storm.opstelling import Opstelling, scratch
from storm.rooster import Actie, draw
from storm.run import Uitslag, play

TEGELIJK = 2
LANGST = 600
"""Seconds that nothing may come from any storm."""


class Opgave(NamedTuple):
    """One run to do."""

    seed: int
    acties: list[Actie]
    mutatie: str | None = None

    @classmethod
    def of(cls, seed: int, mutatie: str | None = None) -> "Opgave":
        """What a seed says."""
        return cls(seed, draw(seed), mutatie)


class Reeks:
    """Workers that take what is put and give what came of it; the order of the answers is theirs."""

    def __init__(self, workers: int = TEGELIJK) -> None:
        context = multiprocessing.get_context("spawn")
        self._given, self._found = context.Queue(), context.Queue()
        self._workers = [context.Process(target=_work, args=(self._given, self._found)) for _ in range(workers)]

    def __enter__(self) -> Self:
        for worker in self._workers:
            worker.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, _exc: BaseException | None, _tb: TracebackType | None) -> None:
        for worker in self._workers:
            self._given.put(None)
            if kind is not None:
                worker.terminate()
        for worker in self._workers:
            worker.join(60)

    def put(self, opgave: Opgave) -> None:
        """Have it done."""
        self._given.put(opgave)

    def get(self) -> Uitslag:
        """The next outcome. Raises what stopped a worker."""
        for _ in range(LANGST):
            try:
                found = self._found.get(timeout=1)
            except Empty:
                if any(worker.is_alive() for worker in self._workers):
                    continue
                raise RuntimeError("a storm ended without a word") from None
            if isinstance(found, Exception):
                raise found
            outcome: Uitslag = found
            return outcome
        raise TimeoutError("no outcome from any storm")


def storm(opgaven: Sequence[Opgave]) -> Iterator[Uitslag]:
    """The outcome of each, as it comes."""
    with Reeks(min(TEGELIJK, len(opgaven))) as reeks:
        for opgave in opgaven:
            reeks.put(opgave)
        for _ in opgaven:
            yield reeks.get()


def _next(given: Any) -> Opgave | None:
    """What is to be done next; None when there is no more, or nobody left who wants it."""
    parent = multiprocessing.parent_process()
    while parent is not None and parent.is_alive():
        with suppress(Empty):
            opgave: Opgave | None = given.get(timeout=1)
            return opgave
    return None


def _work(given: Any, found: Any) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that PostgreSQL and its disk do not stay behind
    with scratch() as (home, own):
        o = Opstelling(home, own_disk=own)
        try:
            asyncio.run(_play_all(o, given, found))
        except BaseException as error:
            found.put(RuntimeError(f"{type(error).__name__}: {error}"))  # not every exception can be sent
            raise
        finally:
            o.close()
            if (parent := multiprocessing.parent_process()) is not None and not parent.is_alive():
                found.cancel_join_thread()  # nobody is there to read the last outcome


async def _play_all(o: Opstelling, given: Any, found: Any) -> None:
    await o.prepare()
    while (opgave := _next(given)) is not None:
        found.put(await play(o, *opgave))
