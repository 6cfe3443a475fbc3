"""`herbouw`: drop what was folded and fold the whole ledger again. The outcome is the same, row for row."""

from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.models.afgeleid import Cijferfeit, Feed, Geschiedenis
from app.models.keten import Ontvangst
from app.registraties.act import Sleutel
from app.registraties.register import ACTEN, AGGREGATEN
from app.services.boeken import put_receipt
from app.services.historie import as_stap, load_history, named_by, walk_ledger
from app.services.opdracht import bind_act
from app.services.stappen import Stap
from app.services.vouwen import Vouwer
from app.vocabulary import Status

TABLES = (
    *sorted(
        {
            *(str(a.model.__tablename__) for a in AGGREGATEN.values()),
            *(str(a.derived.__tablename__) for a in AGGREGATEN.values() if a.derived is not None),
            str(Ontvangst.__tablename__),
        }
    ),
    *(str(m.__tablename__) for m in (Cijferfeit, Geschiedenis, Feed)),
)
"""All of schema `lees`, in the order in which a booking writes them; between the last two it locks the head."""


async def rebuild(beheer: AsyncEngine) -> int:
    """Empty schema `lees` and fold every entry into it, in one transaction; returns how many.

    Readers see the old state until the commit: hence DELETE, since after a TRUNCATE a snapshot that is older
    than the commit finds the tables empty, and takes every right and document for gone. Writers wait or are
    told to come back; locks are taken in their order, so neither ends in a deadlock. Works as role herbouw,
    which cannot touch the ledger.
    """
    async with beheer.begin() as connection:
        *before_head, last = (text(f"LOCK TABLE lees.{name} IN EXCLUSIVE MODE") for name in TABLES)
        for statement in (*before_head, text("SELECT size FROM grootboek.head FOR UPDATE"), last):
            await connection.execute(statement)
        await connection.execute(text("SET LOCAL ROLE herbouw"))
        for name in TABLES:
            await connection.execute(text(f"DELETE FROM lees.{name}"))  # noqa: S608  # our own name
        raw = (await connection.get_raw_connection()).driver_connection
        folded = 0
        async for rows in walk_ledger(raw):
            await fold_page(raw, rows)
            folded += len(rows)
    return folded


async def fold_page(raw: Any, rows: list[Any]) -> None:
    """Fold one page of entries on top of what is folded already."""
    vouwer = Vouwer(raw)
    verdicts = [orjson.loads(row["oordeel"]) for row in rows]
    stappen = [
        None if verdict["status"] == Status.QUARANTINED else as_stap(row)
        for row, verdict in zip(rows, verdicts, strict=True)
    ]
    natural = {key for stap in stappen if stap and (key := natural_key(stap))}
    await vouwer.load({key for stap in stappen if stap for key in named_by(stap)}, natural)
    again = {target(stap) for stap in stappen if stap and is_change(stap)}
    await load_history(raw, vouwer, again, before=rows[0]["pos"])
    for place, (row, verdict, stap) in enumerate(zip(rows, verdicts, stappen, strict=True)):
        if verdict["status"] != Status.ACCEPTED:
            put_receipt(vouwer, row["op"], verdict, place)
        if stap is None:
            continue
        if stap.status is Status.CONFLICT:
            vouwer.differ(target(stap), stap, place)
        elif is_change(stap):
            vouwer.refold(target(stap), stap, place)
        else:
            act = bind_act(ACTEN[stap.registratie.soort], stap.registratie.onderwerp)
            vouwer.accept(act, stap, place, vouwer.preview(act, stap.registratie))
    await vouwer.write()
    await vouwer.write_feed(rows[0]["pos"] - 1)


def is_change(stap: Stap) -> bool:
    """Whether an entry makes its document fold again from the start."""
    return stap.corrigeert is not None or ACTEN[stap.registratie.soort].herziet


def target(stap: Stap) -> Sleutel:
    """The document that an entry writes."""
    r = stap.registratie
    act = bind_act(ACTEN[r.soort], r.onderwerp)
    return Sleutel(act.aggregaat, r.onderwerp[act.aggregaat])


def natural_key(stap: Stap) -> str | None:
    """The natural key of an entry that makes a document with one."""
    r = stap.registratie
    natural = AGGREGATEN[target(stap).aggregaat].sleutel
    return natural(r.inhoud) if natural and not ACTEN[r.soort].herziet else None
