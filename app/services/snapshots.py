"""Everything at once: the pages of a pull as one stream of lines, for a first sync without a round trip per page.

Each page is read in a transaction of its own, with the rights of that moment, so a slow phone holds nothing open
and what changes halfway is told as in any pull. A line `{"cursor": …}` ends each page: whoever is cut off goes on
from the last one, with `cursor=` here or with an ordinary pull.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import orjson

from app.access.actor import Actor
from app.database import Sessionmaker, raw_connection, snapshot
from app.services.rechten import reload_actor
from app.services.sync import Pagina, pull

PAGE = 1_000
"""Documents between two cursors."""


async def read_page(sessions: Sessionmaker, actor: Actor, cursor: str | None) -> Pagina:
    """One page, as `actor` may see it now. Raises what `pull` raises, and ToestelIngetrokken."""
    async with snapshot(sessions) as session:
        now, _ = await reload_actor(await raw_connection(session), actor, datetime.now(UTC))
        return await pull(session, now, cursor=cursor, limit=PAGE, collecties=None)


def spell_page(page: Pagina) -> bytes:
    """The lines of one page: its changes, then where it ends; the last one says so."""
    lines = [orjson.dumps(change) for change in page.wijzigingen]
    lines.append(orjson.dumps({"cursor": page.cursor, "compleet": not page.meer}))
    return b"\n".join(lines) + b"\n"


async def write_snapshot(sessions: Sessionmaker, actor: Actor, first: Pagina) -> AsyncIterator[bytes]:
    """NDJSON from `first` to the end. A problem on the way ends it without the last line: it is not complete."""
    page = first
    while page.meer:
        coming = asyncio.ensure_future(read_page(sessions, actor, page.cursor))  # while this one is on its way
        try:
            yield spell_page(page)
            page = await coming
        finally:
            coming.cancel()
    yield spell_page(page)
