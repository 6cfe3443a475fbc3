"""What ends by itself: every closure past its last day gets its entry, on the day after.

The server books it, in the name of who applied the closure, in that role: nobody's right to it is asked. Its op
follows from maatregel and day, so booking twice, or by several processes, ends the same; a process that dies leaves
nothing undone, for what is not booked is found again.
"""

import asyncio
import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import orjson
import structlog

from app.database import Sessionmaker, raw_connection
from app.problems import Problem
from app.registraties.act import AMSTERDAM
from app.services.online import refuse
from app.services.opdracht import read_opdracht
from app.services.overnieuw import boek_with_retry
from app.services.verzegelen import writer_of

RITME = 600.0
"""Seconds between two looks."""
EERST = 60.0
"""Seconds before the first: a process that starts has other things to do."""
PER_KEER = 500
SLOT = 0x766572_6C6F70
"""Of all processes one looks at a time."""

log = structlog.get_logger("veldboek.verlopen")


async def run(sessionmaker: Sessionmaker) -> None:
    """Go round until cancelled. What goes wrong is logged and tried again at the next round."""
    await asyncio.sleep(EERST)
    while True:
        try:
            await book_ended(sessionmaker, nu=datetime.now(UTC))
        except Exception as error:  # noqa: BLE001  # the database is away: the next round may find it
            log.warning("closures not looked at", exception=type(error).__qualname__)
        await asyncio.sleep(RITME)


async def book_ended(sessionmaker: Sessionmaker, *, nu: datetime) -> int:
    """Book the end of every closure whose last day lies before the local day of `nu`; returns how many."""
    async with sessionmaker() as session:
        raw = await raw_connection(session)
        if not await raw.fetchval("SELECT pg_try_advisory_xact_lock($1)", SLOT):
            return 0
        rows = await raw.fetch(
            "SELECT m.id, m.geldt_tot_en_met AS dag, k.oordeel FROM lees.maatregel m"
            " JOIN grootboek.entry e ON e.op = (m.doc -> 'toepassing' ->> 'op')::uuid JOIN kluis.inhoud k USING (pos)"
            " WHERE m.status = 'toegepast' AND m.geldt_tot_en_met < $1 ORDER BY m.id LIMIT $2",
            nu.astimezone(AMSTERDAM).date(),
            PER_KEER,
        )
        return sum([await book_one(sessionmaker, row, nu=nu) for row in rows])


async def book_one(sessionmaker: Sessionmaker, row: Any, *, nu: datetime) -> bool:
    """Book the end of one closure, unless it was lifted or extended meanwhile; one that fails holds up no other."""
    try:
        async with sessionmaker() as session:
            opdracht = read_opdracht(as_op(row["id"], row["dag"]), eigen=True)
            await boek_with_retry(session, writer_of(orjson.loads(row["oordeel"])), [opdracht], nu=nu, check=refuse)
    except Problem as problem:
        log.warning("closure not booked", code=problem.slug)
        return False
    return True


def as_op(maatregel: UUID, last: date) -> dict[str, Any]:
    """The registratie that says that a term ran out, at midnight after its last day; the same at every try."""
    digest = hashlib.sha256(f"sluiting.verlopen:{maatregel}:{last}".encode()).digest()
    return {
        "opId": str(UUID(bytes=digest[:16], version=4)),
        "soort": "sluiting.verlopen",
        "versie": 1,
        "onderwerp": {"maatregel": str(maatregel)},
        "waargenomenOp": datetime.combine(last + timedelta(days=1), time(), AMSTERDAM).isoformat(),
        "inhoud": {"op": last.isoformat()},
    }
