"""Every route is guarded or says why it is public; otherwise the application does not start."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.applications import Starlette

from app.main import create_app, every_route, is_guarded, refuse_unguarded
from app.routers import ROUTERS
from app.routers.openbaar import openbaar
from app.settings import Settings

KNOWN_ROUTES = {
    ("GET", "/v1"),
    ("GET", "/v1/"),
    ("GET", "/v1/openapi.json"),
    ("GET", "/v1/documentatie"),
    ("GET", "/v1/documentatie/{bestand}"),
    ("GET", "/v1/gezondheid"),
    ("GET", "/v1/gezondheid/levend"),
    ("GET", "/v1/gezondheid/gereed"),
}


def settings() -> Settings:
    return Settings(database_url=None, public_url="")


async def bewaker() -> None: ...


bewaker.bewaking = "test:zien"  # type: ignore[attr-defined]


def test_every_route_is_walked_and_guarded() -> None:
    routes = list(every_route(create_app(settings())))
    found = {(method, route.path) for route in routes for method in route.methods or ()}
    assert found >= KNOWN_ROUTES
    assert all(is_guarded(route) for route in routes)


def app_with(router: APIRouter) -> FastAPI:
    return create_app(settings(), routers=(*ROUTERS, router))


async def endpoint() -> None: ...


def test_an_unguarded_route_stops_the_start() -> None:
    router = APIRouter()
    router.add_api_route("/geheim/{id}", endpoint, methods=["POST"])
    with pytest.raises(RuntimeError, match=r"without a guard: POST /v1/geheim/\{id\}$"):
        app_with(router)


def test_an_unguarded_route_in_a_router_within_a_router_stops_the_start() -> None:
    inner, outer = APIRouter(prefix="/binnen"), APIRouter(prefix="/buiten")
    inner.add_api_route("/geheim", endpoint)
    outer.include_router(inner)
    with pytest.raises(RuntimeError, match="GET /v1/buiten/binnen/geheim"):
        app_with(outer)


def test_a_guard_may_stand_deep_in_the_dependencies() -> None:
    async def uses_guard(_: Annotated[None, Depends(bewaker)]) -> None: ...

    async def guarded(_: Annotated[None, Depends(uses_guard)]) -> None: ...

    router = APIRouter()
    router.add_api_route("/diep", guarded)
    routes = list(every_route(app_with(router)))
    assert [route.path for route in routes].count("/v1/diep") == 1


def test_a_guard_may_stand_on_the_router() -> None:
    router = APIRouter(dependencies=[Depends(bewaker)])
    router.add_api_route("/hele-router", endpoint)
    assert "/v1/hele-router" in {route.path for route in every_route(app_with(router))}


def test_an_ordinary_dependency_is_no_guard() -> None:
    router = APIRouter(dependencies=[Depends(endpoint)])
    router.add_api_route("/geen-wacht", endpoint)
    with pytest.raises(RuntimeError, match="geen-wacht"):
        app_with(router)


def test_a_mount_is_a_route_too() -> None:
    app = create_app(settings())
    app.mount("/bestanden", Starlette())
    with pytest.raises(RuntimeError, match="mount /bestanden"):
        refuse_unguarded(app)


def test_a_marked_mount_may_stay() -> None:
    app = create_app(settings())
    app.mount("/bestanden", openbaar("De app zelf is openbaar.")(Starlette()))
    refuse_unguarded(app)


def test_a_frontend_is_a_route_too(tmp_path: Any) -> None:
    (tmp_path / "index.html").write_text("hallo")
    app = create_app(settings())
    app.frontend("/app", directory=tmp_path)
    with pytest.raises(RuntimeError, match="without a guard"):
        refuse_unguarded(app)


def test_a_route_open_to_all_says_why() -> None:
    with pytest.raises(ValueError, match="why"):
        openbaar("  ")
