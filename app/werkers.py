"""Several API processes on one address: who falls is replaced, who cannot start stops all, and all stop together.

Each worker is a process of its own that takes connections from the same sockets, with everything of its own: pool,
keys, polls. What has to hold between them is held by the database, as between machines.
"""

import asyncio
import multiprocessing
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final

import structlog
import uvicorn

LOOK: Final = 0.2
"""Seconds between two looks at the workers."""
GRACE: Final = 15.0
"""Seconds that a worker gets to end what it is doing."""
FALLS: Final = 5
"""Falls of each worker within a minute after which it is not chance."""

log = structlog.get_logger("veldboek.werkers")


class WerkersVallen(RuntimeError):
    """The workers do not start, or keep falling."""


class Server(uvicorn.Server):
    """Stops on SIGINT, SIGTERM and SIGHUP and then returns.

    uvicorn itself raises the signal once more when it is done, which would end the process before PostgreSQL is
    stopped.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle the signals while serving; afterwards nothing is raised again."""
        with on_signals(lambda number: self.handle_exit(number, None)):
            yield


@contextmanager
def on_signals(act: Callable[[int], None]) -> Iterator[None]:
    """Call `act` for each signal that asks us to stop."""
    loop, caught = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in caught:
        loop.add_signal_handler(number, act, number)
    try:
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)


class Werkers:
    """`count` processes that run `target(*args, sockets, ready)`; seen from outside as one uvicorn server."""

    def __init__(self, target: Callable[..., None], args: tuple[object, ...], count: int) -> None:
        self.started = self.should_exit = False
        self._target, self._args, self._count = target, args, count
        self._context = multiprocessing.get_context("spawn")
        self._at_work: dict[BaseProcess, Connection] = {}
        self._falls: deque[float] = deque(maxlen=FALLS * count)

    async def serve(self, sockets: Sequence[socket.socket]) -> None:
        """Until a signal, or `should_exit`. Raises WerkersVallen; afterwards no worker is left."""
        with on_signals(self._on_signal):
            try:
                while not self.should_exit:
                    while len(self._at_work) < self._count:
                        self._launch(sockets)
                    await asyncio.sleep(LOOK)
                    self._look()
            finally:
                await self._stop()

    def _on_signal(self, _number: int) -> None:
        self.should_exit = True

    def _launch(self, sockets: Sequence[socket.socket]) -> None:
        told, tell = self._context.Pipe(duplex=False)
        worker = self._context.Process(target=self._target, args=(*self._args, list(sockets), tell))
        worker.start()
        tell.close()
        self._at_work[worker] = told

    def _look(self) -> None:
        """Forget who fell, so that others take their places."""
        for worker, told in list(self._at_work.items()):
            if worker.is_alive():
                continue
            log.warning("worker ended", pid=worker.pid, exitcode=worker.exitcode)
            del self._at_work[worker]
            self._falls.append(time.monotonic())
            often = len(self._falls) == self._falls.maxlen and self._falls[-1] - self._falls[0] < 60  # noqa: PLR2004
            if not _said_so(told) or often:
                raise WerkersVallen("Een van de processen stopt steeds, of al bij de start. Kijk in het log waarom.")
            told.close()
        self.started = self.started or all(told.poll() for told in self._at_work.values())

    async def _stop(self) -> None:
        for worker in self._at_work:
            worker.terminate()
        deadline = time.monotonic() + GRACE
        for worker in self._at_work:
            await asyncio.to_thread(worker.join, max(0.0, deadline - time.monotonic()))
            if worker.is_alive():
                worker.kill()
                worker.join()


def _said_so(told: Connection) -> bool:
    """Whether a worker said that it serves, before it fell."""
    try:
        return told.poll() and bool(told.recv())
    except EOFError:
        return False


async def serve_as_worker(server: Server, sockets: list[socket.socket], ready: Connection) -> None:
    """Serve, say when, and stop when whoever started us is gone, however that came."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101  # a worker has one
    loop = asyncio.get_running_loop()

    def orphaned() -> None:
        loop.remove_reader(parent.sentinel)
        server.should_exit = True

    async def say() -> None:
        while not server.started:  # noqa: ASYNC110  # uvicorn offers no event
            await asyncio.sleep(0.05)
        ready.send(True)  # noqa: FBT003

    loop.add_reader(parent.sentinel, orphaned)
    saying = asyncio.create_task(say())
    try:
        await server.serve(sockets)
    finally:
        saying.cancel()
