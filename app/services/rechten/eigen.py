"""The roles that somebody has now, for himself."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.models.mensen import Organisatie, Roltoewijzing


async def list_own(session: AsyncSession, actor: Actor, nu: datetime) -> list[dict[str, Any]]:
    """His running roles, the newest first, with the name of the organisation: by field of the answer."""
    name = col(Organisatie.doc)["naam"].astext
    query = (
        select(Roltoewijzing, name)
        .join(Organisatie, col(Organisatie.id) == col(Roltoewijzing.organisatie), isouter=True)
        .where(Roltoewijzing.functionaris == actor.functionaris, Roltoewijzing.van <= nu)
        .where(or_(col(Roltoewijzing.tot).is_(None), col(Roltoewijzing.tot) > nu))
        .order_by(col(Roltoewijzing.van).desc(), col(Roltoewijzing.id))
    )
    return [
        {
            "roltoewijzing": role.id,
            "rol": role.rol,
            "organisatie": role.organisatie,
            "organisatie_naam": naam,
            "gemeenten": role.gemeenten,
            "van": role.van,
            "tot": role.tot,
            "huidig": role.id == actor.roltoewijzing,
        }
        for role, naam in (await session.exec(query)).all()
    ]
