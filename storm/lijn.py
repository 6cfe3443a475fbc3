"""The line between one device and the API, with faults to order. What goes over it is written in the journal."""

import asyncio
import gzip
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from storm.journaal import Journaal
from storm.schakelbord import Schakelbord

PUSH, PULL, HANDSHAKE, SNAPSHOT = "/v1/sync/push", "/v1/sync/pull", "/v1/sync/handshake", "/v1/sync/snapshot"
UPLOAD = "/v1/bijlagen/uploads"
"""Every request of a file, wherever it is taken in."""
PORTAAL = b"<html><body>Welkom op de wifi. Accepteer de voorwaarden.</body></html>"


NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""A socket in the file system needs none; making one per line takes longer than all that goes over it."""


def new_line(pad: str) -> httpx.AsyncHTTPTransport:
    """A transport to the API's socket."""
    return httpx.AsyncHTTPTransport(uds=pad, verify=NO_TLS)


class Lijn(httpx.AsyncBaseTransport):
    """A transport to the API's socket. `order` arms one fault for the next request to a path."""

    def __init__(self, pad: str, naam: str, toestel: str, journaal: Journaal, bord: Schakelbord) -> None:
        self.pad, self.naam, self.toestel, self.journaal, self.bord = pad, naam, toestel, journaal, bord
        self.onder = new_line(pad)
        self._besteld: dict[str, str] = {}
        self.nakomers: list[httpx.Request] = []
        self.bladzijde: int | None = None
        self.tussendoor: Callable[[], Awaitable[None]] | None = None
        self.afluisteren: Callable[[httpx.Request], None] | None = None

    def order(self, pad: str, storing: str) -> None:
        """The next request to `pad` meets the fault."""
        self._besteld[pad] = storing

    def clear(self) -> None:
        """Whatever was ordered and did not happen, does not any more."""
        self._besteld.clear()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass on, with what was ordered."""
        pad = UPLOAD if request.url.path.startswith(UPLOAD) else request.url.path
        storing = self._besteld.pop(pad, None)
        self.note_sent(request)
        if pad == PULL and self.bladzijde is not None:
            request = again(request)
            request.url = request.url.copy_merge_params({"limit": self.bladzijde})
        if self.afluisteren is not None:
            self.afluisteren(request)
        if storing == "antwoord_afgekapt":
            self.journaal.note(storing)
            return await half_an_answer(self, request)
        if storing is None:
            response = await self.onder.handle_async_request(request)
        else:
            self.journaal.note(storing)
            response = await STORINGEN[storing](self, request)
        await response.aread()
        if pad == PUSH and response.status_code == httpx.codes.OK and storing != "captive_portal":
            self.journaal.hear(self.naam, self.toestel, response.json())
            if self.tussendoor is not None:
                meanwhile, self.tussendoor = self.tussendoor, None
                await meanwhile()
        if pad == PULL and response.status_code == httpx.codes.OK and storing != "captive_portal":
            self._look_at(response.json())
        return response

    async def aclose(self) -> None:
        """Close what lies below."""
        await self.onder.aclose()

    def _look_at(self, page: Any) -> None:
        """What is taken away travels without content, and no document twice."""
        for change in page["wijzigingen"]:
            if change["op"] == "revoke" and change.keys() != {"pos", "collectie", "id", "op"}:
                self.journaal.find(f"{self.naam}: gelekt: a revoke of {change['collectie']} carries {sorted(change)}")

    def note_sent(self, request: httpx.Request) -> None:
        """A push leaves, or a copy of one: to the server each is a try."""
        if request.url.path == PUSH and (batch := read_batch(request)):
            self.journaal.send(
                self.toestel, batch["ops"], datetime.fromisoformat(batch["verzondenOp"]), self.bord.now()
            )


def read_batch(request: httpx.Request) -> Any:
    """The batch in a push, None when it is none; what Python's parser takes and JCS does not is in it too."""
    try:
        batch = json.loads(gzip.decompress(request.content))
        datetime.fromisoformat(batch["verzondenOp"])
    except (ValueError, TypeError, KeyError):
        return None
    return batch


def again(request: httpx.Request, content: bytes | None = None) -> httpx.Request:
    """A fresh copy of a request, perhaps with another body."""
    headers = {k: v for k, v in request.headers.items() if k not in {"content-length", "host"}}
    body = request.content if content is None else content
    return httpx.Request(request.method, request.url, headers=headers, content=body)


async def finish(lijn: Lijn, request: httpx.Request) -> httpx.Response:
    """Send, and take the answer in whole."""
    response = await lijn.onder.handle_async_request(request)
    await response.aread()
    await response.aclose()
    return response


