"""The set-up of a measurement: an embedded server on real storage, the API in a process of its own, and people."""

import asyncio
import multiprocessing
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import uvicorn
from pydantic import SecretStr
from uuid_utils.compat import uuid7

from app.access.geheimen import load_geheimen
from app.access.tokens import mint_access_token
from app.database import create_engine, create_sessionmaker, raw_connection
from app.lifespan import make_lifespan, prepare_database
from app.main import create_app
from app.middleware import configure_logging
from app.postgres import EmbeddedPostgres, Server
from app.services.bootstrap import create_beheerder
from app.settings import Settings

ORIGIN = "veldboek.example/grootboek/bench"
WORKERS = os.cpu_count() or 1
"""As many as there are cores: the bare writer uses them all too."""


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
    server: Server
    http: httpx.AsyncClient
    mensen: list[Mens]
    regisseur: Mens
    bases: list[str]
    """The address of each worker; devices are spread over them in turn, as a load balancer would."""
    pids: list[int]

    def headers(self, mens: Mens) -> dict[str, str]:
        """A fresh token: signing in is not what is measured here."""
        token = mint_access_token(
            load_geheimen(self.settings).bos,
            issuer=self.settings.issuer,
            functionaris=mens.functionaris,
            roltoewijzing=mens.roltoewijzing,
            toestel=mens.toestel,
            sid=uuid4(),
            nu=datetime.now(UTC),
        )
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def rss(self) -> int:
        """Resident memory of the largest API worker, in MiB (Linux)."""
        pages = [int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) for pid in self.pids]
        return max(pages) * os.sysconf("SC_PAGE_SIZE") // 2**20


