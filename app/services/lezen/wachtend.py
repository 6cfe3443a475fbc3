"""What waits for a second person, for those who may be that person, as the act with which he agrees declares it."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import may
from app.registraties.act import Act, Doc, Wacht
from app.registraties.lezing import ID
from app.registraties.register import ACTEN, AGGREGATEN
from app.schemas.accounts import Wachtsoort
from app.services.lezen.lezen import has_part, says
from app.services.lezen.lijsten import Vraag, list_documents

PER_KEER: Final = 200

SOORTEN: Final = tuple(
    (soort, act, act.tweede)
    for soort in Wachtsoort
    for act in ACTEN.values()
    if act.aggregaat == soort and act.tweede is not None
)


@dataclass(frozen=True, slots=True)
class Wachtend:
    """One thing that waits, and where it is confirmed."""

    soort: Wachtsoort
    id: UUID
    functionaris: UUID | None
    door: Doc
    bevestigen: str


async def list_wachtend(session: AsyncSession, actor: Actor) -> list[Wachtend]:
    """What waits for a second person and may be confirmed by `actor`, of each kind the oldest first."""
    found: list[Wachtend] = []
    for soort, act, wacht in SOORTEN:
        if not may(actor.rol, act.permissie):
            continue
        for doc in await _list_all(session, actor, act, wacht):
            if wacht.why_not(doc, actor) is None:
                ident = UUID(doc["id"])
                pad = (act.pad or "").replace(f"{{{soort}}}", doc["id"])
                found.append(Wachtend(soort, ident, wacht.voor(doc), wacht.door(doc), pad))
    return found


async def _list_all(session: AsyncSession, actor: Actor, act: Act, wacht: Wacht) -> list[Doc]:
    model, found = AGGREGATEN[act.aggregaat].model, list[Doc]()
    waits = has_part(model, wacht.veld) if wacht.waarde is None else says(model, wacht.veld, wacht.waarde)
    cursor: str | None = None
    while True:
        asked = Vraag(PER_KEER, cursor, sorteer=ID)
        page = await list_documents(session, actor, model, asked, permissie=act.permissie, also=[waits])
        found += page.resultaten
        if (cursor := page.volgende) is None:
            return found
