"""Many at once: whoever comes too much is told when to come back, and nothing is lost (faults 22 and 34)."""

import asyncio
import random
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import uuid4

from httpx import ASGITransport, AsyncClient

from app.middleware import Turnstile
from app.problems import TeVeelVerzoeken
from app.services.sync.pacing import BURST, Pacer
from tests.hulp.sync_proef import head, melding
from tests.hulp.wereld import Wereld

DEVICES = 300
WRITERS = ("boa-1", "boa-2", "pct-1", "wijkagent-1", "regisseur-1", "avim-1")


async def test_a_storm_of_retries_settles_and_everything_arrives_once(wereld: Wereld) -> None:
    """300 batches at the same moment, each sent again until it is answered."""
    before, answers = await head(wereld), Counter[int]()
    rng = random.Random(34)  # noqa: S311  # a schedule, not a secret

    async def device(wie: str) -> None:
        headers = wereld.headers(wie)
        body = {
            "batchId": "x",
            "verzondenOp": "2026-08-19T23:10:00Z",
            "ops": [melding(wereld, wie, deviceSeq=None)],
        }
        while True:
            answer = await wereld.http.post("/sync/push", json=body, headers=headers)
            answers[answer.status_code] += 1
            if answer.status_code == 200:
                assert answer.json()["resultaten"][0]["status"] == "accepted"
                return
            assert int(answer.headers["Retry-After"]) >= 1
            await asyncio.sleep(rng.uniform(0.05, 0.5))  # the advice is in seconds; a test has no such time

    wereld.http.app.state.proces = replace(wereld.http.app.state.proces, pacer=Pacer(10_000))
    await asyncio.gather(*(device(WRITERS[number % len(WRITERS)]) for number in range(DEVICES)))
    assert set(answers) == {200, 503}
    assert answers[200] == DEVICES
    assert await head(wereld) == before + DEVICES


async def test_who_finds_the_queue_full_is_told_at_once_and_who_waits_gets_his_turn() -> None:
    """Broken once: `self.waiting >= self.room` in `Turnstile` (the third waited too)."""
    go, started = asyncio.Event(), list[str]()

    async def slow(_scope: Any, _receive: Any, send: Any) -> None:
        started.append("x")
        await go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    gate = Turnstile(slow, places=1, waiting=1, patience=5)
    async with AsyncClient(transport=ASGITransport(gate), base_url="http://veldboek") as http:
        first = asyncio.create_task(http.get("/v1/ik"))
        second = asyncio.create_task(http.get("/v1/ik"))
        while not (started and gate.waiting):  # noqa: ASYNC110  # it is the gate that is waited for
            await asyncio.sleep(0)
        third = await asyncio.wait_for(http.get("/v1/ik"), 2)
        assert (third.status_code, third.json()["type"]) == (503, "/problemen/tijdelijk-niet-beschikbaar")
        assert int(third.headers["Retry-After"]) > 0
        health = asyncio.create_task(http.get("/v1/gezondheid"))
        while len(started) < 2:  # noqa: ASYNC110  # whether we are well is never queued
            await asyncio.sleep(0)
        go.set()
        assert [(await task).status_code for task in (first, second, health)] == [200, 200, 200]


async def test_a_device_that_asks_too_much_waits_and_others_do_not(wereld: Wereld) -> None:
    """Broken once: `state.pacer.take` in `authenticate`."""
    wereld.http.app.state.proces = replace(wereld.http.app.state.proces, pacer=Pacer(2))
    seen = [(await wereld.get("boa-1", "/aantallen")) for _ in range(2 * BURST + 4)]
    codes = [answer.status_code for answer in seen]
    assert codes[: 2 * BURST] == [200] * (2 * BURST)
    assert 429 in codes
    late = next(answer for answer in seen if answer.status_code == 429)
    assert late.json()["type"] == "/problemen/te-veel-verzoeken"
    assert 1 <= int(late.headers["Retry-After"]) <= 4
    assert (await wereld.get("boa-2", "/aantallen")).status_code == 200


def test_a_bucket_fills_up_again_and_advice_is_spread() -> None:
    now, pacer = [0.0], Pacer(1, clock=lambda: now[0])
    key, told = uuid4(), set[str]()
    for _ in range(BURST):
        pacer.take(key)
    for _ in range(40):
        told.add(refusal(pacer, key))
    assert len(told) > 1
    now[0] += 1
    pacer.take(key)
    assert refusal(pacer, key)


def refusal(pacer: Pacer, key: Any) -> str:
    try:
        pacer.take(key)
    except TeVeelVerzoeken as problem:
        return problem.headers["Retry-After"]
    return ""


async def test_too_large_is_told_with_the_limits_and_halving_ends_well(wereld: Wereld) -> None:
    ops = [melding(wereld, "boa-1") for _ in range(101)]
    body = {"batchId": "x", "verzondenOp": "2026-08-19T23:10:00Z", "ops": ops}
    answer = await wereld.http.post("/sync/push", json=body, headers=wereld.headers("boa-1"))
    assert (answer.status_code, answer.json()["limits"]["maxOps"]) == (413, 100)
    for half in (ops[:50], ops[50:]):
        assert {result["status"] for result in await wereld.push("boa-1", *half)} == {"accepted"}
