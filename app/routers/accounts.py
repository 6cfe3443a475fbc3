"""Accounts: de code die een wachtwoord wordt, een ander wachtwoord, en wat op een tweede persoon wacht.

Asking, confirming and disabling are acts, so their routes follow from them (`vastleggen`).
"""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.actor import Actor
from app.dependencies import Nu, Session, Snapshot, any_role, requires
from app.openapi import PREFIX, problemen
from app.problems import (
    AanmeldenMislukt,
    RegelGeschonden,
    TeVeelVerzoeken,
    TijdelijkNietBeschikbaar,
    ToegangscodeOngeldig,
)
from app.proces import proces_of
from app.routers.openbaar import openbaar
from app.schemas.accounts import (
    ToegangIn,
    ToegangscodeUit,
    ToegangUit,
    WachtendLijst,
    WachtendUit,
    WachtwoordIn,
)
from app.services.lezen.wachtend import list_wachtend
from app.services.toegang.accounts import change_password
from app.services.toegang.toegangscodes import issue_toegangscode, use_toegangscode

router = APIRouter()


@router.post(
    "/accounts/{account}/toegangscode",
    status_code=201,
    summary="De toegangscode ophalen die bij uw bevestiging hoort",
    tags=["Accounts"],
    responses=problemen(RegelGeschonden),
)
async def give_toegangscode(
    account: UUID,
    response: Response,
    session: Session,
    nu: Nu,
    actor: Annotated[Actor, requires("account:bevestigen")],
) -> ToegangscodeUit:
    """Alleen voor wie het account bevestigde, en alleen nu te zien. Werkt een dag, één keer; een eerdere vervalt."""
    toegang = await issue_toegangscode(session, actor, account, nu=nu)
    response.headers["Cache-Control"] = "no-store"
    return ToegangscodeUit(code=toegang.code, vervalt_op=toegang.vervalt_op)


@router.post(
    "/oauth/toegang",
    summary="Met een toegangscode een wachtwoord kiezen",
    tags=["Aanmelden"],
    responses=problemen(ToegangscodeOngeldig, RegelGeschonden, TijdelijkNietBeschikbaar),
)
@openbaar("Wie zijn eerste wachtwoord kiest kan zich nog niet aanmelden; de code is het bewijs.")
async def use_code(body: ToegangIn, request: Request, session: Session, nu: Nu) -> ToegangUit:
    """Wie met dit account was aangemeld, is dat daarna niet meer."""
    naam = await use_toegangscode(session, body, nu=nu, deur=proces_of(request).wachtwoorddeur)
    return ToegangUit(gebruikersnaam=naam)


@router.post(
    "/oauth/wachtwoord",
    status_code=204,
    summary="Uw wachtwoord veranderen",
    tags=["Aanmelden"],
    responses=problemen(AanmeldenMislukt, TeVeelVerzoeken, TijdelijkNietBeschikbaar),
)
async def choose_password(
    body: WachtwoordIn, request: Request, session: Session, nu: Nu, actor: Annotated[Actor, any_role(reading=False)]
) -> None:
    """Daarna meldt u zich opnieuw aan, op al uw toestellen. Wat u vastlegde blijft staan."""
    proces = proces_of(request)
    sessies, deur = proces.sessionmaker, proces.wachtwoorddeur
    await change_password(session, sessies, actor.functionaris, body.huidig, body.nieuw, nu=nu, deur=deur)


@router.get("/wachtend", summary="Wat op een tweede persoon wacht", tags=["Accounts"], response_model_exclude_none=True)
async def read_wachtend(
    session: Snapshot, actor: Annotated[Actor, requires("wachtend:zien", reading=True)]
) -> WachtendLijst:
    """Rollen, accounts, toestellen en grondslagen die u mag bevestigen: niet wat u zelf vroeg, niet wat voor u is."""
    found = await list_wachtend(session, actor)
    return WachtendLijst(
        resultaten=[
            WachtendUit.model_validate(asdict(each) | {"bevestigen": PREFIX + each.bevestigen}) for each in found
        ]
    )
