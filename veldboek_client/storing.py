"""Faults of a network, to order: the tests and the demo show that they lose nothing and double nothing."""

from collections import Counter

import httpx


class Storing(httpx.AsyncBaseTransport):
    """A transport that passes everything on, except where a fault was ordered for a path, so many times."""

    def __init__(self, below: httpx.AsyncBaseTransport | None = None) -> None:
        self._below = below or httpx.AsyncHTTPTransport()
        self._cut: Counter[str] = Counter()
        self._twice: Counter[str] = Counter()

    def cut_after_commit(self, pad: str, times: int = 1) -> None:
        """The request arrives whole and is carried out; its answer never comes."""
        self._cut[pad] += times

    def send_twice(self, pad: str, times: int = 1) -> None:
        """The request arrives two times; the answer is that to the second."""
        self._twice[pad] += times

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass on, with the fault that was ordered."""
        pad = request.url.path
        response = await self._below.handle_async_request(request)
        if self._twice[pad] > 0:
            self._twice[pad] -= 1
            await _read_whole(response)
            response = await self._below.handle_async_request(request)
        if self._cut[pad] > 0:
            self._cut[pad] -= 1
            await _read_whole(response)
            raise httpx.ReadError("the connection was cut after the request had arrived", request=request)
        return response

    async def aclose(self) -> None:
        """Close what lies below."""
        await self._below.aclose()


async def _read_whole(response: httpx.Response) -> None:
    """The server is done only when its answer has been read."""
    await response.aread()
    await response.aclose()
