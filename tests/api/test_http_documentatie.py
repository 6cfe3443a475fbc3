"""The root, the health check, the OpenAPI document and the page for developers."""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import Any
from urllib.parse import urldefrag, urljoin

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from app import __version__
from app.main import create_app
from app.openapi import operations
from app.openapi.gidsen import DATA, DOCS, GIDSEN, PLEK, guides
from app.openapi.naslag import render_reference
from app.openapi.voorbeelden import shown
from app.routers.documentatie import render_page
from app.routers.documentatie import router as documentatie
from app.services.bewaken.waken import Toestand
from app.settings import Settings
from tests.hulp.antwoorden import contract
from tests.hulp.http_proef import CANARY, check_problem, client_of, make_app


@pytest.fixture
def app() -> FastAPI:
    return make_app()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


def gives(answered: object) -> SimpleNamespace:
    async def look() -> object:
        if isinstance(answered, Exception):
            raise answered
        return answered

    return SimpleNamespace(look=look)


async def test_health_asks_the_application(app: FastAPI, client: httpx.AsyncClient) -> None:
    opened = app.state.proces
    del app.state.proces  # it starts, and nothing is open yet
    check_problem(await client.get("/v1/gezondheid"), 503, "tijdelijk-niet-beschikbaar")
    app.state.proces = opened
    for answered in (None, ValueError(CANARY)):
        app.state.proces = replace(app.state.proces, waker=gives(answered))
        check_problem(await client.get("/v1/gezondheid"), 503, "tijdelijk-niet-beschikbaar")
    app.state.proces = replace(app.state.proces, waker=gives(Toestand(meldingen=("kijk hier",), niet_verwerkt=2)))
    told = (await client.get("/v1/gezondheid")).json()
    assert told == {"status": "ok", "versie": __version__, "meldingen": ["kijk hier"], "nietVerwerkt": 2}
    app.state.proces = replace(app.state.proces, waker=gives(Toestand(schade="In grootboek.head klopt iets niet.")))
    check_problem(await client.get("/v1/gezondheid"), 503, "grootboek-bevroren")


