"""Which of the files that an operation promises have not arrived."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.database import raw_connection
from app.services.boeken.boeking import Uitslag
from app.services.kluis.operatie import Operatie
from app.vocabulary import Status


def promises(operaties: Sequence[Operatie]) -> dict[UUID | None, dict[UUID, str]]:
    """Per operation the files that it promises: id → SHA-256."""
    found: dict[UUID | None, dict[UUID, str]] = {}
    for operatie in operaties:
        if operatie.envelop is None or operatie.act is None:
            continue
        rows = {bijlage.id: bijlage.sha256 for bijlage in operatie.envelop.bijlagen}
        if operatie.act.belooft is not None:
            rows[operatie.onderwerp[operatie.act.belooft]] = getattr(operatie.inhoud, "sha256", "")
        if rows:
            found[operatie.op] = rows
    return found


async def name_missing(
    session: AsyncSession, actor: Actor, operaties: Sequence[Operatie], uitslagen: Sequence[Uitslag]
) -> None:
    """Say with each outcome which of its files have not arrived. Costs a query only when there are files."""
    wanted = promises(operaties)
    if not wanted:
        return
    raw = await raw_connection(session)
    rows = await raw.fetch(
        "SELECT bijlage, gemeten_sha256 FROM bedrijf.upload WHERE bijlage = ANY($1) AND functionaris = $2"
        " AND staat = 'compleet'",
        [ident for files in wanted.values() for ident in files],
        actor.functionaris,
    )
    arrived = {(row["bijlage"], row["gemeten_sha256"]) for row in rows}
    for uitslag in uitslagen:
        if uitslag.status not in (Status.DEFERRED, Status.REJECTED):
            files = wanted.get(uitslag.op_id, {})
            uitslag.wacht_op_bijlagen = [ident for ident, sha256 in files.items() if (ident, sha256) not in arrived]
