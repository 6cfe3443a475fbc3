"""Locks of a booking: until the commit, on every document that it writes or looks at.

They are advisory and belong to the transaction. Taken sorted, so that two batches never wait for each other;
held until the commit, so that what a fold looked at is what a rebuild will look at.
"""

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.access.actor import Actor
from app.registraties.act import Sleutel
from app.registraties.register import AGGREGATEN
from app.services.kluis.operatie import Operatie


async def lock_subjects(raw: Any, operaties: Iterable[Operatie], actor: Actor) -> None:
    """Lock all that readable operations name: written documents and natural keys alone, others shared.

    The actor's own role and device are locked too: rights are judged as they stand at booking.
    """
    own = [Sleutel("roltoewijzing", actor.roltoewijzing)]
    own += [Sleutel("toestel", actor.toestel)] if actor.toestel else []
    wanted = dict.fromkeys((_number(key.id.bytes) for key in own), False)
    for operatie in operaties:
        for key in operatie.genoemd:
            written = key == operatie.sleutel or (operatie.act is not None and key.aggregaat in operatie.act.raakt)
            if AGGREGATEN[key.aggregaat].vrij and not written:
                continue
            number = _number(key.id.bytes)
            wanted[number] = wanted.get(number, False) or written
        wanted |= dict.fromkeys(map(_natural_number, natural_keys(operatie)), True)
    await _lock(raw, wanted)


async def lock_places(raw: Any, places: Iterable[UUID], adressen: Iterable[str]) -> None:
    """Have all that stands at these canonical locaties, and at these addresses whoever recorded them, to oneself.

    Taken after all subjects, by whoever writes there. Numbers of their own: nobody who holds one goes on to wait for a
    subject, so they add no circle.
    """
    keys = [*(f"plaats:{place}" for place in places), *(f"adres:{adres}" for adres in adressen)]
    await _lock(raw, dict.fromkeys(map(_natural_number, keys), True))


async def lock_alone(raw: Any, keys: Iterable[Sleutel]) -> None:
    """Have documents to oneself that rest on what is changed; out of the sorted order, as :func:`lock_again`."""
    await _lock(raw, dict.fromkeys((_number(key.id.bytes) for key in keys), True))


async def lock_again(raw: Any, keys: Iterable[Sleutel], natural: Iterable[str]) -> None:
    """Lock what a refold looks at: documents, shared, and natural keys, alone.

    Out of the sorted order: a deadlock is possible, and then retried.
    """
    await _lock(raw, dict.fromkeys((_number(key.id.bytes) for key in keys), False))
    await _lock(raw, dict.fromkeys(map(_natural_number, natural), True))


async def _lock(raw: Any, wanted: dict[int, bool]) -> None:
    if not wanted:
        return
    ordered = sorted(wanted)
    await raw.fetch(
        "SELECT CASE WHEN alone THEN pg_advisory_xact_lock(number)"
        " ELSE pg_advisory_xact_lock_shared(number) END"
        " FROM unnest($1::bigint[], $2::boolean[]) AS wanted(number, alone)",
        ordered,
        [wanted[number] for number in ordered],
    )


def _number(raw: bytes) -> int:
    return int.from_bytes(raw[8:16], "big", signed=True)


def _natural_number(natural: str) -> int:
    return _number(hashlib.sha256(natural.encode()).digest())


def natural_keys(operatie: Operatie) -> tuple[str, ...]:
    """What the natural key of what an operation makes can be, where its kind has one."""
    assert operatie.act is not None  # noqa: S101  # only readable ones are fresh
    natural = AGGREGATEN[operatie.act.aggregaat].sleutels
    return natural(operatie.inhoud) if natural and not operatie.act.herziet else ()
