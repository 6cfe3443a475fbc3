"""De beschrijving van de API, voor mensen en voor programma's, en het beginpunt `/v1`."""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import Field

from app import __version__
from app.dependencies import Nu
from app.openapi import PREFIX
from app.openapi.gidsen import data_of, guides, render_guide, render_guides
from app.openapi.naslag import render_reference, render_usual_answers
from app.openapi.wegwijzer import VERVERSEN, fill_in, render_problems, render_questions, render_rights
from app.openapi.zoeken import Zoeker, render_found
from app.problems import NietGevonden
from app.routers.openbaar import openbaar
from app.schemas.wire import Wire

router = APIRouter(tags=["Dienst"])

_FOLDER = Path(__file__).resolve().parents[1] / "static" / "documentatie"
_FILES = {
    "stijl.css": "text/css; charset=utf-8",
    "open.js": "text/javascript; charset=utf-8",
    "icoon.svg": "image/svg+xml",
}
_PAGE, _FRAME = "pagina.html", "kader.html"
_FIELD = (
    '<form class="zoeken" role="search" action="/v1/documentatie/zoeken"><label for="zoek">Zoek</label> '
    '<input id="zoek" name="q" type="search" value="{q}" maxlength="100" autocomplete="off" '
    'placeholder="sluiting, cursor, 429 …"> <button>Zoek</button></form>'
)
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_OPEN = "De beschrijving van de API is openbaar, zo vragen de API Design Rules; er staan geen gegevens in."


class Plaatsen(Wire):
    """Waar het een en ander staat."""

    documentatie: str = Field(examples=[f"{PREFIX}/documentatie"])
    openapi: str = Field(examples=[f"{PREFIX}/openapi.json"])
    gezondheid: str = Field(examples=[f"{PREFIX}/gezondheid"])


class Begin(Wire):
    """Waar u vanaf hier heen kunt."""

    naam: str = Field(examples=["Veldboek"])
    versie: str = Field(examples=[__version__])
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
    """Het OpenAPI-document; elke website mag het ophalen. Zonder PUBLIC_URL noemt het de server waar u het vroeg."""
    document = request.app.openapi()
    if not request.app.state.settings.public_url:
        document = document | {"servers": [{"url": f"{str(request.base_url).rstrip('/')}{PREFIX}"}]}
    return JSONResponse(document, headers={"Access-Control-Allow-Origin": "*"})


@router.get("/documentatie", include_in_schema=False)
@openbaar(_OPEN)
async def read_documentatie(request: Request, nu: Nu) -> Response:
    """De pagina voor ontwikkelaars, gemaakt uit hetzelfde OpenAPI-document."""
    return as_page(fill_in(_page_of(request), nu))


@router.get("/documentatie/zoeken", include_in_schema=False)
@openbaar(_OPEN)
async def search_documentatie(request: Request, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Waar iets staat: in de uitleg, de naslag, de fouten of de gidsen."""
    state = request.app.state
    if not hasattr(state, "zoeker"):
        state.zoeker = Zoeker(request.app.openapi(), _page_of(request))
    asked = q.strip()
    found = render_found(asked, state.zoeker.find(asked)) if asked else ""
    return as_page(frame("Zoeken", f"<h1>Zoeken</h1>{_FIELD.format(q=escape(asked))}{found}"))


@router.get("/documentatie/{groep}/{bestand}", include_in_schema=False)
@openbaar(_OPEN)
async def read_documentatie_groep(groep: str, bestand: str) -> Response:
    """Een gids uit een map."""
    return await read_documentatie_bestand(f"{groep}/{bestand}")


@router.get("/documentatie/{bestand}", include_in_schema=False)
@openbaar(_OPEN)
async def read_documentatie_bestand(bestand: str) -> Response:
    """Een gids, of een bestand dat erbij hoort."""
    if bestand in guides():
        gids = render_guide(bestand)
        contents = "".join(f'<li><a href="#{escape(anchor)}">{escape(text)}</a></li>' for text, anchor in gids.koppen)
        listed = f'<nav aria-label="In deze gids"><ul>{contents}</ul></nav>'
        return as_page(frame(gids.titel, f'<article class="gids" lang="en">{listed}{gids.inhoud}</article>'))
    if (data := data_of(bestand)) is not None:
        return Response(data[0], media_type=data[1])
    if bestand not in _FILES:
        raise NietGevonden("Dit bestand bestaat niet.")
    content = (_FOLDER / bestand).read_bytes()
    return Response(content, headers={"Content-Security-Policy": CSP}, media_type=_FILES[bestand])


def as_page(html: str, headers: Mapping[str, str] = MappingProxyType({})) -> Response:
    """Only what we serve ourselves is loaded in it."""
    return HTMLResponse(html, headers={**headers, "Content-Security-Policy": CSP})


def frame(title: str, content: str) -> str:
    """A page beside that for developers; `content` is HTML."""
    return _fill(_FRAME, {"titel": escape(title), "versie": escape(__version__), "inhoud": content})


def _page_of(request: Request) -> str:
    """The page for developers, made once."""
    state = request.app.state
    if not hasattr(state, "documentatie"):
        state.documentatie = render_page(request.app.openapi(), state.settings.issuer)
    made: str = state.documentatie
    return made


def render_page(document: dict[str, Any], address: str) -> str:
    """The whole page, but for what differs each time; `address` is the server that the examples call."""
    contents, reference = render_reference(document)
    return _fill(
        _PAGE,
        {
            "versie": escape(__version__),
            "adres": escape(address),
            "inhoud": contents,
            "naslag": reference,
            "overal": render_usual_answers(),
            "verversen": VERVERSEN,
            "vragen": render_questions(),
            "rechten": render_rights(document["paths"]),
            "fouten": render_problems(),
            "gidsen": render_guides(),
            "zoekveld": _FIELD.format(q=""),
        },
    )


def _fill(file: str, parts: Mapping[str, str]) -> str:
    page = (_FOLDER / file).read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts.get(found[1], found[0]), page)
