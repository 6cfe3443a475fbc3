"""Wat een browser, een zoekmachine of een vinder van een lek buiten `/v1` vraagt. Het hoort niet bij de API."""

from collections.abc import Sequence
from datetime import UTC, timedelta
from html import escape
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from app.dependencies import Nu
from app.openapi import PREFIX
from app.openapi.naslag import inline
from app.problems import ALLE, NietGevonden, Problem
from app.routers.documentatie import as_page, frame, read_begin
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


@router.get("/problemen")
@openbaar("Wat een probleem betekent, staat waar zijn `type` naartoe wijst (RFC 9457).")
async def list_problemen(accept: Annotated[str, Header()] = "") -> Response:
    """All that a request can be answered with beside what was asked for."""
    return _catalogue(sorted(ALLE, key=lambda kind: (kind.status, kind.slug)), "Problemen", accept)


@router.get("/problemen/{slug}")
@openbaar("Wat een probleem betekent, staat waar zijn `type` naartoe wijst (RFC 9457).")
async def read_probleem(slug: str, accept: Annotated[str, Header()] = "") -> Response:
    """What one means, and what somebody who meets it can do."""
    found = [kind for kind in ALLE if kind.slug == slug]
    if not found:
        raise NietGevonden("Dit probleem bestaat niet.")
    return _catalogue(found, found[0].title, accept)


def _catalogue(kinds: Sequence[type[Problem]], title: str, accept: str) -> Response:
    """The same for a person and for a program."""
    told = [
        {"type": f"/problemen/{kind.slug}", "title": kind.title, "status": kind.status, "uitleg": kind.uitleg}
        for kind in kinds
    ]
    headers = {**_FOR_A_DAY, "Vary": "Accept"}
    if "text/html" not in accept:
        return JSONResponse({"problemen": told}, headers=headers)
    parts = "".join(
        f'<h2><a href="{each["type"]}">{escape(str(each["title"]))}</a></h2>'
        f"<p><code>{each['status']}</code> <code>{each['type']}</code></p><p>{inline(str(each['uitleg']))}</p>"
        for each in told
    )
    return as_page(frame(title, f"<h1>{escape(title)}</h1>{parts}"), headers)


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
