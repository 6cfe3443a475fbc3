"""Looking at schema `lees` as a whole."""

import asyncpg


async def dump_lees(url: str) -> dict[str, list[str]]:
    """Every row of every table in schema `lees`, sorted."""
    connection = await asyncpg.connect(url)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'lees' ORDER BY 1")
    found = {
        name: [row[0] for row in await connection.fetch(f'SELECT t::text FROM lees."{name}" t ORDER BY 1')]  # noqa: S608
        for (name,) in tables
    }
    await connection.close()
    return found
