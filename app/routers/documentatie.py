"""De beschrijving van de API, voor mensen en voor programma's, en het beginpunt `/v1`."""

import re
from html import escape
from pathlib import Path
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from uuid_utils.compat import uuid7

from app import __version__
from app.openapi import PREFIX
from app.openapi.naslag import render_reference, render_usual_answers
from app.problems import NietGevonden
from app.routers.openbaar import openbaar
from app.schemas.wire import Wire

router = APIRouter(tags=["Dienst"])

_FOLDER = Path(__file__).resolve().parents[1] / "static" / "documentatie"
_FILES = {"stijl.css": "text/css; charset=utf-8", "icoon.svg": "image/svg+xml"}
_PAGE = "pagina.html"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-([47])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")
"""An id in an example; the 13th digit is its version."""
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
async def read_documentatie(request: Request) -> Response:
    """De pagina voor ontwikkelaars, gemaakt uit hetzelfde OpenAPI-document."""
    state = request.app.state
    if not hasattr(state, "documentatie"):
        state.documentatie = render_page(request.app.openapi(), state.settings.issuer)
    return HTMLResponse(with_own_ids(state.documentatie), headers={"Content-Security-Policy": CSP})


@router.get("/documentatie/{bestand}", include_in_schema=False)
@openbaar(_OPEN)
async def read_documentatie_bestand(bestand: str) -> Response:
    """De opmaak van die pagina."""
    if bestand not in _FILES:
        raise NietGevonden("Dit bestand bestaat niet.")
    content = (_FOLDER / bestand).read_bytes()
    return Response(content, headers={"Content-Security-Policy": CSP}, media_type=_FILES[bestand])


def with_own_ids(page: str) -> str:
    """The page with ids that nobody had before: whoever copies a step records something of his own."""
    fresh: dict[str, str] = {}
    return _ID.sub(lambda found: fresh.setdefault(found[0], str(uuid7() if found[1] == "7" else uuid4())), page)


def render_page(document: dict[str, object], address: str) -> str:
    """The whole page; `address` is the server that the examples call."""
    contents, reference = render_reference(document)
    parts = {
        "versie": escape(__version__),
        "adres": escape(address),
        "inhoud": contents,
        "naslag": reference,
        "overal": render_usual_answers(),
    }
    page = (_FOLDER / _PAGE).read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], page)
