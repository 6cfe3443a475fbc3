"""Files on their way in, so that a cut costs seconds and never the file (tus 1.0; docs/sync.md).

Guarantees: what was acknowledged is durable; an upload goes on from any byte; of all connections that send the
same upload the newest wins at once, also over another process: each stored piece is added only while the row
still names its connection as `schrijver`. No connection to the database is held while a sender is waited for.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog

from app.access.actor import Actor
from app.database import Sessionmaker, raw_connection
from app.opslag import Opslag
from app.problems import (
    NietGevonden,
    RegelGeschonden,
    TeGroot,
    TeVeelVerzoeken,
    TijdelijkNietBeschikbaar,
    UploadVervallen,
)

BIJLAGE_MAX = 26_214_400
"""Bytes of one file."""
BEWAARTERMIJN = timedelta(days=30)
"""After this an upload that nothing in the ledger refers to is forgotten."""
OPEN_PER_PERSOON = 500
"""Uploads that one person may have under way, or arrived without anything in the ledger that speaks of them."""
WACHT_OP_VORIGE = 1.0
"""Seconds that a newer connection waits for the older one to keep what it has."""

FIELDS = (
    "id, bijlage, sha256, grootte, functionaris, staat, ontvangen, blokken, laatst_op, afkeuring, uitkomst, geboekt"
)


log = structlog.get_logger("veldboek.bijlagen")


@dataclass(slots=True)
class Schrijver:
    """One connection of this process that is sending."""

    functionaris: UUID
    token: UUID = field(default_factory=uuid4)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    klaar: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Ontvanger:
    """What receiving files needs: where they go, and who is sending in this process."""

    sessionmaker: Sessionmaker
    opslag: Opslag
    schrijvers: dict[UUID, Schrijver] = field(default_factory=dict)
    keurplaatsen: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """So many files are looked at at once."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How one upload stands."""

    id: UUID
    bijlage: UUID
    sha256: str
    grootte: int
    functionaris: UUID
    staat: str
    ontvangen: int
    blokken: list[str]
    laatst_op: datetime
    afkeuring: str | None
    uitkomst: str | None
    geboekt: bool

    @property
    def vervalt_op(self) -> datetime | None:
        """When it is forgotten unless something refers to it; None for what has arrived."""
        return self.laatst_op + BEWAARTERMIJN if self.staat == "bezig" else None

    @property
    def heel(self) -> bool:
        """Whether all bytes are in, and what they are was not yet looked at."""
        return self.staat == "bezig" and self.ontvangen == self.grootte


async def begin(
    o: Ontvanger, actor: Actor, *, bijlage: UUID, sha256: str, grootte: int, nu: datetime
) -> tuple[Stand, bool]:
    """An upload for this file, and whether it is new: the same file again goes on where it was.

    Raises TeGroot, TeVeelVerzoeken.
    """
    if grootte > BIJLAGE_MAX:
        raise TeGroot("Dit bestand is te groot.", limits={"bijlageMax": BIJLAGE_MAX})
    async with o.sessionmaker() as session:
        raw = await raw_connection(session)
        row = await _running(raw, actor, bijlage, sha256)
        added = None
        if row is None:
            added = await _insert(raw, actor, bijlage, sha256, grootte, nu)
            row = added or await _running(raw, actor, bijlage, sha256)
        await session.commit()
    if row is None:  # it was given up between the two statements
        raise TijdelijkNietBeschikbaar("Probeer het opnieuw.")
    if row["grootte"] != grootte:
        raise RegelGeschonden("Dit bestand is eerder met een andere grootte aangemeld.")
    return Stand(**row), added is not None


async def _running(raw: Any, actor: Actor, bijlage: UUID, sha256: str) -> Any:
    return await raw.fetchrow(
        f"SELECT {FIELDS} FROM bedrijf.upload WHERE functionaris = $1 AND bijlage = $2 AND sha256 = $3"
        " AND staat IN ('bezig', 'compleet')",
        actor.functionaris,
        bijlage,
        sha256,
    )


_AT_ONCE = f'"uploads";q={OPEN_PER_PERSOON};qu="concurrent-requests"'


