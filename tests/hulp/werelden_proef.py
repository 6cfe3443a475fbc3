"""Two worlds that differ only in what somebody may not see; and every answer he gets in either, to hold them equal.

The same operations, with the same ids, go into both. What is hidden happens in both as well, in one of them
elsewhere: how much is booked system-wide is no secret, where and what is.
"""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx
from sqlalchemy import event

from app.postgres import Server
from tests.conftest import _sql, copy_database, serving
from tests.hulp.wereld import Wereld

LIJSTEN = (
    "signalen", "locaties", "controles", "rapportages", "maatregelen", "attenderingen", "mensenhandelsignalen",
    "quarantaine", "toestellen", "functionarissen", "organisaties", "aantallen",
)  # fmt: skip
STOCK = ("signalen", "locaties", "controles", "maatregelen", "rapportages", "attenderingen", "ontvangsten", "naslag")
REDEN = {"X-Audit-Toelichting": "Twee werelden naast elkaar leggen"}
EIGEN = frozenset({"leafHash", "cursor", "serverTijd", "clockOffsetMs", "ontvangenOp", "timestamp", "gepeildOp"})
"""What differs between two servers that were told the same."""
KOPPEN = frozenset({"date", "etag", "content-length", "x-request-id"})


class Antwoord(NamedTuple):
    """An answer without what no two servers say alike; `grootte` is that of the whole body, as it was sent."""

    status: int
    koppen: tuple[tuple[str, str], ...]
    inhoud: Any
    grootte: int
    vragen: tuple[str, ...]
    """the statements that the database was asked, without their values"""


VRAGEN: ContextVar[list[str] | None] = ContextVar("vragen", default=None)


class Tellende:
    """Counts the statements of each request to one server, prepared or not; what runs beside it is not counted."""

    def __init__(self, wereld: Wereld) -> None:
        self.wereld = wereld
        engine = wereld.http.app.state.proces.sessionmaker.kw["bind"].sync_engine
        event.listen(engine, "checkout", self._listen)
        event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: note(statement))
        self._known: set[int] = set()

    def _listen(self, _dbapi: Any, record: Any, _proxy: Any) -> None:
        raw = record.driver_connection
        if id(raw) not in self._known:
            self._known.add(id(raw))
            raw.add_query_logger(lambda record: note(record.query))

    async def take(self, answer: Awaitable[httpx.Response]) -> Antwoord:
        """The answer that `answer` brings."""
        asked: list[str] = []
        token = VRAGEN.set(asked)
        try:
            return ontdaan(await answer, tuple(asked))
        finally:
            VRAGEN.reset(token)


def note(statement: str) -> None:
    """Only what is about our tables, or waits for a lock; a connection also asks things of itself when it is new."""
    asked = VRAGEN.get()
    if asked is not None and re.search(r"\b(lees|grootboek|kluis|bedrijf)\.|advisory", statement):
        asked.append(" ".join(statement.split()))


def ontdaan(answer: httpx.Response, vragen: tuple[str, ...]) -> Antwoord:
    koppen = tuple(sorted((n, v) for n, v in answer.headers.items() if n not in KOPPEN))
    lines = answer.text.splitlines() if "ndjson" in answer.headers.get("content-type", "") else [answer.text]
    inhoud = [gelijk(json.loads(line)) if line else None for line in lines]
    return Antwoord(answer.status_code, koppen, inhoud, len(answer.content), vragen)


def gelijk(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: "…" if name in EIGEN else gelijk(part) for name, part in value.items()}
    if isinstance(value, str) and value[:1] == "{":  # a document as text, for WatermelonDB
        return gelijk(json.loads(value))
    return [gelijk(part) for part in value] if isinstance(value, list) else value


