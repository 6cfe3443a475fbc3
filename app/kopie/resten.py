"""Databases that a restore made, or put aside, and was killed before it could drop: whole, with personal data."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
from sqlalchemy.engine import make_url

from app.database import create_engine
from app.inrichten import beheer_server
from app.kopie.manifest import KopieGeweigerd
from app.settings import Settings

NIEUW, WEG = "veldboek_nieuw_", "veldboek_weg_"
"""How databases begin that one restore made, and that it put aside."""
_LEFT: Final = (
    "SELECT datname FROM pg_database WHERE starts_with(datname, $1) OR starts_with(datname, $2) ORDER BY datname"
)
_ALONE: Final = "SELECT pg_try_advisory_lock(hashtext('veldboek kopie terugzetten'))"


@asynccontextmanager
async def beside(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the server of `url`, outside its database: nobody may be in that while it changes its name."""
    server = await asyncpg.connect(make_url(url).set(database="postgres").render_as_string(hide_password=False))
    try:
        yield server
    finally:
        await server.close()


async def refuse_second(server: asyncpg.Connection) -> None:
    """Be the only one on this server that restores or clears, until `server` closes. Raises KopieGeweigerd."""
    if not await server.fetchval(_ALONE):
        raise KopieGeweigerd("Op deze server wordt al een kopie teruggezet. Wacht tot dat klaar is.")


async def drop_left(server: asyncpg.Connection) -> list[str]:
    """Drop them all; returns their names."""
    found = await list_left(server)
    for name in found:
        await server.execute(f'DROP DATABASE "{name}"')
    return found


async def list_left(raw: Any) -> list[str]:
    """Their names. Any role may ask; `raw` is asyncpg's connection."""
    return [row["datname"] for row in await raw.fetch(_LEFT, NIEUW, WEG)]


async def tell_left(app_url: str) -> str | None:
    """What whoever starts the service hears of them: they lie beside the database, and nobody else names them."""
    engine = create_engine(app_url, pool_size=1)
    try:
        async with engine.connect() as connection:
            left = await list_left((await connection.get_raw_connection()).driver_connection)
    finally:
        await engine.dispose()
    if not left:
        return None
    return (
        f"Let op: het terugzetten van een kopie is afgebroken. Daarvan staat nog {', '.join(left)} op de"
        " databaseserver, met alles erin. Staat hier wat er moet staan, voer dan uit: veldboek kopie opruimen"
    )


async def clear_left(settings: Settings) -> list[str]:
    """Drop what is left, while no restore runs; returns the names. Raises KopieGeweigerd."""
    with beheer_server(settings) as (url, _):
        async with beside(url) as server:
            await refuse_second(server)
            return await drop_left(server)
