"""The root, the health check, the OpenAPI document and the page for developers."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from app import __version__
from app.openapi import operations
from app.openapi.naslag import render_reference
from app.routers.documentatie import render_page
from app.services.bewaken.waken import Toestand
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
    assert response.json() == app.openapi()
    assert "access-control-allow-origin" not in (await client.get("/v1")).headers


async def test_the_root_says_where_to_go(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/v1")).json()
    assert answer == (await client.get("/v1/")).json()
    assert answer["versie"] == __version__
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
    assert [attrs["src"] for tag, attrs in page.tags if tag == "script"] == ["/v1/documentatie/zoek.js"]
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