@asynccontextmanager
async def twee_werelden(
    server: Server, bevolkt: Wereld, home: Path, prepare: Callable[[Wereld], Awaitable[Any]]
) -> AsyncIterator[tuple[Tellende, Tellende]]:
    """Two copies of one ledger, each behind a server of its own; `prepare` records what is there in both."""
    vorm, *names = [f"w{uuid4().hex[:12]}" for _ in "vab"]
    (home / "vorm").mkdir()
    async with serving(await copy_database(server, "bevolkt", vorm), home / "vorm") as http:
        bereid = bevolkt.at(http)
        await prepare(bereid)
    async with AsyncExitStack() as stack:
        both = []
        for name in names:
            (home / name).mkdir()
            database = await copy_database(server, vorm, name)
            http = await stack.enter_async_context(serving(database, home / name))
            both.append(Tellende(bereid.at(http)))
        yield both[0], both[1]
    for name in (vorm, *names):
        await _sql(server.beheer_url, f"DROP DATABASE {name} WITH (FORCE)")


async def read_everything(t: Tellende, wie: str, *ids: UUID | str) -> dict[str, Antwoord]:
    """All that somebody can ask: lists, counts, single reads of `ids`, every way of syncing."""
    w, found = t.wereld, {}

    async def ask(pad: str, **params: Any) -> None:
        name = f"GET {pad} {params or ''}"
        found[name] = await t.take(w.get(wie, pad, headers=REDEN, **params))

    for naam in LIJSTEN:
        await ask(f"/{naam}")
    for ident in ids:
        for naam in LIJSTEN[:-1]:
            await ask(f"/{naam}/{ident}")
        for naam in ("controles", "maatregelen"):
            await ask(f"/{naam}", locatie=str(ident))
    await ask("/cijfers", gemeente="GM0243", van="1900-01-01", totEnMet="2199-12-31")
    if w.mensen[wie].toestel is not None:
        await ask("/sync/pull", limit=1000)
        await ask("/sync/snapshot")
        await ask("/sync/watermelon/pull")
        for naam in STOCK:
            await ask(f"/sync/rxdb/{naam}/pull", limit=1000)
    return found


async def say(t: Tellende, wie: str, *ops: dict[str, Any]) -> Antwoord:
    """Push operations in one world."""
    body = {"batchId": str(uuid4()), "verzondenOp": "2026-08-19T23:15:00+02:00", "ops": list(ops)}
    return await t.take(t.wereld.http.post("/sync/push", json=body, headers=t.wereld.headers(wie)))


async def say_in_both(werelden: tuple[Tellende, Tellende], wie: str, *ops: dict[str, Any]) -> tuple[Antwoord, Antwoord]:
    """Push the same operations in both worlds."""
    een, ander = [await say(t, wie, *ops) for t in werelden]
    return een, ander


async def post_in_both(
    werelden: tuple[Tellende, Tellende], wie: str, pad: str, velden: dict[str, Any], sleutel: UUID | None = None
) -> tuple[Antwoord, Antwoord]:
    """The same online, under one Idempotency-Key."""
    sleutel = sleutel or uuid4()
    een, ander = [await t.take(t.wereld.post(wie, pad, velden, sleutel=sleutel)) for t in werelden]
    return een, ander


async def assert_alike(werelden: tuple[Tellende, Tellende], wie: str, *ids: UUID | str) -> dict[str, Antwoord]:
    """Everything that `wie` can read is the same in both, statements included; returns what it is."""
    een, ander = [await read_everything(t, wie, *ids) for t in werelden]
    assert een.keys() == ander.keys()
    assert sum(len(answer.vragen) for answer in een.values()) > len(een) > len(LIJSTEN)
    for name, answer in een.items():
        assert answer == ander[name], (wie, name, differing(answer, ander[name]))
    return een


def differing(een: Antwoord, ander: Antwoord) -> list[tuple[str, Any, Any]]:
    """The parts in which two answers differ, for the message; of the statements those that only one asked."""
    pairs = [(name, getattr(een, name), getattr(ander, name)) for name in Antwoord._fields[:-1]]
    asked = [tuple(Counter(a.vragen) - Counter(b.vragen)) for a, b in ((een, ander), (ander, een))]
    return [(name, a, b) for name, a, b in (*pairs, ("vragen", *asked)) if a != b]
