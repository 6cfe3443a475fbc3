"""One real PostgreSQL for the run; each test that asks for `app` gets a ledger of its own."""

import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from starlette.datastructures import State

from app.database import create_engine
from app.inrichten import ensure_head, migrate
from app.lifespan import make_lifespan
from app.main import create_app
from app.postgres import EmbeddedPostgres, Server
from app.services.toegang.wachtwoorden import WACHTWOORDDEUR, Wachtwoorddeur
from app.settings import Settings
from tests.hulp.antwoorden import Houder
from tests.hulp.documenten import hold_documents
from tests.hulp.gespeeld_jaar import Demo, play_year
from tests.hulp.opname import Opname
from tests.hulp.proces import GOEDKOOP
from tests.hulp.wereld import Wereld, build_wereld

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ORIGIN = "veldboek.example/grootboek/test"


for _name in Settings.model_fields:  # what is set where the tests are run is no setting of theirs
    os.environ.pop(_name.upper(), None)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The same names in every process that runs the tests: without ids and keys that are made anew."""
    if isinstance(val, bytes):
        return argname
    return _UUID.sub("id", val) if isinstance(val, str) and _UUID.search(val) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who look at the played year come together, so that one process plays it for all of them."""
    items.sort(key=lambda item: "gespeeld_jaar" not in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    memory = Path("/dev/shm")  # noqa: S108  # where fsync costs nothing, so it can stay on
    home = Path(tempfile.mkdtemp(prefix="veldboek-test-", dir=memory if os.access(memory, os.W_OK) else None))
    home.chmod(0o755)
    with EmbeddedPostgres(home / "home") as running:
        yield running
    shutil.rmtree(home, ignore_errors=True)


async def _sql(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


_BEHEER: dict[Server, asyncpg.Connection] = {}
"""One connection as the owner for each server: signing in takes longer than most of what is said there."""


async def _on_server(server: Server, statement: str) -> None:
    if server not in _BEHEER:
        _BEHEER[server] = await asyncpg.connect(server.beheer_url)
    await _BEHEER[server].execute(statement)


def _with_database(url: str, name: str) -> str:
    return url.rsplit("/", 1)[0] + "/" + name


@pytest.fixture(scope="session")
async def template(server: Server) -> AsyncIterator[str]:
    """A migrated, empty ledger to copy from."""
    await _sql(server.beheer_url, "CREATE DATABASE sjabloon OWNER beheer")
    engine = create_engine(_with_database(server.beheer_url, "sjabloon"), pool_size=1)
    await migrate(engine)
    await ensure_head(engine, ORIGIN)
    await engine.dispose()
    yield "sjabloon"
    while _BEHEER:
        await _BEHEER.popitem()[1].close()


async def copy_database(server: Server, source: str, name: str) -> Server:
    await _on_server(server, f"CREATE DATABASE {name} TEMPLATE {source}")
    await _on_server(server, f"GRANT CONNECT ON DATABASE {name} TO app, herbouw")
    return Server(
        app_url=_with_database(server.app_url, name),
        beheer_url=_with_database(server.beheer_url, name),
        port=server.port,
        pid=server.pid,
    )


@asynccontextmanager
async def own_database(server: Server, source: str) -> AsyncIterator[Server]:
    """A copy of the database `source` that goes when the test ends; an empty one is `template0`."""
    name = f"t{os.urandom(6).hex()}"
    yield await copy_database(server, source, name)
    await _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


_FREE: list[FastAPI] = []
"""Applications that nobody uses now: building one takes longer than most tests. Its state goes when it comes back."""


@asynccontextmanager
async def serving(database: Server, home: Path, *, origin: str = ORIGIN) -> AsyncIterator[AsyncClient]:
    """The whole application on one ledger, without a socket; `client.app` is what stands behind it.

    All but one thing is as in production: signing in, which most tests do, takes no third of a second.
    """
    settings = Settings(veldboek_home=home, grootboek_naam=origin)
    app = _FREE.pop() if _FREE else create_app(settings)
    app.state.settings = settings
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with (
        make_lifespan(settings, database.app_url)(app),
        AsyncClient(transport=transport, base_url="http://127.0.0.1:8000/v1") as http,
    ):
        assert app.state.proces.wachtwoorddeur is WACHTWOORDDEUR
        app.state.proces = replace(app.state.proces, wachtwoorddeur=Wachtwoorddeur(GOEDKOOP))
        http.app = app  # type: ignore[attr-defined]
        http.event_hooks = {"response": [Houder(app)]}
        yield http
    app.state = State()
    app.dependency_overrides.clear()
    _FREE.append(app)


@pytest.fixture(scope="session")
async def bevolkt(server: Server, template: str, tmp_path_factory: pytest.TempPathFactory) -> Wereld:
    """A ledger with people in it, recorded once through the API; each test works on a copy."""
    database = await copy_database(server, template, "bevolkt")
    async with serving(database, tmp_path_factory.mktemp("bevolkt")) as http:
        return await build_wereld(http)


@pytest.fixture(scope="session")
async def gespeeld_jaar(server: Server, template: str, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The Harderwijk year, played once; whoever looks at it signs in and reads, and changes nothing."""
    database = await copy_database(server, template, "gespeeld_jaar")
    home = tmp_path_factory.mktemp("gespeeld_jaar")
    async with serving(database, home) as http:
        return await play_year(http, database, home, Opname())


@pytest.fixture(scope="module")
async def demo(gespeeld_jaar: Demo) -> AsyncIterator[Demo]:
    async with serving(gespeeld_jaar.database, gespeeld_jaar.home) as http:
        yield gespeeld_jaar.at(http)


@pytest.fixture
async def database(
    server: Server,
    bevolkt: Wereld,  # noqa: ARG001  # it must be there
    request: pytest.FixtureRequest,
) -> AsyncIterator[Server]:
    """A ledger of its own for one test, with the people already in it; what it holds then fits its class."""
    async with own_database(server, "bevolkt") as database:
        yield database
        if request.node.get_closest_marker("later_release") is None:
            await hold_documents(database)


@pytest.fixture
async def client(database: Server, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[AsyncClient]:
    """The whole application on a ledger of its own; what it answers is what it declares."""
    async with serving(database, tmp_path) as http:
        if request.node.get_closest_marker("later_release") is not None:
            http.event_hooks = {}
        yield http


@pytest.fixture
def wereld(client: AsyncClient, bevolkt: Wereld) -> Wereld:
    """Everybody who uses Veldboek, in front of a ledger of this test's own."""
    return bevolkt.at(client)
