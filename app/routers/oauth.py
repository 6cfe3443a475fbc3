"""The token endpoint (RFC 6749, section 5). It reads its body itself: python-multipart stays out."""

from datetime import datetime
from typing import Final, TypeVar
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ValidationError

from app.dependencies import Nu, get_aanmelder, get_herkomst
from app.fouten import fouten_of
from app.openapi import leest, problemen
from app.problems import (
    VERZOEK,
    AanmeldenMislukt,
    GeenRecht,
    OnbekendMediatype,
    OngeldigVerzoek,
    TeGroot,
    TeVeelVerzoeken,
    TijdelijkNietBeschikbaar,
    ToestelAndereRol,
    ToestelIngetrokken,
    ToestelNietGoedgekeurd,
)
from app.routers.antwoorden import choice
from app.routers.openbaar import openbaar
from app.schemas.aanmelden import AanmeldIn, IntrekIn, TokenUit, VerversIn
from app.services.toegang.aanmelden import sign_in
from app.services.toegang.verversen import refresh, revoke

router = APIRouter(tags=["Aanmelden"])

Verzoek = TypeVar("Verzoek", bound=BaseModel)

MAX_BYTES: Final = 8 * 1024
MAX_VELDEN: Final = 16
FORMULIER: Final = "application/x-www-form-urlencoded"
_RFC_NAMEN: Final = {"username": "gebruikersnaam", "password": "wachtwoord"}
"""RFC 6749's own names for the two fields are read as well, so that a stock OAuth client works."""

TokenIn = choice("TokenIn", [AanmeldIn, VerversIn], "grant_type")


@router.post(
    "/oauth/token",
    summary="Aanmelden of aangemeld blijven",
    responses=problemen(
        OngeldigVerzoek,
        AanmeldenMislukt,
        GeenRecht,
        ToestelIngetrokken,
        ToestelNietGoedgekeurd,
        ToestelAndereRol,
        TeGroot,
        OnbekendMediatype,
        TeVeelVerzoeken,
        TijdelijkNietBeschikbaar,
    ),
)
@leest(TokenIn, "Met een gebruikersnaam en wachtwoord, of met een refresh-token.", FORMULIER)
@openbaar("Wie zich aanmeldt heeft nog geen token; wachtwoord of refresh-token is het bewijs.")
async def create_token(request: Request, response: Response, nu: Nu) -> TokenUit:
    """Geef een gebruikersnaam en wachtwoord, of een refresh-token; u krijgt nieuwe tokens.

    Krijgt u door een slechte verbinding geen antwoord, stuur dan hetzelfde refresh-token nog een keer.
    """
    antwoord = await _give_tokens(request, nu)
    response.headers.update({"Cache-Control": "no-store", "Pragma": "no-cache"})
    return antwoord


@router.post(
    "/oauth/revoke",
    summary="Afmelden met een token",
    response_class=Response,
    responses=problemen(OngeldigVerzoek, AanmeldenMislukt, TeGroot, OnbekendMediatype),
)
@leest(IntrekIn, "Het token waarvan de aanmelding eindigt.", FORMULIER)
@openbaar("Het token zelf is het bewijs; wie het heeft, mag de aanmelding beëindigen.")
async def revoke_token(request: Request, nu: Nu) -> Response:
    """Beëindigt de aanmelding waar het token bij hoort (RFC 7009). Bij een onbekend token is het antwoord hetzelfde."""
    verzoek = _read_form(IntrekIn, _parse_form(await _read_body(request)))
    await revoke(get_aanmelder(request), verzoek, nu=nu)
    return Response(headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


async def _give_tokens(request: Request, nu: datetime) -> TokenUit:
    state = request.app.state
    if not state.settings.local_accounts:
        raise GeenRecht("Aanmelden met een wachtwoord staat hier uit.", error="unsupported_grant_type")
    verzoek = _read_verzoek(_parse_form(await _read_body(request)))
    aanmelder = get_aanmelder(request)
    if isinstance(verzoek, AanmeldIn):
        return await sign_in(aanmelder, verzoek, get_herkomst(request), nu=nu)
    return await refresh(aanmelder, verzoek, nu=nu)


async def _read_body(request: Request) -> bytes:
    """Read at most `MAX_BYTES`, whatever Content-Length says."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORMULIER:
        raise OnbekendMediatype(f"Stuur het verzoek als {FORMULIER}.", error="invalid_request")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise TeGroot(f"Het verzoek mag hoogstens {MAX_BYTES} bytes zijn.", error="invalid_request")
    return bytes(body)


def _parse_form(body: bytes) -> dict[str, str]:
    """Parse strictly: UTF-8, no parameter twice; one without a value counts as absent (RFC 6749, 3.2)."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MAX_VELDEN,
        )
    except ValueError:
        raise _malformed("Het formulier is niet te lezen.") from None
    velden = {_RFC_NAMEN.get(naam, naam): waarde for naam, waarde in pairs}
    if len(velden) != len(pairs):
        raise _malformed("Een veld staat twee keer in het formulier.")
    return {naam: waarde for naam, waarde in velden.items() if waarde}


def _read_verzoek(velden: dict[str, str]) -> AanmeldIn | VerversIn:
    """Choose by grant_type; a problem names the fields that are wrong, never what was in them."""
    soorten: dict[str, type[AanmeldIn | VerversIn]] = {
        "password": AanmeldIn,
        "refresh_token": VerversIn,
    }
    if "grant_type" not in velden:
        raise _malformed("Het veld grant_type ontbreekt.", "grant_type")
    soort = soorten.get(velden["grant_type"])
    if soort is None:
        raise OngeldigVerzoek("Deze grant_type kan hier niet.", "grant_type", error="unsupported_grant_type")
    return _read_form(soort, velden)


def _read_form(soort: type[Verzoek], velden: dict[str, str]) -> Verzoek:
    try:
        return soort.model_validate(velden)
    except ValidationError as error:
        found = ({**each, "loc": ("body", *each["loc"])} for each in error.errors(include_input=False))
        fouten = fouten_of(found, soort)
        raise OngeldigVerzoek("Kijk de genoemde velden na.", fouten=fouten, error="invalid_request") from None


def _malformed(detail: str, veld: str = VERZOEK) -> OngeldigVerzoek:
    return OngeldigVerzoek(detail, veld, error="invalid_request")
