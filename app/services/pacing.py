"""How fast one device or person may ask: a bucket of requests that fills up again. Per process, in memory."""

import secrets
import time
from collections.abc import Callable
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
