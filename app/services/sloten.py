"""Locks of a booking: until the commit, on every document that it writes or looks at.

They are advisory and belong to the transaction. Taken sorted, so that two batches never wait for each other;
held until the commit, so that what a fold looked at is what a rebuild will look at.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from app.registraties.act import Sleutel
from app.registraties.register import AGGREGATEN
from app.services.opdracht import DOORHALING, Opdracht


async def lock_subjects(raw: Any, opdrachten: Iterable[Opdracht]) -> None:
    """Lock all that readable operations name: written documents and natural keys alone, others shared."""
    wanted: dict[int, bool] = {}
    for opdracht in opdrachten:
        for key in opdracht.named():
            number = _number(key.id.bytes)
            wanted[number] = wanted.get(number, False) or key == opdracht.sleutel
        natural = natural_key(opdracht)
        if natural:
            wanted[_number(hashlib.sha256(natural.encode()).digest())] = True
    await _lock(raw, wanted)


async def lock_shared(raw: Any, keys: Iterable[Sleutel]) -> None:
    """Lock documents that a refold looks at. Out of the sorted order: a deadlock is possible, and then retried."""
    await _lock(raw, dict.fromkeys((_number(key.id.bytes) for key in keys), False))


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


def natural_key(opdracht: Opdracht) -> str | None:
    """The natural key of what an operation makes, where its kind has one."""
    assert opdracht.act is not None  # noqa: S101  # only readable ones are fresh
    natural = AGGREGATEN[opdracht.act.aggregaat].sleutel
    return natural(opdracht.inhoud) if natural and opdracht.soort != DOORHALING else None
