"""`herbouw`: drop what was folded and fold the whole ledger again. The outcome is the same, row for row.

Unless the code that folds is another than the code that folded. No entry tells phones of that, so then a new epoch
begins: every device offers what it has and fetches everything.
"""

import asyncio
import secrets
from datetime import UTC, datetime
from typing import Any, NamedTuple

import asyncpg
import orjson
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.models.afgeleid import Cijferfeit, Feed, Geschiedenis
from app.registraties.kern import ONTVANGST, takes_in
from app.registraties.register import ACTEN, AGGREGATEN
from app.services.bewaken.alarm import Soort, freeze, lift
from app.services.bewaken.controleren import Told, check_ledger, nothing_told
from app.services.bewaken.schade import is_damage, name_damage
from app.services.vouwen.historie import (
    as_held_stap,
    as_stap,
    fetch_entries,
    load_history,
    named_by,
    natural_keys,
    walk_ledger,
)
from app.services.vouwen.ontvangst import has_receipt, put_receipt
from app.services.vouwen.stappen import Stap, is_change, target
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import Status

TABLES = (
    *sorted(
        {
            *(str(a.model.__tablename__) for a in AGGREGATEN.values()),
            *(str(a.derived.__tablename__) for a in AGGREGATEN.values() if a.derived is not None),
        }
    ),
    *(str(m.__tablename__) for m in (Cijferfeit, Geschiedenis, Feed)),
)
"""All of schema `lees`, in the order in which a booking writes them; between the last two it locks the head."""


TOLD = tuple(name for name in TABLES if name not in (Cijferfeit.__tablename__, Geschiedenis.__tablename__))
"""What phones hold copies of, and the feed that told them."""


class Herbouwd(NamedTuple):
    """How many entries were folded, and the name of the new epoch if documents or feed came out otherwise."""

    registraties: int
    epoch: str | None


async def rebuild(beheer: AsyncEngine, *, told: Told = nothing_told) -> Herbouwd:
    """Empty schema `lees` and fold every entry into it, in one transaction.

    Readers see the old state until the commit: hence DELETE, since after a TRUNCATE a snapshot that is older
    than the commit finds the tables empty, and takes every right and document for gone. Writers wait or are
    told to come back; locks are taken in their order, so neither ends in a deadlock. Works as role herbouw,
    which cannot touch the ledger; only the epoch is the owner's. Before anything is emptied the whole ledger is
    checked: raises Schade. Where PostgreSQL finds the read models themselves damaged, they are emptied unread: what
    was wrong with them is then no alarm any more.
    """
    try:
        return await _rebuild(beheer, told, unread=False)
    except (DBAPIError, asyncpg.PostgresError) as error:
        if not is_damage(error):
            raise
        await stop_readers(beheer, error)
        return await _rebuild(beheer, told, unread=True)


async def stop_readers(beheer: AsyncEngine, error: Exception) -> None:
    """Let nobody begin to read, because of damage, and wait until who had begun holds its locks.

    A snapshot from before the TRUNCATE would find the tables empty, and take every right for gone. Whoever asks from
    now on is told that the ledger stands still, and the TRUNCATE waits for who was at it.
    """
    async with beheer.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        await freeze(raw, await name_damage(raw, error), nu=datetime.now(UTC))
    await asyncio.sleep(1)


async def _rebuild(beheer: AsyncEngine, told: Told, *, unread: bool) -> Herbouwd:
    """:func:`rebuild`; `unread` empties the tables without looking into them, and then always begins a new epoch."""
    async with beheer.connect() as plain:
        connection = await plain.execution_options(isolation_level="REPEATABLE READ")
        async with connection.begin():
            *before_head, last = TABLES
            for name in (*(f"lees.{name}" for name in before_head), "grootboek.head", f"lees.{last}"):
                await connection.execute(text(f"LOCK TABLE {name} IN EXCLUSIVE MODE"))  # before there is a snapshot
            raw = (await connection.get_raw_connection()).driver_connection
            await check_ledger(raw, told=told)
            before = None if unread else await fingerprint(connection)
            await connection.execute(text("SET LOCAL ROLE herbouw"))
            if unread:
                await connection.execute(text("TRUNCATE " + ", ".join(f"lees.{name}" for name in TABLES)))
            else:
                for name in TABLES:
                    await connection.execute(text(f"DELETE FROM lees.{name}"))  # noqa: S608  # our own name
            folded = await fold_ledger(raw)
            await connection.execute(text("RESET ROLE"))
            await lift(raw, Soort.SCHADE, lees=True)
            same = await fingerprint(connection) == before
            return Herbouwd(folded, None if same else await begin_epoch(connection))


async def fingerprint(connection: AsyncConnection) -> list[tuple[int, int]]:
    """Of each table in `TOLD` how many rows it has, and the sum of their hashes."""
    query = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM lees.{} t"
    found = [await connection.execute(text(query.format(name))) for name in TOLD]
    return [(rows, int(total)) for rows, total in (each.one() for each in found)]


async def begin_epoch(connection: AsyncConnection) -> str:
    """Begin a new epoch, as the owner of the ledger; returns its name. The caller commits."""
    epoch = secrets.token_hex(4)
    await connection.execute(text("UPDATE grootboek.head SET epoch = :epoch"), {"epoch": epoch})
    return epoch


async def fold_ledger(raw: Any) -> int:
    """Fold all entries into the empty tables of schema `lees`; says how many."""
    folded = 0
    async for rows in walk_ledger(raw):
        await fold_page(raw, rows)
        folded += len(rows)
    return folded


async def fold_page(raw: Any, rows: list[Any]) -> None:
    """Fold one page of entries on top of what is folded already."""
    vouwer = Vouwer(raw)
    verdicts = [orjson.loads(row["oordeel"]) for row in rows]
    own = [
        None if verdict["status"] == Status.QUARANTINED else as_stap(row)
        for row, verdict in zip(rows, verdicts, strict=True)
    ]
    held = await load_taken_in(raw, rows, own)
    stappen = [[stap for stap in (mine, held.get(place)) if stap is not None] for place, mine in enumerate(own)]
    every = [stap for together in stappen for stap in together]
    natural = {key for stap in every for key in natural_keys(stap)}
    await vouwer.load({key for stap in every for key in named_by(stap)}, natural)
    again = {target(stap) for stap in every if is_change(stap) or ACTEN[stap.registratie.soort].vroegste}
    await load_history(raw, vouwer, again, before=rows[0]["pos"])
    for place, (row, verdict) in enumerate(zip(rows, verdicts, strict=True)):
        if has_receipt(verdict):
            put_receipt(vouwer, row["op"], verdict, place)
        for stap in stappen[place]:
            vouwer.fold(stap, place)
    await vouwer.write()
    await vouwer.feed.write(raw, rows[0]["pos"] - 1)


async def load_taken_in(raw: Any, rows: list[Any], stappen: list[Stap | None]) -> dict[int, Stap]:
    """What decisions on this page took in from quarantine, by the place of the decision."""
    by = {
        stap.registratie.onderwerp[ONTVANGST]: place
        for place, stap in enumerate(stappen)
        if stap is not None and takes_in(stap.registratie.soort, stap.registratie.inhoud)
    }
    kept = await fetch_entries(raw, by)
    return {(place := by[row["op"]]): as_held_stap(row, rows[place]["oordeel"], rows[place]["op"]) for row in kept}
