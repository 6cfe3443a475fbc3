"""`veldboek start`: the embedded server if there is none, the API, and on an empty home the demo."""

import asyncio
import errno
import os
import secrets
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import TextIO

from pydantic import SecretStr
from sqlalchemy import text

from app.access.geheimen import load_geheimen
from app.database import create_engine, create_sessionmaker
from app.demo.laden import load_demo
from app.kopie.resten import tell_left
from app.lifespan import check_database, make_lifespan, open_ledger, prepare_database
from app.main import create_app
from app.meter import serve_metingen
from app.middleware import configure_logging
from app.postgres import EmbeddedPostgres, PostgresKanNietStarten
from app.postgres import Server as Database
from app.services.beheer.bootstrap import create_beheerder
from app.settings import Settings
from app.verbinding import server_config
from app.werkers import Server, Werkers, serve_as_worker
from veldboek_client.verbinding import Inlog

DEMO_BEHEERDERS = ("beheerder", "beheerder-2")


async def start(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then stop everything that was started here.

    Raises PostgresKanNietStarten when the database cannot start or the port is taken.
    """
    sockets = take_address(settings.host, settings.port, "PORT")  # before anything is made
    meter: list[socket.socket] = []
    try:
        if settings.metingen_poort:
            meter = take_address("127.0.0.1", settings.metingen_poort, "METINGEN_POORT")
        if settings.database_url is not None:
            await serve(settings, settings.database_url.get_secret_value(), sockets, meter)
        else:
            await serve_embedded(settings, sockets, meter)
    finally:
        for each in (*sockets, *meter):
            each.close()


async def serve_embedded(settings: Settings, sockets: list[socket.socket], meter: list[socket.socket]) -> None:
    """With a PostgreSQL of our own, that stops when we do."""
    postgres = EmbeddedPostgres(settings.veldboek_home)
    if not settings.veldboek_home.exists():
        print("Eerste start: de database wordt aangemaakt …", flush=True)  # noqa: T201
    running = postgres.start()
    try:
        await prepare_database(running.beheer_url, settings.grootboek_naam)
        await serve(settings, running.app_url, sockets, meter, (postgres, running))
    finally:
        postgres.stop()


def take_address(host: str, port: int, naam: str) -> list[socket.socket]:
    """Sockets on an address of ours, that do not listen yet; `naam` is its setting. Raises PostgresKanNietStarten."""
    sockets: list[socket.socket] = []
    try:
        for family, kind, proto, _, place in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            sockets.append(socket.socket(family, kind, proto))
            sockets[-1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                sockets[-1].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sockets[-1].bind(place)
    except OSError as error:
        for each in sockets:
            each.close()
        raise PostgresKanNietStarten(
            f"Poort {port} is bezet. Kies een andere met {naam}=…, of stop wat daar draait."
            if error.errno == errno.EADDRINUSE
            else f"Op {host}, poort {port}, kan Veldboek niet luisteren ({error.strerror})."
        ) from None
    return sockets


def make_server(settings: Settings, app_url: str) -> Server:
    """The API, ready to serve. Where somebody looks at the terminal, the log goes beside the data."""
    app = create_app(settings, lifespan=make_lifespan(settings, app_url))
    if settings.embedded:
        configure_logging(open_log(settings))
    return Server(server_config(app))


def run_worker(settings: Settings, app_url: str, sockets: list[socket.socket], ready: Connection) -> None:
    """One of several processes."""
    asyncio.run(serve_as_worker(make_server(settings, app_url), sockets, ready))


async def refuse_unfit(settings: Settings, app_url: str) -> None:
    """Say what is wrong with keys or database before anything serves: uvicorn would print it as a traceback.

    Raises what `check_database` and `load_geheimen` raise.
    """
    load_geheimen(settings)
    engine = create_engine(app_url, pool_size=1)
    try:
        await check_database(create_sessionmaker(engine))
    finally:
        await engine.dispose()


async def serve(
    settings: Settings,
    app_url: str,
    sockets: list[socket.socket],
    meter: list[socket.socket],
    embedded: tuple[EmbeddedPostgres, Database] | None = None,
) -> None:
    """Run the API; keep an embedded server alive and load the demo into an empty one.

    Raises GrootboekTeruggezet or MerktekenOnbruikbaar before anything is opened.
    """
    await refuse_unfit(settings, app_url)
    if (left := await tell_left(app_url)) is not None:
        print(f"\n{left}", flush=True)  # noqa: T201
    if (schade := await open_ledger(settings, app_url)) is not None:
        print(f"\nHet grootboek staat stil. {schade.zin}", flush=True)  # noqa: T201
    server: Server | Werkers = make_server(settings, app_url)
    if settings.workers > 1:
        server = Werkers(run_worker, (settings, app_url), settings.workers)
    helpers = [asyncio.create_task(serve_metingen(app_url, each)) for each in meter]
    if embedded is not None:
        helpers.append(asyncio.create_task(keep_alive(embedded[0], embedded[1], server)))
        helpers.append(asyncio.create_task(welcome(settings, embedded[1], server)))
    try:
        await server.serve(sockets)
    finally:
        for task in helpers:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*helpers)


def open_log(settings: Settings) -> TextIO:
    """The log of the embedded service, for its owner only."""
    path = settings.veldboek_home / "veldboek.log"
    return os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a", encoding="utf-8", buffering=1)


async def keep_alive(postgres: EmbeddedPostgres, running: Database, server: Server | Werkers) -> None:
    """Start the database again when it died; the pool finds it back at the same address."""
    while True:
        await asyncio.sleep(0.5)
        if postgres.alive():
            continue
        again = await asyncio.to_thread(postgres.restart)
        if again.port != running.port:
            server.should_exit = True
            raise PostgresKanNietStarten("PostgreSQL kwam op een andere poort terug. Start Veldboek opnieuw.")


async def welcome(settings: Settings, running: Database, server: Server | Werkers) -> None:
    """Load the demo if the ledger is empty, and say where to look."""
    while not server.started:  # noqa: ASYNC110  # uvicorn offers no event
        await asyncio.sleep(0.05)
    address = f"http://{settings.host}:{settings.port}"
    busy = settings.veldboek_home / "demo.bezig"
    if settings.demo and await is_empty(running):
        beheerders = [Inlog(naam, secrets.token_urlsafe(18)) for naam in DEMO_BEHEERDERS]
        busy.touch()
        await bootstrap(running, beheerders)
        try:
            await load_demo(address, (beheerders[0], beheerders[1]), settings.veldboek_home)
        except Exception:
            if server.should_exit:  # stopped in the middle: the next start says what to do
                print("Gestopt voordat de demo af was.", flush=True)  # noqa: T201
                return
            server.should_exit = True
            raise
        busy.unlink()
    elif busy.exists():
        print(  # noqa: T201
            f"\nLet op: bij een eerdere start is de demo niet afgemaakt. Wilt u haar heel, verwijder dan"
            f" {settings.veldboek_home} en start opnieuw.",
            flush=True,
        )
    print(f"\nVeldboek draait op {address}/v1 — uitleg en voorbeelden: {address}/v1/documentatie", flush=True)  # noqa: T201
    accounts = settings.veldboek_home / "demo.json"
    if accounts.exists():
        print(f"De accounts van de demo staan in {accounts}. Stoppen: Ctrl-C.", flush=True)  # noqa: T201


async def is_empty(running: Database) -> bool:
    """Whether nothing was ever recorded here."""
    engine = create_engine(running.app_url, pool_size=1)
    async with engine.connect() as connection:
        size = await connection.scalar(text("SELECT size FROM grootboek.head"))
    await engine.dispose()
    return bool(size == 0)


async def bootstrap(running: Database, beheerders: Sequence[Inlog]) -> None:
    """The first two administrators, as `veldboek beheerder aanmaken` would make them."""
    engine = create_engine(running.app_url, pool_size=1)
    async with create_sessionmaker(engine)() as session:
        for inlog in beheerders:
            await create_beheerder(
                session,
                gebruikersnaam=inlog.gebruikersnaam,
                wachtwoord=SecretStr(inlog.wachtwoord),
                organisatie="Beheer Veldboek (demo)",
                nu=datetime.now(UTC),
            )
            await session.commit()
    await engine.dispose()
