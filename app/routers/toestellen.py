"""Toestellen: een code geven, inschrijven met die code, zien wat een toestel nog bij zich heeft.

Approving, revoking, ordering and salvaging are acts, so their routes follow from them (`vastleggen`).
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.actor import Actor
from app.dependencies import Gever, Nu, Session, Snapshot, reads_one, requires, signed_in_just_now
from app.openapi import PREFIX, problemen, says
from app.problems import (
    AanmeldingNietVers,
    InschrijfcodeOngeldig,
    OpdrachtOngeldig,
    RegelGeschonden,
    SleutelbewijsOngeldig,
    TeVeelVerzoeken,
    TijdelijkNietBeschikbaar,
)
from app.proces import proces_of
from app.routers.openbaar import openbaar
from app.schemas.toestellen import (
    InschrijfcodeIn,
    InschrijfcodeUit,
    InschrijvingIn,
    InschrijvingUit,
    ToestelStanden,
    ToestelStandUit,
    UitvoeringIn,
    UitvoeringUit,
)
from app.services.toegang.inschrijven import enrol, issue_code
from app.services.toegang.toestellen import confirm_order, list_standen, read_stand

router = APIRouter(tags=["Toestellen"])


@router.post(
    "/inschrijfcodes",
    status_code=201,
    summary="Een code geven om een toestel in te schrijven",
    responses=problemen(RegelGeschonden),
)
async def give_code(
    body: InschrijfcodeIn,
    request: Request,
    response: Response,
    session: Session,
    nu: Nu,
    actor: Annotated[Actor, requires("toestel:inschrijven")],
) -> InschrijfcodeUit:
    """Geldt tien minuten, één keer, voor één functionaris. U ziet de code alleen nu."""
    uitgifte = await issue_code(session, actor, body, address=request.app.state.settings.issuer, nu=nu)
    response.headers["Cache-Control"] = "no-store"
    return InschrijfcodeUit(code=uitgifte.code, vervalt_op=uitgifte.vervalt_op, qr=uitgifte.qr, qr_svg=uitgifte.qr_svg)


@router.post(
    "/toestellen/inschrijving",
    status_code=201,
    summary="Een toestel inschrijven met een code",
    responses=problemen(
        SleutelbewijsOngeldig,
        AanmeldingNietVers,
        InschrijfcodeOngeldig,
        RegelGeschonden,
        TeVeelVerzoeken,
        TijdelijkNietBeschikbaar,
    )
    | says(201, "Location"),
)
async def enrol_device(
    body: InschrijvingIn,
    request: Request,
    response: Response,
    session: Session,
    nu: Nu,
    gever: Gever,
    actor: Annotated[Actor, signed_in_just_now()],
) -> InschrijvingUit:
    """Op het toestel zelf, door de drager, vlak na het aanmelden. Daarna keurt een tweede persoon het goed."""
    found = await enrol(session, proces_of(request).sessionmaker, actor, body, nu=nu)
    response.headers["Location"] = f"{PREFIX}/toestellen/{found.toestel}"
    return InschrijvingUit(
        toestel=found.toestel, sleutel_id=found.sleutel_id, origin=found.origin, opdrachtsleutel=gever.bos.jwk
    )


@router.post(
    "/toestelopdrachten/uitvoering",
    summary="Melden dat een opdracht is uitgevoerd",
    responses=problemen(OpdrachtOngeldig),
)
@openbaar("Een gewist toestel heeft geen sleutel en geen token meer; de ondertekende opdracht zelf is het bewijs.")
async def confirm(body: UitvoeringIn, session: Session, nu: Nu, gever: Gever) -> UitvoeringUit:
    """Stuur de opdracht terug zoals zij kwam. Nog een keer mag: het eerste moment blijft staan."""
    return UitvoeringUit(uitgevoerd_op=await confirm_order(session, gever, body.opdracht, nu))


@router.get("/toestelstanden", summary="Wat toestellen nog bij zich hebben")
async def list_all(
    session: Snapshot,
    actor: Annotated[Actor, requires("toestellen:zien", reading=True)],
    cursor: Annotated[str | None, Query(max_length=200, description="Van de vorige bladzijde.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Zoveel per bladzijde.")] = 50,
) -> ToestelStanden:
    """Alle toestellen die u mag zien; waar iets ontbreekt eerst, dan wat niet is vast te stellen."""
    found, following = await list_standen(session, actor, cursor=cursor, limit=limit)
    return ToestelStanden(resultaten=[ToestelStandUit.model_validate(each) for each in found], volgende=following)


@router.get("/toestellen/{id}/stand", summary="Wat één toestel nog bij zich heeft")
async def read_one(
    id: UUID,  # noqa: A002
    session: Snapshot,
    actor: Annotated[Actor, reads_one("toestellen:zien")],
) -> ToestelStandUit:
    """Wat het toestel zelf het laatst vertelde, naast wat is ontvangen."""
    return ToestelStandUit.model_validate(await read_stand(session, actor, id))
