"""Taking in the bytes of an upload, from one connection, until it is whole, cut, or taken over.

Guarantees: see :mod:`app.services.bijlagen.uploads`. A connection costs two pieces of memory at most, whatever it
sends.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.database import raw_connection
from app.opslag import STUK, BestaatNiet
from app.problems import ControlegetalKloptNiet, TeGroot, TeVeelVerzoeken, UploadLooptAnders
from app.services.bijlagen.uploads import (
    BIJLAGE_MAX,
    FIELDS,
    Ontvanger,
    Schrijver,
    Stand,
    folder,
    start_over,
    take_over,
)
from app.services.rechten.aanmeldingen import AFGESLOTEN, ended_among, login_ended

TEGELIJK = 8
"""Connections that one person may send on in one process."""
BEWAAR_NA = 5.0
"""Seconds after which what a slow sender has sent so far is kept."""

Lezen = Callable[[], Awaitable[bytes | None]]
"""The next bytes from the sender; None at the end. Raises Afgebroken when he is gone."""


class Afgebroken(Exception):
    """The sender is gone before the end."""


class Overgenomen(Exception):
    """A newer connection sends this upload now."""


async def receive(
    o: Ontvanger,
    actor: Actor,
    ident: UUID,
    lezen: Lezen,
    *,
    vanaf: int,
    controlegetal: bytes | None,
    nu: datetime,
) -> Stand:
    """Take in bytes from offset `vanaf` on; returns how the upload stands then.

    With `controlegetal` (SHA-256 of exactly these bytes) they count only all together. Without, what came
    before a cut stays. Raises UploadLooptAnders, ControlegetalKloptNiet, TeGroot, OpslagVol and what
    :func:`take_over` raises.
    """
    others = (s for upload, s in o.schrijvers.items() if upload != ident)
    if sum(s.functionaris == actor.functionaris for s in others) >= TEGELIJK:
        raise TeVeelVerzoeken(
            "U verstuurt te veel bestanden tegelijk.", f'"bestanden";q={TEGELIJK};qu="concurrent-requests"'
        )
    schrijver = Schrijver(actor.functionaris)
    stand = await take_over(o, actor, ident, nu=nu, token=schrijver.token)
    if vanaf != stand.ontvangen:
        raise elsewhere(stand)
    if stand.staat != "bezig" or stand.heel:
        return stand
    o.schrijvers[ident] = schrijver
    try:
        stuk = await Stuk.resume(o, stand, schrijver.token, actor.sid, whole=controlegetal is not None)
    except BestaatNiet:
        await start_over(o, stand)
        raise lost_piece() from None
    else:
        return await _fill(stuk, schrijver, lezen, controlegetal)
    finally:
        schrijver.klaar.set()
        if o.schrijvers.get(ident) is schrijver:
            del o.schrijvers[ident]


def elsewhere(stand: Stand) -> UploadLooptAnders:
    """The bytes belong at another place than where the upload is."""
    told = {"Upload-Offset": str(stand.ontvangen)}
    return UploadLooptAnders("Vraag met HEAD tot waar het bestand is ontvangen.", headers=told)


def lost_piece() -> UploadLooptAnders:
    """A stored piece is gone: the upload begins again, or somebody else went on with it."""
    return UploadLooptAnders(
        "De server is een deel van dit bestand kwijt. Vraag met HEAD vanaf waar u het opnieuw stuurt."
    )


async def _fill(stuk: "Stuk", schrijver: Schrijver, lezen: Lezen, controlegetal: bytes | None) -> Stand:
    digest = hashlib.sha256()
    try:
        async for chunk in _until_stopped(stuk, schrijver, lezen):
            digest.update(chunk)
            await stuk.add(chunk)
            await stuk.keep_if_slow()
    except BaseException:
        if controlegetal is None:  # whatever ended it, what came counts
            await stuk.keep()
        else:
            await stuk.discard()
        raise
    if controlegetal is not None and digest.digest() != controlegetal:
        await stuk.discard()
        raise ControlegetalKloptNiet("Stuur dit stuk opnieuw.")
    return await stuk.keep()


async def _until_stopped(stuk: "Stuk", schrijver: Schrijver, lezen: Lezen) -> AsyncIterator[bytes]:
    """The bytes as they come; a newer connection ends it, and a slow sender's bytes are kept now and then."""
    stopped = asyncio.ensure_future(schrijver.stop.wait())
    coming: asyncio.Future[bytes | None] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(lezen())
            both: set[asyncio.Future[Any]] = {coming, stopped}
            await asyncio.wait(both, timeout=BEWAAR_NA, return_when=asyncio.FIRST_COMPLETED)
            if stopped.done():
                raise Overgenomen
            if not coming.done():
                await stuk.keep_if_slow()
                continue
            chunk = coming.result()
            if chunk is None:
                return
            yield chunk
            coming = None
    finally:
        stopped.cancel()
        if coming is not None and not coming.done():
            coming.cancel()