def free_port() -> int:
    """A port on the loopback address that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_api(home: str, issuer_port: int, port: int, app_url: str) -> None:
    """One API worker, as `veldboek start` runs it; the tokens of one are good at all."""
    settings = Settings(veldboek_home=Path(home), port=issuer_port, grootboek_naam=ORIGIN)
    app = create_app(settings, lifespan=make_lifespan(settings, app_url))
    configure_logging((settings.veldboek_home / "bench.log").open("a", encoding="utf-8"))
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False, server_header=False)


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
async def opstelling(*, gemeenten: int = 1) -> AsyncIterator[Opstelling]:
    """Everything running, with one boa in each of `gemeenten` municipalities."""
    with home_directory() as home, EmbeddedPostgres(home / "home") as server:
        await prepare_database(server.beheer_url, ORIGIN)
        ports = [free_port() for _ in range(WORKERS)]
        settings = Settings(veldboek_home=home / "home", port=ports[0], grootboek_naam=ORIGIN)
        load_geheimen(settings)
        *mensen, regisseur = await people(server, gemeenten)
        own, context = str(settings.veldboek_home), multiprocessing.get_context("spawn")
        workers = [context.Process(target=run_api, args=(own, ports[0], port, server.app_url)) for port in ports]
        for worker in workers:
            worker.start()
        try:
            bases = [f"http://127.0.0.1:{port}/v1" for port in ports]
            for base in bases:
                async with httpx.AsyncClient(base_url=base) as http:
                    await wait_until_healthy(http)
            async with httpx.AsyncClient(base_url=bases[0], timeout=60) as http:
                yield Opstelling(
                    settings, server, http, mensen, regisseur, bases, [worker.pid or 0 for worker in workers]
                )
        finally:
            for worker in workers:
                worker.terminate()
                worker.join(15)


async def wait_until_healthy(http: httpx.AsyncClient) -> None:
    """Wait for the first good answer, half a minute at most."""
    for _ in range(300):
        try:
            if (await http.get("/gezondheid")).is_success:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise TimeoutError("the API did not start")


async def people(server: Server, gemeenten: int) -> list[Mens]:
    """A boa with a device in every municipality, and last one regisseur over all of them."""
    from app.access.actor import Actor  # noqa: PLC0415
    from app.services.boeken import boek  # noqa: PLC0415
    from app.services.opdracht import read_opdracht  # noqa: PLC0415
    from app.vocabulary import Rol  # noqa: PLC0415

    nu = datetime.now(UTC)
    engine = create_engine(server.app_url, pool_size=1)
    async with create_sessionmaker(engine)() as session:
        await create_beheerder(
            session,
            gebruikersnaam="beheerder",
            wachtwoord=SecretStr("een lang wachtwoord"),
            organisatie="Bench",
            nu=nu,
        )
        row = await (await raw_connection(session)).fetchrow(
            "SELECT id, functionaris, organisatie FROM lees.roltoewijzing"
        )
        actor = Actor(row["functionaris"], row["id"], Rol.FUNCTIONEEL_BEHEERDER, row["organisatie"], frozenset())
        mensen, ops = [], []
        for number in range(gemeenten):
            mens = Mens(uuid7(), uuid7(), uuid7(), f"GM{number + 1:04d}")
            mensen.append(mens)
            ops += enrol(mens, row["organisatie"], "boa", [mens.gemeente])
        mensen.append(Mens(uuid7(), uuid7(), uuid7(), "GM0001"))
        ops += enrol(mensen[-1], row["organisatie"], "regisseur", [mens.gemeente for mens in mensen[:-1]])
        await boek(session, actor, [read_opdracht(op) for op in ops], nu=nu)
        await session.commit()
    await engine.dispose()
    return mensen


def enrol(mens: Mens, organisatie: UUID, rol: str, gemeenten: list[str]) -> list[dict[str, Any]]:
    """The three entries that give somebody a role and a device."""

    def op(soort: str, onderwerp: dict[str, str], inhoud: dict[str, Any]) -> dict[str, Any]:
        return {
            "opId": str(uuid4()),
            "soort": soort,
            "versie": 1,
            "onderwerp": onderwerp,
            "waargenomenOp": "2022-01-01T00:00:00+01:00",
            "inhoud": inhoud,
        }

    return [
        op(
            "functionaris.vastgelegd",
            {"functionaris": str(mens.functionaris)},
            {"aanduiding": f"{rol}-1", "organisatie": str(organisatie)},
        ),
        op(
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
        op(
            "toestel.ingeschreven",
            {"toestel": str(mens.toestel)},
            {"functionaris": str(mens.functionaris), "omschrijving": "telefoon"},
        ),
    ]


def day_of_work(mens: Mens, *, controles: int, jaar: int = 2026) -> list[dict[str, Any]]:
    """Controls as a boa records them, 11 entries each: locatie, start, 3 personen, 4 bevindingen, telling, end."""
    ops: list[dict[str, Any]] = []

    def add(soort: str, onderwerp: dict[str, UUID], inhoud: dict[str, Any], dag: int) -> None:
        mens.seq += 1
        ops.append(
            {
                "opId": str(uuid4()),
                "deviceSeq": mens.seq,
                "soort": soort,
                "versie": 1,
                "onderwerp": {key: str(ident) for key, ident in onderwerp.items()},
                "waargenomenOp": f"{jaar}-{dag % 12 + 1:02d}-{dag % 27 + 1:02d}T21:10:00+02:00",
                "vastgelegdOp": f"{jaar}-{dag % 12 + 1:02d}-{dag % 27 + 1:02d}T21:12:00+02:00",
                "inhoud": inhoud,
            }
        )

    for number in range(controles):
        dag = number + mens.seq
        locatie, controle = uuid7(), uuid7()
        adres = {
            "straat": "Voorbeeldstraat",
            "huisnummer": str(mens.seq % 900 + 1),
            "postcode": f"{1000 + mens.seq % 8999}ZA",
            "plaats": "Voorbeeld",
        }
        add(
            "locatie.vastgelegd",
            {"locatie": locatie},
            {"soort": "woning", "feitelijkBewoond": "ja", "gemeente": mens.gemeente, "adres": adres},
            dag,
        )
        add(
            "controle.gestart",
            {"controle": controle, "locatie": locatie},
            {
                "benadering": "aangebeld",
                "situatie": "niemand_aanwezig",
                "binnentreden": {"binnentreden": "niet_binnengetreden"},
                "hoedanigheid": "toezicht",
            },
            dag,
        )
        for _ in range(3):
            add("persoon.aangetroffen", {"controle": controle, "persoon": uuid7()}, {"rol": "sekswerker"}, dag)
        for code in ("aanbod_tegen_betaling", "drugs", "slaapplekken", "onveilig"):
            add(
                "bevinding.vastgelegd",
                {"controle": controle, "bevinding": uuid7()},
                {"code": code, "aard": "feit", "wijze": "waargenomen", "tekst": "Wat er te zien was. " * 8},
                dag,
            )
        add("telling.vastgelegd", {"controle": controle}, {"regioHerkomst": {"latijns_amerika": 3}}, dag)
        add(
            "controle.afgerond",
            {"controle": controle},
            {"overtredingen": [{"soort": "illegale_prostitutie", "personen": "alle"}]},
            dag,
        )
    return ops
