"""Kinto on PostgreSQL, in its best case: no sign-in, no history, a collection for each connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
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
    database_bytes,
    run,
    send_all,
    until_good,
)


@dataclass
class Kinto(Peer):
    """Kinto on PostgreSQL, behind waitress (one process, eight threads) or uWSGI (two processes, four threads each)."""

    server: str
    home: Path
    postgres_url: str
    database: str
    secret: str

    durability = "PostgreSQL, fsync on: durable before the answer"
    fastest = 800

    def __post_init__(self) -> None:
        self.name, self.once = f"Kinto 26.5, {self.server}", self.server == "uwsgi"
        self.url = self.postgres_url.rsplit("/", 1)[0] + "/" + self.database
        self.ini, self.log = self.home / f"{self.database}.ini", self.home / f"{self.database}.log"

    async def start(self) -> None:
        """A database, the tables, the server, a bucket."""
        connection = await asyncpg.connect(self.postgres_url)
        await connection.execute(f"CREATE DATABASE {self.database}")
        await connection.close()
        text = (OURS / "kinto.ini").read_text(encoding="utf-8")
        self.ini.write_text(text.replace("DATABASE_URL", self.url).replace("SECRET", self.secret), encoding="utf-8")
        (self.home / "kinto_app.py").write_text(
            "import os\nfrom paste.deploy import loadapp\n"
            "application = loadapp('config:' + os.environ['KINTO_INI'], global_conf={'http_port': '0'})\n",
            encoding="utf-8",
        )
        command = [BENCH / "kinto/bin/kinto", "migrate", "--ini", self.ini]
        if run(command, self.log, PYTHONWARNINGS="ignore").wait(60):
            raise RuntimeError(f"kinto migrate failed: {self.log.read_text(encoding='utf-8')[-500:]}")
        await self.revive()
        everyone = orjson.dumps({"permissions": {"write": ["system.Everyone"]}})
        await send_all(self, [encode("PUT", "/v1/buckets/bench", everyone)])
        names = ["samen", "alle", *(f"c{number}" for number in range(CONNECTIONS))]
        await send_all(self, [encode("PUT", f"/v1/buckets/bench/collections/{name}", b"{}") for name in names])

    async def revive(self) -> None:
        """Start the server alone."""
        binaries = BENCH / "kinto/bin"
        if self.server == "waitress":
            command = [binaries / "kinto", "start", "--ini", self.ini, "--port", str(self.own_port)]
        else:
            command = [
                *(binaries / "uwsgi", "--http-socket", f"127.0.0.1:{self.own_port}"),
                *("--wsgi-file", self.home / "kinto_app.py", "--processes", "2", "--threads", "4"),
                *("--master", "--lazy-apps", "--disable-logging", "--die-on-term", "--buffer-size", "65535"),
            ]
        self.process = run(command, self.log, PYTHONWARNINGS="ignore", KINTO_INI=str(self.ini))
        await until_good(self, encode("GET", "/v1/__heartbeat__"))

    def create(self, number: int, ops: Sequence[Op], *, shared: bool = False) -> bytes:
        """PUT, or one `/batch` of them."""
        where = f"/buckets/bench/collections/{'samen' if shared else f'c{number}'}/records"
        if len(ops) == 1:
            return encode("PUT", f"/v1{where}/{ops[0]['opId']}", orjson.dumps({"data": ops[0]}))
        requests = [{"method": "PUT", "path": f"{where}/{op['opId']}", "body": {"data": op}} for op in ops]
        return encode("POST", "/v1/batch", orjson.dumps({"requests": requests}))

    async def load(self, docs: Documents) -> None:
        """Straight into its table: through its API ten thousand take minutes, and only reading is measured."""
        connection = await asyncpg.connect(self.url)
        await connection.execute(
            "INSERT INTO objects (id, parent_id, resource_name, last_modified, data, deleted)"
            " SELECT id, '/buckets/bench/collections/alle', 'record',"
            " now()::timestamp - interval '1 hour' + nr * interval '1 ms', data::jsonb, false"
            " FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t(id, data, nr)",
            [ident for ident, _ in docs],
            [orjson.dumps(doc).decode() for _, doc in docs],
        )
        await connection.execute("ANALYZE")
        await connection.close()

    def outcome(self, ops: Sequence[Op], answer: Answer) -> Outcome:
        """Each inner status: the outer one is 200 also when some were refused."""
        if len(ops) == 1:
            statuses = [answer.status]
        else:
            whole = answer.status == 200  # noqa: PLR2004
            statuses = [inner["status"] for inner in answer.json()["responses"]] if whole else [503] * len(ops)
        good = [(op["opId"], 0) for op, status in zip(ops, statuses, strict=True) if status == 201]  # noqa: PLR2004
        return Outcome(good, len(ops) - len(good))

    def poll(self, cursor: str, *, loaded: bool = False) -> bytes:
        """`_since` the ETag of the last answer, as its clients do."""
        where = f"/v1/buckets/bench/collections/{'alle' if loaded else 'samen'}/records?_sort=last_modified"
        return encode("GET", where + (f"&_since={cursor}" if cursor else ""))

    def page(self, answer: Answer) -> Page:
        """The next cursor is the ETag."""
        seen = {record["id"]: 0 for record in answer.json()["data"]}
        return Page(seen, "%22" + answer.headers["etag"].strip('"') + "%22", more=False)

    def read_back(self, number: int, ident: str) -> bytes:
        """One record of a connection."""
        return encode("GET", f"/v1/buckets/bench/collections/c{number}/records/{ident}")

    def read_one(self, ident: str) -> bytes:
        """One record."""
        return encode("GET", f"/v1/buckets/bench/collections/alle/records/{ident}")

    def read_list(self) -> bytes:
        """A page in its default order, newest first."""
        return encode("GET", "/v1/buckets/bench/collections/alle/records?_limit=100")

    async def size(self) -> int:
        """Of its own database."""
        return await database_bytes(self.url)
