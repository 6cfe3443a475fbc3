"""Wie ben ik."""

from typing import Annotated

from fastapi import APIRouter

from app.access.actor import Actor
from app.access.beleid import PERMISSIES, may
from app.dependencies import any_role
from app.schemas.lezen import Ik

router = APIRouter()


@router.get("/ik", summary="Wie u bent", tags=["Aanmelden"])
async def read_me(actor: Annotated[Actor, any_role()]) -> Ik:
    """Uw rol, uw gemeenten en wat u daarin mag."""
    return as_ik(actor)


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
