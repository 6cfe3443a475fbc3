"""What is opened when the service starts and closed when it stops."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

from app.access.geheimen import load_geheimen
from app.database import LOCK_TIMEOUT, Gedeeld, Sessionmaker, create_engine, create_sessionmaker, raw_connection
from app.inrichten import ensure_head, migrate, older_migrations, refuse_other_name, refuse_other_version
from app.opslag import open_opslag
from app.postgres import refuse_unsafe_server
from app.proces import Proces
from app.services.bewaken.aanvang import check_start
from app.services.bewaken.merkteken import mark_place
from app.services.bewaken.schade import Schade
from app.services.bewaken.waken import Waker
from app.services.bijlagen import binden
from app.services.bijlagen.uploads import Ontvanger
from app.services.boeken import hervatten, verlopen
from app.services.sync.announcing import Announcer
from app.services.sync.pacing import Pacer, Places
from app.services.sync.snapshots import IN_ALL, PER_DEVICE
from app.settings import Settings

_POWERFUL = """
SELECT rolsuper OR EXISTS (
  SELECT FROM pg_roles e WHERE e.rolname = 'eigenaar' AND pg_has_role(current_user, e.oid, 'MEMBER'))
FROM pg_roles WHERE rolname = current_user
"""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class AppMagTeVeel(RuntimeError):
    """The API would connect as a role that could change the ledger."""


def tune_garbage_collector() -> None:
    """Once at start: full collections over everything imported stop the loop for tens of milliseconds."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


async def prepare_database(beheer_url: str, origin: str) -> None:
    """Bring the schema up to date and open the ledger; connects with the rights of the owner, and leaves."""
    engine = create_engine(beheer_url, pool_size=1)
    try:
        await migrate(engine)
        await ensure_head(engine, origin)
    finally:
        await engine.dispose()


async def open_ledger(settings: Settings, app_url: str) -> Schade | None:
    """Once before the service opens: hold the ledger against its mark (:mod:`app.services.bewaken.aanvang`)."""
    engine = create_engine(app_url, pool_size=1)
    try:
        await refuse_other_name(engine, settings.grootboek_naam)
        async with engine.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            return await check_start(raw, mark_place(settings, load_geheimen(settings)))
    finally:
        await engine.dispose()


async def check_database(sessionmaker: Sessionmaker) -> None:
    """Refuse a database that may lose what it confirmed, a role that could change the ledger, another version.

    Raises PostgresKanNietStarten, AppMagTeVeel, AndereVersie.
    """
    async with sessionmaker() as session:
        raw = await raw_connection(session)
        await refuse_unsafe_server(raw)
        if await raw.fetchval(_POWERFUL):
            raise AppMagTeVeel("DATABASE_URL moet als rol app verbinden, niet als eigenaar of superuser.")
        await refuse_other_version(raw)


def make_lifespan(settings: Settings, app_url: str) -> Lifespan:
    """The lifespan of an API process that connects to `app_url` as role app."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = create_engine(app_url, lock_timeout=LOCK_TIMEOUT)
        gate = create_engine(app_url, pool_size=1, lock_timeout=LOCK_TIMEOUT)
        geheimen = load_geheimen(settings)
        sessionmaker = create_sessionmaker(engine, Gedeeld(zegel=geheimen.derive(b"cursor")))
        await check_database(sessionmaker)
        plaats = mark_place(settings, geheimen)
        mark = plaats.read()
        waker = Waker(sessionmaker, plaats if mark is not None else None, ouder=older_migrations())
        waker.gezien.size = mark.size if mark is not None else 0
        proces = app.state.proces = Proces(
            geheimen=geheimen,
            sessionmaker=sessionmaker,
            poort=create_sessionmaker(gate),
            pacer=Pacer(settings.verzoeken_per_seconde),
            announcer=Announcer(sessionmaker),
            opnames=Places(PER_DEVICE, IN_ALL),
            waker=waker,
            ontvanger=Ontvanger(sessionmaker, open_opslag(settings)),
        )
        running = [
            asyncio.create_task(binden.run(proces.ontvanger)),
            asyncio.create_task(verlopen.run(sessionmaker)),
            asyncio.create_task(hervatten.run(sessionmaker)),
            asyncio.create_task(waker.run()),
        ]
        tune_garbage_collector()
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await waker.stop()
            await engine.dispose()
            await gate.dispose()

    return lifespan
