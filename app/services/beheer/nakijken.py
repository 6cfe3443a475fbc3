"""The whole check, by the owner: all of the ledger, its mark and every read model, beside a service that goes on.

What is found is written down before it is told, so that a service that runs stops as well. Nobody else takes damage
away: it is gone when this check found nothing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.services.beheer.herbouw import begin_epoch
from app.services.beheer.leesproef import compare_lees
from app.services.bewaken.aanvang import first_mark, refuse_restored, refuse_without_mark
from app.services.bewaken.alarm import Soort, freeze, lift, note_mark
from app.services.bewaken.controleren import Told, check_ledger, nothing_told
from app.services.bewaken.merkteken import Merkplaats, Merkteken
from app.services.bewaken.schade import HEAD, Schade, is_damage, name_damage

_END_LOGINS = text("UPDATE bedrijf.aanmelding SET ingetrokken_op = :nu WHERE ingetrokken_op IS NULL")
_VOID_CODES = text("UPDATE bedrijf.toegangscode SET vervalt_op = :nu WHERE gebruikt_op IS NULL AND vervalt_op > :nu")


@asynccontextmanager
async def noticing(beheer: AsyncEngine) -> AsyncIterator[None]:
    """Whatever damage comes out of here stops the service first. Raises Schade, also for what PostgreSQL found."""
    try:
        yield
    except (Schade, DBAPIError, asyncpg.PostgresError) as error:
        if not isinstance(error, Schade) and not is_damage(error):
            raise
        async with beheer.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            schade = error if isinstance(error, Schade) else await name_damage(raw, error)
            await freeze(raw, schade, nu=datetime.now(UTC))
        raise schade from None


async def check_everything(
    beheer: AsyncEngine, plaats: Merkplaats, origin: str, *, lees: bool = True, told: Told = nothing_told
) -> tuple[int, bool]:
    """Check ledger, kluis, head and mark, and with `lees` the read models too; only then is an alarm taken away.

    Returns how many entries there are, and whether damage was known that is not there any more. Raises Schade,
    GrootboekTeruggezet, MerktekenOnbruikbaar.
    """
    mark = plaats.read()  # first: what is booked meanwhile may only be newer
    async with beheer.connect() as plain:
        connection = await plain.execution_options(isolation_level="REPEATABLE READ")
        transaction = await connection.begin()
        try:
            await connection.execute(text("SET LOCAL statement_timeout = 0"))  # which opens it
            raw = (await connection.get_raw_connection()).driver_connection
            head, trees = await check_ledger(raw, stops=(mark.size,) if mark else (), told=told)
            if head.origin != origin:
                raise Schade(HEAD, f"In {HEAD} staat een andere naam dan GROOTBOEK_NAAM.")
            if mark is None:
                await refuse_without_mark(raw, head, plaats)
            else:
                refuse_restored(head, mark, plaats, trees.get(mark.size))
            if lees:
                await compare_lees(raw)
        finally:
            await transaction.rollback()
    if not lees:
        return head.size, False
    async with beheer.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        return head.size, await lift(raw, Soort.SCHADE)


async def accept_restored(beheer: AsyncEngine, keep: int, *, told: Told = nothing_told) -> Merkteken:
    """Say that an older state stands here on purpose: check it and begin a new epoch. Returns its mark, to be put.

    Devices then hear 409, offer again everything that they have, and fetch everything: what was lost comes back, and
    no position is ever handed out twice under one epoch. Every login ends: which of them had ended since, this state
    does not know; nor which access codes were used. Raises Schade: then nothing changed.
    """
    async with beheer.begin() as connection:
        await connection.execute(text("LOCK TABLE grootboek.head IN EXCLUSIVE MODE"))
        raw = (await connection.get_raw_connection()).driver_connection
        mark = await first_mark(raw, keep, told)
        epoch = await begin_epoch(connection)
        await lift(raw, Soort.SCHADE, lees=False)
        await lift(raw, Soort.CURSOR)
        await note_mark(raw, nu=(nu := datetime.now(UTC)))
        await connection.execute(_END_LOGINS, {"nu": nu})
        await connection.execute(_VOID_CODES, {"nu": nu})
    return replace(mark, epoch=epoch)
