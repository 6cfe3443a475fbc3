"""What a device has delivered: everything through one number, and single numbers beyond it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

MAX_SHOWN = 1_000
"""So many missing numbers are listed; the count beyond is not needed to know that something is missing."""

MAX_LOOSE = 10_000
"""So many numbers beyond a gap are kept, the lowest; they are read at every call of the device. Of what lies beyond
them is said that it did not arrive, until it is sent again: no device that works has as many."""


_WAITS = "SELECT device_seq FROM bedrijf.sync_op WHERE toestel = $1 AND status = 'deferred' AND device_seq IS NOT NULL"


class DeviceAck(NamedTuple):
    """`contiguous_through`: all sequence numbers up to it arrived. `missing`: gaps below the highest one."""

    contiguous_through: int
    missing: list[int]


class Voortgang(NamedTuple):
    """The stored form, locked for the transaction."""

    toestel: UUID
    aaneengesloten: int
    los: frozenset[int]
    volledig_sinds: datetime | None = None
    """Since when nothing is missing but what waits for something else."""


async def lock_voortgang(raw: Any, toestel: UUID) -> Voortgang:
    """Lock the device's row: batches of one device are booked one after another."""
    row = await raw.fetchrow(
        "INSERT INTO bedrijf.toestel_voortgang (toestel, aaneengesloten, los) VALUES ($1, 0, '{}')"
        " ON CONFLICT (toestel) DO UPDATE SET toestel = excluded.toestel RETURNING aaneengesloten, los, volledig_sinds",
        toestel,
    )
    return Voortgang(toestel, row["aaneengesloten"], frozenset(row["los"]), row["volledig_sinds"])


async def read_ack(raw: Any, toestel: UUID) -> DeviceAck:
    """What the device has delivered, without locking."""
    row = await raw.fetchrow("SELECT aaneengesloten, los FROM bedrijf.toestel_voortgang WHERE toestel = $1", toestel)
    return as_ack(Voortgang(toestel, row["aaneengesloten"], frozenset(row["los"]))) if row else DeviceAck(0, [])


def advance(voortgang: Voortgang, received: Iterable[int]) -> Voortgang:
    """Take in the sequence numbers received: pure."""
    through, loose = voortgang.aaneengesloten, set(voortgang.los)
    loose.update(n for n in received if n > through)
    while through + 1 in loose:
        through += 1
        loose.discard(through)
    kept = loose if len(loose) <= MAX_LOOSE else sorted(loose)[:MAX_LOOSE]
    return Voortgang(voortgang.toestel, through, frozenset(kept), voortgang.volledig_sinds)


def as_ack(voortgang: Voortgang) -> DeviceAck:
    """The wire form: gaps instead of what lies beyond them."""
    missing: list[int] = []
    expected = voortgang.aaneengesloten + 1
    for number in sorted(voortgang.los):
        missing.extend(range(expected, min(number, expected + MAX_SHOWN - len(missing))))
        expected = number + 1
        if len(missing) >= MAX_SHOWN:
            break
    return DeviceAck(voortgang.aaneengesloten, missing)


def is_complete(voortgang: Voortgang, waits: Collection[int]) -> bool:
    """Whether nothing is missing below the highest number known, but the numbers that wait: pure."""
    known = voortgang.los.union(n for n in waits if n > voortgang.aaneengesloten)
    return max(known, default=voortgang.aaneengesloten) - voortgang.aaneengesloten == len(known)


async def save_voortgang(
    raw: Any, voortgang: Voortgang, received: Collection[int], waits: set[int], nu: datetime
) -> DeviceAck:
    """Store what arrived in this transaction, and what `waits`, and say what the device has now delivered."""
    new = advance(voortgang, received)
    if new.los or waits or new.volledig_sinds is None:  # else nothing is missing, and nothing was
        earlier = await raw.fetch(_WAITS, new.toestel)
        waits |= {row["device_seq"] for row in earlier} - {*received}
        new = new._replace(volledig_sinds=(new.volledig_sinds or nu) if is_complete(new, waits) else None)
    if new != voortgang:
        await raw.execute(
            "UPDATE bedrijf.toestel_voortgang SET aaneengesloten = $2, los = $3, volledig_sinds = $4"
            " WHERE toestel = $1",
            new.toestel,
            new.aaneengesloten,
            sorted(new.los),
            new.volledig_sinds,
        )
    return as_ack(new)
