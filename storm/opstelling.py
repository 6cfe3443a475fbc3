"""What a storm stands on: one PostgreSQL, one fork server for the API, one template, and a database per seed.

The data lie in memory with `fsync` on, and as root on a file system of their own that can be filled to the last byte.
"""

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from signal import SIGQUIT
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import SecretStr

from app.database import create_engine, create_sessionmaker
from app.inrichten import ensure_head, migrate
from app.postgres import EmbeddedPostgres
from app.postgres import Server as Database
from app.services.beheer.bootstrap import create_beheerder
from app.services.toegang.accounts import create_account
from app.services.toegang.wachtwoorden import Wachtwoorddeur
from storm.dienst import GOEDKOOP, ORIGIN, Dienst
from storm.lijn import new_line
from storm.mensen import (
    WACHTWOORD,
    Mensen,
    approve_phones,
    confirm_ground,
    confirm_roles,
    enrol_phones,
    inlog,
    record_ground,
    record_people,
)
from storm.schakelbord import Schakelbord, wait_until_gone
from veldboek_client.verbinding import Verbinding

BEGIN = datetime(2026, 8, 19, 18, 0, tzinfo=UTC)
"""When every run begins, on its own clock."""
SJABLOON = "sjabloon"
SCHIJF = 600
"""Megabytes for PostgreSQL."""
BASE = "http://veldboek"


@contextmanager
def scratch() -> Iterator[tuple[Path, bool]]:
    """A home in memory, and whether PostgreSQL's part is a file system of its own (which takes root)."""
    memory = Path("/dev/shm")  # noqa: S108  # where fsync costs nothing, so it can stay on
    home = Path(tempfile.mkdtemp(prefix="veldboek-storm-", dir=memory if os.access(memory, os.W_OK) else None))
    home.chmod(0o755)
    disk = home / "pg"
    disk.mkdir(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SCHIJF}m,mode=0755", "tmpfs", str(disk)]
    own = os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True).returncode == 0  # noqa: S603
    try:
        yield home, own
    finally:
        if own:
            subprocess.run(["umount", "-l", str(disk)], check=False, capture_output=True)  # noqa: S603, S607
        shutil.rmtree(home, ignore_errors=True)


