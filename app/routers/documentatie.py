"""De beschrijving van de API, voor mensen en voor programma's, en het beginpunt `/v1`."""

import re
from html import escape
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from app import __version__
from app.dependencies import Nu
from app.openapi import PREFIX
from app.openapi.naslag import render_reference, render_usual_answers
from app.openapi.wegwijzer import fill_in, render_problems, render_questions, render_rights
from app.problems import NietGevonden
from app.routers.openbaar import openbaar
from app.schemas.wire import Wire

router = APIRouter(tags=["Dienst"])

_FOLDER = Path(__file__).resolve().parents[1] / "static" / "documentatie"
_FILES = {
    "stijl.css": "text/css; charset=utf-8",
    "zoek.js": "text/javascript; charset=utf-8",
    "icoon.svg": "image/svg+xml",
}
_PAGE = "pagina.html"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_OPEN = "De beschrijving van de API is openbaar, zo vragen de API Design Rules; er staan geen gegevens in."


class Plaatsen(Wire):
    """Waar het een en ander staat."""

    documentatie: str
    openapi: str
    gezondheid: str


class Begin(Wire):
    """Waar u vanaf hier heen kunt."""

    naam: str
    versie: str
    links: Plaatsen


@router.get("/", include_in_schema=False)
@router.get("", summary="Het beginpunt")
@openbaar(_OPEN)
async def read_begin() -> Begin:
    """Noemt de versie en verwijst naar de documentatie."""
    places = {"documentatie": "documentatie", "openapi": "openapi.json", "gezondheid": "gezondheid"}
    links = {name: f"{PREFIX}/{place}" for name, place in places.items()}
    return Begin(naam="Veldboek", versie=__version__, links=Plaatsen(**links))


@router.get("/openapi.json", include_in_schema=False)
@openbaar(_OPEN)
async def read_openapi(request: Request) -> Response:
    """Het OpenAPI-document; elke website mag het ophalen."""
    return JSONResponse(request.app.openapi(), headers={"Access-Control-Allow-Origin": "*"})


@router.get("/documentatie", include_in_schema=False)
@openbaar(_OPEN)
async def read_documentatie(request: Request, nu: Nu) -> Response:
    """De pagina voor ontwikkelaars, gemaakt uit hetzelfde OpenAPI-document."""
    state = request.app.state
    if not hasattr(state, "documentatie"):
        state.documentatie = render_page(request.app.openapi(), state.settings.issuer)
    return HTMLResponse(fill_in(state.documentatie, nu), headers={"Content-Security-Policy": CSP})


@router.get("/documentatie/{bestand}", include_in_schema=False)
@openbaar(_OPEN)
async def read_documentatie_bestand(bestand: str) -> Response:
    """De opmaak van die pagina, en wat er in zoekt."""
    if bestand not in _FILES:
        raise NietGevonden("Dit bestand bestaat niet.")
    content = (_FOLDER / bestand).read_bytes()
    return Response(content, headers={"Content-Security-Policy": CSP}, media_type=_FILES[bestand])


def render_page(document: dict[str, object], address: str) -> str:
    """The whole page, but for what differs each time; `address` is the server that the examples call."""
    contents, reference = render_reference(document)
    parts = {
        "versie": escape(__version__),
        "adres": escape(address),
        "inhoud": contents,
        "naslag": reference,
        "overal": render_usual_answers(),
        "vragen": render_questions(),
        "rechten": render_rights(),
        "fouten": render_problems(),
    }
    page = (_FOLDER / _PAGE).read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts.get(found[1], found[0]), page)
