"""How often somebody may try: failures in a row are counted, and slow down what comes next."""

from datetime import datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from app.database import Sessionmaker
from app.models.account import Aanmeldpoging
from app.problems import TeVeelVerzoeken

GRATIS_POGINGEN: Final = 5
"""So many failures in a row cost nothing; from then on each doubles the wait, up to `LANGSTE_WACHT`."""
EERSTE_WACHT: Final = timedelta(seconds=15)
LANGSTE_WACHT: Final = timedelta(minutes=15)
POGINGEN_BEWAARD: Final = timedelta(hours=24)


async def count_attempt(sessies: Sessionmaker, naam_hash: bytes, nu: datetime) -> None:
    """Count this attempt as failed until it proves right; refuse it, uncounted, while the name is blocked."""
    async with sessies.begin() as session:
        oud = (
            select(Aanmeldpoging.naam_hash)
            .where(Aanmeldpoging.laatst_op < nu - POGINGEN_BEWAARD)
            .limit(100)
            .with_for_update(skip_locked=True)
        )
        await session.exec(delete(Aanmeldpoging).where(col(Aanmeldpoging.naam_hash).in_(oud)))
        poging = await session.exec(
            insert(Aanmeldpoging)
            .values(naam_hash=naam_hash, mislukt=0, laatst_op=nu)
            .on_conflict_do_update(index_elements=["naam_hash"], set_={"laatst_op": nu})
            .returning(col(Aanmeldpoging.mislukt), col(Aanmeldpoging.geblokkeerd_tot))
        )
        mislukt, geblokkeerd_tot = poging.one()
        if geblokkeerd_tot is not None and geblokkeerd_tot > nu:
            raise TeVeelVerzoeken(
                "Het aanmelden mislukte te vaak achter elkaar. Wacht even en probeer het dan opnieuw.",
                headers={"Retry-After": str(ceil((geblokkeerd_tot - nu).total_seconds()))},
            )
        te_veel = mislukt + 1 - GRATIS_POGINGEN
        wacht = min(EERSTE_WACHT * 2 ** min(te_veel, 10), LANGSTE_WACHT) if te_veel >= 0 else None
        await session.exec(
            update(Aanmeldpoging)
            .where(col(Aanmeldpoging.naam_hash) == naam_hash)
            .values(mislukt=mislukt + 1, geblokkeerd_tot=wacht and nu + wacht)
        )


async def clear_attempts(sessies: Sessionmaker, naam_hash: bytes) -> None:
    """Forget the failures: the password was right."""
    async with sessies.begin() as session:
        await session.exec(delete(Aanmeldpoging).where(col(Aanmeldpoging.naam_hash) == naam_hash))
