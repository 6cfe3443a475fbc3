"""Telling devices that there is something to fetch, and nothing else: no content, no ids, no counts.

One poll per process looks at the size of the ledger, whatever the number of listeners, and only while there are
any. Each listener then asks, with his rights of that moment, whether a pull would bring him anything.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.database import Sessionmaker, raw_connection, snapshot
from app.problems import Problem, TeVeelVerzoeken
from app.services.kluis.head import read_head
from app.services.rechten.aanmeldingen import ended_among
from app.services.rechten.rechten import reload_actor
from app.services.sync.collecties import COLLECTIES
from app.services.sync.cursors import Cursor
from app.services.sync.leesrechten import rights_of
from app.services.sync.pacing import Places
from app.services.sync.pull import has_news, open_cursor

INTERVAL = 1.0
"""Seconds between two looks at the ledger: so late a device hears of something."""
SILENCE = 15.0
"""Seconds after which a line goes out all the same: proxies end connections that say nothing."""
PER_DEVICE, IN_ALL = 2, 500

FETCH = b"event: haal\ndata: {}\n\n"
ALIVE = b": ik luister\n\n"
END = b"event: einde\ndata: {}\n\n"

log = structlog.get_logger("veldboek.announcing")


class Announcer:
    """Wakes all listeners of this process when the ledger has grown."""

    def __init__(self, sessions: Sessionmaker) -> None:
        self.sessions = sessions
        self.size = 0
        self.ended: set[UUID] = set()
        """Which of the logins that listen have ended."""
        self._grown = asyncio.Condition()
        self.places = Places(PER_DEVICE, IN_ALL)
        self._listening: Counter[UUID] = Counter()
        self._poll: asyncio.Task[None] | None = None

    @contextmanager
    def place(self, plek: UUID, sid: UUID) -> Iterator[None]:
        """Take a place; raises TeVeelVerzoeken. The poll runs while any place is taken."""
        with self.places.take(plek):
            self._listening[sid] += 1
            if self._poll is None:
                self._poll = asyncio.create_task(self._look())
            try:
                yield
            finally:
                self._listening -= Counter({sid: 1})
                if len(self.places) == 1 and self._poll is not None:
                    self._poll.cancel()
                    self._poll = None

    async def grown_beyond(self, size: int, sid: UUID, seconds: float) -> bool:
        """Wait until the ledger is larger than `size` or the login has ended; False after `seconds` without."""
        async with self._grown:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._grown.wait_for(lambda: self.size > size or sid in self.ended), seconds)
                return True
        return False

    async def _look(self) -> None:
        while True:
            try:
                async with self.sessions() as session:
                    found = (await read_head(session)).size
                    ended = await ended_among(session, list(self._listening))
            except (SQLAlchemyError, OSError) as error:  # the database is away: later
                log.warning("unreachable", exception=type(error).__qualname__)
            else:
                async with self._grown:
                    self.size, self.ended = found, ended
                    self._grown.notify_all()
            await asyncio.sleep(INTERVAL)


async def read_place(session: AsyncSession, actor: Actor, cursor: str | None) -> Cursor:
    """Where a listener begins: his cursor, or the present. Raises what reading a cursor raises."""
    head = await read_head(session)
    digest = rights_of(actor, COLLECTIES).digest
    if not cursor:
        return Cursor(head.epoch, head.size, digest)
    return (await open_cursor(session, cursor, head, digest))[0]


async def listen(announcer: Announcer, actor: Actor, place: Cursor, until: datetime) -> AsyncIterator[bytes]:
    """`haal` whenever a pull would bring something, until he may no longer ask: token, login or device came to an end.

    Whoever finds no place any more, because others came at the same moment, hears the end at once.
    """
    assert actor.sid is not None  # noqa: S101  # he asks himself
    with suppress(TeVeelVerzoeken), announcer.place(actor.plek, actor.sid):
        yield ALIVE
        seen = 0
        while (left := (until - datetime.now(UTC)).total_seconds()) > 0:
            if not await announcer.grown_beyond(seen, actor.sid, min(left, SILENCE)):
                yield ALIVE
                continue
            try:
                seen, place, news = await look(announcer.sessions, actor, place)
            except Problem:
                break
            if news:
                yield FETCH
    yield END


async def look(sessions: Sessionmaker, actor: Actor, place: Cursor) -> tuple[int, Cursor, bool]:
    """The size of the ledger, the place to look from next, and whether there is anything after `place`."""
    async with snapshot(sessions) as session:
        raw: Any = await raw_connection(session)
        now, _ = await reload_actor(raw, actor, datetime.now(UTC))
        head = await read_head(session)
        rights = rights_of(now, COLLECTIES)
        news = head.epoch != place.epoch or await has_news(raw, place, rights)
    return head.size, Cursor(head.epoch, head.size, rights.digest), news
