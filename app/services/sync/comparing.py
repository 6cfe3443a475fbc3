"""Does a device hold what its user may see? Answered by counts and sums, and only where they differ by a list."""

import hashlib
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.database import raw_connection
from app.schemas.uitwisselen import Collectiestand, Collectieverschil, DocumentRev, VergelijkingUit
from app.services.kluis.head import read_head
from app.services.sync.collecties import COLLECTIES, NAMEN
from app.services.sync.leesrechten import rights_of
from app.services.sync.pull import has_news, open_cursor

_HELD = """
SELECT DISTINCT f.collectie, f.id, f.pos FROM lees.feed f JOIN unnest($1::text[], $2::text[]) AS w(scope, collectie)
ON f.scope = w.scope AND f.collectie = w.collectie
WHERE f.op = 'upsert' AND (f.gemeente IS NULL OR f.gemeente = ANY($3))
"""


def sum_up(documents: dict[str, int]) -> str:
    """The sum over documents, `{id: rev}`: XOR of SHA-256 of `<id>:<rev>`, in hex. Empty: 64 zeros."""
    total = 0
    for ident, rev in documents.items():
        total ^= int.from_bytes(hashlib.sha256(f"{ident}:{rev}".encode()).digest(), "big")
    return f"{total:064x}"


async def compare(
    session: AsyncSession, actor: Actor, cursor: str, stand: dict[str, Collectiestand]
) -> VergelijkingUit:
    """Compare per collection, in one snapshot. A cursor that is behind cannot be compared: pull first.

    Raises EpochGewijzigd, CursorVerlopen, OngeldigVerzoek.
    """
    raw: Any = await raw_connection(session)
    rights = rights_of(actor, COLLECTIES)
    place, _ = await open_cursor(session, cursor, await read_head(session), rights.digest)
    if await has_news(raw, place, rights):
        return VergelijkingUit(stand="achter", collecties={})
    ours: dict[str, dict[str, int]] = {name: {} for name in COLLECTIES}
    for row in await raw.fetch(_HELD, rights.scopes, rights.collecties, rights.gemeenten):
        ours[NAMEN[row["collectie"]]][str(row["id"])] = row["pos"]
    nothing = Collectiestand(aantal=0, som=sum_up({}))
    differ = {
        name: Collectieverschil(documenten=[DocumentRev(id=ident, rev=rev) for ident, rev in sorted(docs.items())])
        for name, docs in ours.items()
        if (given := stand.get(name, nothing)).aantal != len(docs) or given.som != sum_up(docs)
    }
    return VergelijkingUit(stand="verschilt" if differ else "gelijk", collecties=differ)
