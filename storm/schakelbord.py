"""The switchboard: one page of memory that the storm shares with the API process.

On it stand the clock of the server, one fault that is armed (at which point of a booking, and what then), and
whether files are bound at this moment: what happens beside the requests must happen when the storm says so.
"""

import mmap
import os
import signal
import struct
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Final

_VORM: Final = struct.Struct("<qiiiii")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Punt(IntEnum):
    """A point in the carrying out of a booking."""

    GEEN = 0
    VOOR_KOP = 1
    """read models are written, the head of the ledger is not locked yet"""
    VOOR_COMMIT = 2
    """the entries are in the ledger, and nobody sees them yet"""
    NA_COMMIT = 3
    """it is durable, and the answer has not left"""


class Daad(IntEnum):
    """What happens there."""

    API_DOOD = 1
    """`kill -9` of the API itself"""
    POSTGRES_STOP = 2
    """`immediate` stop of PostgreSQL; the API lives on"""


class Schakelbord:
    """Shared through fork: make it before the first one."""

    def __init__(self, start: datetime) -> None:
        self._page = mmap.mmap(-1, mmap.PAGESIZE)
        self.set_clock(start)

    def now(self) -> datetime:
        """The time on the server."""
        return _EPOCH + timedelta(microseconds=self._read()[0])

    def set_clock(self, moment: datetime) -> None:
        """Put the server's clock, forwards or backwards."""
        self._write(0, (moment - _EPOCH) // timedelta(microseconds=1))

    def arm(self, punt: Punt, daad: Daad, postgres: int = 0) -> None:
        """Let `daad` happen once, at the next booking that comes to `punt`."""
        self._write(1, punt)
        self._write(2, daad)
        self._write(3, postgres)

    def disarm(self) -> None:
        """Nothing happens any more."""
        self._write(1, Punt.GEEN)

    @property
    def armed(self) -> bool:
        """Whether the fault is still to come."""
        return self._read()[1] != Punt.GEEN

    @property
    def binds(self) -> bool:
        """Whether the API binds files to their entries now."""
        return bool(self._read()[4])

    @binds.setter
    def binds(self, now: bool) -> None:
        self._write(4, int(now))

    @property
    def rounds(self) -> int:
        """How often the API went through all files that are to be bound."""
        return self._read()[5]

    def end_round(self) -> None:
        """Called by the API after each."""
        self._write(5, self.rounds + 1)

    def reach(self, punt: Punt) -> None:
        """Called by the API at each point."""
        _, armed, daad, postgres, *_ = self._read()
        if armed != punt:
            return
        self.disarm()
        if daad == Daad.API_DOOD:
            os.kill(os.getpid(), signal.SIGKILL)
        os.kill(postgres, signal.SIGQUIT)
        wait_until_gone(postgres)

    def _read(self) -> tuple[int, ...]:
        return _VORM.unpack_from(self._page)

    def _write(self, place: int, value: int) -> None:
        values = list(self._read())
        values[place] = value
        _VORM.pack_into(self._page, 0, *values)


def wait_until_gone(pid: int) -> None:
    """Until a process has ended, whoever its parent is; a zombie has ended. Ten seconds at most."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError, ProcessLookupError):
            with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:  # noqa: PTH123  # hundreds a second
                state = stat.read().rpartition(")")[2].split()[0]
            if state not in "ZX":
                time.sleep(0.002)
                continue
        return
    raise TimeoutError(f"process {pid} did not end")
