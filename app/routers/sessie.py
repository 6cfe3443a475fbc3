"""Aanmelden in een browser: de aanmelding staat in een cookie waar geen script bij kan."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access.actor import Actor
from app.access.tokens import Toegang
from app.dependencies import (
    BEKEND,
    SESSIE,
    Nu,
    Session,
    Snapshot,
    any_role,
    get_aanmelder,
    get_herkomst,
    refuse_elsewhere,
)
from app.openapi import problemen
from app.problems import AanmeldenMislukt, AndereHerkomst, GeenRecht, TeVeelVerzoeken, TijdelijkNietBeschikbaar
from app.routers.dienst import as_ik
from app.routers.openbaar import openbaar
from app.schemas.aanmelden import SessieIn, SessieUit
from app.services.rechten.aanmeldingen import ends_at, get_login
from app.services.rechten.rechten import load_actor
from app.services.toegang.aanmelden import end_browser, sign_in_browser

router = APIRouter(tags=["Aanmelden"])

EEN_JAAR = 365 * 86_400


@router.post(
    "/oauth/sessie",
    summary="Aanmelden in een browser",
    responses=problemen(AanmeldenMislukt, AndereHerkomst, GeenRecht, TeVeelVerzoeken, TijdelijkNietBeschikbaar),
)
@openbaar("Wie zich aanmeldt heeft nog geen cookie; het wachtwoord is het bewijs.")
async def begin_session(body: SessieIn, request: Request, response: Response, session: Session, nu: Nu) -> SessieUit:
    """Geef uw gebruikersnaam en wachtwoord. Er komt geen token terug: de browser bewaart de aanmelding zelf."""
    refuse_elsewhere(request)
    if not request.app.state.settings.local_accounts:
        raise GeenRecht("Aanmelden met een wachtwoord staat hier uit.")
    login = await sign_in_browser(
        get_aanmelder(request), body, get_herkomst(request), vorige=request.cookies.get(SESSIE), nu=nu
    )
    a = login.aanmelding
    actor = await load_actor(session, Toegang(a.functionaris, a.roltoewijzing, None, a.id), nu)
    _set_cookie(response, SESSIE, login.cookie)
    _set_cookie(response, BEKEND, login.bekend, max_age=EEN_JAAR)
    return SessieUit(**as_ik(actor).model_dump(), verloopt_op=ends_at(a))


@router.get("/oauth/sessie", summary="Wie er is aangemeld")
async def read_session(session: Snapshot, actor: Annotated[Actor, any_role()]) -> SessieUit:
    """Wie u bent en tot wanneer u aangemeld blijft."""
    assert actor.sid is not None  # noqa: S101  # he asks himself
    return SessieUit(**as_ik(actor).model_dump(), verloopt_op=ends_at(await get_login(session, actor.sid)))


@router.delete(
    "/oauth/sessie",
    status_code=204,
    response_class=Response,
    summary="Afmelden in een browser",
    responses=problemen(AndereHerkomst),
)
@openbaar("Het cookie zelf is het bewijs; wie het niet meer heeft, is al afgemeld.")
async def end_session(request: Request, nu: Nu) -> Response:
    """Beëindigt de aanmelding van deze browser en wist het cookie. Nog een keer mag."""
    refuse_elsewhere(request)
    await end_browser(get_aanmelder(request), request.cookies.get(SESSIE), nu=nu)
    response = Response(status_code=204)
    _set_cookie(response, SESSIE, "", max_age=0)
    return response


def _set_cookie(response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """`__Host-`: only this host, only over a secure line, and no page of anybody else sends it along."""
    response.set_cookie(name, value, max_age=max_age, path="/", secure=True, httponly=True, samesite="strict")
