"""The numbers for Prometheus on a port of their own, on this machine only."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
import uvicorn
from starlette.types import Receive, Scope, Send

from app.database import create_engine, create_sessionmaker, snapshot
from app.services.beheer.metingen import CONTENT_TYPE, read_metingen

PAD: Final = "/metrics"

log = structlog.get_logger("veldboek.meter")


class _Server(uvicorn.Server):
    """Leaves the signals to the service beside which it runs."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle none."""
        yield


async def serve_metingen(app_url: str, listener: socket.socket) -> None:
    """Answer `GET /metrics` on `listener` until cancelled; one question at a time, one connection to the database."""
    engine = create_engine(app_url, pool_size=1)
    sessionmaker, asking = create_sessionmaker(engine), asyncio.Lock()

    async def answer(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        status, body = 404, f"Alleen {PAD}.\n"
        if scope["method"] == "GET" and scope["path"] == PAD:
            try:
                async with asking, snapshot(sessionmaker) as session:
                    status, body = 200, await read_metingen(session)
            except Exception as error:  # noqa: BLE001  # whatever it is, there are no numbers
                log.warning("unmeasured", exception=type(error).__qualname__)
                status, body = 503, "De database antwoordt niet.\n"
        headers = [(b"content-type", CONTENT_TYPE.encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body.encode()})

    config = uvicorn.Config(
        answer, log_config=None, access_log=False, server_header=False, lifespan="off", timeout_graceful_shutdown=1
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving
        await engine.dispose()
