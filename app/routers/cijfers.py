"""De cijfers op een rij."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from app.access.actor import Actor
from app.dependencies import Nu, Snapshot, requires
from app.moment import Datum
from app.schemas.cijfers import Cijfers
from app.services.lezen.cijfers import Vraag, count, read_regio
from app.vocabulary import LocatieSoort

router = APIRouter()


@router.get("/cijfers", summary="De cijfers op een rij", tags=["Cijfers"])
async def read_cijfers(
    session: Snapshot,
    nu: Nu,
    actor: Annotated[Actor, requires("cijfers:raadplegen", reading=True)],
    van: Annotated[Datum, Query(description="Eerste dag.")],
    tot_en_met: Annotated[Datum, Query(alias="totEnMet", description="Laatste dag.")],
    gemeente: Annotated[list[str] | None, Query(max_length=50, description="CBS-code; mag vaker.")] = None,
    regio: Annotated[UUID | None, Query(description="Alle gemeenten van deze regio.")] = None,
    locatiesoort: Annotated[LocatieSoort | None, Query(description="Alleen wat op zulke locaties was.")] = None,
    per: Annotated[Literal["maand", "kwartaal", "jaar"] | None, Query(description="Ook uitgesplitst.")] = None,
) -> Cijfers:
    """Tellingen over de plaatselijke datum, met de definitie van elke telling; bedragen in eurocenten."""
    codes = tuple(gemeente or ()) + (await read_regio(session, actor, regio) if regio else ())
    vraag = Vraag(codes, van, tot_en_met, locatiesoort, per)
    return Cijfers.model_validate(await count(session, actor, vraag, nu=nu))
