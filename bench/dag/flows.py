"""What TCP did on the line: bytes that were new, bytes that were sent again, and when something last moved."""

import bisect
from dataclasses import dataclass, field

TCP = 6
SYN = 0x02
Flow = tuple[bytes, bytes]
"""Addresses, ports."""


@dataclass
class Covered:
    """Ranges of a byte stream that were seen, as sorted disjoint (start, end)."""

    ranges: list[tuple[int, int]] = field(default_factory=list)

    def add(self, start: int, end: int) -> int:
        """Add a range; how many of its bytes are new."""
        before = self.total()
        at = bisect.bisect_left(self.ranges, (start, start))
        if at > 0 and self.ranges[at - 1][1] >= start:
            at -= 1
        last = at
        while last < len(self.ranges) and self.ranges[last][0] <= end:
            start, end = min(start, self.ranges[last][0]), max(end, self.ranges[last][1])
            last += 1
        self.ranges[at:last] = [(start, end)]
        return self.total() - before

    def total(self) -> int:
        """How many bytes."""
        return sum(b - a for a, b in self.ranges)


@dataclass
class Flows:
    """All TCP flows of one direction."""

    sent_bytes: int = 0
    """Payload that was put on the line, with what was sent again."""
    wire_bytes: int = 0
    """The same with headers, and packets without payload."""
    again: int = 0
    """Payload that was on the line before."""
    progress: list[tuple[float, int]] = field(default_factory=list)
    """(moment, new bytes) of every arrival that brought something new."""
    _sent: dict[Flow, Covered] = field(default_factory=dict)
    _arrived: dict[Flow, Covered] = field(default_factory=dict)
    _first: dict[Flow, int] = field(default_factory=dict)

    def sent(self, packet: bytes) -> None:
        """A packet was put on the line."""
        self.wire_bytes += len(packet)
        if (found := self._payload(packet)) is not None:
            flow, start, end = found
            self.sent_bytes += end - start
            self.again += end - start - self._sent.setdefault(flow, Covered()).add(start, end)

    def delivered(self, packet: bytes, now: float) -> None:
        """A packet arrived."""
        if (found := self._payload(packet)) is not None:
            flow, start, end = found
            new = self._arrived.setdefault(flow, Covered()).add(start, end)
            if new:
                self.progress.append((now, new))

    @property
    def connections(self) -> int:
        """How many flows there were."""
        return len(self._first)

    def _payload(self, packet: bytes) -> tuple[Flow, int, int] | None:
        """The flow and the range of its stream in this packet; None without payload."""
        if packet[0] >> 4 != 4 or packet[9] != TCP:  # noqa: PLR2004
            return None
        head = (packet[0] & 0x0F) * 4
        length = int.from_bytes(packet[2:4], "big")
        flow = (packet[12:20], packet[head : head + 4])
        number = int.from_bytes(packet[head + 4 : head + 8], "big")
        if packet[head + 13] & SYN:
            self._first[flow] = number + 1
            return None
        size = length - head - (packet[head + 12] >> 4) * 4
        if size <= 0:
            return None
        start = (number - self._first.setdefault(flow, number)) % 2**32
        return flow, start, start + size
