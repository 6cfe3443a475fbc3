"""A server that answers as it is told, and a device in front of it: what is hard to provoke from a real one."""

import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

import httpx
import pytest

from veldboek_client.storing import Storing
from veldboek_client.toestel import Toestel
from veldboek_client.verbinding import Inlog, Verbinding

NU = datetime(2026, 8, 19, 21, 10, tzinfo=UTC)
ARRIVED = frozenset({"accepted", "duplicate", "conflict", "quarantined", "rejected"})


def problem(status, slug, **headers):
    return httpx.Response(status, json={"type": f"/problemen/{slug}", "detail": "…"}, headers=headers)


def result(op_id, status="accepted", *, code=None, eerste=None, wissen=False):
    pos = 7 if status == "accepted" else None
    return {"opId": op_id, "status": status, "code": code, "pos": pos, "eerste": eerste, "wissen": wissen}


def page(*changes, cursor="c1", meer=False):
    return {"wijzigingen": list(changes), "cursor": cursor, "meer": meer}


def as_lines(page):
    end = {"collectie": "einde", "cursor": page["cursor"], "compleet": not page["meer"]}
    lines = [json.dumps(line) for line in (*page["wijzigingen"], end)]
    return httpx.Response(200, text="\n".join(lines) + "\n", headers={"Content-Type": "application/x-ndjson"})


class Server:
    """Answers as it is told; knows every op id it accepted, as the real one does."""

    def __init__(self):
        self.epoch, self.limits = "e1", {"maxOps": 100, "maxBytes": 2_097_152}
        self.tokens, self.token_answers = Counter(), []
        self.answers = {"handshake": [], "push": [], "pull": []}
        self.verdicts, self.batches, self.cursors, self.known, self.arrived = {}, [], [], set(), set()

    async def __call__(self, request):
        part = request.url.path.rpartition("/")[2]
        if part == "snapshot":
            answer = await self.answer(request, "pull")
            return as_lines(answer.json()) if answer.is_success else answer
        return await self.answer(request, part)

    async def answer(self, request, part):
        if part == "token":
            form = dict(httpx.QueryParams(request.content.decode()))
            self.tokens[form["grant_type"]] += 1
            if self.token_answers:
                return self.token_answers.pop(0)
            return httpx.Response(200, json={"access_token": "a", "refresh_token": "r"})
        if self.answers[part]:
            answer = self.answers[part].pop(0)
            if isinstance(answer, httpx.Response):
                return answer
            if part == "pull":
                self.cursors.append(request.url.params.get("cursor"))
            return httpx.Response(200, json=answer)
        return getattr(self, part)(request)

    def handshake(self, _request):
        told = {"limits": self.limits, "epoch": self.epoch, "orders": [], "opdrachtsleutel": {}, "origin": "o"}
        through = next(n for n in count() if n + 1 not in self.arrived)
        missing = [n for n in range(through + 1, max(self.arrived, default=0)) if n not in self.arrived]
        return httpx.Response(200, json=told | {"deviceAck": {"contiguousThrough": through, "missing": missing}})

    def push(self, request):
        assert request.headers["content-encoding"] == "gzip"
        ops = json.loads(gzip.decompress(request.content))["ops"]
        self.batches.append([op["deviceSeq"] for op in ops])
        results = [self.judge(op) for op in ops]
        self.arrived |= {op["deviceSeq"] for op, r in zip(ops, results, strict=True) if r["status"] in ARRIVED}
        return httpx.Response(200, json={"resultaten": results})

    def judge(self, op):
        if op["opId"] in self.known:
            return result(op["opId"], "duplicate", eerste=result(op["opId"]))
        if verdict := self.verdicts.pop(op["deviceSeq"], None):
            return result(op["opId"], *verdict[:1], code=verdict[1])
        self.known.add(op["opId"])
        return result(op["opId"], wissen=op["soort"].startswith("mensenhandelsignaal"))

    def pull(self, request):
        self.cursors.append(request.url.params.get("cursor"))
        return httpx.Response(200, json=page())


class Proef:
    def __init__(self):
        self.server, self.waited = Server(), []
        self.storing = Storing(httpx.MockTransport(self.server))

        async def sleep(seconds):
            self.waited.append(seconds)

        inlog = Inlog("boa-1", "wachtwoord", uuid4())
        self.verbinding = Verbinding("http://veldboek", inlog, transport=self.storing, slaap=sleep)
        self.toestel = Toestel(self.verbinding, klok=lambda: NU)

    def record(self, count=1, soort="persoon.aangetroffen", **inhoud):
        for _ in range(count):
            self.toestel.record(soort, {"controle": uuid4()}, {"rol": "klant", **inhoud}, waargenomen_op=NU)

    @property
    def outcomes(self):
        return [(u.staat, u.status, u.code) for u in self.toestel.opslag.outcomes()]


@pytest.fixture
async def proef():
    made = Proef()
    async with made.verbinding:
        yield made
    made.toestel.opslag.close()