async def _insert(raw: Any, actor: Actor, bijlage: UUID, sha256: str, grootte: int, nu: datetime) -> Any:
    busy = await raw.fetchval(
        "SELECT (SELECT count(*) FROM bedrijf.upload WHERE functionaris = $1 AND staat = 'bezig')"
        " + (SELECT count(*) FROM bedrijf.upload WHERE functionaris = $1 AND NOT geboekt"
        " AND staat IN ('compleet', 'afgekeurd'))",
        actor.functionaris,
    )
    if busy >= OPEN_PER_PERSOON:
        raise TeVeelVerzoeken("U hebt te veel uploads openstaan. Maak die eerst af.", _AT_ONCE)
    return await raw.fetchrow(
        "INSERT INTO bedrijf.upload (id, bijlage, sha256, grootte, functionaris, roltoewijzing, staat, ontvangen,"
        " blokken, begonnen_op, laatst_op, op, geboekt)"
        " VALUES ($1, $2, $3, $4, $5, $6, 'bezig', 0, '{}', $7, $7, $8, false)"
        f" ON CONFLICT DO NOTHING RETURNING {FIELDS}",
        uuid4(),
        bijlage,
        sha256,
        grootte,
        actor.functionaris,
        actor.roltoewijzing,
        nu,
        uuid4(),
    )


async def take_over(o: Ontvanger, actor: Actor, ident: UUID, *, nu: datetime, token: UUID | None = None) -> Stand:
    """How an upload stands, after stopping whoever was sending it; with `token` the caller sends from now on.

    Only for the person who began it, on whichever device. Raises NietGevonden, UploadVervallen.
    """
    earlier = o.schrijvers.get(ident)
    if earlier is not None and earlier.functionaris == actor.functionaris:
        earlier.stop.set()
        with suppress(TimeoutError):  # then it cannot keep anything any more: the row will name another
            await asyncio.wait_for(earlier.klaar.wait(), WACHT_OP_VORIGE)
    async with o.sessionmaker() as session:
        raw = await raw_connection(session)
        row = await raw.fetchrow(
            "UPDATE bedrijf.upload SET schrijver = $3, laatst_op = CASE WHEN staat = 'bezig' THEN $4 ELSE laatst_op END"
            f" WHERE id = $1 AND functionaris = $2 RETURNING {FIELDS}",
            ident,
            actor.functionaris,
            token,
            nu,
        )
        await session.commit()
    if row is None:
        raise NietGevonden("Dit bestaat niet, of niet voor u.")
    if row["staat"] in ("afgebroken", "verlopen"):
        raise UploadVervallen("Deze upload is vervallen. Begin een nieuwe.")
    return Stand(**row)


async def give_up(o: Ontvanger, actor: Actor, ident: UUID, *, nu: datetime) -> None:
    """Forget an upload that is not whole yet. Raises NietGevonden, UploadVervallen, RegelGeschonden."""
    stand = await take_over(o, actor, ident, nu=nu)
    if stand.staat != "bezig" or stand.heel:
        raise RegelGeschonden("Wat is aangekomen, blijft bewaard.")
    async with o.sessionmaker() as session:
        raw = await raw_connection(session)
        await raw.execute(
            "UPDATE bedrijf.upload SET staat = 'afgebroken', blokken = '{}', schrijver = NULL"
            " WHERE id = $1 AND staat = 'bezig' AND ontvangen < grootte",
            ident,
        )
        await session.commit()
    await o.opslag.delete_all(folder(ident))


async def start_over(o: Ontvanger, stand: Stand) -> None:
    """Begin an upload again of which the store lost a piece: only its sender has the bytes now.

    Not when its row moved on since `stand` was read: then the piece was not lost but done with.
    """
    async with o.sessionmaker() as session:
        raw = await raw_connection(session)
        lost = await raw.fetchval(
            "UPDATE bedrijf.upload SET ontvangen = 0, blokken = '{}'"
            " WHERE id = $1 AND staat = 'bezig' AND blokken = $2 RETURNING id",
            stand.id,
            stand.blokken,
        )
        await session.commit()
    if lost is not None:
        log.error("piece missing from the store", upload=str(stand.id))


def folder(ident: UUID) -> str:
    """Below this lie the pieces of an upload that is under way."""
    return f"blokken/{ident}"