async def before_commit(_lijn: Lijn, request: httpx.Request) -> httpx.Response:
    """The request never arrives."""
    raise httpx.ConnectError("cut before it left", request=request)


async def after_commit(lijn: Lijn, request: httpx.Request) -> httpx.Response:
    """It is carried out, and the answer never comes."""
    await finish(lijn, request)
    raise httpx.ReadError("cut after it arrived", request=request)


async def mid_body(lijn: Lijn, request: httpx.Request) -> httpx.Response:
    """Half of the body arrives, then the connection is gone."""
    reader, writer = await asyncio.open_unix_connection(lijn.pad)
    lines = [f"{request.method} {request.url.raw_path.decode()} HTTP/1.1"]
    lines += [f"{k.decode()}: {v.decode()}" for k, v in request.headers.raw]
    writer.write("\r\n".join([*lines, "", ""]).encode() + request.content[: len(request.content) // 2])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    del reader
    raise httpx.WriteError("cut in the middle of the body", request=request)


async def short_gzip(lijn: Lijn, request: httpx.Request) -> httpx.Response:
    """A proxy cuts the gzip short, and says that it is whole: 400, and nothing is stored."""
    response = await finish(lijn, again(request, request.content[: len(request.content) * 2 // 3]))
    if response.status_code != httpx.codes.BAD_REQUEST:
        lijn.journaal.find(f"{lijn.naam}: a gzip that was cut short got {response.status_code}")
    raise httpx.ReadError("the proxy gave up", request=request)


async def twice(lijn: Lijn, request: httpx.Request) -> httpx.Response:
    """It arrives two times, one after the other; the answer is that to the second."""
    lijn.note_sent(request)
    await finish(lijn, request)
    return await finish(lijn, again(request))


async def at_once(lijn: Lijn, request: httpx.Request) -> httpx.Response:
    """It arrives two times at the same moment, on two connections: no 5xx, no double entry."""
    lijn.note_sent(request)
    async with new_line(lijn.pad) as other:
        first, second = await asyncio.gather(finish(lijn, request), _finish_on(other, again(request)))
    for response in (first, second):
        if (
            response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
            and response.status_code != httpx.codes.SERVICE_UNAVAILABLE
        ):
            lijn.journaal.find(f"{lijn.naam}: twice at the same moment got {response.status_code}")
    return first


async def _finish_on(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
    response = await transport.handle_async_request(request)
    await response.aread()
    return response


async def late(lijn: Lijn, request: httpx.Request) -> httpx.Response:
    """It hangs in a queue on the way, and arrives after later ones (`deliver_late`)."""
    lijn.nakomers.append(again(request))
    raise httpx.ReadTimeout("no answer", request=request)


async def portal(_lijn: Lijn, request: httpx.Request) -> httpx.Response:
    """A captive portal says 200 to everything."""
    return httpx.Response(200, headers={"Content-Type": "text/html"}, content=PORTAAL, request=request)


async def expire(lijn: Lijn, request: httpx.Request) -> httpx.Response:
    """The token expires just before this request."""
    lijn.bord.set_clock(lijn.bord.now() + timedelta(seconds=301))
    return await lijn.onder.handle_async_request(request)


class Half(httpx.AsyncByteStream):
    """The first half of an answer, and then nothing."""

    def __init__(self, content: bytes) -> None:
        self._content = content[: len(content) // 2]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        raise httpx.ReadError("cut in the middle of the answer")


async def half_an_answer(lijn: Lijn, request: httpx.Request) -> httpx.Response:
    """The answer is cut; what came of it may be used."""
    response = await finish(lijn, request)
    kept = {k: v for k, v in response.headers.items() if k not in {"content-length", "content-encoding"}}
    return httpx.Response(response.status_code, headers=kept, stream=Half(response.content), request=request)


STORINGEN: dict[str, Callable[[Lijn, httpx.Request], Awaitable[httpx.Response]]] = {
    "verbroken_voor_ontvangst": before_commit,
    "verbroken_na_commit": after_commit,
    "verbroken_halverwege": mid_body,
    "gzip_afgekapt": short_gzip,
    "dubbel_na_elkaar": twice,
    "dubbel_tegelijk": at_once,
    "verlaat_verzoek": late,
    "captive_portal": portal,
    "token_verlopen": expire,
}
"""Faults of the line, by their name in the registry."""


async def deliver_late(lijn: Lijn) -> None:
    """What hung on the way arrives after all, whatever has happened since; nobody waits for its answer."""
    while lijn.nakomers:
        await finish(lijn, lijn.nakomers.pop(0))
