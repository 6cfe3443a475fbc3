"""Before the service opens: is the ledger the one that was here, and do its newest leaves still open?

What is behind its mark, or has another history, does not open at all: positions would be given out twice. Damage to
what was sealed lets it open and stand still, so that its health says what was found.
"""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import structlog

from app.grootboek.boom import Frontier
from app.services.bewaken.alarm import freeze, note_mark
from app.services.bewaken.controleren import (
    Head,
    Told,
    check_ledger,
    hold_against_head,
    nothing_told,
    read_stored_head,
    refuse_loose_rows,
    walk_leaves,
)
from app.services.bewaken.merkteken import Merkplaats, Merkteken
from app.services.bewaken.schade import Schade, is_damage, name_damage

HERSTELD = "veldboek database hersteld"
log = structlog.get_logger("veldboek.aanvang")


class GrootboekTeruggezet(RuntimeError):
    """The database is not the one that the mark knows. The message is plain Dutch and says what to do."""


async def check_start(raw: Any, plaats: Merkplaats, *, told: Told = nothing_told) -> Schade | None:
    """Hold the ledger against its mark and recompute its newest leaves; `raw` is a connection outside a transaction.

    An empty ledger gets its mark here, and so does one of before there were marks, once all of it was checked.
    Returns the damage that was found and written down: the service may open, and stands still. Raises
    GrootboekTeruggezet, MerktekenOnbruikbaar.
    """
    mark = plaats.read()
    try:
        async with raw.transaction(isolation="repeatable_read", readonly=True):
            head = await read_stored_head(raw)
            if mark is None:
                await refuse_without_mark(raw, head, plaats)
                mark = await first_mark(raw, plaats.keep, told)
                plaats.put(mark)
            else:
                await check_newest(raw, head, mark, plaats, told)
    except Schade as found:
        schade = found
    except asyncpg.PostgresError as error:
        if not is_damage(error):
            raise
        schade = await name_damage(raw, error)
    else:
        async with raw.transaction():
            await note_mark(raw, nu=datetime.now(UTC))
        return None
    log.error("damage", tabel=schade.tabel)
    async with raw.transaction():
        await freeze(raw, schade, nu=datetime.now(UTC))
    return schade


async def refuse_without_mark(raw: Any, head: Head, plaats: Merkplaats) -> None:
    """Raise GrootboekTeruggezet when there was a mark once: nobody can tell any more whether this is the newest."""
    if head.size and await raw.fetchval("SELECT true FROM bedrijf.merkteken_gezet"):
        raise GrootboekTeruggezet(
            f"Het merkteken {plaats.pad} is weg, dus niemand kan zien of dit de nieuwste stand van het grootboek is. "
            f"Zet dat bestand terug; is het er niet meer, voer dan uit: {HERSTELD}"
        )


async def first_mark(raw: Any, keep: int, told: Told = nothing_told) -> Merkteken:
    """The mark of a ledger that was checked whole just now. Raises Schade."""
    size = (await read_stored_head(raw)).size
    back = max(size - keep, 0)
    head, trees = await check_ledger(raw, stops=(back,), told=told)
    anchor = trees.get(back, Frontier())
    return Merkteken(head.origin, head.epoch, head.size, head.root, (anchor, anchor))


async def check_newest(raw: Any, head: Head, mark: Merkteken, plaats: Merkplaats, told: Told) -> None:
    """Recompute what came after the elder tree of `mark`. Raises GrootboekTeruggezet, Schade."""
    refuse_restored(head, mark, plaats, None)
    start = mark.ankers[0]
    await refuse_loose_rows(raw, head.size)
    trees = await walk_leaves(raw, head, start, (mark.size,), told)
    if head.root != mark.root if head.size == mark.size else head.root == trees[head.size].root():
        # Not the leaves of the mark, under a head of their own; leaves changed under the head they had are damage.
        refuse_restored(head, mark, plaats, trees[mark.size])
    await hold_against_head(raw, head, start.size, trees[head.size])


def refuse_restored(head: Head, mark: Merkteken, plaats: Merkplaats, tree: Frontier | None) -> None:
    """Raise GrootboekTeruggezet when `head` is behind `mark`, or `tree`, that of the leaves up to it, is another."""
    if mark.origin != head.origin:
        raise GrootboekTeruggezet(
            f"Het merkteken {plaats.pad} hoort bij het grootboek {mark.origin}, maar de database bevat {head.origin}. "
            "Kies met MERKTEKEN=… het bestand dat bij deze database hoort."
        )
    if head.size < mark.size:
        raise GrootboekTeruggezet(
            f"De database loopt tot plaats {head.size}, maar het grootboek is al tot plaats {mark.size} geweest: er "
            f"staat een oudere kopie. Zet de nieuwste database terug; is die er niet meer, voer dan uit: {HERSTELD}"
        )
    if tree is not None and tree.root() != mark.root:
        raise GrootboekTeruggezet(
            f"Tot en met plaats {mark.size} staat in de database een ander verleden dan het merkteken {plaats.pad} "
            f"kent. Zet de goede database terug; is die er niet meer, voer dan uit: {HERSTELD}"
        )
