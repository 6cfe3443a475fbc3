"""A failed commit never looks like success, and an answer that got lost is given again (ontwerp/sync.md, promise 1)."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from httpx import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import raw_connection
from app.postgres import Server
from app.services.boeken import overnieuw
from tests.hulp.sync_proef import accepted, head, melding, select
from tests.hulp.wereld import Wereld

KEY = uuid4()
commit = AsyncSession.commit


async def die_before(session: AsyncSession) -> None:
    (await raw_connection(session)).terminate()
    await commit(session)


async def die_after(session: AsyncSession) -> None:
    await commit(session)
    raise ConnectionResetError


async def fail(_session: AsyncSession) -> None:
    raise RuntimeError("disk full")


async def push(wereld: Wereld, op: Any) -> Response:
    body = {"batchId": "x", "verzondenOp": "2026-08-19T23:10:00Z", "ops": [op]}
    return await wereld.http.post("/sync/push", json=body, headers=wereld.headers("boa-1"))


async def post(wereld: Wereld, op: Any) -> Response:
    return await wereld.post(
        "boa-1", "/signalen", {"onderwerp": op["onderwerp"], "inhoud": op["inhoud"]}, sleutel=op["opId"]
    )


Way = Callable[[Wereld, Any], Awaitable[Response]]


@pytest.mark.parametrize("way", [push, post])
@pytest.mark.parametrize(("trouble", "stored"), [(fail, 0), (die_before, 0), (die_after, 1)])
async def test_a_commit_that_breaks_is_an_error_and_a_retry_sets_it_right(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch, way: Way, trouble: Any, stored: int
) -> None:
    before, op = await head(wereld), melding(wereld, "boa-1")
    with monkeypatch.context() as broken:
        broken.setattr(AsyncSession, "commit", trouble)
        answer = await way(wereld, op)
    assert answer.status_code in {500, 503}, answer.text
    assert "application/problem+json" in answer.headers["content-type"]
    assert await head(wereld) == before + stored
    again = await way(wereld, op)
    assert again.status_code in {200, 201}, again.text
    result = again.json()["resultaten"][0] if way is push else again.json()
    assert (result.get("eerste") or result)["status"] == "accepted"
    assert (result.get("eerste") or result)["pos"] == before + 1 == await head(wereld)


async def test_a_head_that_stays_locked_is_503_and_nothing_is_stored(wereld: Wereld, database: Server) -> None:
    """Whoever holds the ledger for long (a rebuild) makes writers come back later, not fail."""
    before, op = await head(wereld), melding(wereld, "boa-1")
    holder = await asyncpg.connect(database.beheer_url)
    async with holder.transaction():
        await holder.execute("SELECT 1 FROM grootboek.head FOR UPDATE")
        answer = await push(wereld, op)
    await holder.close()
    assert (answer.status_code, answer.json()["type"]) == (503, "/problemen/tijdelijk-niet-beschikbaar")
    assert int(answer.headers["Retry-After"]) > 0
    assert await head(wereld) == before
    assert await select(database, "SELECT 1 FROM bedrijf.sync_op WHERE op = :op", op=op["opId"]) == []
    await accepted(wereld, "boa-1", op)


@pytest.mark.parametrize(("times", "status"), [(1, 200), (2, 503)])
async def test_whoever_was_in_the_way_costs_one_more_try(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch, times: int, status: int
) -> None:
    before, op, tries = await head(wereld), melding(wereld, "boa-1"), []
    book = overnieuw.boek

    async def deadlocked(*args: Any, **options: Any) -> Any:
        outcome = await book(*args, **options)
        tries.append(1)
        if len(tries) <= times:
            raise asyncpg.DeadlockDetectedError
        return outcome

    monkeypatch.setattr(overnieuw, "boek", deadlocked)
    answer = await push(wereld, op)
    assert (answer.status_code, len(tries)) == (status, 2)
    assert await head(wereld) == before + (1 if status == 200 else 0)
