"""The set-up of a measurement: an embedded server on real storage, the API in processes of its own, and people."""

import asyncio
import multiprocessing
import os
import random
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx
import uvicorn
from pydantic import SecretStr
from sqlmodel import select
from uuid_utils.compat import uuid7

from app.access.geheimen import load_geheimen
from app.access.tokens import mint_access_token
from app.database import create_engine, create_sessionmaker, raw_connection
from app.lifespan import make_lifespan, prepare_database
from app.main import create_app
from app.middleware import configure_logging
from app.models.account import Aanmelding, Account
from app.postgres import EmbeddedPostgres, Server
from app.registraties.register import ACTEN
from app.services.beheer.bootstrap import create_beheerder
from app.settings import Settings
from app.verbinding import server_config
from bench.werk import make_controle

ORIGIN = "veldboek.example/grootboek/bench"
BEHEERDERS, WACHTWOORD = ("beheerder", "beheerder-2"), "een lang wachtwoord"
WORKERS = os.cpu_count() or 1
"""As many as there are cores: the bare writer uses them all too."""


class Rol(NamedTuple):
    """A role that somebody has, and the municipalities in which it holds."""

    rol: str
    gemeenten: list[str]


def usual(gemeenten: int) -> list[Rol]:
    """A boa in each of so many municipalities, and last one regisseur over all of them."""
    codes = [f"GM{number + 1:04d}" for number in range(gemeenten)]
    return [*(Rol("boa", [code]) for code in codes), Rol("regisseur", codes)]


@dataclass
class Mens:
    """Somebody who records, with a device."""

    functionaris: UUID
    roltoewijzing: UUID
    toestel: UUID
    gemeente: str
    seq: int = 0


@dataclass
class Opstelling:
    """What a measurement talks to."""

    settings: Settings
    postgres: EmbeddedPostgres
    server: Server
    mensen: list[Mens]
    regisseur: Mens
    ports: list[int]
    host: str = "127.0.0.1"
    workers: list[Any] = field(default_factory=list)
    http: httpx.AsyncClient = field(init=False)

    @property
    def bases(self) -> list[str]:
        """The address of each worker; devices are spread over them in turn, as a load balancer would."""
        return [f"http://{self.host}:{port}/v1" for port in self.ports]

    async def start(self) -> None:
        """Start the API workers and wait until all answer."""
        self.launch()
        for base, worker in zip(self.bases, self.workers, strict=True):
            async with httpx.AsyncClient(base_url=base) as http:
                await wait_until_healthy(http, worker.is_alive)

    def launch(self) -> None:
        """Start the API workers; they answer a little later."""
        own, context = str(self.settings.veldboek_home), multiprocessing.get_context("spawn")
        self.workers = [
            context.Process(target=run_api, args=(own, self.ports[0], port, self.server.app_url, self.host))
            for port in self.ports
        ]
        for worker in self.workers:
            worker.start()

    def stop(self) -> None:
        """Stop the API workers; the database goes with `opstelling`."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.join(15)

    def kill(self) -> None:
        """`kill -9` for every API worker; `start` starts them again."""
        for worker in self.workers:
            worker.kill()
        for worker in self.workers:
            worker.join(15)

    def headers(self, mens: Mens) -> dict[str, str]:
        """A fresh token: signing in is not what is measured here."""
        token = mint_access_token(
            load_geheimen(self.settings).bos,
            issuer=self.settings.issuer,
            functionaris=mens.functionaris,
            roltoewijzing=mens.roltoewijzing,
            toestel=mens.toestel,
            sid=mens.functionaris,
            nu=datetime.now(UTC),
        )
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def rss(self) -> int:
        """Resident memory of the largest API worker, in MiB (Linux)."""
        statm = [Path(f"/proc/{worker.pid}/statm").read_text(encoding="ascii") for worker in self.workers]
        return max(int(text.split()[1]) for text in statm) * os.sysconf("SC_PAGE_SIZE") // 2**20


def free_port() -> int:
    """A port on the loopback address that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_settings(home: Path, issuer_port: int) -> Settings:
    """As in the demo, but without a pace: here one device stands for many."""
    return Settings(veldboek_home=home, port=issuer_port, grootboek_naam=ORIGIN, verzoeken_per_seconde=1_000_000)


