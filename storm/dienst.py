"""The API as a real process on a real socket, started in some 50 ms: a fork server has imported everything already.

The fork server is forked before any event loop, engine or thread exists. Each start of the API is one more fork,
so `kill -9` and start again is as cheap as it is real.
"""

import asyncio
import gc
import importlib
import json
import math
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from app.dependencies import get_now
from app.lifespan import make_lifespan
from app.main import create_app
from app.middleware import configure_logging
from app.services.bijlagen import binden
from app.services.boeken import boek, hervatten, overnieuw, verlopen
from app.services.toegang.wachtwoorden import Kosten, Wachtwoorddeur
from app.settings import Settings
from app.verbinding import server_config
from storm.mutaties import plant_in_api
from storm.schakelbord import Punt, Schakelbord, wait_until_gone

ORIGIN = "veldboek.example/grootboek/storm"
GOEDKOOP = Kosten(time_cost=1, memory_cost=8, parallelism=1)
"""Signing in is real, its price is not what is tried here."""


class Server(uvicorn.Server):
    """Tells the fork server when it serves."""

    def __init__(self, config: uvicorn.Config, ready: int) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        os.write(self._ready, b"1")


def put_points(bord: Schakelbord) -> None:
    """Let a booking pass the three points of the switchboard; what it does stays as it is."""
    carry_out, append = vars(overnieuw)["_carry_out"], vars(boek)["append"]

    async def carry_out_with_points(*given: Any) -> Any:
        def look(uitslagen: Sequence[Any]) -> None:
            given[-1](uitslagen)
            bord.reach(Punt.VOOR_COMMIT)

        outcome = await carry_out(*given[:-1], look)
        bord.reach(Punt.NA_COMMIT)
        return outcome

    async def append_with_point(*given: Any) -> Any:
        bord.reach(Punt.VOOR_KOP)
        return await append(*given)

    vars(overnieuw)["_carry_out"] = carry_out_with_points
    vars(boek)["append"] = append_with_point


def put_rounds(bord: Schakelbord) -> None:
    """Let files be bound by the storm's clock, and when the storm says so; how stays as it is."""
    finish_left, book_arrived = binden.finish_left, binden.book_arrived

    class Klok(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return bord.now().astimezone(tz)

    async def finish_when_told(o: Any) -> None:
        if bord.binds:
            await finish_left(o)

    async def book_when_told(o: Any) -> None:
        if bord.binds:
            await book_arrived(o)
            bord.end_round()

    vars(binden).update(datetime=Klok, RITME=0.02, finish_left=finish_when_told, book_arrived=book_when_told)
    for job in (verlopen, hervatten):  # a seed that takes a minute would meet what they book by the real clock
        vars(job)["EERST"] = math.inf


def build_app(home: Path, bord: Schakelbord, url: list[str]) -> FastAPI:
    """The application as it is, with the storm's clock; `url` is read when it starts."""
    settings = Settings(veldboek_home=home, grootboek_naam=ORIGIN, verzoeken_per_seconde=10_000)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with make_lifespan(settings, url[0])(app):
            app.state.proces = replace(app.state.proces, wachtwoorddeur=Wachtwoorddeur(GOEDKOOP))
            yield

    app = create_app(settings, lifespan=lifespan)
    app.dependency_overrides[get_now] = bord.now
    return app


def warm_up(app: FastAPI) -> None:
    """Do once what every child would do first; none of it makes a loop, a thread or an engine."""
    server_config(app).load()
    app.middleware_stack = app.build_middleware_stack()
    app.openapi()
    importlib.import_module("sqlalchemy.dialects.postgresql.asyncpg")
    gc.collect()
    gc.freeze()  # what is frozen, no child goes through again


def _serve(app: FastAPI, path: str, ready: int) -> None:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with suppress(FileNotFoundError):
        Path(path).unlink()
    listener.bind(path)
    listener.listen(256)
    config = server_config(app, timeout_graceful_shutdown=5)
    asyncio.run(Server(config, ready).serve(sockets=[listener]))


def _run_fork_server(control: socket.socket, home: Path, bord: Schakelbord) -> None:
    """Fork a child per order until the storm goes away; children that end are reaped by the kernel."""
    url = [""]
    app = build_app(home, bord, url)
    warm_up(app)
    log = (home / "api.log").open("a", encoding="utf-8", buffering=1)
    configure_logging(log)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    orders = control.makefile("r")
    for line in orders:
        order = json.loads(line)
        ready, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(ready)
            orders.close()
            control.close()
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            url[0] = order["url"]
            status = 1
            try:
                plant_in_api(order["mutatie"])
                put_points(bord)
                put_rounds(bord)
                _serve(app, order["path"], told)
                status = 0
            except BaseException:  # noqa: BLE001  # the child ends here, whatever it was
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(status)
        os.close(told)
        serves = os.read(ready, 1) == b"1"
        os.close(ready)
        control.sendall(json.dumps({"pid": pid if serves else 0}).encode() + b"\n")


class Dienst:
    """The API of one storm: start it, kill it, start it again. Make it before any event loop runs."""

    def __init__(self, home: Path, bord: Schakelbord) -> None:
        self.path = str(home / "api.sock")
        self._pid = 0
        self._control, theirs = socket.socketpair()
        self._fork_server = os.fork()
        if self._fork_server == 0:
            status = 1
            try:
                self._control.close()
                _run_fork_server(theirs, home, bord)
                status = 0
            except BaseException:  # noqa: BLE001  # as above
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(status)
        theirs.close()
        self._answers = self._control.makefile("r")

    def start(self, url: str, mutatie: str | None = None) -> None:
        """Serve the ledger at `url` (role app), with a planted bug if so named."""
        order = {"url": url, "path": self.path, "mutatie": mutatie}
        self._control.sendall(json.dumps(order).encode() + b"\n")
        self._pid = json.loads(self._answers.readline())["pid"]
        if not self._pid:
            raise RuntimeError("the API did not start: see api.log")

    def alive(self) -> bool:
        """Whether it still runs."""
        return bool(self._pid) and Path(f"/proc/{self._pid}").exists()

    def kill(self) -> None:
        """`kill -9`; returns when it is gone."""
        if self._pid:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            wait_until_gone(self._pid)
            self._pid = 0

    def close(self) -> None:
        """End the API and the fork server."""
        self.kill()
        self._answers.close()
        self._control.close()
        os.waitpid(self._fork_server, 0)
