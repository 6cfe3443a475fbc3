"""The roles that somebody has now, for himself."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.models.mensen import Roltoewijzing


async def list_own(session: AsyncSession, actor: Actor, nu: datetime) -> Sequence[Roltoewijzing]:
    """His running roles, the newest first."""
    query = select(Roltoewijzing).where(Roltoewijzing.functionaris == actor.functionaris, Roltoewijzing.van <= nu)
    running = query.where(or_(col(Roltoewijzing.tot).is_(None), col(Roltoewijzing.tot) > nu))
    return (await session.exec(running.order_by(col(Roltoewijzing.van).desc(), col(Roltoewijzing.id)))).all()
