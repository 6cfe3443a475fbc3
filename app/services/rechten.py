"""Rights as they stand now: read from the folded ledger at each request, never from a token."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.tokens import Toegang
from app.models.mensen import Roltoewijzing, Toestel
from app.problems import NietAangemeld, ToestelIngetrokken
from app.vocabulary import Rol


async def load_actor(session: AsyncSession, toegang: Toegang, nu: datetime) -> Actor:
    """Who is asking, with the rights of this moment.

    An ended roltoewijzing gives an actor that is not `actief`: he may still deliver what he recorded. Raises
    NietAangemeld when the roltoewijzing is gone, ToestelIngetrokken when the device was revoked.
    """
    row = (
        await session.exec(
            select(Roltoewijzing, Toestel)
            .outerjoin(Toestel, col(Toestel.id) == toegang.toestel)
            .where(
                col(Roltoewijzing.id) == toegang.roltoewijzing,
                col(Roltoewijzing.functionaris) == toegang.functionaris,
            )
        )
    ).one_or_none()
    if row is None:
        raise NietAangemeld("Uw rol bestaat niet meer. Meld u opnieuw aan.")
    roltoewijzing, toestel = row
    if toegang.toestel is not None and (toestel is None or toestel.functionaris != toegang.functionaris):
        raise NietAangemeld("Dit toestel is hier niet bekend.")
    if toestel is not None and toestel.ingetrokken:
        raise ToestelIngetrokken("Dit toestel is ingetrokken. Neem contact op met uw beheerder.")
    return Actor(
        functionaris=roltoewijzing.functionaris,
        roltoewijzing=roltoewijzing.id,
        rol=Rol(roltoewijzing.rol),
        organisatie=roltoewijzing.organisatie,
        gemeenten=frozenset(roltoewijzing.gemeenten),
        actief=roltoewijzing.van <= nu and (roltoewijzing.tot is None or nu < roltoewijzing.tot),
        toestel=toegang.toestel,
    )


async def reload_actor(raw: Any, actor: Actor, nu: datetime) -> Actor:
    """The same actor with the rights of this moment, once nothing can change them any more: after the locks.

    Raises ToestelIngetrokken. Only the very first administrator has no role to read yet.
    """
    row = await raw.fetchrow(
        "SELECT rol, organisatie, gemeenten, van <= $3 AND (tot IS NULL OR $3 < tot) AS actief,"
        " (SELECT ingetrokken FROM lees.toestel WHERE id = $2) AS ingetrokken FROM lees.roltoewijzing WHERE id = $1",
        actor.roltoewijzing,
        actor.toestel,
        nu,
    )
    if row is None:
        return actor
    if row["ingetrokken"]:
        raise ToestelIngetrokken("Dit toestel is ingetrokken. Neem contact op met uw beheerder.")
    return replace(
        actor,
        rol=Rol(row["rol"]),
        organisatie=row["organisatie"],
        gemeenten=frozenset(row["gemeenten"]),
        actief=row["actief"],
    )
