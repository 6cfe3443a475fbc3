"""De cijfers op een rij."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from app.access.actor import Actor
from app.dependencies import Nu, Snapshot, requires
from app.moment import Datum
from app.registraties.act import Gemeentecode
from app.schemas.cijfers import Cijfers
from app.services.lezen.cijferregels import as_csv
from app.services.lezen.cijfers import Vraag, read_cijfers, read_regio
from app.vocabulary import LocatieSoort, Thema

router = APIRouter()


class Csv(StreamingResponse):
    """Rows as they are made, RFC 4180."""

    media_type = "text/csv"


async def ask(
    session: Snapshot,
    nu: Nu,
    actor: Annotated[Actor, requires("cijfers:raadplegen", reading=True)],
    *,
    van: Annotated[Datum, Query(description="Eerste dag.")],
    tot_en_met: Annotated[Datum, Query(alias="totEnMet", description="Laatste dag.")],
    gemeente: Annotated[
        list[Gemeentecode] | None,
        Query(max_length=50, description="CBS-code; mag vaker. Zonder, en zonder `regio`: al uw gemeenten."),
    ] = None,
    regio: Annotated[UUID | None, Query(description="Alle gemeenten van deze regio.")] = None,
    locatiesoort: Annotated[LocatieSoort | None, Query(description="Alleen wat op zulke locaties was.")] = None,
    thema: Annotated[Thema | None, Query(description="Alleen wat in controles met dit thema was.")] = None,
    per: Annotated[
        Literal["maand", "kwartaal", "jaar"] | None, Query(description="Ook uitgesplitst in de tijd.")
    ] = None,
    per_gemeente: Annotated[bool, Query(alias="perGemeente", description="Ook uitgesplitst per gemeente.")] = False,
) -> dict[str, Any]:
    """The figures that are asked; both answers are made of these."""
    codes = tuple(gemeente or ()) + (await read_regio(session, actor, regio) if regio else ())
    if gemeente is None and regio is None:
        codes = tuple(sorted(actor.gemeenten))
    vraag = Vraag(codes, van, tot_en_met, locatiesoort, thema, per, per_gemeente)
    return await read_cijfers(session, actor, vraag, nu=nu)


Gevraagd = Annotated[dict[str, Any], Depends(ask)]


@router.get("/cijfers", summary="De cijfers op een rij", tags=["Cijfers"], response_model_exclude_unset=True)
async def get_cijfers(gevraagd: Gevraagd) -> Cijfers:
    """Tellingen over de plaatselijke datum, met de definitie van elke telling; bedragen in eurocenten.

    Jaren naast elkaar: `per=jaar`. Buiten wie in de gemeente stuurt gaan van en totEnMet over hele maanden, kwartalen
    of jaren, en noemt `onderdrukt` wat niet wordt verteld omdat het klein is. Elke vraag wordt vastgelegd.
    """
    return Cijfers.model_validate(gevraagd)


@router.get(
    "/cijferregels",
    summary="De cijfers op een rij, als tabel",
    tags=["Cijfers"],
    response_class=Csv,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "Eén regel per cijfer."}},
)
async def get_cijfers_as_csv(gevraagd: Gevraagd) -> Csv:
    """Dezelfde cijfers in lange vorm (CSV): een regel per cijfer, met zijn definitie.

    Het geheel, de perioden en de gemeenten staan onder elkaar: tel die niet bij elkaar op.
    """
    return Csv(as_csv(gevraagd))
