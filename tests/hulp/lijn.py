"""A line between a device and the server that a test can cut where it hurts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

Snede = Literal["before", "after", "half"]
"""Before a push reaches the server; after the server answered it; halfway the answer to a pull."""

SUBSTANTIAL = 1000
"""Bytes of an answer that holds documents."""


class Lijn:
    """Passes bytes on in both directions until it is told not to: `cut` snaps it once, `hang_up` takes it away."""

    def __init__(self, adres: str) -> None:
        self.adres = ""
        self.lead_to(adres)
        self.cut: Snede | None = None
        self.cuts = 0
        self.hang_up_after_push = False
        self.silent = ""
        """Of what is asked for here nothing comes through any more, and nobody hangs up."""
        self.down = asyncio.Event()
        self.answered: set[str] = set()
        self._open: set[asyncio.StreamWriter] = set()

    def lead_to(self, adres: str) -> None:
        """Where connections that are made from now on end, and there is a network again."""
        self.there = adres.removeprefix("http://")
        self.up = True

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, _, port = self.there.partition(":")
        if host == "unix":
            return await asyncio.open_unix_connection(port)
        return await asyncio.open_connection(host, int(port))

    def hang_up(self) -> None:
        """No network from now on, also for what is under way."""
        self.up = False
        self.down.set()
        for writer in self._open:
            writer.close()

    async def asked_for(self, pad: str) -> None:
        """Wait until a request for `pad` has been answered with something."""
        async with asyncio.timeout(20):
            while pad not in self.answered:  # noqa: ASYNC110  # a test, and rare
                await asyncio.sleep(0.05)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a device."""
        if not self.up:
            writer.close()
            return
        try:
            there_reader, there_writer = await self._reach()
        except OSError:  # nobody serves there now
            writer.close()
            return
        ends = {writer, there_writer}
        self._open |= ends
        asked: list[bytes] = [b""]
        try:
            await asyncio.gather(self._send(reader, there_writer, asked), self._answer(there_reader, writer, asked))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # somebody hung up: that is what this is for
        finally:
            for end in ends:
                end.close()
            self._open -= ends

    async def _send(self, reader: asyncio.StreamReader, there: asyncio.StreamWriter, asked: list[bytes]) -> None:
        while data := await reader.read(65536):
            if data.startswith((b"GET ", b"POST ")):
                asked[0] = data.split(b" HTTP/")[0]
            if self.cut == "before" and b"/push" in asked[0]:
                self._snap()
            there.write(data)
            await there.drain()
        raise ConnectionResetError

    async def _answer(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: list[bytes]) -> None:
        while data := await there.read(65536):
            if self.silent and self.silent in asked[0].decode():
                continue
            self.answered.add(asked[0].decode().partition("/v1")[2].partition("?")[0])
            if self.cut == "after" and b"/push" in asked[0]:
                self._snap()
            fetches = b"/pull" in asked[0] or b"/snapshot" in asked[0]
            if self.cut == "half" and fetches and len(data) > SUBSTANTIAL:
                writer.write(data[: len(data) // 2])
                await writer.drain()
                self._snap()
            writer.write(data)
            await writer.drain()
            if self.hang_up_after_push and b"/push" in asked[0]:
                self.hang_up_after_push = False
                self.hang_up()
        raise ConnectionResetError

    def _snap(self) -> None:
        self.cut = None
        self.cuts += 1
        raise ConnectionResetError


@asynccontextmanager
async def line_to(adres: str) -> AsyncIterator[Lijn]:
    """A line to `adres`, on an address of its own."""
    lijn = Lijn(adres)
    server = await asyncio.start_server(lijn.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    lijn.adres = f"http://{host}:{port}"
    try:
        yield lijn
    finally:
        lijn.hang_up()
        server.close()
        await server.wait_closed()
