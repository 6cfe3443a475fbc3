"""Inzien: what of a document only some may look at, each look with a row in the access log."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from app.access.actor import Actor
from app.dependencies import Nu, Session, reads_one
from app.openapi import problemen
from app.problems import ToelichtingOntbreekt
from app.registraties.register import AGGREGATEN
from app.routers.antwoorden import ANTWOORDEN
from app.routers.lezen import as_json, as_list
from app.services.lezen.inzage import read_onderbouwing, read_part

router = APIRouter()
CONTROLE, _CONTROLES = ANTWOORDEN["controles"], AGGREGATEN["controle"]
_GEEN_HULP = "Hulp ziet alleen wie haar begeleidt."


@router.get(
    "/controles/{id}/hulp",
    response_model=CONTROLE,
    summary="De hulp bij een controle inzien",
    tags=["Controles"],
    responses=problemen(ToelichtingOntbreekt),
)
async def get_hulp(
    session: Session,
    nu: Nu,
    id: UUID,  # noqa: A002
    actor: Annotated[Actor, reads_one("controles:zien")],
    x_audit_toelichting: Annotated[
        str | None, Header(description="Waarom u dit inziet, in minstens 10 tekens.", max_length=500)
    ] = None,
) -> Response:
    """Aan wie hulp is aangeboden, en wat ervan kwam. Alleen met een reden, en elke inzage wordt vastgelegd."""
    reden, deur = x_audit_toelichting, "hulp:inzien"
    return as_json(
        await read_part(session, actor, _CONTROLES, id, deur, geweigerd=_GEEN_HULP, toelichting=reden, nu=nu)
    )


def add_onderbouwing(naam: str, titel: str) -> None:
    """`GET /<collectie>/{id}/onderbouwing`: the controles on which one document rests."""
    pad = AGGREGATEN[naam].model.collectie

    async def endpoint(
        session: Session,
        nu: Nu,
        id: UUID,  # noqa: A002
        actor: Annotated[Actor, reads_one("onderbouwing:inzien")],
    ) -> Response:
        docs = await read_onderbouwing(session, actor, AGGREGATEN[naam], _CONTROLES, id, nu=nu)
        return as_json({"resultaten": docs, "volgende": None})

    endpoint.__name__ = f"get_onderbouwing_{pad}"
    endpoint.__doc__ = "De controles waarop dit rust, zonder personen en hulp. Elke inzage wordt vastgelegd."
    router.add_api_route(
        f"/{pad}/{{id}}/onderbouwing",
        endpoint,
        response_model=as_list(CONTROLE),
        summary=f"Waarop een {naam} rust",
        tags=[titel],
    )


add_onderbouwing("rapportage", "Rapportages")
add_onderbouwing("maatregel", "Maatregelen")