async def test_the_document_is_open_to_all(app: FastAPI, client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/openapi.json")
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["content-type"] == "application/json"
    assert response.json() == app.openapi() | {"servers": [{"url": "https://test/v1"}]}
    assert "access-control-allow-origin" not in (await client.get("/v1")).headers


async def test_the_document_names_the_server_that_is_asked_unless_it_is_told_another() -> None:
    """A generator takes the first. Broken: the condition in `read_openapi`; the address of the example for it."""
    for public_url, server in (("", "http://10.0.0.7:8000/v1"), ("https://veldboek.test", "https://veldboek.test/v1")):
        app = create_app(Settings(database_url=None, public_url=public_url), routers=(documentatie,))
        async with client_of(app) as client:
            answer = await client.get("http://10.0.0.7:8000/v1/openapi.json")
        assert answer.json()["servers"] == [{"url": server}]


async def test_the_root_says_where_to_go(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/v1")).json()
    assert answer == (await client.get("/v1/")).json()
    assert answer["versie"] == __version__
    told = contract()["paths"]["/"]["get"]["responses"]["200"]["content"]["application/json"]
    assert answer == shown(contract(), told), "its example in the contract"
    assert len(answer["links"]) == 3
    for link in answer["links"].values():
        assert (await client.get(link)).status_code in {200, 503}


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def test_the_page_is_clean_under_its_own_policy(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/documentatie")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    page = Page(response.text)
    assert page.open == []
    assert not {"style", "iframe"} & {tag for tag, _ in page.tags}
    assert [attrs["src"] for tag, attrs in page.tags if tag == "script"] == ["/v1/documentatie/open.js"]
    names = {name for _, attrs in page.tags for name in attrs}
    assert not [name for name in names if name == "style" or name.startswith("on")]
    sources = [a.get("src") or a.get("href") for tag, a in page.tags if tag in {"link", "img", "script"}]
    assert len(sources) == 3
    for source in sources:
        assert (await client.get(source or "")).status_code == 200
    anchors = [a["href"] or "" for tag, a in page.tags if tag == "a"]
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {anchor[1:] for anchor in anchors if anchor.startswith("#")} <= set(ids)
    assert not [anchor for anchor in anchors if "//" in anchor]
    assert "{{" not in response.text


async def test_the_page_has_every_operation_and_the_first_steps(app: FastAPI, client: httpx.AsyncClient) -> None:
    text = (await client.get("/v1/documentatie")).text
    found = list(operations(app.openapi()))
    assert len(found) >= 6
    for path, method, operation in found:
        assert f'id="{operation["operationId"]}"' in text
        assert f"{method.upper()}</span> <code>/v1{'' if path == '/' else path}</code>" in text
    for step in ("oauth/token", "ik", "signalen", "sync/handshake", "sync/push", "sync/pull", "cijfers"):
        assert f"$VELDBOEK/v1/{step}" in text
    assert "beginDatum" in text
    assert "een van “rood”, “blauw”" in text
    assert "hoogstens 5 tekens" in text


def test_the_page_escapes_every_text_of_the_document(app: FastAPI) -> None:
    evil = "<img src=x onerror=alert(1)>"

    def poison(node: Any) -> Any:
        if isinstance(node, dict):
            texts = {"summary", "description", "title"}
            return {k: evil if k in texts and isinstance(v, str) else poison(v) for k, v in node.items()}
        return [poison(value) for value in node] if isinstance(node, list) else node

    page = render_page(poison(app.openapi()), f"https://{evil}")
    assert "<img" not in page
    assert page.count("&lt;img") > 10


def page_with(app: FastAPI, endpoint: Callable[..., Any]) -> str:
    app.add_api_route("/v1/takken", endpoint, methods=["POST"])
    return render_page(app.openapi(), "https://test")


def test_the_reference_shows_a_schema_that_contains_itself_once(app: FastAPI) -> None:
    class Tak(BaseModel):
        naam: str
        takken: list["Tak"] = []

    async def add_tak(tak: Tak) -> Tak:
        return tak

    assert page_with(app, add_tak).count("<code>takken</code>") == 3  # in the request, the answer, and its shape


def test_the_reference_ends_where_a_choice_contains_itself() -> None:
    boom = {"$ref": "#/components/schemas/Boom"}
    document = {
        "servers": [{"url": "https://test/v1"}],
        "components": {
            "schemas": {
                "Boom": {"anyOf": [{"type": "integer"}, {"type": "array", "items": boom}]},
                "Tuin": {"properties": {"boom": boom}},
            }
        },
        "paths": {
            "/tuinen": {
                "post": {
                    "operationId": "add_tuin",
                    "responses": {},
                    "requestBody": {
                        "content": {"x": {"schema": {"anyOf": [boom, {"$ref": "#/components/schemas/Tuin"}]}}}
                    },
                }
            }
        },
    }
    assert "heel getal of lijst van heel getal" in render_reference(document)[1]


@cache
def ours() -> FastAPI:
    """With all its routes."""
    return create_app(Settings(database_url=None, public_url=""))


async def test_every_link_leads_somewhere() -> None:
    """From the page to the guides, among them and to the problems: the page is there, and the heading in it.

    Broken: a heading that a guide links to; `_linked` (a link to code); a guide out of `guides`; an `href` of the page.
    """
    ids: dict[str, set[str]] = {}
    links: set[tuple[str, str, str]] = set()
    waiting = ["/v1/documentatie"]
    async with client_of(ours()) as client:
        while waiting:
            at = waiting.pop()
            if at in ids:
                continue
            answer = await client.get(at, headers={"accept": "text/html"})
            assert answer.status_code in {200, 503}, at  # /v1/gezondheid: nothing is open here
            if "text/html" not in answer.headers["content-type"]:
                ids[at] = set()
                continue
            assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
            page = Page(answer.text)
            assert page.open == [], at
            ids[at] = {a["id"] or "" for _, a in page.tags if "id" in a}
            for tag, attrs in page.tags:
                if tag in {"a", "link"} and not (attrs["href"] or "").startswith("https://"):
                    to, name = urldefrag(urljoin(at, unescape(attrs["href"] or "")))
                    links.add((at, to, name))
                    waiting.append(to)
    assert [link for link in links if link[2] and link[2] not in ids[link[1]]] == []
    assert {f"{PLEK}/{name}" for name in GIDSEN} <= ids.keys()
    assert f"{PLEK}/ontwerp/sync.md" in ids
    assert f"{PLEK}/kop-vectoren.json" in ids


async def test_the_page_speaks_no_python() -> None:
    """Broken: `_say` out of `_limits`."""
    async with client_of(ours()) as client:
        said = re.findall(r"standaard (\w+)", (await client.get("/v1/documentatie")).text)
    assert {"onwaar", "50"} <= set(said)
    assert not {"True", "False", "None"} & set(said)


async def test_what_is_no_guide_is_not_served() -> None:
    """Broken: `guides` by what the address says in place of what lies there."""
    assert {(DOCS / name).is_file() for name in guides()} == {True}
    async with client_of(ours()) as client:
        for name in (
            "adr/0001-documents-with-scopes.md",
            "../pyproject.toml",
            "%2e%2e/pyproject.toml",
            "beeld/cijfers.png",
            "x",
        ):
            answer = await client.get(f"{PLEK}/{name}")
            assert answer.status_code == 404, name


def test_the_image_has_what_is_served() -> None:
    """Broken: a line of .dockerignore about docs; `COPY docs docs`."""
    root = DOCS.parent
    assert "COPY docs docs" in (root / "Dockerfile").read_text(encoding="utf-8").splitlines()
    kept = [each[1:] for each in (root / ".dockerignore").read_text(encoding="utf-8").splitlines() if each[:1] == "!"]
    files = [PurePosixPath("docs") / name for name in (*guides(), *DATA)]
    assert [file for file in files if not any(file.match(each) for each in kept)] == []


GEZOCHT = {
    "sluiting": "#maatregelen.sluitingEinde",
    "closure": "#maatregelen.sluitingEinde",
    "hennep": "#controles.list",
    "telling": "#controles.tellingen",
    "429": "/problemen/te-veel-verzoeken",
    "rate limit": "/problemen/te-veel-verzoeken",
    "geen-recht": "/problemen/geen-recht",
    "cursor": "#sync.pull",
    "pagination": "#afspraken",
    "wie mag": "#rechten",
    "overview": "#cijfers.get",
    "gewijzigdNa": "#afspraken",
    "geldtTotEnMet": "#maatregelen.list",
    "quarantaine": "#quarantaine.list",
    "offline": "offline-clients.md#offline-clients",
    "device revoked": "/problemen/toestel-ingetrokken",
    "wachtwoord": "#oauth.toegang",
    "reden inzien": "#mensenhandelsignalen.get",
    "dwangsom": "#maatregelen.verbeurten",
    "login": "#aanmelden",
    "evidence": "woordenlijst.md",
}
"""What is asked → what stands among the first six."""


async def test_what_is_searched_is_found() -> None:
    """Broken: a kind of place out of `Zoeker`; `ANDERS`; the glossary; `_score` without titles."""
    async with client_of(ours()) as client:
        for asked, wanted in GEZOCHT.items():
            answer = await client.get("/v1/documentatie/zoeken", params={"q": asked})
            links = re.findall(r'<li><a href="(/[^"]+)">[^<]+</a> <span class="soort">', answer.text)
            assert any(link.endswith(wanted) for link in links[:6]), (asked, links[:6])
        assert "<mark>sluiting</mark>" in (await client.get("/v1/documentatie/zoeken?q=sluiting")).text.lower()
        nothing = (await client.get("/v1/documentatie/zoeken?q=sluitng")).text
        assert "Niets gevonden" in nothing
        assert '<a href="?q=sluiting">' in nothing
        evil = (await client.get("/v1/documentatie/zoeken", params={"q": '"><img src=x>amp'})).text
        assert "<img" not in evil
        assert Page(evil).open == []
        assert (await client.get("/v1/documentatie/zoeken", params={"q": "x" * 101})).status_code == 400
