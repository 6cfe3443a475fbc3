"""Veldboek as the systems are asked: everything on, as in production."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import orjson

from bench.opstelling import Mens, Opstelling
from bench.peers.line import Answer, encode
from bench.peers.systems import Documents, Op, Outcome, Page, System, database_bytes, until_good


def key_of(change: dict[str, Any]) -> str:
    """A controle and its attendering have one id: documents are told apart by their collection too."""
    return f"{change['collectie']}-{change['id']}"


def touched(op: Op) -> str:
    """The document that an operation changes."""
    onderwerp = op["onderwerp"]
    return f"controles-{onderwerp['controle']}" if "controle" in onderwerp else f"locaties-{onderwerp['locatie']}"


def acknowledged(ops: Sequence[Op], answer: Answer) -> list[tuple[Op, int]]:
    """The operations that the server vouched for, and where they stand; none in an answer that refuses all."""
    if answer.status != 200:  # noqa: PLR2004
        return []
    results = zip(ops, answer.json()["resultaten"], strict=True)
    return [(op, result["pos"]) for op, result in results if result["status"] == "accepted"]


def count_missing(ops: Sequence[Op], answer: Answer) -> int:
    """Of operations that were acknowledged and sent once more, how many the ledger did not have: no duplicate.

    Raises RuntimeError when they were not judged.
    """
    if answer.status != 200:  # noqa: PLR2004
        raise RuntimeError(f"what was acknowledged could not be offered again: {answer.status}")
    results = answer.json()["resultaten"]
    if len(results) != len(ops):
        raise RuntimeError("not every operation has an outcome")
    return sum(result["status"] != "duplicate" for result in results)


@dataclass
class Veldboek(System):
    """Two API workers; each connection is a device of its own boa, the poller a regisseur over all of them."""

    o: Opstelling
    authorization: dict[UUID, str] = field(default_factory=dict)

    name = "Veldboek"
    durability = "PostgreSQL, fsync on: durable before the answer; signed in, validated, judged, folded, chained"
    fastest = 8_000

    async def start(self) -> None:
        """`opstelling` did."""

    def stop(self) -> None:
        """`opstelling` does."""

    def kill(self) -> None:
        """The workers."""
        self.o.kill()

    async def revive(self) -> None:
        """The workers; the database is up again."""
        self.o.launch()
        await until_good(self, self.poll(""))

    def port(self, number: int) -> int:
        """The workers in turn."""
        return self.o.ports[number % len(self.o.ports)]

    def token(self, mens: Mens) -> str:
        """Signing in is not what is measured; a token is good for minutes, so it is made once for a round."""
        return self.authorization.setdefault(mens.functionaris, self.o.headers(mens)["Authorization"])

    def forget_tokens(self) -> None:
        """Before a round: fresh tokens."""
        self.authorization.clear()

    def create(self, number: int, ops: Sequence[Op], *, shared: bool = False) -> bytes:
        """A push, packed as the client packs it."""
        body = orjson.dumps({"batchId": "bench", "verzondenOp": datetime.now(UTC).isoformat(), "ops": list(ops)})
        packed = gzip.compress(body, mtime=0)
        token = self.token(self.o.mensen[number])
        return encode("POST", "/v1/sync/push", packed, Authorization=token, Content_Encoding="gzip")

    def outcome(self, ops: Sequence[Op], answer: Answer) -> Outcome:
        """Each operation by itself; what it changed is the locatie or the controle it is about."""
        good = [(touched(op), pos) for op, pos in acknowledged(ops, answer)]
        return Outcome(good, len(ops) - len(good))

    async def load(self, docs: Documents) -> None:
        """They are its own."""

    def poll(self, cursor: str, *, loaded: bool = False) -> bytes:
        """A pull of all that the regisseur may see."""
        path = "/v1/sync/pull?limit=1000" + (f"&cursor={quote(cursor)}" if cursor else "")
        return encode("GET", path, Authorization=self.token(self.o.regisseur))

    def page(self, answer: Answer) -> Page:
        """The newest revision of each document."""
        found: dict[str, Any] = answer.json()
        return Page({key_of(each): each["rev"] for each in found["wijzigingen"]}, found["cursor"], found["meer"])

    def read_one(self, ident: str) -> bytes:
        """One control, as the regisseur sees it."""
        path = f"/v1/controles/{ident.removeprefix('controles-')}"
        return encode("GET", path, Authorization=self.token(self.o.regisseur))

    def read_list(self) -> bytes:
        """A page of controls."""
        return encode("GET", "/v1/controles?limit=100", Authorization=self.token(self.o.regisseur))

    async def size(self) -> int:
        """Of the database, ledger and read models and indexes."""
        return await database_bytes(self.o.server.beheer_url)
