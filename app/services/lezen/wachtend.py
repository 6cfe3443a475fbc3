"""What waits for a second person, for those who may be that person: one table of kinds, and the rule of each act."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import may
from app.models.base import Leesmodel
from app.models.mensen import Accountstand, GrondslagBijzonder, Roltoewijzing, Toestel
from app.registraties import grondslagbijzonder, roltoewijzing
from app.registraties.account import bevestigd as account_bevestigd
from app.registraties.act import Act, Doc
from app.registraties.grondslagbijzonder import bevestigd as grondslag_bevestigd
from app.registraties.roltoewijzing import bevestigd as rol_bevestigd
from app.registraties.toestel import WACHT as TOESTEL_WACHT
from app.registraties.toestel import goedgekeurd
from app.schemas.accounts import Wachtsoort
from app.services.lezen.lezen import has_part, has_status, list_documents

PER_KEER: Final = 200


@dataclass(frozen=True, slots=True)
class Soort:
    """One kind of thing that waits: where it stands, which act confirms it, and who may not."""

    soort: Wachtsoort
    model: type[Leesmodel]
    act: Act
    wacht: ColumnElement[bool]
    why_not: Callable[[Doc, Actor], str | None]
    aanvrager: Callable[[Doc], Doc]
    voor: Callable[[Doc], UUID | None] = lambda doc: UUID(doc["functionaris"])
    """For whom it is; None for a municipality."""


SOORTEN: Final = (
    Soort(
        Wachtsoort.ROLTOEWIJZING,
        Roltoewijzing,
        rol_bevestigd.ACT,
        has_status(Roltoewijzing, roltoewijzing.WACHT),
        rol_bevestigd.why_not,
        lambda doc: doc["verleendDoor"],
    ),
    Soort(
        Wachtsoort.ACCOUNT,
        Accountstand,
        account_bevestigd.ACT,
        has_part(Accountstand, "aanvraag"),
        account_bevestigd.why_not,
        lambda doc: doc["aanvraag"]["door"],
        lambda doc: UUID(doc["id"]),
    ),
    Soort(
        Wachtsoort.TOESTEL,
        Toestel,
        goedgekeurd.ACT,
        has_status(Toestel, TOESTEL_WACHT),
        goedgekeurd.why_not,
        lambda doc: doc["ingeschrevenDoor"],
    ),
    Soort(
        Wachtsoort.GRONDSLAGBIJZONDER,
        GrondslagBijzonder,
        grondslag_bevestigd.ACT,
        has_status(GrondslagBijzonder, grondslagbijzonder.WACHT),
        grondslag_bevestigd.why_not,
        lambda doc: doc["vastgelegdDoor"],
        lambda _doc: None,
    ),
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
    for kind in SOORTEN:
        if not may(actor.rol, kind.act.permissie):
            continue
        for doc in await _list_all(session, actor, kind):
            if kind.why_not(doc, actor) is None:
                ident = UUID(doc["id"])
                pad = (kind.act.pad or "").replace(f"{{{kind.soort}}}", doc["id"])
                found.append(Wachtend(kind.soort, ident, kind.voor(doc), kind.aanvrager(doc), pad))
    return found


async def _list_all(session: AsyncSession, actor: Actor, kind: Soort) -> list[Doc]:
    found: list[Doc] = []
    cursor: str | None = None
    while True:
        page = await list_documents(
            session,
            actor,
            kind.model,
            filters={},
            cursor=cursor,
            limit=PER_KEER,
            permissie=kind.act.permissie,
            also=[kind.wacht],
        )
        found += page.resultaten
        if (cursor := page.volgende) is None:
            return found
