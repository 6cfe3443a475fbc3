"""The head of the ledger: how far it goes, and which ledger it is."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.models.grootboek import Head


async def read_head(session: AsyncSession) -> Head:
    """The head of the ledger in this snapshot."""
    return (await session.exec(select(Head))).one()
