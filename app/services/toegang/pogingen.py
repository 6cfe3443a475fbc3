"""How often somebody may try to sign in: a wrong password slows its source, not its owner.

Failures are counted per name and row to stand in (`Wachtrij`): a device of his own, a browser in which he signed in
before, or the address he comes from. Each slows down by itself, so nobody blocks a row that he does not stand in
himself.

From addresses that are not known here rates count too (`_rates`): of the address over all names, of its network and
block (`_BITS`) at this name, and of the name from everywhere: 300 an hour. Whoever comes sooner gets an appointment: a
moment, at most `LANGSTE_WACHT` away, from which his address is let through. What does not fit is refused and takes no
place. Names that nobody has are counted just the same.

So guessing from everywhere is slow. What it does to the owner at a strange address depends on how many blocks other
than his own the guesses come from. One never makes him wait; up to five never fill the book, nor do seven networks, so
he waits for one appointment. It takes ten blocks and 25 networks at least to keep it full, and him out there, for as
long as they go on. His own device and browser stay open. Whoever is in his block can use up what he shares with them.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Any, Final, NamedTuple

from sqlalchemy import case, delete, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Sessionmaker
from app.models.account import Aanmeldpoging
from app.problems import TeVeelVerzoeken

GRATIS_POGINGEN: Final = 5
"""So many failures in a row cost nothing; from then on each doubles the wait, up to `LANGSTE_WACHT`."""
EERSTE_WACHT: Final = timedelta(seconds=15)
LANGSTE_WACHT: Final = timedelta(minutes=15)
VRIJ_PER_NAAM: Final = 20
TUSSEN: Final = timedelta(seconds=12)
VRIJ_PER_NETWERK: Final = 10
"""And per block. One address that slows down by itself never notices them."""
TUSSEN_PER_NETWERK: Final = timedelta(minutes=5)
TUSSEN_PER_BLOK: Final = timedelta(minutes=2)
VRIJ_PER_ADRES: Final = 30
TUSSEN_PER_ADRES: Final = timedelta(seconds=2)
"""Over all names: a whole town hall may be behind one address."""
POGINGEN_BEWAARD: Final = timedelta(hours=24)

_BITS: Final = {4: (32, 24, 16), 6: (64, 48, 32)}
"""Of an address what one customer has, its network, and its block: of IPv6 what a whole provider has."""
_NAAM: Final = b""
"""The row of a name itself, whatever the address."""
_ALLE_NAMEN: Final = b""
"""The name under which an address is counted over all names."""


class Wachtrij(NamedTuple):
    """Where an attempt stands in line. `netwerken`: of an address we do not know, for which the rates count."""

    hash: bytes = b"eigen"
    netwerken: tuple[bytes, ...] = ()


class Tempo(NamedTuple):
    """A rate and its row: in `geblokkeerd_tot` the moment at which nothing is left of what was used of it."""

    naam_hash: bytes
    rij_hash: bytes
    vrij: int
    tussen: timedelta


def address_row(geheim: bytes, host: str | None) -> Wachtrij:
    """The row of an address: of IPv6 the first 64 bits.

    The server's own loopback address is no stranger: whoever can log in on the machine has a way in of his own.
    """
    try:
        address: Any = ip_address(host or "")
    except ValueError:
        rij, *netwerken = (_hash(geheim, label, host or "") for label in (b"adres", b"netwerk", b"blok"))
        return Wachtrij(rij, tuple(netwerken))
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback:
        return Wachtrij(_hash(geheim, b"adres", str(address)))
    rij, *netwerken = (
        _hash(geheim, b"adres", str(ip_network((address, bits), strict=False))) for bits in _BITS[address.version]
    )
    return Wachtrij(rij, tuple(netwerken))


def own_row(geheim: bytes, ident: bytes) -> Wachtrij:
    """The row of a device or a browser that is known to be his."""
    return Wachtrij(_hash(geheim, b"eigen", ident.hex()))


def hash_name(geheim: bytes, naam: str) -> bytes:
    """Under which the attempts for a name are counted: people type anything into that field."""
    return _hash(geheim, b"naam", naam)


def _rates(naam_hash: bytes, rij: Wachtrij) -> tuple[Tempo, ...]:
    """What counts besides the row itself; always locked in this order, so that no two attempts wait for each other."""
    if not rij.netwerken:
        return ()
    netwerk, blok = rij.netwerken
    return (
        Tempo(_ALLE_NAMEN, rij.hash, VRIJ_PER_ADRES, TUSSEN_PER_ADRES),
        Tempo(naam_hash, netwerk, VRIJ_PER_NETWERK, TUSSEN_PER_NETWERK),
        Tempo(naam_hash, blok, VRIJ_PER_NETWERK, TUSSEN_PER_BLOK),
        Tempo(naam_hash, _NAAM, VRIJ_PER_NAAM, TUSSEN),
    )


def _hash(geheim: bytes, label: bytes, text: str) -> bytes:
    return hmac.digest(geheim, label + b"\0" + text.encode(), "sha256")


async def count_attempt(
    sessies: Sessionmaker, naam_hash: bytes, nu: datetime, rijen: Sequence[Wachtrij] = (Wachtrij(),)
) -> Wachtrij:
    """Count this attempt as failed until it proves right, in the first of `rijen` that is free; which one that was.

    When all are blocked it is refused, uncounted: TeVeelVerzoeken with ``Retry-After``.
    """
    async with sessies.begin() as session:
        await _forget_old(session, nu)
        blocked = []
        for rij in rijen:
            until = await _enter(session, naam_hash, rij, nu)
            if until is None:
                return rij
            blocked.append(until)
    wait = ceil((min(blocked) - nu).total_seconds())
    raise TeVeelVerzoeken(
        "Het aanmelden mislukte te vaak achter elkaar. Wacht even en probeer het dan opnieuw.",
        f'"aanmelden";q=1;w={wait}',
        headers={"Retry-After": str(wait)},
    )


async def clear_attempts(sessies: Sessionmaker, naam_hash: bytes, rij: Wachtrij = Wachtrij()) -> None:  # noqa: B008  # immutable
    """Forget the failures in this row: the password was right, so the attempt also used nothing of any rate."""
    a = Aanmeldpoging
    async with sessies.begin() as session:
        await session.exec(delete(a).where(col(a.naam_hash) == naam_hash, col(a.rij_hash) == rij.hash))
        for tempo in _rates(naam_hash, rij):
            used_up_at = col(a.geblokkeerd_tot) - tempo.tussen
            left = case(
                (used_up_at > col(a.laatst_op), used_up_at)
            )  # else nothing: a clock that is set back finds none
            await _write(session, tempo.naam_hash, tempo.rij_hash, geblokkeerd_tot=left)


async def _enter(session: AsyncSession, naam_hash: bytes, rij: Wachtrij, nu: datetime) -> datetime | None:
    """Count an attempt in this row, or say until when the row is blocked; it stays locked until the commit."""
    mislukt, geblokkeerd_tot, afspraak = await _lock(session, naam_hash, rij.hash, nu)
    if geblokkeerd_tot is not None and nu < geblokkeerd_tot <= nu + LANGSTE_WACHT:  # later: the clock was set back
        return geblokkeerd_tot
    if not afspraak:
        slot = await _take_slot(session, _rates(naam_hash, rij), nu)
        if slot > nu + LANGSTE_WACHT:
            return nu + LANGSTE_WACHT
        if slot > nu:
            await _write(session, naam_hash, rij.hash, geblokkeerd_tot=slot, afspraak=True)
            return slot
    te_veel = mislukt + 1 - GRATIS_POGINGEN
    wacht = min(EERSTE_WACHT * 2 ** min(te_veel, 10), LANGSTE_WACHT) if te_veel >= 0 else None
    await _write(
        session, naam_hash, rij.hash, mislukt=mislukt + 1, geblokkeerd_tot=wacht and nu + wacht, afspraak=False
    )
    return None


async def _take_slot(session: AsyncSession, rates: Sequence[Tempo], nu: datetime) -> datetime:
    """The moment at which each of these rates has room, taken of all at once unless it is too far away."""
    slot, used = nu, []
    for tempo in rates:
        _, used_up_at, _ = await _lock(session, tempo.naam_hash, tempo.rij_hash, nu)
        if used_up_at is None or not nu < used_up_at <= nu + LANGSTE_WACHT + tempo.vrij * tempo.tussen:
            used_up_at = nu
        slot = max(slot, used_up_at - (tempo.vrij - 1) * tempo.tussen)
        used.append(used_up_at)
    if slot <= nu + LANGSTE_WACHT:
        for tempo, used_up_at in zip(rates, used, strict=True):
            await _write(session, tempo.naam_hash, tempo.rij_hash, geblokkeerd_tot=used_up_at + tempo.tussen)
    return slot


async def _lock(
    session: AsyncSession, naam_hash: bytes, rij_hash: bytes, nu: datetime
) -> tuple[int, datetime | None, bool]:
    """`mislukt`, `geblokkeerd_tot` and `afspraak` of a row, made when it was not there."""
    a = Aanmeldpoging
    found = await session.exec(
        insert(a)
        .values(naam_hash=naam_hash, rij_hash=rij_hash, mislukt=0, laatst_op=nu, afspraak=False)
        .on_conflict_do_update(index_elements=["naam_hash", "rij_hash"], set_={"laatst_op": nu})
        .returning(col(a.mislukt), col(a.geblokkeerd_tot), col(a.afspraak))
    )
    mislukt, geblokkeerd_tot, afspraak = found.one()
    return mislukt, geblokkeerd_tot, afspraak


async def _write(session: AsyncSession, naam_hash: bytes, rij_hash: bytes, **values: Any) -> None:
    a = Aanmeldpoging
    await session.exec(update(a).where(col(a.naam_hash) == naam_hash, col(a.rij_hash) == rij_hash).values(**values))


async def _forget_old(session: AsyncSession, nu: datetime) -> None:
    a = Aanmeldpoging
    old = (
        select(a.naam_hash, a.rij_hash)
        .where(a.laatst_op < nu - POGINGEN_BEWAARD)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    await session.exec(delete(a).where(tuple_(col(a.naam_hash), col(a.rij_hash)).in_(old)))
