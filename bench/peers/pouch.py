"""express-pouchdb on LevelDB, in its best case: no sign-in, a database for each connection."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bench.peers.line import Answer, encode
from bench.peers.systems import (
    BENCH,
    CONNECTIONS,
    OURS,
    Documents,
    Op,
    Outcome,
    Page,
    Peer,
    chunks,
    run,
    send_all,
    tree_bytes,
    until_good,
)


@dataclass
class Pouch(Peer):
    """express-pouchdb with LevelDB on disk: one process, since LevelDB takes no second."""

    home: Path

    name = "express-pouchdb 4.2"
    durability = "LevelDB on disk, no fsync per write: a power cut may lose the last acknowledged seconds"
    fastest = 25_000

    async def start(self) -> None:
        """An empty directory, and a database for each connection, one for all, one to read."""
        self.data = self.home / "pouch"
        self.data.mkdir()
        await self.revive()
        names = ["samen", "alle", *(f"c{number}" for number in range(CONNECTIONS))]
        await send_all(self, [encode("PUT", f"/{name}") for name in names])

    async def revive(self) -> None:
        """Start the server."""
        node = shutil.which("node")
        if node is None:
            raise RuntimeError("node is not installed: express-pouchdb needs Node 20 or newer")
        modules = str(BENCH / "pouch/node_modules")
        self.process = run(
            [node, OURS / "pouch.cjs", str(self.own_port), self.data], self.home / "pouch.log", NODE_PATH=modules
        )
        await until_good(self, encode("GET", "/"))

    async def load(self, docs: Documents) -> None:
        """Through its API."""
        await send_all(self, [self.put("alle", part) for part in chunks(docs, 100)])

    def create(self, number: int, ops: Sequence[Op], *, shared: bool = False) -> bytes:
        """PUT, or one `_bulk_docs`; a database for each connection unless shared."""
        return self.put("samen" if shared else f"c{number}", [(op["opId"], op) for op in ops])

    def put(self, database: str, records: Sequence[tuple[str, Any]]) -> bytes:
        """The request that stores `records`."""
        if len(records) == 1:
            return encode("PUT", f"/{database}/{records[0][0]}", orjson.dumps(records[0][1]))
        docs = [{"_id": ident, **data} for ident, data in records]
        return encode("POST", f"/{database}/_bulk_docs", orjson.dumps({"docs": docs}))

    def outcome(self, ops: Sequence[Op], answer: Answer) -> Outcome:
        """Each document by itself."""
        results = [answer.json()] if len(ops) == 1 else answer.json()
        good = [(result["id"], 0) for result in results if result.get("ok")]
        return Outcome(good, len(ops) - len(good))

    def poll(self, cursor: str, *, loaded: bool = False) -> bytes:
        """`_changes`, with the documents."""
        since = f"since={cursor or 0}&include_docs=true&limit=1000"
        return encode("GET", f"/{'alle' if loaded else 'samen'}/_changes?{since}")

    def page(self, answer: Answer) -> Page:
        """The next cursor is `last_seq`."""
        found = answer.json()
        return Page({row["id"]: 0 for row in found["results"]}, str(found["last_seq"]), len(found["results"]) == 1000)  # noqa: PLR2004

    def read_back(self, number: int, ident: str) -> bytes:
        """One document of a connection."""
        return encode("GET", f"/c{number}/{ident}")

    def read_one(self, ident: str) -> bytes:
        """One document."""
        return encode("GET", f"/alle/{ident}")

    def read_list(self) -> bytes:
        """A page in the order of ids."""
        return encode("GET", "/alle/_all_docs?include_docs=true&limit=100")

    async def size(self) -> int:
        """Of its directory."""
        return tree_bytes(self.data)
