"""A plain HTTP/1.1 line: the same cheap client for every system, so that what is measured is the server.

Requests are built as bytes before the clock starts. Bytes are counted as they go over the line, headers included.
"""

import asyncio
import gzip
from dataclasses import dataclass
from typing import Any

import orjson

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, the body as it was on the line."""

    status: int
    headers: dict[str, str]
    body: bytes
    wire: int
    """Bytes of the answer on the line."""

    def json(self) -> Any:
        """The body as JSON, unpacked if need be."""
        return orjson.loads(self.text())

    def text(self) -> bytes:
        """The body, unpacked if need be."""
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body


def encode(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as it goes over the line."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Accept-Encoding: gzip", "Accept: application/json"]
    if body:
        lines += [f"Content-Length: {len(body)}", "Content-Type: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Line:
    """One connection, opened again when the server closed it; `once`: for a server that closes without a word."""

    def __init__(self, port: int, *, once: bool = False) -> None:
        self._port, self._once = port, once
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, request: bytes) -> Answer:
        """One request and its answer. Raises OSError or asyncio.IncompleteReadError when the line breaks."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(HOST, self._port, limit=2**20)
        reader, writer = self._reader, self._writer
        assert reader is not None  # noqa: S101  # set together with the writer
        try:
            writer.write(request)
            await writer.drain()
            answer, keep = await read_answer(reader)
        except BaseException:
            self.close()
            raise
        if self._once or not keep:
            self.close()
        return answer

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def read_answer(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
    """One answer, and whether the connection stays open."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head[:-4].decode("latin-1").split("\r\n")
    version, status, *_ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    keep = headers.get("connection", "").lower() != "close" and version != "HTTP/1.0"
    if status in ("204", "304"):
        body, extra = b"", 0
    elif headers.get("transfer-encoding", "").lower() == "chunked":
        body, extra = await read_chunks(reader)
    elif "content-length" in headers:
        body, extra = await reader.readexactly(int(headers["content-length"])), 0
    else:
        body, extra, keep = await reader.read(), 0, False
    return Answer(int(status), headers, body, len(head) + len(body) + extra), keep


async def read_chunks(reader: asyncio.StreamReader) -> tuple[bytes, int]:
    """A chunked body, and how many bytes the chunking itself took."""
    parts, extra = [], 0
    while True:
        size = await reader.readuntil(b"\r\n")
        extra += len(size) + 2
        length = int(size.split(b";")[0], 16)
        if length:
            parts.append(await reader.readexactly(length))
        await reader.readexactly(2)
        if not length:
            return b"".join(parts), extra
