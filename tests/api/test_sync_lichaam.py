"""The body as a whole: only here does push answer with an HTTP problem, and then nothing was processed."""

import asyncio
import gzip
import json
from collections.abc import Callable

import pytest

from tests.hulp.sync_proef import head, melding, raw_batch, send
from tests.hulp.wereld import Wereld

SENT = '"verzondenOp": "2026-08-19T23:10:00Z"'
OTHER = {
    "no JSON": b"{",
    "a list": b"[]",
    "nothing": b"",
    "no ops": f'{{"batchId": "x", {SENT}}}'.encode(),
    "ops that are no list": f'{{"batchId": "x", {SENT}, "ops": {{}}}}'.encode(),
    "no batchId": f'{{{SENT}, "ops": []}}'.encode(),
    "no verzondenOp": b'{"batchId": "x", "ops": []}',
    "no time zone": b'{"batchId": "x", "verzondenOp": "2026-08-19T23:10:00", "ops": []}',
    "ops twice": f'{{"batchId": "x", {SENT}, "ops": [], "ops": []}}'.encode(),
    "another encoding": f'{{"batchId": "x", {SENT}, "ops": []}}'.encode("utf-16"),
}


@pytest.mark.parametrize("body", OTHER.values(), ids=OTHER)
async def test_a_body_that_is_no_batch_is_400(wereld: Wereld, body: bytes) -> None:
    answer = await send(wereld, "boa-1", body)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problemen/ongeldig-verzoek")


def good(wereld: Wereld, count: int = 1) -> bytes:
    return raw_batch(*(json.dumps(melding(wereld, "boa-1")) for _ in range(count)))


async def test_an_empty_batch_is_fine(wereld: Wereld) -> None:
    answer = await send(wereld, "boa-1", raw_batch())
    assert (answer.status_code, answer.json()["resultaten"]) == (200, [])
    assert answer.json()["head"] == await head(wereld)


async def test_a_gzipped_batch_is_read(wereld: Wereld) -> None:
    answer = await send(wereld, "boa-1", gzip.compress(good(wereld)), Content_Encoding="gzip")
    assert answer.json()["resultaten"][0]["status"] == "accepted"


Spoil = Callable[[bytes], tuple[bytes, dict[str, str]]]
REFUSED: dict[str, tuple[Spoil, int, str]] = {
    "gzip cut off": (lambda b: (gzip.compress(b)[:-9], {"Content_Encoding": "gzip"}), 400, "ongeldig-verzoek"),
    "no gzip": (lambda b: (b, {"Content_Encoding": "gzip"}), 400, "ongeldig-verzoek"),
    "cut off": (lambda b: (b[:-1], {}), 400, "ongeldig-verzoek"),
    "text": (lambda b: (b, {"Content_Type": "text/plain"}), 415, "onbekend-mediatype"),
    "another coding": (lambda b: (b, {"Content_Encoding": "br"}), 415, "onbekend-mediatype"),
    "3 MB": (lambda b: (b + b" " * 3_000_000, {}), 413, "te-groot"),
    "3 MB in a gzip": (
        lambda b: (gzip.compress(b + b" " * 3_000_000), {"Content_Encoding": "gzip"}),
        413,
        "te-groot",
    ),
}


@pytest.mark.parametrize(("spoil", "status", "slug"), REFUSED.values(), ids=REFUSED)
async def test_a_refused_body_leaves_nothing_behind(wereld: Wereld, spoil: Spoil, status: int, slug: str) -> None:
    before, sound = await head(wereld), good(wereld)
    body, headers = spoil(sound)
    answer = await send(wereld, "boa-1", body, **headers)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problemen/{slug}")
    if status == 413:
        assert answer.json()["limits"]["maxBytes"] == 2_097_152
    assert await head(wereld) == before
    assert (await send(wereld, "boa-1", sound)).json()["resultaten"][0]["status"] == "accepted"


async def test_a_hundred_and_one_operations_are_too_many(wereld: Wereld) -> None:
    before = await head(wereld)
    answer = await send(wereld, "boa-1", good(wereld, 101))
    assert (answer.status_code, answer.json()["type"]) == (413, "/problemen/te-groot")
    assert answer.json()["limits"]["maxOps"] == 100
    assert await head(wereld) == before


async def test_batches_of_one_device_wait_for_each_other(wereld: Wereld) -> None:
    before = await head(wereld)
    answers = await asyncio.gather(*(send(wereld, "boa-1", good(wereld, 5)) for _ in range(4)))
    positions = [result["pos"] for answer in answers for result in answer.json()["resultaten"]]
    assert sorted(positions) == list(range(before + 1, before + 21))
    assert max(answer.json()["deviceAck"]["contiguousThrough"] for answer in answers) == 20


async def test_push_needs_a_device(wereld: Wereld) -> None:
    headers = wereld.headers("boa-1", toestel=False) | {"Content-Type": "application/json"}
    answer = await wereld.http.post("/sync/push", content=good(wereld), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problemen/geen-recht")
