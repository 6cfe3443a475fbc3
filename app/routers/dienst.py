"""Wie ben ik, en wat kan ik nog meer zijn."""

from typing import Annotated

from fastapi import APIRouter

from app.access.actor import Actor
from app.access.beleid import PERMISSIES, may
from app.dependencies import Nu, Snapshot, any_role
from app.schemas.lezen import EigenRol, EigenRollen, Ik
from app.services.lezen.namen import name_all
from app.services.rechten.eigen import list_own
from app.vocabulary import Rol

router = APIRouter()


@router.get("/ik", summary="Wie u bent", tags=["Aanmelden"])
async def read_me(actor: Annotated[Actor, any_role()]) -> Ik:
    """Uw rol, uw gemeenten en wat u daarin mag."""
    return as_ik(actor)


@router.get(
    "/ik/rollen",
    summary="In welke rollen u zich kunt aanmelden",
    tags=["Aanmelden"],
    response_model_exclude_none=True,
)
async def read_my_roles(session: Snapshot, nu: Nu, actor: Annotated[Actor, any_role()]) -> EigenRollen:
    """Alleen rollen die nu lopen. Wisselen doet u door u opnieuw aan te melden, met de roltoewijzing die u kiest."""
    roles = await list_own(session, actor, nu)
    names = await name_all(session, actor, [{"organisatie": str(role.organisatie)} for role in roles])
    return EigenRollen(
        resultaten=[
            EigenRol(
                roltoewijzing=role.id,
                rol=Rol(role.rol),
                organisatie=role.organisatie,
                organisatie_naam=names.get(str(role.organisatie)),
                gemeenten=role.gemeenten,
                van=role.van,
                tot=role.tot,
                huidig=role.id == actor.roltoewijzing,
            )
            for role in roles
        ]
    )


def as_ik(actor: Actor) -> Ik:
    """The wire form of who asks."""
    return Ik(
        functionaris=actor.functionaris,
        roltoewijzing=actor.roltoewijzing,
        rol=actor.rol.value,
        organisatie=actor.organisatie,
        gemeenten=sorted(actor.gemeenten),
        toestel=actor.toestel,
        permissies=sorted(p for p in PERMISSIES if may(actor.rol, p)),
    )
