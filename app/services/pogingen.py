"""How often somebody may try to sign in: a wrong password slows its source, and never locks the owner out.

Failures are counted per name and row to stand in (`Rij`): a device of his own, a browser in which he signed in before,
or the address he comes from. Each slows down by itself, so nobody blocks a row that he does not stand in himself.

From addresses that are not known here a name takes `VRIJ_PER_NAAM` attempts at once, and one in `TUSSEN` after that:
300 an hour, from however many addresses. Whoever comes sooner gets an appointment: a moment, at most `LANGSTE_WACHT`
away, from which his address is let through. So guessing from everywhere is slow, and the owner on a strange address
waits for one appointment. Names that nobody has are counted just the same.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, tuple_, update
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
POGINGEN_BEWAARD: Final = timedelta(hours=24)

_NAAM: Final = b""
"""The row of a name itself: in `geblokkeerd_tot` the moment at which nothing is left of what was used of its rate."""


class Rij(NamedTuple):
    """Where an attempt stands in line. `vreemd`: at an address we do not know, so the rate of the name counts."""

    hash: bytes = b"eigen"
    vreemd: bool = False


def address_row(geheim: bytes, host: str | None) -> Rij:
    """The row of an address: of IPv6 the first 64 bits, which one customer has.

    The server's own loopback address is no stranger: whoever can log in on the machine has a way in of his own.
    """
    try:
        address: Any = ip_address(host or "")
    except ValueError:
        return Rij(_hash(geheim, b"adres", host or ""), vreemd=True)
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or (address if address.is_loopback else ip_network((address, 64), strict=False))
    return Rij(_hash(geheim, b"adres", str(address)), vreemd=not address.is_loopback)


def own_row(geheim: bytes, ident: bytes) -> Rij:
    """The row of a device or a browser that is known to be his."""
    return Rij(_hash(geheim, b"eigen", ident.hex()))


def hash_name(geheim: bytes, naam: str) -> bytes:
    """Under which the attempts for a name are counted: people type anything into that field."""
    return _hash(geheim, b"naam", naam)


def _hash(geheim: bytes, label: bytes, text: str) -> bytes:
    return hmac.digest(geheim, label + b"\0" + text.encode(), "sha256")


async def count_attempt(sessies: Sessionmaker, naam_hash: bytes, nu: datetime, rijen: Sequence[Rij] = (Rij(),)) -> Rij:
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
    raise TeVeelVerzoeken(
        "Het aanmelden mislukte te vaak achter elkaar. Wacht even en probeer het dan opnieuw.",
        headers={"Retry-After": str(ceil((min(blocked) - nu).total_seconds()))},
    )


async def clear_attempts(sessies: Sessionmaker, naam_hash: bytes, rij: Rij = Rij()) -> None:  # noqa: B008  # immutable
    """Forget the failures in this row: the password was right, so the attempt also used nothing of the name's rate."""
    a = Aanmeldpoging
    async with sessies.begin() as session:
        await session.exec(delete(a).where(col(a.naam_hash) == naam_hash, col(a.rij_hash) == rij.hash))
        if rij.vreemd:
            mine = update(a).where(col(a.naam_hash) == naam_hash, col(a.rij_hash) == _NAAM)
            await session.exec(mine.values(geblokkeerd_tot=col(a.geblokkeerd_tot) - TUSSEN))


async def _enter(session: AsyncSession, naam_hash: bytes, rij: Rij, nu: datetime) -> datetime | None:
    """Count an attempt in this row, or say until when the row is blocked; it stays locked until the commit."""
    mislukt, geblokkeerd_tot, afspraak = await _lock(session, naam_hash, rij.hash, nu)
    if geblokkeerd_tot is not None and nu < geblokkeerd_tot <= nu + LANGSTE_WACHT:  # later: the clock was set back
        return geblokkeerd_tot
    if rij.vreemd and not afspraak:
        slot = await _take_slot(session, naam_hash, nu)
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


async def _take_slot(session: AsyncSession, naam_hash: bytes, nu: datetime) -> datetime:
    """The moment at which the rate of this name has room, taken at once unless it is too far away."""
    _, used_up_at, _ = await _lock(session, naam_hash, _NAAM, nu)
    if used_up_at is None or not nu < used_up_at <= nu + LANGSTE_WACHT + VRIJ_PER_NAAM * TUSSEN:
        used_up_at = nu
    slot = max(nu, used_up_at - (VRIJ_PER_NAAM - 1) * TUSSEN)
    if slot <= nu + LANGSTE_WACHT:
        await _write(session, naam_hash, _NAAM, geblokkeerd_tot=used_up_at + TUSSEN)
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