class Opstelling:
    """Everything a run needs from outside; one run at a time. Make it before any event loop or thread exists."""

    def __init__(self, home: Path, *, own_disk: bool) -> None:
        self.home, self.own_disk = home, own_disk
        self.bord = Schakelbord(BEGIN)
        self.dienst = Dienst(home, self.bord)
        self.postgres = EmbeddedPostgres(home / "pg")
        self.mensen = Mensen()
        self.naam = ""
        self.mutatie: str | None = None
        self._number = 0
        self._server: Database | None = None
        self._ballast = home / "pg" / "ballast"

    @property
    def server(self) -> Database:
        """The database of this run."""
        assert self._server is not None  # prepare() was called
        return self._server

    async def prepare(self) -> None:
        """Start PostgreSQL and make the template with the people in it."""
        self._server = self.postgres.start()
        # what is not flushed by a commit lies there for seconds, as on a busy server: a stop of PostgreSQL loses it
        await self._order("ALTER SYSTEM SET wal_writer_delay = '10s'")
        await self._order("SELECT pg_reload_conf()")
        await self._order(f"CREATE DATABASE {SJABLOON} OWNER beheer")
        self.naam = SJABLOON
        engine = create_engine(self.beheer_url, pool_size=1)
        await migrate(engine)
        await ensure_head(engine, ORIGIN)
        await engine.dispose()
        engine = create_engine(self.app_url, pool_size=1)
        async with create_sessionmaker(engine)() as session:
            for naam in ("beheerder", "beheerder-2"):
                await create_beheerder(
                    session, gebruikersnaam=naam, wachtwoord=SecretStr(WACHTWOORD), organisatie="Beheer", nu=BEGIN
                )
                await session.commit()
        await engine.dispose()
        self.start_api()
        async with self.sign_in("beheerder") as beheer:
            self.mensen = await record_people(beheer, BEGIN)
        async with self.sign_in("beheerder-2") as tweede:
            await confirm_roles(tweede, self.mensen)
        await self._open_accounts()
        async with self.sign_in("beheerder") as beheer:
            await enrol_phones(beheer, self.mensen, self.sign_in)
            grond = await record_ground(beheer)
        async with self.sign_in("beheerder-2") as tweede:
            await approve_phones(tweede, self.mensen)
            self.mensen.naslag[grond] = await confirm_ground(tweede, grond)
        self.dienst.kill()
        await self._finish_template()

    async def _open_accounts(self) -> None:
        """Passwords at a price for thousands of runs."""
        deur = Wachtwoorddeur(GOEDKOOP)
        engine = create_engine(self.app_url, pool_size=1)
        async with create_sessionmaker(engine)() as session:
            for naam, mens in self.mensen.mensen.items():
                wie, secret = UUID(mens.functionaris), SecretStr(WACHTWOORD)
                await create_account(
                    session, gebruikersnaam=naam, wachtwoord=secret, functionaris=wie, nu=BEGIN, deur=deur
                )
            await session.commit()
        await engine.dispose()
        async with self.connect() as connection:
            await connection.execute(
                "UPDATE bedrijf.account SET wachtwoord_hash = o.wachtwoord_hash FROM bedrijf.account o"
                " WHERE o.gebruikersnaam = $1",
                next(iter(self.mensen.mensen)),
            )

    async def _finish_template(self) -> None:
        """What the oracle cannot know of the administrators."""
        async with self.connect() as connection:
            for table in ("organisatie", "functionaris"):
                for row in await connection.fetch(f"SELECT id::text, doc ->> 'id' AS doc FROM lees.{table}"):  # noqa: S608
                    if row["id"] not in self.mensen.naslag:
                        text = await connection.fetchval(f"SELECT doc::text FROM lees.{table} WHERE id = $1", row["id"])  # noqa: S608
                        self.mensen.naslag[row["id"]] = json.loads(text)
            self.mensen.omvang = await connection.fetchval("SELECT size FROM grootboek.head")

    async def begin(self, mutatie: str | None = None) -> None:
        """A ledger of its own for one run, with the people in it, and the API on it."""
        self._number += 1
        self.mutatie = mutatie
        self.bord.set_clock(BEGIN)
        self.bord.disarm()
        self.bord.binds = False
        self.naam = f"s{self._number}"
        await self._copy(SJABLOON, self.naam)
        self.start_api()

    async def end(self) -> None:
        """Leave nothing behind."""
        self.dienst.kill()
        self.free_disk()
        if not self.postgres.alive():
            self.start_postgres()
        for name in (self.naam, f"{self.naam}_kopie"):
            await self._order(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        shutil.rmtree(self.home / "bijlagen", ignore_errors=True)

    def close(self) -> None:
        """Stop everything."""
        self.dienst.close()
        self.postgres.stop()

    @property
    def app_url(self) -> str:
        """The ledger as the API reaches it."""
        return self.server.app_url.rsplit("/", 1)[0] + "/" + self.naam

    @property
    def beheer_url(self) -> str:
        """The ledger as its owner reaches it."""
        return self.server.beheer_url.rsplit("/", 1)[0] + "/" + self.naam

    def sign_in(self, naam: str) -> Verbinding:
        """Somebody in an office: no device, no faults."""
        return Verbinding(BASE, inlog(naam), transport=new_line(self.dienst.path), slaap=no_waiting)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Any]:
        """The owner of the database, for what no API shows."""
        connection = await asyncpg.connect(self.beheer_url)
        try:
            yield connection
        finally:
            await connection.close()

    def start_api(self) -> None:
        """A new process."""
        self.dienst.start(self.app_url, self.mutatie)

    def stop_postgres(self) -> None:
        """`immediate`: no checkpoint, no goodbye."""
        os.kill(self.server.pid, SIGQUIT)
        wait_until_gone(self.server.pid)

    def start_postgres(self) -> None:
        """Start again; crash recovery runs."""
        before = self.server.port
        self._server = self.postgres.restart()
        if self.server.port != before:  # the API knows the old one
            self.dienst.kill()
            self.start_api()

    def fill_disk(self) -> None:
        """Not one page fits any more."""
        free = os.statvfs(self._ballast.parent)
        with self._ballast.open("wb") as ballast, suppress(OSError):
            os.posix_fallocate(ballast.fileno(), 0, free.f_bavail * free.f_frsize)

    def free_disk(self) -> None:
        """Room again."""
        self._ballast.unlink(missing_ok=True)

    async def back_up(self) -> None:
        """Put a copy aside; the service is down meanwhile."""
        self.dienst.kill()
        await self._order(f"DROP DATABASE IF EXISTS {self.naam}_kopie WITH (FORCE)")
        await self._copy(self.naam, f"{self.naam}_kopie")
        self.start_api()

    async def restore(self, epoch: str) -> None:
        """Put the copy back under a new epoch, as the operator must; everything since is gone from the server."""
        self.dienst.kill()
        await self._order(f"DROP DATABASE {self.naam} WITH (FORCE)")
        await self._copy(f"{self.naam}_kopie", self.naam)
        async with self.connect() as connection:
            await connection.execute("SET session_replication_role = replica")
            await connection.execute("UPDATE grootboek.head SET epoch = $1", epoch)
        self.start_api()

    async def _copy(self, source: str, name: str) -> None:
        await self._order(f"CREATE DATABASE {name} TEMPLATE {source}")
        await self._order(f"GRANT CONNECT ON DATABASE {name} TO app, herbouw")

    async def _order(self, statement: str) -> None:
        connection = await asyncpg.connect(self.server.beheer_url.rsplit("/", 1)[0] + "/postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


async def no_waiting(_seconds: float) -> None:
    """Time in a storm passes on its own clock; whoever is busy still needs a moment."""
    await asyncio.sleep(0.02)
