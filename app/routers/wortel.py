"""Wat een browser, een zoekmachine of een vinder van een lek buiten `/v1` vraagt. Het hoort niet bij de API."""

from datetime import UTC, timedelta
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from app.dependencies import Nu
from app.openapi import PREFIX
from app.problems import NietGevonden
from app.routers.documentatie import read_begin
from app.routers.openbaar import openbaar

router = APIRouter(include_in_schema=False)

GELDIG: Final = timedelta(days=90)
"""How long a copy of security.txt may be relied on; as long as it is served, whoever serves it stands for it."""
_ICON = (Path(__file__).resolve().parents[1] / "static" / "documentatie" / "icoon.svg").read_bytes()
_FOR_A_DAY = {"Cache-Control": "public, max-age=86400"}


@router.get("/")
@openbaar("Verwijst alleen door.")
async def lead_on(accept: Annotated[str, Header()] = "") -> Response:
    """A person to the documentation, a program to the places of the API."""
    if "text/html" in accept:
        return RedirectResponse(f"{PREFIX}/documentatie", 302, {"Vary": "Accept"})
    return JSONResponse((await read_begin()).model_dump(), headers={"Vary": "Accept"})


@router.get("/favicon.ico")
@router.get("/favicon.svg")
@openbaar("Een plaatje; browsers vragen erom.")
async def read_favicon() -> Response:
    """The icon of the documentation, under the names that browsers ask for unasked."""
    return Response(_ICON, headers=_FOR_A_DAY, media_type="image/svg+xml")


@router.get("/.well-known/security.txt")
@openbaar("Wie een lek vindt, moet weten waar hij het meldt.")
async def read_security_txt(request: Request, nu: Nu) -> Response:
    """RFC 9116, from the setting MELDPUNT; without it there is no such file."""
    settings = request.app.state.settings
    if not settings.meldpunt:
        raise NietGevonden("Hier is geen meldpunt ingesteld.")
    until = (nu.astimezone(UTC) + GELDIG).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {settings.meldpunt}", f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: nl, en"]
    if settings.public_url:
        lines.append(f"Canonical: {settings.public_url.rstrip('/')}{request.url.path}")
    return PlainTextResponse("\n".join(lines) + "\n", headers=_FOR_A_DAY)
