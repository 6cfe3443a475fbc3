"""Every document that any test folds is held against its class, whole and as each role sees it."""

import asyncpg

from app.access.zicht import opened, rows_for, spelled
from app.postgres import Server
from storm.documenten import misfits


def forget() -> None:
    """After a change of the table of who sees what: what was worked out of it."""
    rows_for.cache_clear()
    opened.cache_clear()
    spelled.cache_clear()


_HELD: set[tuple[str, str]] = set()
"""What this process found well before: the people of each test are the same."""


async def hold_documents(database: Server) -> None:
    """Assert that every document of a ledger fits its class; nothing where the tables are gone."""
    connection = await asyncpg.connect(database.beheer_url)
    try:
        found = await misfits(connection, _HELD)
    finally:
        await connection.close()
    assert not found, found
