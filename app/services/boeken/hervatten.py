"""What was kept because of a mistake of ours: judged again when a process starts, for it may be a release that can.

Booked in the name of its writer, with the rights that he has now. What still cannot be judged, or may not hold, stays
where it is, for the desk; the next start tries again.
"""

import asyncio
import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import structlog

from app.database import Sessionmaker, raw_connection
from app.problems import Problem
from app.registraties.act import iso
from app.registraties.kern import HERVAT, ONTVANGST
from app.services.boeken.online import refuse
from app.services.boeken.overnieuw import boek_with_retry
from app.services.kluis.operatie import read_operatie
from app.services.kluis.verzegelen import writer_of

EERST = 30.0
"""Seconds before it begins: a process that starts has other things to do."""
RITME = 60.0
"""Seconds until it tries again when the database was away."""
PER_KEER = 1_000
SLOT = 0x686572_766174
"""Of all processes one looks at a time."""
_KEPT = """
SELECT o.id, k.oordeel FROM lees.ontvangst o JOIN grootboek.entry e ON e.op = o.id JOIN kluis.inhoud k USING (pos)
WHERE o.code = 'niet_verwerkt' AND o.stand = 'open' ORDER BY e.pos LIMIT $1
"""
"""In the order in which they came: what one of them is about may be another."""

log = structlog.get_logger("veldboek.hervatten")


async def run(sessionmaker: Sessionmaker) -> None:
    """Once, as soon as the database lets it."""
    done = None
    await asyncio.sleep(EERST)
    while done is None:
        try:
            done = await resume_unjudged(sessionmaker, nu=datetime.now(UTC))
        except Exception as error:  # noqa: BLE001  # the database is away: the next round may find it
            log.warning("nothing resumed", exception=type(error).__qualname__)
            await asyncio.sleep(RITME)


async def resume_unjudged(sessionmaker: Sessionmaker, *, nu: datetime) -> int:
    """Judge again what waits through a mistake of ours; returns how much of it holds now."""
    async with sessionmaker() as session:
        raw = await raw_connection(session)
        if not await raw.fetchval("SELECT pg_try_advisory_xact_lock($1)", SLOT):
            return 0
        rows = await raw.fetch(_KEPT, PER_KEER)
        return sum([await resume_one(sessionmaker, row["id"], orjson.loads(row["oordeel"]), nu=nu) for row in rows])


async def resume_one(sessionmaker: Sessionmaker, kept: UUID, oordeel: dict[str, Any], *, nu: datetime) -> bool:
    """Let one of them hold, if it may; one that fails holds up no other."""
    op = {
        "opId": str(UUID(bytes=hashlib.sha256(f"{HERVAT}:{kept}".encode()).digest()[:16], version=4)),
        "soort": HERVAT,
        "versie": 1,
        "onderwerp": {ONTVANGST: str(kept)},
        "waargenomenOp": iso(nu),
        "inhoud": {},
    }
    try:
        async with sessionmaker() as session:
            operatie = read_operatie(op, eigen=True)
            await boek_with_retry(session, writer_of(oordeel), [operatie], nu=nu, check=refuse)
    except Problem as problem:
        log.warning("not resumed", soort=oordeel["soort"], code=problem.slug)
        return False
    return True
