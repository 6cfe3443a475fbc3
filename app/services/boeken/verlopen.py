"""What ends by itself: each term that is past gets its entry, on the day after its last.

The server books it, in the name of who brought it about, in that role: nobody's right to it is asked. Its op follows
from document and day, so booking twice, or by several processes, ends the same; a process that dies leaves nothing
undone, for what is not booked is found again. Which terms there are, the aggregates say.
"""

import asyncio
import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import orjson
import structlog

from app.database import Sessionmaker, raw_connection
from app.moment import AMSTERDAM, local_day
from app.problems import Problem
from app.registraties.act import Aggregaat, Sleutel, Termijn
from app.registraties.register import AGGREGATEN
from app.services.boeken.online import refuse
from app.services.boeken.overnieuw import boek_with_retry
from app.services.kluis.operatie import read_operatie
from app.services.kluis.verzegelen import writer_of

RITME = 600.0
"""Seconds between two looks."""
EERST = 60.0
"""Seconds before the first: a process that starts has other things to do."""
PER_KEER = 500
SLOT = 0x766572_6C6F70
"""Of all processes one looks at a time."""
TERMIJNEN = [(a, a.termijn) for a in AGGREGATEN.values() if a.termijn is not None]

log = structlog.get_logger("veldboek.verlopen")


async def run(sessionmaker: Sessionmaker) -> None:
    """Go round until cancelled. What goes wrong is logged and tried again at the next round."""
    await asyncio.sleep(EERST)
    while True:
        try:
            await book_ended(sessionmaker, nu=datetime.now(UTC))
        except Exception as error:  # noqa: BLE001  # the database is away: the next round may find it
            log.warning("terms not looked at", exception=type(error).__qualname__)
        await asyncio.sleep(RITME)


async def book_ended(sessionmaker: Sessionmaker, *, nu: datetime) -> int:
    """Book the end of every term whose last day lies before the local day of `nu`; returns how many."""
    async with sessionmaker() as session:
        raw = await raw_connection(session)
        if not await raw.fetchval("SELECT pg_try_advisory_xact_lock($1)", SLOT):
            return 0
        today, done = local_day(nu), 0
        for aggregaat, termijn in TERMIJNEN:
            rows = await raw.fetch(past(aggregaat, termijn), today, PER_KEER, termijn.status)
            done += sum([await book_one(sessionmaker, aggregaat, termijn, row, nu=nu) for row in rows])
        return done


def past(aggregaat: Aggregaat, termijn: Termijn) -> str:
    """The documents whose last day is past on $1, at most $2 of them, and who brought their term about."""
    door = ", ".join(f"d.doc #>> '{{{part},op}}'" for part in termijn.door)
    return (
        f"SELECT d.id, d.{termijn.kolom} AS dag, d.doc::text AS doc, k.oordeel"  # noqa: S608
        f" FROM lees.{aggregaat.model.__tablename__} d"
        f" JOIN grootboek.entry e ON e.op = coalesce({door})::uuid JOIN kluis.inhoud k USING (pos)"
        f" WHERE d.{termijn.kolom} < $1 AND ($3::text IS NULL OR d.doc ->> 'status' = $3) ORDER BY d.id LIMIT $2"
    )


async def book_one(
    sessionmaker: Sessionmaker, aggregaat: Aggregaat, termijn: Termijn, row: Any, *, nu: datetime
) -> bool:
    """Book the end of one term, unless it changed meanwhile; one that fails holds up no other."""
    try:
        async with sessionmaker() as session:
            doc = orjson.loads(row["doc"])
            said = {name: doc[name] for name in aggregaat.mee if name in doc}
            op = as_op(termijn.soort, Sleutel(aggregaat.naam, row["id"]), row["dag"])
            operatie = read_operatie(op | {"inhoud": {**op["inhoud"], **said}}, eigen=True)
            await boek_with_retry(session, writer_of(orjson.loads(row["oordeel"])), [operatie], nu=nu, check=refuse)
    except Problem as problem:
        log.warning("end not booked", soort=termijn.soort, code=problem.slug)
        return False
    return True


def as_op(soort: str, key: Sleutel, last: date) -> dict[str, Any]:
    """The registratie that says that a term ran out, at midnight after its last day; the same at every try."""
    digest = hashlib.sha256(f"{soort}:{key.id}:{last}".encode()).digest()
    return {
        "opId": str(UUID(bytes=digest[:16], version=4)),
        "soort": soort,
        "versie": 1,
        "onderwerp": {key.aggregaat: str(key.id)},
        "waargenomenOp": datetime.combine(last + timedelta(days=1), time(), AMSTERDAM).isoformat(),
        "inhoud": {"op": last.isoformat()},
    }
