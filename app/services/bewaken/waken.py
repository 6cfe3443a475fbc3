"""Watching the ledger while the service runs: what health says, and the mark that follows the head.

One look a second per process answers everybody who asks; the mark is moved after it, so no booking waits for it.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

import asyncpg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.database import Gezien, Sessionmaker, raw_connection, shared
from app.grootboek.boom import Frontier
from app.problems import describe
from app.services.bewaken.alarm import Soort, freeze, raise_alarm, read_alarms, refuse_behind
from app.services.bewaken.controleren import Head, grow, read_stored_head, tree_of
from app.services.bewaken.merkteken import Merkplaats, MerktekenOnbruikbaar
from app.services.bewaken.schade import GROOTBOEK, Schade, is_damage, name_damage

RITME = 1.0
"""Seconds that one look at the database answers for; so far the mark may be behind the head."""
CURSOR = (
    "Een toestel heeft een plaats in het grootboek die hier nooit is uitgegeven: is er een oudere kopie teruggezet?"
)
STAND = """
SELECT (SELECT count(*) FROM lees.ontvangst WHERE status = 'quarantined' AND stand = 'open' AND code = 'niet_verwerkt'),
    (SELECT min(version_num) FROM bedrijf.alembic_version)
"""
MERKTEKEN = "Het merkteken kan niet worden bijgewerkt; de reden staat in het logboek."

log = structlog.get_logger("veldboek.waken")


class Toestand(NamedTuple):
    """How the ledger is: the damage that stops it, if any, and what else an operator should hear."""

    schade: str | None = None
    meldingen: tuple[str, ...] = ()
    niet_verwerkt: int = 0
    """Registraties that are kept because of a mistake of ours."""
    ingericht: bool = True
    """False when the database lacks migrations of this version."""


@dataclass(slots=True)
class Waker:
    """What one process knows of the ledger. Without `plaats` no mark is kept."""

    sessionmaker: Sessionmaker
    plaats: Merkplaats | None
    head: Head | None = None
    tree: Frontier = field(default_factory=Frontier)
    """The tree at `head`, which followed from the one before and the leaves since: a head that does not is damage."""
    achter: bool = False
    """Whether the mark could not be moved."""
    ouder: frozenset[str] = frozenset()
    """Migrations that are not the last one of this version."""
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _seen: tuple[float, Toestand | None] = (-RITME, None)

    @property
    def gezien(self) -> Gezien:
        """Shared with all sessions."""
        return shared(self.sessionmaker).gezien

    async def look(self) -> Toestand | None:
        """How the ledger is; None when it could not be told just now. Anybody may ask: nobody is queued."""
        async with self._looking:
            now = asyncio.get_running_loop().time()
            if now - self._seen[0] >= RITME:
                self._seen = (now, None)
                self._seen = (now, await self._read())
            return self._seen[1]

    async def stop_for(self, error: Exception) -> Schade | None:
        """Stop everything when `error` is damage, and say which; None when it is something else."""
        if not isinstance(error, Schade) and not is_damage(error):
            return None
        async with self.sessionmaker() as session:
            raw = await raw_connection(session)
            schade = error if isinstance(error, Schade) else await name_damage(raw, error)
            log.error("damage", tabel=schade.tabel)
            await freeze(raw, schade, nu=datetime.now(UTC))
            await session.commit()
        return schade

    async def run(self) -> None:
        """Look and move the mark, for ever."""
        while True:
            await self.go_round()
            await asyncio.sleep(RITME)

    async def stop(self) -> None:
        """A last round, so that a service that was stopped leaves a mark at its head."""
        self._seen = (-RITME, None)
        await self.go_round()

    async def go_round(self) -> None:
        """Write down what was seen, and move the mark to the head. What goes wrong is tried again a second later."""
        try:
            await self._write_alarms()
            toestand = await self.look()
            if toestand is not None and toestand.schade is None and self.plaats is not None and self.head is not None:
                await asyncio.to_thread(self.plaats.advance, self.head)
                self.achter = False
        except MerktekenOnbruikbaar as error:
            self.achter = True
            log.error("mark stays behind", **describe(error))  # noqa: TRY400  # the next second says it again
        except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            log.warning("not looked", **describe(error))

    async def _read(self) -> Toestand:
        known = self.gezien.size  # before the look: a booking may commit while we are at it
        try:
            async with self.sessionmaker() as session:
                raw = await raw_connection(session)
                alarms = await read_alarms(raw)
                if Soort.SCHADE not in alarms:
                    await self._follow(raw, known)
                kept, migratie = await raw.fetchrow(STAND)
        except (Schade, SQLAlchemyError, asyncpg.PostgresError) as error:
            schade = await self.stop_for(error)
            if schade is None:
                raise
            return Toestand(schade.naar_buiten)
        meldingen = [zin for soort, zin in alarms.items() if soort is not Soort.SCHADE]
        meldingen += [MERKTEKEN] if self.achter else []
        return Toestand(alarms.get(Soort.SCHADE), tuple(meldingen), kept, migratie not in self.ouder)

    async def _follow(self, raw: Any, known: int) -> None:
        """Go to the head as it is now. Raises Schade when it does not follow from where we were.

        After a new epoch there is no before: whoever opened it checked everything.
        """
        head = await read_stored_head(raw)
        if self.head is not None and self.head.epoch != head.epoch:
            self.tree, self.gezien.size = tree_of(head), head.size
        else:
            refuse_behind(head.size, known)
            self.tree = await grow(raw, self.tree, head) if self.head is not None else tree_of(head)
        self.head, self.gezien.size = head, max(head.size, self.gezien.size)

    async def _write_alarms(self) -> None:
        waiting = self.gezien.alarmen
        for soort, aantal in list(waiting.items()):
            async with self.sessionmaker() as session:
                zin, nu = CURSOR, datetime.now(UTC)
                await raise_alarm(await raw_connection(session), Soort(soort), GROOTBOEK, zin, nu=nu, aantal=aantal)
                await session.commit()
            waiting[soort] -= aantal
            if not waiting[soort]:
                del waiting[soort]
