"""What a device has delivered: everything through one number, and single numbers beyond it."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

MAX_SHOWN = 1_000
"""So many missing numbers are listed; the count beyond is not needed to know that something is missing."""

MAX_LOOSE = 10_000
"""So many numbers beyond a gap are kept, the lowest; they are read at every call of the device. Of what lies beyond
them is said that it did not arrive, until it is sent again: no device that works has as many."""


class DeviceAck(NamedTuple):
    """`contiguous_through`: all sequence numbers up to it arrived. `missing`: gaps below the highest one."""

    contiguous_through: int
    missing: list[int]


class Voortgang(NamedTuple):
    """The stored form, locked for the transaction."""

    toestel: UUID
    aaneengesloten: int
    los: frozenset[int]


async def lock_voortgang(raw: Any, toestel: UUID) -> Voortgang:
    """Lock the device's row: batches of one device are booked one after another."""
    row = await raw.fetchrow(
        "INSERT INTO bedrijf.toestel_voortgang (toestel, aaneengesloten, los) VALUES ($1, 0, '{}')"
        " ON CONFLICT (toestel) DO UPDATE SET toestel = excluded.toestel RETURNING aaneengesloten, los",
        toestel,
    )
    return Voortgang(toestel, row["aaneengesloten"], frozenset(row["los"]))


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
    return Voortgang(voortgang.toestel, through, frozenset(kept))


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


async def save_voortgang(raw: Any, voortgang: Voortgang, received: Iterable[int]) -> DeviceAck:
    """Store what arrived in this transaction and say what the device has now delivered."""
    new = advance(voortgang, received)
    if new != voortgang:
        await raw.execute(
            "UPDATE bedrijf.toestel_voortgang SET aaneengesloten = $2, los = $3 WHERE toestel = $1",
            new.toestel,
            new.aaneengesloten,
            sorted(new.los),
        )
    return as_ack(new)
