"""A wire to a server with faults to order: cut after so many bytes, gone silent, or a bit turned over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

STUK = 16_384


@dataclass
class Wire:
    """`adres` to connect to, and what happens on the way to the server. Each order holds for one connection."""

    adres: str = ""
    verstuurd: int = 0
    """Bytes that went to the server, headers and all."""
    knip_na: int | None = None
    """Both ends of the connection are torn off once it carried so many bytes."""
    zwijg_na: int | None = None
    """From then on nothing passes, and both ends believe that the other is still there."""
    draai_bit_na: int | None = None
    verbindingen: list[asyncio.Task[None]] = field(default_factory=list)

    async def carry(self, near: tuple[asyncio.StreamReader, asyncio.StreamWriter], port: int) -> None:
        reader, writer = near
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        silent = asyncio.Event()
        back = asyncio.create_task(_copy(far_reader, writer, silent))
        carried = 0
        try:
            while chunk := await reader.read(STUK):
                carried += len(chunk)
                if self.knip_na is not None and carried > self.knip_na:
                    far_writer.write(chunk[: len(chunk) - (carried - self.knip_na)])
                    await far_writer.drain()
                    self.knip_na = None
                    far_writer.write_eof()  # what was under way still arrives; the sender hears of it later
                    await back
                    return
                if self.zwijg_na is not None and carried > self.zwijg_na:
                    far_writer.write(chunk[: len(chunk) - (carried - self.zwijg_na)])
                    await far_writer.drain()
                    self.zwijg_na = None
                    silent.set()
                    await asyncio.Event().wait()
                if self.draai_bit_na is not None and carried > self.draai_bit_na:
                    chunk, self.draai_bit_na = chunk[:-1] + bytes([chunk[-1] ^ 1]), None
                self.verstuurd += len(chunk)
                far_writer.write(chunk)
                await far_writer.drain()
        finally:
            back.cancel()
            far_writer.close()
            writer.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, silent: asyncio.Event) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(STUK):
            if not silent.is_set():
                writer.write(chunk)
                await writer.drain()
        if not silent.is_set():
            writer.close()


@asynccontextmanager
async def wire_to(adres: str) -> AsyncIterator[Wire]:
    """A wire to the server at `adres`."""
    wire, port = Wire(), urlsplit(adres).port
    assert port is not None

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        wire.verbindingen.append(task)
        with suppress(ConnectionError, asyncio.CancelledError):
            await wire.carry((reader, writer), port)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    wire.adres = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
        for task in wire.verbindingen:
            task.cancel()
        await asyncio.gather(*wire.verbindingen, return_exceptions=True)
        await server.wait_closed()
