"""Waar u bent aangemeld, en hoe u dat beëindigt."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.actor import Actor
from app.dependencies import Nu, Session, Snapshot, signed_in
from app.models.account import Aanmelding
from app.schemas.aanmelden import Aanmeldingen, AanmeldingUit, Beeindigd
from app.services.rechten.aanmeldingen import end_others, end_own, ends_at, list_logins
from app.vocabulary import Aanmeldsoort

router = APIRouter(tags=["Aanmelden"])


@router.get("/aanmeldingen", summary="Waar u bent aangemeld")
async def list_own_logins(
    session: Snapshot,
    nu: Nu,
    actor: Annotated[Actor, signed_in(reading=True)],
    cursor: Annotated[UUID | None, Query(description="Van de vorige bladzijde.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Zoveel per bladzijde.")] = 50,
) -> Aanmeldingen:
    """Uw eigen aanmeldingen die nu gelden, in al uw rollen. Waar u was wordt niet bewaard."""
    found, following = await list_logins(session, actor, nu, cursor=cursor, limit=limit)
    return Aanmeldingen(resultaten=[as_out(each, actor) for each in found], volgende=following)


@router.delete("/aanmeldingen", summary="Overal anders afmelden")
async def end_other_logins(session: Session, nu: Nu, actor: Annotated[Actor, signed_in(reading=False)]) -> Beeindigd:
    """Beëindigt al uw aanmeldingen, behalve deze. Wat toestellen nog bij zich hebben, blijft staan."""
    return Beeindigd(aantal=await end_others(session, actor, nu))


@router.delete("/aanmeldingen/{id}", status_code=204, response_class=Response, summary="Eén aanmelding beëindigen")
async def end_one_login(
    id: UUID,  # noqa: A002
    session: Session,
    nu: Nu,
    actor: Annotated[Actor, signed_in(reading=False)],
) -> Response:
    """Een van uzelf; ook die waarmee u dit vraagt. Nog een keer mag."""
    await end_own(session, actor, id, nu)
    return Response(status_code=204)


def as_out(aanmelding: Aanmelding, actor: Actor) -> AanmeldingUit:
    """The wire form of one login."""
    return AanmeldingUit(
        id=aanmelding.id,
        soort=Aanmeldsoort(aanmelding.soort),
        deze=aanmelding.id == actor.sid,
        roltoewijzing=aanmelding.roltoewijzing,
        toestel=aanmelding.toestel,
        begonnen_op=aanmelding.begonnen_op,
        laatst_gebruikt_op=aanmelding.laatst_gebruikt_op,
        verloopt_op=ends_at(aanmelding),
    )
