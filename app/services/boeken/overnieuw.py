"""Carrying a booking through: in its turn, to the commit, and once more when another transaction was in the way."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.database import shared
from app.problems import TijdelijkNietBeschikbaar
from app.services.bewaken.alarm import refuse_behind
from app.services.boeken.boek import boek
from app.services.boeken.boeking import Uitslag
from app.services.boeken.voortgang import DeviceAck
from app.services.kluis.operatie import Operatie
from app.services.kluis.toevoegen import GelijktijdigGeboekt

_IN_THE_WAY = (
    GelijktijdigGeboekt,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.UniqueViolationError,
)


def accept_all(_uitslagen: Sequence[Uitslag]) -> None:
    """A device hears of each outcome by itself: none of them stops the booking."""


async def boek_with_retry(
    session: AsyncSession,
    actor: Actor,
    operaties: Sequence[Operatie],
    *,
    nu: datetime,
    verzonden_op: datetime | None = None,
    geduld: timedelta | None = None,
    check: Callable[[Sequence[Uitslag]], None] = accept_all,
) -> tuple[list[Uitslag], DeviceAck | None]:
    """:func:`boek` and the commit, started afresh once after a deadlock, a lock time-out or a simultaneous booking.

    `check` sees the outcomes before the commit; what it raises undoes the booking. Committing here and not when
    the answer is ready lets the ledger head go at once. Raises TijdelijkNietBeschikbaar when it was in the way
    twice; nothing was stored then.
    """
    async with shared(session).beurten:
        try:
            return await _carry_out(session, actor, operaties, nu, verzonden_op, geduld, check)
        except _IN_THE_WAY:
            await session.rollback()
        try:
            return await _carry_out(session, actor, operaties, nu, verzonden_op, geduld, check)
        except _IN_THE_WAY:
            raise TijdelijkNietBeschikbaar("Het is druk. Er is niets verwerkt; probeer het zo opnieuw.") from None


async def _carry_out(
    session: AsyncSession,
    actor: Actor,
    operaties: Sequence[Operatie],
    nu: datetime,
    verzonden_op: datetime | None,
    geduld: timedelta | None,
    check: Callable[[Sequence[Uitslag]], None],
) -> tuple[list[Uitslag], DeviceAck | None]:
    uitslagen, ack = await boek(session, actor, operaties, nu=nu, verzonden_op=verzonden_op, geduld=geduld)
    check(uitslagen)
    seen, booked = shared(session).gezien, [u.pos for u in uitslagen if u.pos is not None]
    if booked:
        refuse_behind(min(booked) - 1, seen.size)  # under the head lock, so nobody can be ahead of us
    await session.commit()
    seen.size = max([seen.size, *booked])
    return uitslagen, ack