@dataclass(slots=True)
class Stuk:
    """What one connection adds: pieces of :data:`STUK` bytes, the last one as long as it happens to be.

    A short last piece is taken up again and replaced, so an upload has few pieces however often it is cut.
    """

    o: Ontvanger
    stand: Stand
    token: UUID
    sid: UUID | None
    whole: bool
    vol: list[str]
    buffer: bytearray
    bewaard: int
    ontvangen: int
    los: str | None = None
    """The stored name of the short last piece that the buffer began with."""
    gemaakt: list[str] = field(default_factory=list)
    oud: list[str] = field(default_factory=list)
    laatst: float = field(default_factory=time.monotonic)

    @classmethod
    async def resume(cls, o: Ontvanger, stand: Stand, token: UUID, sid: UUID | None, *, whole: bool) -> "Stuk":
        """Go on behind what is stored."""
        rest = stand.ontvangen % STUK
        los = stand.blokken[-1] if rest else None
        buffer = bytearray(await o.opslag.read(los)) if los else bytearray()
        vol = stand.blokken[:-1] if los else list(stand.blokken)
        return cls(o, stand, token, sid, whole, vol, buffer, stand.ontvangen, stand.ontvangen, los)

    async def add(self, chunk: bytes) -> None:
        """Take in bytes; a full piece is stored at once. Raises TeGroot beyond the promised length."""
        if self.ontvangen + len(chunk) > self.stand.grootte:
            raise TeGroot("Er komt meer dan is aangekondigd.", limits={"bijlageMax": BIJLAGE_MAX})
        self.buffer += chunk
        self.ontvangen += len(chunk)
        while len(self.buffer) >= STUK:
            await self._store(bytes(self.buffer[:STUK]))
            del self.buffer[:STUK]
            if not self.whole:
                await self._commit(None)

    async def keep_if_slow(self) -> None:
        """Keep what a slow sender sent, unless it counts only all together."""
        if not self.whole and time.monotonic() - self.laatst >= BEWAAR_NA:
            await self.keep()

    async def keep(self) -> Stand:
        """Make everything that came count. Raises UploadLooptAnders when the upload was taken over."""
        if self.ontvangen != self.bewaard:
            los = None
            if self.buffer:
                await self._store(bytes(self.buffer), short=True)
                los = self.gemaakt[-1]
            await self._commit(los)
        return self.stand

    async def discard(self) -> None:
        """Forget everything that came since what counts."""
        await self.o.opslag.delete(self.gemaakt)

    async def _store(self, content: bytes, *, short: bool = False) -> None:
        name = f"{folder(self.stand.id)}/{len(self.vol):04}-{uuid4().hex}"
        await self.o.opslag.put(name, content)
        self.gemaakt.append(name)
        if self.los is not None:
            self.oud.append(self.los)
            self.los = None
        if not short:
            self.vol.append(name)

    async def _commit(self, los: str | None) -> None:
        """Name the stored pieces in the row, if it is still ours; then the pieces that they replace can go.

        Whoever's login was ended adds nothing more: he goes on from here when he has signed in again.
        """
        names = [*self.vol, los] if los else self.vol
        received = self.ontvangen if los or not self.buffer else self.ontvangen - len(self.buffer)
        async with self.o.sessionmaker() as session:
            raw = await raw_connection(session)
            row = await raw.fetchrow(
                "UPDATE bedrijf.upload SET ontvangen = $4, blokken = $5 WHERE id = $1 AND schrijver = $2"
                " AND ontvangen = $3 AND staat = 'bezig' AND NOT EXISTS (SELECT FROM bedrijf.aanmelding"
                " LEFT JOIN lees.account ON lees.account.id = bedrijf.aanmelding.functionaris"
                f" WHERE bedrijf.aanmelding.id = $6 AND (ingetrokken_op IS NOT NULL OR {AFGESLOTEN}))"
                f" RETURNING {FIELDS}",
                self.stand.id,
                self.token,
                self.bewaard,
                received,
                names,
                self.sid,
            )
            ended = row is None and self.sid is not None and await ended_among(session, [self.sid])
            await session.commit()
        if row is None:
            await self.discard()
            if ended:
                raise login_ended()
            raise UploadLooptAnders("Een nieuwere verbinding heeft deze upload overgenomen.")
        self.stand, self.bewaard, self.los, self.gemaakt = Stand(**row), received, los, []
        self.laatst = time.monotonic()
        await self.o.opslag.delete(self.oud)
        self.oud = []
