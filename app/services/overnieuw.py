"""Doing a booking again: once, when another transaction was in the way."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.problems import TijdelijkNietBeschikbaar
from app.services.boeken import GelijktijdigGeboekt, Uitslag, boek
from app.services.opdracht import Opdracht
from app.services.voortgang import DeviceAck

_IN_THE_WAY = (
    GelijktijdigGeboekt,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.UniqueViolationError,
)


async def boek_with_retry(
    session: AsyncSession,
    actor: Actor,
    opdrachten: Sequence[Opdracht],
    *,
    nu: datetime,
    verzonden_op: datetime | None = None,
) -> tuple[list[Uitslag], DeviceAck | None]:
    """:func:`boek`, started afresh once after a deadlock, a lock time-out or a simultaneous booking.

    Raises TijdelijkNietBeschikbaar when that happens twice; nothing was stored then.
    """
    try:
        return await boek(session, actor, opdrachten, nu=nu, verzonden_op=verzonden_op)
    except _IN_THE_WAY:
        await session.rollback()
    try:
        return await boek(session, actor, opdrachten, nu=nu, verzonden_op=verzonden_op)
    except _IN_THE_WAY:
        raise TijdelijkNietBeschikbaar("Het is druk. Er is niets verwerkt; probeer het zo opnieuw.") from None
