"""Puts the application together. ``create_app`` refuses to build one with a route that nobody guards."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from app import __version__, error_handlers, middleware
from app.dependencies import refuse_unknown
from app.openapi import DESCRIPTION, PREFIX, DescribedApp, guard_of
from app.routers import ROUTERS
from app.routers.wortel import router as wortel
from app.settings import Settings, get_settings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Any]]

_NO_TELEMETRY: Any = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI's telemetry exports paths and exception messages: it stays off, whatever the environment says."""


def create_app(
    settings: Settings | None = None, *, lifespan: Lifespan | None = None, routers: Sequence[APIRouter] = ROUTERS
) -> FastAPI:
    """Build the application. Nothing is opened here: what has to be opened and closed is for `lifespan`."""
    settings = settings or get_settings()
    app = DescribedApp(
        title="Veldboek",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        telemetry=_NO_TELEMETRY,
    )
    app.described = settings
    app.state.settings = settings
    for router in routers:
        app.include_router(router, prefix=PREFIX, dependencies=[Depends(refuse_unknown)])
    app.include_router(wortel)
    error_handlers.install(app)
    middleware.install(app)
    middleware.configure_logging()
    refuse_unguarded(app)
    return app


def every_route(app: FastAPI) -> Iterator[RouteContext]:
    """Every route, mount and frontend as it answers, with the prefixes and dependencies of its routers.

    ``app.routes`` alone holds one opaque entry per included router, and no frontends at all.
    """
    yield from iter_route_contexts(app.routes)
    frontends: list[Any] = list(app.router._iter_low_priority_routes())  # noqa: SLF001  # no public way
    yield from iter_route_contexts(frontends)


def is_guarded(route: RouteContext) -> bool:
    """A dependency carries `bewaking`, or the endpoint (or mounted application) is marked `openbaar`."""
    endpoint = route.endpoint or getattr(route.original_route, "app", None)
    if getattr(endpoint, "openbaar", None):
        return True
    dependant: Dependant | None = getattr(route, "dependant", None)
    return dependant is not None and guard_of(dependant) is not None


def refuse_unguarded(app: FastAPI) -> None:
    """Raise when a route is neither guarded nor public, naming all of them."""
    unguarded = [
        f"{'/'.join(sorted(route.methods or ())) or 'mount'} {route.path}"
        for route in every_route(app)
        if not is_guarded(route)
    ]
    if unguarded:
        raise RuntimeError(f"routes without a guard: {', '.join(unguarded)}")
