"""The engine, and the two things every transaction starts with."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

Sessionmaker = async_sessionmaker[AsyncSession]
BOOKINGS_AT_ONCE = 3
_GEDEELD = "gedeeld"
LOCK_TIMEOUT = "2s"
"""So long at most the API waits for a lock; then it does the whole booking again."""
SESSION = {"plan_cache_mode": "force_custom_plan", "jit": "off"}
"""A plan that was made while a table was small reads it whole for ever after, in every pooled connection."""


@dataclass(slots=True)
class Gezien:
    """What this process saw of the ledger: its largest committed size, and alarms that nobody wrote down yet."""

    size: int = 0
    alarmen: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Gedeeld:
    """What all sessions of a process share."""

    beurten: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(BOOKINGS_AT_ONCE))
    """Who books now. More at once than PostgreSQL and this process can work on only make whoever holds the ledger head
    wait for its turn on the event loop, and everybody else for the head."""
    zegel: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    """What cursors are sealed with."""
    gezien: Gezien = field(default_factory=Gezien)


def shared(sessions: AsyncSession | Sessionmaker) -> Gedeeld:
    """What a session shares with all others of its process."""
    info = sessions.kw["info"] if isinstance(sessions, async_sessionmaker) else sessions.info
    found: Gedeeld = info[_GEDEELD]
    return found


def async_url(url: str) -> URL:
    """The SQLAlchemy form of a `postgresql://` address. Raises ArgumentError, which repeats nothing of it."""
    try:
        return make_url(url).set(drivername="postgresql+asyncpg")
    except ValueError:  # a port that is no number
        raise ArgumentError("no address of a database") from None


def create_engine(url: str, *, pool_size: int = 12, lock_timeout: str = "0") -> AsyncEngine:
    """An engine whose errors never show parameters: they may be personal data.

    `lock_timeout` bounds how long any statement may wait for a lock; "0" waits.
    """
    return create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=10,
        hide_parameters=True,
        pool_pre_ping=True,
        json_deserializer=orjson.loads,
        connect_args={"server_settings": SESSION | {"lock_timeout": lock_timeout}},
    )


def create_sessionmaker(engine: AsyncEngine, gedeeld: Gedeeld | None = None) -> Sessionmaker:
    """Sessions that keep what they loaded after the commit, and share `gedeeld`."""
    info = {_GEDEELD: gedeeld or Gedeeld()}
    return async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False, info=info)


async def raw_connection(session: AsyncSession) -> Any:
    """The asyncpg connection inside the session's transaction, for set-based statements.

    SQLAlchemy opens it with the first statement that goes through it.
    """
    connection = await session.connection()
    raw: Any = (await connection.get_raw_connection()).driver_connection
    if not raw.is_in_transaction():
        await connection.execute(text("SELECT 1"))
    return raw


@asynccontextmanager
async def snapshot(sessionmaker: Sessionmaker) -> AsyncIterator[AsyncSession]:
    """One REPEATABLE READ transaction: positions and rows from one moment."""
    async with sessionmaker() as session, session.begin():
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session