def run_api(home: str, issuer_port: int, port: int, app_url: str, host: str) -> None:
    """One API worker, as `veldboek start` runs it; the tokens of one are good at all."""
    settings = make_settings(Path(home), issuer_port)
    app = create_app(settings, lifespan=make_lifespan(settings, app_url))
    configure_logging((settings.veldboek_home / "bench.log").open("a", encoding="utf-8"))
    uvicorn.Server(server_config(app, host=host, port=port)).run()


@contextmanager
def home_directory() -> Iterator[Path]:
    """A home on disk, removed afterwards: durability is part of what is measured."""
    home = Path(tempfile.mkdtemp(prefix="veldboek-bench-"))
    home.chmod(0o755)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def opstelling(
    *, gemeenten: int = 1, rollen: list[Rol] | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[Opstelling]:
    """Everything running, with one boa in each of `gemeenten` municipalities, or with somebody in each of `rollen`."""
    with home_directory() as home:
        postgres = EmbeddedPostgres(home / "home")
        with postgres as server:
            await prepare_database(server.beheer_url, ORIGIN)
            ports = [free_port() for _ in range(WORKERS)]
            settings = make_settings(home / "home", ports[0])
            load_geheimen(settings)
            *mensen, regisseur = await people(server, rollen or usual(gemeenten))
            o = Opstelling(settings, postgres, server, mensen, regisseur, ports, host)
            try:
                await o.start()
                async with httpx.AsyncClient(base_url=o.bases[0], timeout=60) as o.http:
                    yield o
            finally:
                o.stop()


async def wait_until_healthy(http: httpx.AsyncClient, alive: Callable[[], bool]) -> None:
    """Wait for the first good answer, two minutes at most."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and alive():
        try:
            if (await http.get("/gezondheid")).is_success:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.01)
    raise TimeoutError("the API did not start")


async def people(server: Server, rollen: list[Rol]) -> list[Mens]:
    """Somebody with a device in each of these roles."""
    from app.access.actor import Actor  # noqa: PLC0415
    from app.services.boeken.boek import boek  # noqa: PLC0415
    from app.services.kluis.operatie import read_operatie  # noqa: PLC0415
    from app.vocabulary import POLITIEROLLEN  # noqa: PLC0415
    from app.vocabulary import Rol as Soort  # noqa: PLC0415

    nu = datetime.now(UTC)
    engine = create_engine(server.app_url, pool_size=1)
    async with create_sessionmaker(engine)() as session:
        for naam in BEHEERDERS:
            await create_beheerder(
                session, gebruikersnaam=naam, wachtwoord=SecretStr(WACHTWOORD), organisatie="Bench", nu=nu
            )
            await session.commit()
        rows = await (await raw_connection(session)).fetch(
            "SELECT id, functionaris, organisatie FROM lees.roltoewijzing"
        )
        actor, approver = (
            Actor(row["functionaris"], row["id"], Soort.FUNCTIONEEL_BEHEERDER, row["organisatie"], frozenset())
            for row in rows
        )
        codes, regio, politie = sorted({code for rol in rollen for code in rol.gemeenten}), uuid7(), uuid7()
        whole = {"soort": "regio", "naam": "Bench", "gemeenten": codes}
        mensen, ops = (
            [],
            [
                make_op("organisatie.vastgelegd", {"organisatie": str(regio)}, whole),
                make_op("organisatie.vastgelegd", {"organisatie": str(politie)}, {"soort": "politie", "naam": "Bench"}),
            ],
        )
        for rol in rollen:
            mensen.append(Mens(uuid7(), uuid7(), uuid7(), rol.gemeenten[0]))
            ops += enrol(mensen[-1], politie if rol.rol in POLITIEROLLEN else regio, rol.rol, rol.gemeenten)
        grounds = {str(uuid7()): code for code in codes}
        ops += [permit(ident, code) for ident, code in grounds.items()]
        await boek(session, actor, [read_operatie(op) for op in ops], nu=nu)
        await session.commit()
        second = [op for mens in mensen for op in approve(mens)]
        second += [make_op("grondslagbijzonder.bevestigd", {"grondslagbijzonder": ident}, {}) for ident in grounds]
        await boek(session, approver, [read_operatie(op) for op in second], nu=nu)
        account = (await session.exec(select(Account.id).limit(1))).one()
        session.add_all(login_of(mens, account, nu) for mens in mensen)
        await session.commit()
    await engine.dispose()
    return mensen


def login_of(mens: Mens, account: UUID, nu: datetime) -> Aanmelding:
    """The login that his tokens come from, with his own id."""
    return Aanmelding(
        id=mens.functionaris,
        account=account,
        functionaris=mens.functionaris,
        roltoewijzing=mens.roltoewijzing,
        toestel=mens.toestel,
        begonnen_op=nu,
        laatst_gebruikt_op=nu,
        huidig_hash=b"",
    )


def make_op(soort: str, onderwerp: dict[str, str], inhoud: dict[str, Any]) -> dict[str, Any]:
    """One operation of an administrator."""
    return {
        "opId": str(uuid4()),
        "soort": soort,
        "versie": ACTEN[soort].versie,
        "onderwerp": onderwerp,
        "waargenomenOp": "2022-01-01T00:00:00+01:00",
        "inhoud": inhoud,
    }


def permit(ident: str, gemeente: str) -> dict[str, Any]:
    """That a municipality keeps rows about persons."""
    inhoud = {"gemeentecode": gemeente, "van": "2019-01-01", "bepaling": "bench"}
    return make_op("grondslagbijzonder.vastgelegd", {"grondslagbijzonder": ident}, inhoud)


def approve(mens: Mens) -> list[dict[str, Any]]:
    """The entries by which a second person confirms a role and approves a device."""
    role, phone = {"roltoewijzing": str(mens.roltoewijzing)}, {"toestel": str(mens.toestel)}
    return [make_op("roltoewijzing.bevestigd", role, {}), make_op("toestel.goedgekeurd", phone, {})]


def enrol(mens: Mens, organisatie: UUID, rol: str, gemeenten: list[str]) -> list[dict[str, Any]]:
    """The three entries that give somebody a role and a device."""
    return [
        make_op(
            "functionaris.vastgelegd",
            {"functionaris": str(mens.functionaris)},
            {"aanduiding": f"{rol.replace('_', '')}-1", "organisatie": str(organisatie)},
        ),
        make_op(
            "roltoewijzing.verleend",
            {"roltoewijzing": str(mens.roltoewijzing)},
            {
                "functionaris": str(mens.functionaris),
                "rol": rol,
                "organisatie": str(organisatie),
                "gemeenten": gemeenten,
                "van": "2022-01-01T00:00:00+01:00",
                "grondslag": "aanstelling",
            },
        ),
        make_op(
            "toestel.ingeschreven",
            {"toestel": str(mens.toestel)},
            {
                "functionaris": str(mens.functionaris),
                "roltoewijzing": str(mens.roltoewijzing),
                "omschrijving": "telefoon",
            },
        ),
    ]


def day_of_work(mens: Mens, *, controles: int, jaar: int = 2026) -> list[dict[str, Any]]:
    """Controls as a boa records them, 11 entries each, as operations in the order of his device."""
    ops: list[dict[str, Any]] = []
    chance = random.Random(mens.seq)  # noqa: S311  # words, not secrets
    for number in range(mens.seq, mens.seq + controles):
        dag = f"{jaar}-{number % 12 + 1:02d}-{number % 27 + 1:02d}"
        for soort, onderwerp, inhoud, versie in make_controle(number, mens.gemeente, chance):
            mens.seq += 1
            ops.append(
                {
                    "opId": str(uuid4()),
                    "deviceSeq": mens.seq,
                    "soort": soort,
                    "versie": versie,
                    "onderwerp": {key: str(ident) for key, ident in onderwerp.items()},
                    "waargenomenOp": f"{dag}T21:10:00+02:00",
                    "vastgelegdOp": f"{dag}T21:12:00+02:00",
                    "inhoud": inhoud,
                }
            )
    return ops
