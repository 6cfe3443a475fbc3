"""Rights as they stand now: read from the folded ledger at each request, never from a token."""

from datetime import datetime

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
