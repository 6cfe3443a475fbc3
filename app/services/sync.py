"""What devices say and hear: handshake, push, pull (SYNC.md).

A cursor names an epoch, a position and a digest of the rights it was given under. Pages are read in one
snapshot, so the union of all pages is exactly what the actor may see, and no row is skipped.
"""

import base64
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import masked_fields, scopes_for
from app.database import raw_connection
from app.models.base import Leesmodel
from app.models.grootboek import Head
from app.models.keten import (
    Attendering,
    Controle,
    Locatie,
    Maatregel,
    Mensenhandelsignaal,
    Ontvangst,
    Rapportage,
    Signaal,
)
from app.models.mensen import Functionaris, Organisatie
from app.problems import CursorVerlopen, EpochGewijzigd, OngeldigVerzoek
from app.services.lezen import project, visible
from app.services.voortgang import DeviceAck, read_ack

PROTOCOL = 1
NASLAG = "naslag"
COLLECTIES: dict[str, tuple[type[Leesmodel], ...]] = {
    "signalen": (Signaal,),
    "locaties": (Locatie,),
    "controles": (Controle,),
    "maatregelen": (Maatregel,),
    "rapportages": (Rapportage,),
    "mensenhandelsignalen": (Mensenhandelsignaal,),
    "attenderingen": (Attendering,),
    "ontvangsten": (Ontvangst,),
    NASLAG: (Organisatie, Functionaris),
}
"""The collections that travel down; `naslag` is two kinds of reference data under one permission."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a reader is: exclusive position within an epoch, and the rights it holds under."""

    epoch: str
    pos: int
    digest: str

    def __str__(self) -> str:
        raw = orjson.dumps([self.epoch, self.pos, self.digest])
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Raises OngeldigVerzoek for anything that is not a cursor of ours."""
        try:
            epoch, pos, digest = orjson.loads(base64.urlsafe_b64decode(text.encode() + b"=="))
        except (ValueError, TypeError):
            raise OngeldigVerzoek("De cursor is niet van deze dienst.") from None
        if not (isinstance(epoch, str) and isinstance(digest, str) and type(pos) is int and pos >= 0):
            raise OngeldigVerzoek("De cursor is niet van deze dienst.")
        return cls(epoch, pos, digest)


@dataclass(frozen=True, slots=True)
class Pagina:
    """One page of changes; `cursor` is where the next begins."""

    wijzigingen: list[dict[str, Any]]
    cursor: str
    head: int
    meer: bool
    device_ack: DeviceAck


def permission(collectie: str) -> str:
    """What an actor needs to see a collection."""
    return f"{collectie}:zien"


def reading_rights(actor: Actor) -> list[tuple[str, str, str]]:
    """All that `actor` may pull, as (scope, collectie in the feed, collectie on the wire), sorted."""
    return sorted(
        (scope, model.collectie, name)
        for name, models in COLLECTIES.items()
        for model in models
        for scope in scopes_for(actor, permission(name))
    )


def digest_of(actor: Actor, wanted: Collection[str]) -> str:
    """Changes whenever what the actor may see of these collections, or how he sees it, changes.

    So a cursor of some collections cannot be used for others, of which it would skip what came before.
    """
    rights = [right for right in reading_rights(actor) if right[2] in wanted]
    masks = [[name, sorted(masked_fields(actor, name))] for name in sorted(wanted)]
    return hashlib.sha256(orjson.dumps([sorted(actor.gemeenten), rights, masks])).hexdigest()[:16]


async def read_head(session: AsyncSession) -> Head:
    """The head of the ledger in this snapshot."""
    return (await session.exec(select(Head))).one()


def open_cursor(text: str | None, head: Head, digest: str) -> Cursor:
    """Where to start. Raises EpochGewijzigd, CursorVerlopen, OngeldigVerzoek."""
    if text is None or text == "0":
        return Cursor(head.epoch, 0, digest)
    cursor = Cursor.read(text)
    if cursor.epoch != head.epoch:
        raise EpochGewijzigd("Verstuur eerst wat u hebt en haal dan alles opnieuw op.", epoch=head.epoch)
    if cursor.digest != digest:
        raise CursorVerlopen(
            "Uw rechten of uw collecties zijn veranderd: verstuur eerst, haal alles op, wis wat niet meer komt."
        )
    if cursor.pos > head.size:
        raise OngeldigVerzoek("De cursor ligt voorbij het grootboek.")
    return cursor


async def pull(
    session: AsyncSession, actor: Actor, *, cursor: str | None, limit: int, collecties: Iterable[str] | None
) -> Pagina:
    """One page of what changed for `actor` after `cursor`; ends at a position boundary, so `limit` is soft.

    Call it inside one REPEATABLE READ transaction. What the actor may no longer see comes as `revoke`,
    without content; each document occurs once.
    """
    raw = await raw_connection(session)
    head = await read_head(session)
    wanted = set(COLLECTIES) if collecties is None else set(collecties)
    start = open_cursor(cursor, head, digest_of(actor, wanted))
    rights = [right for right in reading_rights(actor) if right[2] in wanted]
    boundary, meer = await find_boundary(raw, rights, start.pos, limit, head.size)
    rows = await raw.fetch(
        "SELECT pos, collectie, id FROM lees.feed JOIN unnest($1::text[], $2::text[]) AS w(scope, collectie)"
        " USING (scope, collectie) WHERE pos > $3 AND pos <= $4 ORDER BY pos",
        [scope for scope, _, _ in rights],
        [collectie for _, collectie, _ in rights],
        start.pos,
        boundary,
    )
    newest = await newest_positions(raw, rights, {(row["collectie"], row["id"]) for row in rows})
    names = {collectie: name for _, collectie, name in rights}
    changes = await read_changes(session, actor, newest, names)
    assert actor.toestel is not None  # noqa: S101  # the route's guard
    return Pagina(
        changes,
        str(Cursor(head.epoch, boundary, start.digest)),
        head.size,
        meer,
        await read_ack(raw, actor.toestel),
    )


async def newest_positions(
    raw: Any, rights: list[tuple[str, str, str]], found: set[tuple[str, UUID]]
) -> dict[tuple[str, UUID], int]:
    """The revision of each document found: where it last changed for this actor, also beyond this page."""
    rows = await raw.fetch(
        "SELECT f.collectie, f.id, max(f.pos) AS pos FROM lees.feed f"
        " JOIN unnest($1::text[], $2::uuid[]) AS d(collectie, id) ON f.collectie = d.collectie AND f.id = d.id"
        " JOIN unnest($3::text[], $4::text[]) AS w(scope, collectie)"
        " ON f.scope = w.scope AND f.collectie = w.collectie GROUP BY f.collectie, f.id",
        [collectie for collectie, _ in found],
        [ident for _, ident in found],
        [scope for scope, _, _ in rights],
        [collectie for _, collectie, _ in rights],
    )
    return {(row["collectie"], row["id"]): row["pos"] for row in rows}


async def find_boundary(
    raw: Any, rights: list[tuple[str, str, str]], start: int, limit: int, size: int
) -> tuple[int, bool]:
    """The position at which a page of about `limit` rows ends, and whether more follows. One index range per right."""
    rows = await raw.fetch(
        "SELECT f.pos FROM unnest($1::text[], $2::text[]) AS w(scope, collectie),"
        " LATERAL (SELECT pos FROM lees.feed f WHERE f.scope = w.scope AND f.collectie = w.collectie"
        " AND f.pos > $3 ORDER BY f.pos LIMIT $4) f ORDER BY f.pos LIMIT $4",
        [scope for scope, _, _ in rights],
        [collectie for _, collectie, _ in rights],
        start,
        limit + 1,
    )
    if len(rows) <= limit:
        return size, False
    boundary = rows[limit - 1]["pos"]
    return boundary, True


async def read_changes(
    session: AsyncSession, actor: Actor, newest: dict[tuple[str, UUID], int], names: dict[str, str]
) -> list[dict[str, Any]]:
    """The documents behind feed rows, through the one predicate: visible → upsert, otherwise revoke."""
    models = {model.collectie: model for group in COLLECTIES.values() for model in group}
    changes: list[dict[str, Any]] = []
    for collectie in sorted({collectie for collectie, _ in newest}):
        model, name = models[collectie], names[collectie]
        ids = [ident for c, ident in newest if c == collectie]
        query = select(col(model.id), col(model.doc)).where(
            col(model.id).in_(ids), visible(model, actor, permission(name))
        )
        docs = {row.id: row.doc for row in (await (await session.connection()).execute(query)).all()}
        for ident in ids:
            change: dict[str, Any] = {"pos": newest[collectie, ident], "collectie": name, "id": str(ident)}
            if ident in docs:
                doc, masked = project(actor, collectie, docs[ident])
                change |= {"op": "upsert", "rev": newest[collectie, ident], "doc": doc, "gemaskeerd": masked}
            else:
                change |= {"op": "revoke"}
            changes.append(change)
    return sorted(changes, key=lambda change: change["pos"])


def page_etag(cursor: str | None, pagina_head: int, actor: Actor, ack: DeviceAck, *parts: object) -> str:
    """Equal only when the same question would get the same answer."""
    seed = orjson.dumps([cursor, pagina_head, digest_of(actor, COLLECTIES), list(ack), [str(part) for part in parts]])
    return f'"{hashlib.sha256(seed).hexdigest()[:32]}"'


def offset_ms(nu: datetime, device_time: datetime) -> int:
    """Server clock minus device clock."""
    return round((nu - device_time).total_seconds() * 1000)
