"""Everything at once: the pages of a pull as one stream of lines, for a first sync without a round trip per page.

Each page is read in a transaction of its own, with the rights of that moment, so a slow phone holds nothing open
and what changes halfway is told as in any pull. A line `{"cursor": …}` ends each page: whoever is cut off goes on
from the last one, with `cursor=` here or with an ordinary pull.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.database import Sessionmaker, raw_connection, snapshot
from app.problems import TeVeelVerzoeken
from app.services.rechten.rechten import reload_actor
from app.services.sync.pacing import Places
from app.services.sync.pull import Pagina, pull

PAGE = 1_000
"""Documents between two cursors."""
PER_DEVICE, IN_ALL = 2, 50
"""A slow reader keeps a page in memory for as long as he likes."""


async def read_first(session: AsyncSession, actor: Actor, cursor: str | None) -> Pagina:
    """The page it begins with, in the transaction of the request. Raises what `pull` raises.

    A second connection while the request holds one would be waited for for ever once enough of them did that.
    """
    return await pull(session, actor, cursor=cursor, limit=PAGE, collecties=None)


async def read_next(sessions: Sessionmaker, actor: Actor, cursor: str) -> Pagina:
    """One page more, as `actor` may see it now. Raises what `pull` raises, and ToestelIngetrokken."""
    async with snapshot(sessions) as session:
        now, _ = await reload_actor(await raw_connection(session), actor, datetime.now(UTC))
        return await read_first(session, now, cursor)


def spell_page(page: Pagina) -> bytes:
    """The lines of one page: its changes, then where it ends; the last one says so."""
    lines = [orjson.dumps(change) for change in page.wijzigingen]
    lines.append(orjson.dumps({"collectie": "einde", "cursor": page.cursor, "compleet": not page.meer}))
    return b"\n".join(lines) + b"\n"


async def write_snapshot(sessions: Sessionmaker, places: Places, actor: Actor, first: Pagina) -> AsyncIterator[bytes]:
    """NDJSON from `first` to the end. A problem on the way ends it without the last line: it is not complete.

    So does finding no place any more, because others began at the same moment.
    """
    page = first
    with suppress(TeVeelVerzoeken), places.take(actor.plek):
        while page.meer:
            coming = asyncio.ensure_future(read_next(sessions, actor, page.cursor))  # while this one is on its way
            try:
                yield spell_page(page)
                page = await coming
            finally:
                # Its connection is given back before the answer ends, also when the reader is gone.
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
        yield spell_page(page)
