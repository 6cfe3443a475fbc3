"""How fast one device or person may ask: a bucket of requests that fills up again. Per process, in memory.

And how many long answers, that stay open, each device and all together may have at once.
"""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from uuid import UUID

from app.problems import TeVeelVerzoeken

BURST = 4
"""Seconds' worth of requests that may come at once."""
MANY = 20_000
"""Buckets kept; the full ones are forgotten first."""


class Pacer:
    """`per_second` requests for each key, with bursts of `BURST` seconds' worth."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.size, self._clock = per_second, per_second * BURST, clock
        self._buckets: dict[UUID, tuple[float, float]] = {}

    def take(self, key: UUID) -> None:
        """Take one; raises TeVeelVerzoeken with `Retry-After`, spread so that not all come back together."""
        now = self._clock()
        left, since = self._buckets.get(key, (self.size, now))
        left = min(self.size, left + (now - since) * self.rate)
        if left < 1:
            wait = ceil((1 - left) / self.rate)
            raise TeVeelVerzoeken(
                "U vraagt te veel achter elkaar. Wacht even.",
                f'"verzoeken";q={int(self.size)};w={BURST}',
                headers={"Retry-After": str(wait + secrets.randbelow(wait + 2))},
            )
        if len(self._buckets) >= MANY:
            self._forget(now)
        self._buckets[key] = (left - 1, now)

    def _forget(self, now: float) -> None:
        """Drop the buckets that are full by now: a new one is the same."""
        kept = {
            key: (left, at) for key, (left, at) in self._buckets.items() if left + (now - at) * self.rate < self.size
        }
        self._buckets = kept if len(kept) < MANY else {}


class Places:
    """So many open at once for each device, and so many in all."""

    def __init__(self, each: int, in_all: int) -> None:
        self.each, self.in_all = each, in_all
        self._taken: Counter[UUID] = Counter()

    def __len__(self) -> int:
        """How many are taken."""
        return self._taken.total()

    def refuse_if_full(self, key: UUID) -> None:
        """Raise TeVeelVerzoeken when `key`, or everybody together, has all its places taken."""
        if self._taken[key] >= self.each or len(self) >= self.in_all:
            raise TeVeelVerzoeken(
                "Er staan er al genoeg open. Haal intussen gewoon op.", f'"open";q={self.each};qu="concurrent-requests"'
            )

    @contextmanager
    def take(self, key: UUID) -> Iterator[None]:
        """Take a place until the end of the block. Raises TeVeelVerzoeken.

        Whoever looked with `refuse_if_full` before his answer began may find it full now: others looked as well.
        """
        self.refuse_if_full(key)
        self._taken[key] += 1
        try:
            yield
        finally:
            self._taken -= Counter({key: 1})
