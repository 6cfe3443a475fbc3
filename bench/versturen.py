"""Push against the bare ceiling: the same rows in every table, the same durability, without HTTP and without us."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson

from app.models.afgeleid import Cijferfeit, Feed, Geschiedenis
from app.models.keten import Attendering, Controle, Locatie
from app.services.kluis import setsql
from bench.opstelling import Mens, Opstelling, day_of_work

DOCUMENTS = (Attendering, Controle, Locatie)


@dataclass
class Ronde:
    """One round of one side: how many entries, how long, and how long each batch took (seconds)."""

    entries: int = 0
    seconds: float = 0.0
    batches: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Entries per second."""
        return self.entries / self.seconds


def batch_body(ops: Sequence[dict[str, Any]]) -> bytes:
    """A push as a device sends it."""
    return orjson.dumps({"batchId": "bench", "verzondenOp": datetime.now(UTC).isoformat(), "ops": list(ops)})


def make_batches(mens: Mens, *, count: int, size: int) -> list[list[dict[str, Any]]]:
    """`count` batches of `size` operations of one device, in the order it recorded them."""
    first = mens.seq
    ops = day_of_work(mens, controles=count * size // 11 + 1)
    mens.seq = first + count * size  # what is not sent was never recorded: no gaps
    return [ops[at : at + size] for at in range(0, count * size, size)]


async def push_round(o: Opstelling, work: dict[int, list[list[dict[str, Any]]]]) -> Ronde:
    """Every device pushes its batches one after another; all devices at once."""
    ronde = Ronde()

    async def device(number: int, batches: list[list[dict[str, Any]]]) -> None:
        headers = o.headers(o.mensen[number])
        async with httpx.AsyncClient(base_url=o.bases[number % len(o.bases)], timeout=60, headers=headers) as http:
            for batch in batches:
                body = batch_body(batch)
                started = time.perf_counter()
                answer = await http.post("/sync/push", content=body)
                ronde.batches.append(time.perf_counter() - started)
                refused = {(r["status"], r["code"]) for r in answer.json()["resultaten"]} - {("accepted", None)}
                if refused:
                    raise RuntimeError(f"the bench pushes what is not accepted: {refused}")
                ronde.entries += len(batch)

    started = time.perf_counter()
    await asyncio.gather(*(device(number, batches) for number, batches in work.items()))
    ronde.seconds = time.perf_counter() - started
    return ronde


async def read_rows(source: asyncpg.Connection, batch: list[dict[str, Any]]) -> dict[Any, Any]:
    """What booking one batch wrote, read back table by table."""
    ops = [UUID(op["opId"]) for op in batch]
    ids = sorted({UUID(ident) for op in batch for ident in op["onderwerp"].values()})
    rows: dict[Any, Any] = {
        "entry": await source.fetch(
            "SELECT pos, leaf, omslag, zaak, tekst, persoon, hulp, melder, mensenhandel, oordeel, zouten"
            " FROM grootboek.entry JOIN kluis.inhoud USING (pos) WHERE op = ANY($1) ORDER BY pos",
            ops,
        ),
        "sync_op": await source.fetch(
            "SELECT op, functionaris, toestel, device_seq, status, code, pos, leaf_hash, pogingen, botst_met"
            " FROM bedrijf.sync_op WHERE op = ANY($1)",
            ops,
        ),
        Geschiedenis: await plain(source, Geschiedenis, "op", ops),
        Feed: await plain(source, Feed, "id", ids),
        Cijferfeit: await plain(source, Cijferfeit, "document", ids),
    }
    for model in DOCUMENTS:
        rows[model] = await plain(source, model, "id", ids)
    return rows


async def plain(source: asyncpg.Connection, model: Any, key: str, ids: list[UUID]) -> list[dict[str, Any]]:
    """Rows of one table as the JSON that the set-based insert takes."""
    query = f"SELECT to_jsonb(t)::text FROM lees.{model.__tablename__} t WHERE {key} = ANY($1)"  # noqa: S608
    return [orjson.loads(row[0]) for row in await source.fetch(query, ids)]


async def bare_round(url: str, work: list[list[dict[Any, Any]]]) -> Ronde:
    """Write the same rows with asyncpg: one transaction per batch, as many connections as there were devices."""
    ronde = Ronde()

    async def writer(batches: list[dict[Any, Any]]) -> None:
        raw = await asyncpg.connect(url)
        for rows in batches:
            started = time.perf_counter()
            async with raw.transaction():
                await write_rows(raw, rows)
            ronde.batches.append(time.perf_counter() - started)
            ronde.entries += len(rows["entry"])
        await raw.close()

    started = time.perf_counter()
    await asyncio.gather(*(writer(batches) for batches in work))
    ronde.seconds = time.perf_counter() - started
    return ronde


async def write_rows(raw: asyncpg.Connection, rows: dict[Any, Any]) -> None:
    """One batch, with the fastest statements we know: one per table."""
    for model in (*DOCUMENTS, Cijferfeit, Geschiedenis, Feed):
        if rows[model]:
            await setsql.upsert(raw, model, rows[model])
    columns = list(zip(*[tuple(row) for row in rows["entry"]], strict=True))
    await raw.execute(
        "WITH l AS (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[],"
        " $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[], $10::bytea[], $11::bytea[])"
        " AS l(pos, leaf, omslag, zaak, tekst, persoon, hulp, melder, mensenhandel, oordeel, zouten)),"
        " v AS (INSERT INTO kluis.inhoud"
        " (pos, omslag, zaak, tekst, persoon, hulp, melder, mensenhandel, oordeel, zouten)"
        " SELECT pos, omslag, zaak, tekst, persoon, hulp, melder, mensenhandel, oordeel, zouten FROM l)"
        " INSERT INTO grootboek.entry (pos, leaf) SELECT pos, leaf FROM l",
        *columns,
    )
    await raw.execute(
        "INSERT INTO bedrijf.sync_op"
        " (op, functionaris, toestel, device_seq, status, code, pos, leaf_hash, pogingen, botst_met)"
        " SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[],"
        " $5::text[], $6::text[], $7::bigint[], $8::bytea[], $9::int[], $10::uuid[])",
        *zip(*[tuple(row) for row in rows["sync_op"]], strict=True),
    )
    await raw.execute(
        "UPDATE bedrijf.toestel_voortgang SET aaneengesloten = aaneengesloten + $2 WHERE toestel = $1",
        rows["sync_op"][0]["toestel"],
        len(rows["sync_op"]),
    )


async def prepare_bare(beheer_url: str, name: str) -> str:
    """An empty database with the same tables and indexes, without our triggers; returns its address."""
    direct = await asyncpg.connect(beheer_url)
    await direct.execute(f"CREATE DATABASE {name} TEMPLATE kaal_sjabloon")
    await direct.close()
    return beheer_url.rsplit("/", 1)[0] + "/" + name


async def make_template(beheer_url: str) -> None:
    """The empty template: migrated, triggers dropped."""
    from app.database import create_engine  # noqa: PLC0415
    from app.inrichten import migrate  # noqa: PLC0415

    direct = await asyncpg.connect(beheer_url)
    await direct.execute("CREATE DATABASE kaal_sjabloon")
    await direct.close()
    url = beheer_url.rsplit("/", 1)[0] + "/kaal_sjabloon"
    engine = create_engine(url, pool_size=1)
    await migrate(engine)
    await engine.dispose()
    bare = await asyncpg.connect(url)
    await bare.execute(
        "DROP TRIGGER entry_append_only ON grootboek.entry; DROP TRIGGER entry_gapless ON grootboek.entry;"
        " DROP TRIGGER kluis_append_only ON kluis.inhoud"
    )
    await bare.close()
