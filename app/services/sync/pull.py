"""What devices hear: pages of changes (ontwerp/sync.md, "Reading down").

Pages are read in one snapshot, so the union of all pages is exactly what the actor may see, and no row is
skipped. When rights changed since the cursor was given, the answer is the difference: first what he may no
longer see, without content; then what he may see now and did not, or saw otherwise. A revoke is told only of what
can be on the device: what came and left before a reading began is not named in it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import structlog
from sqlalchemy import Uuid, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.database import raw_connection, shared
from app.models.grootboek import Head
from app.problems import EpochGewijzigd
from app.registraties.register import MODELLEN
from app.services.bewaken.alarm import Soort
from app.services.boeken.voortgang import DeviceAck, read_ack
from app.services.kluis.head import read_head
from app.services.lezen.lezen import projection, visible
from app.services.sync.collecties import COLLECTIES, NAMEN, permission
from app.services.sync.cursors import Cursor, expired, spell_leaf
from app.services.sync.leesrechten import NIETS, Leesrechten, recall, remember, rights_of

log = structlog.get_logger("veldboek.sync")
PROTOCOL = 1
Wijziging = dict[str, Any]
"""`{pos, collectie, id, op}`, for an upsert with `rev`, `doc` and `gemaskeerd`."""

_NEXT = """
SELECT f.pos, f.collectie, f.id, f.op FROM unnest($1::text[], $2::text[]) AS w(scope, collectie), LATERAL (
    SELECT pos, collectie, id, op FROM lees.feed f
    WHERE f.scope = w.scope AND f.collectie = w.collectie AND (gemeente IS NULL OR gemeente = ANY($3))
    AND f.pos > $4 AND {condition} ORDER BY f.pos FETCH FIRST $5 ROWS WITH TIES
) f ORDER BY f.pos FETCH FIRST $5 ROWS WITH TIES
"""
"""The next rows of the feed for these rights, one index range per right, never cut inside a position."""
_CHANGED = _NEXT.format(condition="(op = 'upsert' OR (eerste <= $4 AND (f.pos > $6 OR eerste <= $7)))")
"""What left is told only to who had it: before this reading ($7), or from it, for it left after it began ($6)."""
_OPENED = _NEXT.format(
    condition="""op = 'upsert' AND f.pos <= $6 AND (f.pos > $11 OR f.collectie = ANY($10) OR NOT EXISTS (
        SELECT 1 FROM lees.feed o JOIN unnest($7::text[], $8::text[]) AS v(scope, collectie)
        ON o.scope = v.scope AND o.collectie = v.collectie
        WHERE o.collectie = f.collectie AND o.id = f.id AND o.op = 'upsert'
        AND (o.gemeente IS NULL OR o.gemeente = ANY($9))))"""
)
"""What these rights show up to $6: new since $11, not shown by the earlier ($7-$9), or through other masks ($10)."""
_LOST = """
SELECT DISTINCT f.collectie, f.id FROM lees.feed f JOIN unnest($1::text[], $2::text[]) AS w(scope, collectie)
ON f.scope = w.scope AND f.collectie = w.collectie
WHERE (f.gemeente IS NULL OR f.gemeente = ANY($3)) AND f.eerste <= $4
AND CASE WHEN f.pos <= $4 THEN f.op = 'upsert' ELSE f.pos > $5 OR f.eerste <= $6 END
AND NOT EXISTS (
    SELECT 1 FROM lees.feed n JOIN unnest($7::text[], $8::text[]) AS v(scope, collectie)
    ON n.scope = v.scope AND n.collectie = v.collectie
    WHERE n.collectie = f.collectie AND n.id = f.id AND n.op = 'upsert' AND (n.gemeente IS NULL OR n.gemeente = ANY($9))
)
"""
"""What the earlier rights ($1-$3) had brought at $4 of a reading begun at $5, after $6, and these do not show."""


@dataclass(frozen=True, slots=True)
class Pagina:
    """One page of changes; `cursor` is where the next begins."""

    wijzigingen: list[Wijziging]
    cursor: str
    head: int
    meer: bool
    device_ack: DeviceAck | None
    """What the device delivered; None for who follows without one."""
    digest: str
    """Of the epoch, and of the rights that it was read with."""


async def open_cursor(session: AsyncSession, text: str | None, head: Head, digest: str) -> tuple[Cursor, str | None]:
    """Where to start, and the leaf at the head. Raises EpochGewijzigd, CursorVerlopen, OngeldigVerzoek.

    A cursor of this epoch that names a leaf which is not there was given out by another ledger than this one: the
    device begins anew, and an operator hears of it.
    """
    first = text is None or text == "0"
    cursor = Cursor(head.epoch, 0, digest) if first else Cursor.read(text or "", shared(session).zegel)
    if cursor.epoch != head.epoch:
        raise _other_epoch(head)
    leaves = await read_leaves(await raw_connection(session), cursor.top, head.size)
    if cursor.top > head.size or (cursor.blad is not None and leaves.get(cursor.top) != cursor.blad):
        log.error("cursor never given out", size=cursor.top)
        shared(session).gezien.alarmen[Soort.CURSOR] += 1
        raise _other_epoch(head)
    return cursor, leaves.get(head.size)


async def read_leaves(raw: Any, *positions: int) -> dict[int, str]:
    """What a cursor keeps of the leaves at `positions`, as far as they are there."""
    rows = await raw.fetch("SELECT pos, leaf_hash FROM grootboek.entry WHERE pos = ANY($1)", positions)
    return {row["pos"]: spell_leaf(row["leaf_hash"]) for row in rows}


def _other_epoch(head: Head) -> EpochGewijzigd:
    return EpochGewijzigd("Verstuur eerst wat u hebt en haal dan alles opnieuw op.", epoch=head.epoch)


async def pull(
    session: AsyncSession, actor: Actor, *, cursor: str | None, limit: int, collecties: Iterable[str] | None
) -> Pagina:
    """One page of what changed for `actor` after `cursor`; ends at a position boundary, so `limit` is soft.

    Call it inside one REPEATABLE READ transaction. Raises EpochGewijzigd, OngeldigVerzoek, and CursorVerlopen for a
    cursor of other collections or of rights that were never his.
    """
    raw = await raw_connection(session)
    head = await read_head(session)
    now = rights_of(actor, set(COLLECTIES) if collecties is None else set(collecties))
    start, here = await open_cursor(session, cursor, head, now.digest)
    if start.pos == 0 or start.digest != now.digest:
        await remember(raw, now)
    changes: list[Wijziging] = []
    if start.digest != now.digest:
        changes = await find_lost(raw, actor, start, now)
        oud = start.digest if start.oud is None else NIETS
        start = Cursor(head.epoch, head.size, now.digest, begin=head.size, gelezen=start.pos, oud=oud, blad=here)
    if not changes and start.oud is not None:
        changes, start = await catch_up(session, actor, start, now, limit)
    meer = bool(changes)
    if not changes:
        changes, start, meer = await read_on(session, actor, start, now, limit, (head.size, here))
    ack = await read_ack(raw, actor.toestel) if actor.toestel is not None else None
    return Pagina(changes, start.spell(shared(session).zegel), head.size, meer, ack, head.epoch + now.digest)


async def find_lost(raw: Any, actor: Actor, start: Cursor, now: Leesrechten) -> list[Wijziging]:
    """Revokes for all that was brought under the cursor's rights and is not `now` his to see. Raises CursorVerlopen.

    Rights that change twice within one catching up: then what the first change opened counts as brought.
    """
    earlier = await recall(raw, actor, start.digest)
    if earlier is None or earlier.gevraagd != now.gevraagd:
        raise expired()
    had = (earlier.scopes, earlier.collecties, earlier.gemeenten, start.pos, start.begin, start.gelezen)
    rows = await raw.fetch(_LOST, *had, now.scopes, now.collecties, now.gemeenten)
    lost = sorted((NAMEN[row["collectie"]], str(row["id"])) for row in rows)
    return [{"pos": start.pos, "collectie": name, "id": ident, "op": "revoke"} for name, ident in lost]


async def catch_up(
    session: AsyncSession, actor: Actor, start: Cursor, now: Leesrechten, limit: int
) -> tuple[list[Wijziging], Cursor]:
    """One page of what is new or newly opened below the cursor, and where it goes on. Raises CursorVerlopen."""
    raw = await raw_connection(session)
    earlier = await recall(raw, actor, start.oud or NIETS)
    if earlier is None:
        raise expired()
    has = (now.scopes, now.collecties, now.gemeenten)
    had = (earlier.scopes, earlier.collecties, earlier.gemeenten, now.remasked(earlier), start.gelezen)
    rows = await raw.fetch(_OPENED, *has, start.inhaal, limit + 1, start.pos, *had)
    page, boundary = cut(rows, limit)
    done = (
        replace(start, gelezen=start.pos, oud=None, inhaal=0) if boundary is None else replace(start, inhaal=boundary)
    )
    return await read_changes(session, actor, page), done


async def read_on(
    session: AsyncSession, actor: Actor, start: Cursor, now: Leesrechten, limit: int, head: tuple[int, str | None]
) -> tuple[list[Wijziging], Cursor, bool]:
    """One page of what changed after the cursor, where the next begins, and whether more follows.

    `head` is the size of the ledger and its last leaf.
    """
    raw, (size, blad) = await raw_connection(session), head
    if start.pos == start.gelezen:
        start = replace(start, begin=size, blad=blad)
    rights, place = (now.scopes, now.collecties, now.gemeenten), (start.begin, start.gelezen)
    rows = await raw.fetch(_CHANGED, *rights, start.pos, limit + 1, *place)
    page, boundary = cut(rows, limit)
    changes = await read_changes(session, actor, page)
    if boundary is None:
        return changes, replace(start, pos=size, begin=size, gelezen=size, blad=blad), False
    if boundary > start.begin:  # it came while this reading went on
        start = replace(start, blad=(await read_leaves(raw, boundary))[boundary])
    return changes, replace(start, pos=boundary), True


async def has_news(raw: Any, start: Cursor, now: Leesrechten) -> bool:
    """Whether a pull from `start` with the rights `now` would bring anything."""
    if start.digest != now.digest or start.oud is not None:
        return True
    rights, place = (now.scopes, now.collecties, now.gemeenten), (start.begin, start.gelezen)
    return bool(await raw.fetch(_CHANGED, *rights, start.pos, 1, *place))


def cut(rows: list[Any], limit: int) -> tuple[list[Any], int | None]:
    """The rows of one page, and the position at which it ends; None when there are no more."""
    if len(rows) <= limit:
        return rows, None
    boundary = rows[limit - 1]["pos"]
    return [row for row in rows if row["pos"] <= boundary], boundary


async def read_changes(session: AsyncSession, actor: Actor, rows: Iterable[Any]) -> list[Wijziging]:
    """The documents behind feed rows, through the one predicate: each once, at its newest position among `rows`.

    What left one scope and is still to be seen through another is not told here: its own row follows, or stands
    at the same position.
    """
    newest: dict[str, dict[UUID, tuple[int, str]]] = {}
    for pos, collectie, ident, op in rows:  # at one position an upsert stands above a revoke
        told = newest.setdefault(collectie, {})
        told[ident] = max(told.get(ident, (0, "")), (pos, op))
    changes: list[Wijziging] = []
    for collectie, told in sorted(newest.items()):
        model, name = MODELLEN[collectie], NAMEN[collectie]
        wanted = bindparam("ids", list(told), type_=ARRAY(Uuid))  # one statement, however many ids
        query = select(col(model.id), col(model.scopes), col(model.doc)).where(
            col(model.id) == any_(wanted), visible(model, actor, permission(model))
        )
        project_one = projection(actor, collectie, permission(model))
        found = (await (await session.connection()).execute(query)).all()
        docs = {ident: (doc, scopes) for ident, scopes, doc in found}
        for ident, (pos, op) in told.items():
            change: Wijziging = {"pos": pos, "collectie": name, "id": str(ident)}
            if ident not in docs:
                changes.append(change | {"op": "revoke"})
            elif op == "upsert":
                doc, masked = project_one(*docs[ident])
                changes.append({**change, "op": op, "rev": pos, "doc": doc, "gemaskeerd": masked})
    return sorted(changes, key=lambda change: change["pos"])


def page_etag(pagina: Pagina, *question: object) -> str:
    """Equal only when the same question would get the same answer."""
    delivered = pagina.device_ack and list(pagina.device_ack)
    seed = orjson.dumps([pagina.head, pagina.digest, delivered, [str(part) for part in question]])
    return f'"{hashlib.sha256(seed).hexdigest()[:32]}"'


def offset_ms(nu: datetime, device_time: datetime) -> int:
    """Server clock minus device clock."""
    return round((nu - device_time).total_seconds() * 1000)
