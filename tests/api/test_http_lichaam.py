"""Bodies: how large, in which coding, of which type; and answers that are large."""

import gzip
import zlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.lichaam import MAX_BYTES
from tests.hulp.http_proef import ALLES, CANARY, JSON, VRIJ, check_problem, client_of, lines, make_app


@pytest.fixture
def app() -> FastAPI:
    return make_app()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


def padded(size: int) -> bytes:
    return b'{"a":"' + b"x" * (size - 8) + b'"}'


async def chunks(content: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def test_a_body_at_the_limit_is_read(client: httpx.AsyncClient) -> None:
    body = padded(MAX_BYTES)
    for content in (body, chunks(body)):
        assert (await client.post(VRIJ, content=content, headers=JSON)).status_code == 200
    zipped = await client.post(VRIJ, content=gzip.compress(body), headers={**JSON, "content-encoding": "gzip"})
    assert zipped.json() == {"lengte": MAX_BYTES + 1}


def check_too_large(response: httpx.Response) -> None:
    problem = check_problem(response, 413, "te-groot")
    assert problem["limits"] == {"maxBytes": 2_097_152, "maxOps": 100}


async def test_a_body_over_the_limit_is_413(client: httpx.AsyncClient) -> None:
    body = padded(MAX_BYTES + 1)
    for content in (body, chunks(body)):
        check_too_large(await client.post(VRIJ, content=content, headers=JSON))


async def test_the_limit_holds_for_every_method(client: httpx.AsyncClient) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        check_too_large(await client.request(method, VRIJ, content=padded(MAX_BYTES + 1)))


async def test_a_promised_length_over_the_limit_is_refused_unread(app: FastAPI) -> None:
    async def receive() -> dict[str, Any]:
        raise AssertionError("the body was read")

    sent = await call(app, receive, [(b"content-type", b"application/json"), (b"content-length", b"9999999")])
    assert sent[0]["status"] == 413


async def test_a_length_that_is_no_number_is_400(app: FastAPI) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}"}

    sent = await call(app, receive, [(b"content-type", b"application/json"), (b"content-length", b"-1")])
    assert sent[0]["status"] == 400


async def test_a_stream_without_end_is_stopped_at_the_limit(app: FastAPI) -> None:
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 65_536
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}

    headers = [(name.encode(), value.encode()) for name, value in JSON.items()]
    sent = await call(app, receive, [*headers, (b"transfer-encoding", b"chunked")])
    assert sent[0]["status"] == 413
    assert read <= MAX_BYTES + 65_536


async def test_a_client_that_leaves_gets_nothing(app: FastAPI, capsys: pytest.CaptureFixture[str]) -> None:
    messages = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    sent = await call(app, receive, [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")])
    assert sent == []
    assert lines(capsys)[-1]["status"] == 499


async def call(
    app: FastAPI, receive: Any, headers: list[tuple[bytes, bytes]], path: str = VRIJ
) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "https",
        "headers": headers,
        "server": ("test", 443),
        "client": ("test", 1),
    }
    await app(scope, receive, send)
    return sent


GZIPPED = {**JSON, "content-encoding": "gzip"}


async def test_a_gzipped_body_is_read(client: httpx.AsyncClient) -> None:
    content = gzip.compress(b'{"naam": "Jan"}')
    for coding in ("gzip", "GZIP", "x-gzip"):
        for body in (content, chunks(content, 3)):
            response = await client.post(ALLES, content=body, headers={**JSON, "content-encoding": coding})
            assert response.json() == {"naam": "Jan"}
    response = await client.post(ALLES, content=b'{"naam": "Jan"}', headers={**JSON, "content-encoding": "identity"})
    assert response.json() == {"naam": "Jan"}


async def test_the_application_sees_the_body_as_if_it_came_plain(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/test/koppen", content=gzip.compress(b"{}"), headers=GZIPPED)
    assert response.json() == [["content-length", "2"], ["content-type", "application/json"]]


async def test_a_gzip_bomb_is_stopped_at_the_limit(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0
    real = zlib.decompressobj

    class Counting:
        def __init__(self, bits: int) -> None:
            self.inner = real(bits)

        def decompress(self, chunk: bytes, room: int) -> bytes:
            nonlocal made
            plain = self.inner.decompress(chunk, room)
            made += len(plain)
            return plain

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

    bomb = gzip.compress(b"0" * 200_000_000)
    assert len(bomb) < MAX_BYTES
    monkeypatch.setattr(zlib, "decompressobj", Counting)
    check_too_large(await client.post(VRIJ, content=bomb, headers=GZIPPED))
    assert made == MAX_BYTES + 1
    check_too_large(await client.post(VRIJ, content=chunks(bomb, 1000), headers=GZIPPED))


@pytest.mark.parametrize(
    "content",
    [
        b"geen gzip",
        gzip.compress(b'{"naam": "Jan"}')[:-4],
        gzip.compress(b'{"naam": "Jan"}') + b"en nog wat",
        gzip.compress(b'{"naam":') + gzip.compress(b'"Jan"}'),
        gzip.compress(b'{"naam": "Jan"}')[:-8] + b"12345678",
    ],
    ids=["plain", "cut off", "trailing", "two members", "wrong checksum"],
)
async def test_bad_gzip_is_400(client: httpx.AsyncClient, content: bytes) -> None:
    for body in (content, chunks(content, 5)):
        check_problem(await client.post(ALLES, content=body, headers=GZIPPED), 400, "ongeldig-verzoek")


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "zstd", CANARY])
async def test_another_coding_is_415(client: httpx.AsyncClient, coding: str) -> None:
    response = await client.post(ALLES, content=b"{}", headers={**JSON, "content-encoding": coding})
    check_problem(response, 415, "onbekend-mediatype")
    assert response.headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
async def test_another_media_type_is_415(client: httpx.AsyncClient, method: str, kind: str) -> None:
    headers = {"content-type": kind} if kind else {}
    response = await client.request(method, ALLES, content=b'{"naam": "Jan"}', headers=headers)
    check_problem(response, 415, "onbekend-mediatype")


async def test_json_may_name_its_charset(client: httpx.AsyncClient) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert (await client.post(ALLES, content=b'{"naam": "Jan"}', headers=headers)).status_code == 200


async def test_the_token_route_takes_a_form_and_no_json(client: httpx.AsyncClient) -> None:
    check_problem(await client.post("/v1/oauth/token", json={}), 415, "onbekend-mediatype")
    assert (await client.post("/v1/oauth/token", data={"grant_type": "x"})).status_code != 415


async def test_a_large_answer_is_gzipped_for_who_takes_it(client: httpx.AsyncClient) -> None:
    zipped = await client.get("/v1/test/groot", headers={"accept-encoding": "gzip"})
    plain = await client.get("/v1/test/groot", headers={"accept-encoding": "identity"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in zipped.headers["vary"]
    assert "content-encoding" not in plain.headers
    assert zipped.json() == plain.json()
    small = await client.get("/v1", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in small.headers
