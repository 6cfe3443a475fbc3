"""What one person or a stranger tried to keep all others out, and must go on failing."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import event

from app.middleware import Turnstile
from app.services.bijlagen import uploads
from app.services.sync import announcing, snapshots
from tests.hulp.bijlage_proef import announce, manifest, photo, send_file
from tests.hulp.node_device import on_socket
from tests.hulp.sync_proef import accepted, head, melding
from tests.hulp.wereld import Wereld

WATERMELON = "/sync/watermelon/push?verzondenOp=2026-08-19T21:12:00Z"
FLOOD = {
    "a row of two bytes, a million times": b'{"x":{"created":[' + b"0," * 1_000 + b"0]}}",
    "the same over many tables": b"{" + b",".join(b'"t%d":{"created":[0,1]}' % n for n in range(501)) + b"}",
    "rows that are removed": b'{"registraties":{"deleted":[' + b'"x",' * 1_000 + b'"x"]}}',
}


@pytest.mark.parametrize("body", FLOOD.values(), ids=FLOOD)
async def test_no_push_makes_more_entries_than_an_officer_can(wereld: Wereld, body: bytes) -> None:
    """Each row of a foreign table is an entry for ever. Broken once: `max_ops=len(listed)` in `read_changes`."""
    before = await head(wereld)
    headers = wereld.headers("boa-1") | {"Content-Type": "application/json"}
    answer = await wereld.http.post(WATERMELON, content=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problemen/te-groot")
    assert await head(wereld) == before


async def test_the_name_of_a_table_is_not_repeated_into_all_memory(wereld: Wereld) -> None:
    """A name of a megabyte, kept with each of a thousand rows, was a gigabyte. Broken once: `len(table) > NAME`."""
    body = b'{"' + b"x" * 101 + b'":{"created":[0]}}'
    headers = wereld.headers("boa-1") | {"Content-Type": "application/json"}
    answer = await wereld.http.post(WATERMELON, content=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problemen/ongeldig-verzoek")


async def test_who_reads_slowly_keeps_nobody_waiting() -> None:
    """A large file is sent for as long as its reader likes. Broken once: `leave()` in `send_and_leave`."""
    read, sent = asyncio.Event(), asyncio.Event()

    async def show(scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] == "/v1/groot":
            sent.set()
            await read.wait()
        await send({"type": "http.response.body", "body": b""})

    gate = Turnstile(show, places=1, waiting=1, patience=2)
    async with AsyncClient(transport=ASGITransport(gate), base_url="http://veldboek") as http:
        slow = asyncio.create_task(http.get("/v1/groot"))
        await sent.wait()
        assert (await http.get("/v1/ik")).status_code == 200
        read.set()
        assert (await slow).status_code == 200
        assert (gate.places.locked(), (await http.get("/v1/ik")).status_code) == (False, 200)
    assert gate.places._value == 1  # each place was given back once, not twice


async def test_first_syncs_at_once_do_not_wait_for_each_other(wereld: Wereld) -> None:
    """More than there are connections, and of each person several that keep the same rights at the same moment.

    Broken once: `read_first` in a transaction of its own (all waited in vain); `suppress` in `remember` (503).
    """
    asked = [wereld.get(wie, "/sync/snapshot") for wie in ("boa-1", "boa-2", "pct-1", "avim-1") for _ in range(8)]
    answers = await asyncio.wait_for(asyncio.gather(*asked), 9)
    assert {answer.status_code for answer in answers} <= {200, 429}
    assert (await wereld.get("regisseur-1", "/aantallen")).status_code == 200


async def test_a_third_open_snapshot_of_a_device_is_one_too_many(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each holds a page for as long as its reader likes. Broken once: `places.take` in `write_snapshot`."""
    monkeypatch.setattr(snapshots, "PAGE", 1)
    hold, spell = asyncio.Event(), snapshots.read_next

    async def slowly(*args: Any) -> Any:
        await hold.wait()
        return await spell(*args)

    monkeypatch.setattr(snapshots, "read_next", slowly)
    await accepted(wereld, "boa-1", *(melding(wereld, "boa-1") for _ in range(3)))
    async with on_socket(wereld.http.app) as base, httpx.AsyncClient(base_url=base, timeout=30) as http:

        def begin(wie: str) -> Any:
            return http.stream("GET", "/v1/sync/snapshot", headers=wereld.headers(wie))

        async with begin("boa-1") as first, begin("boa-1") as second:
            assert (first.status_code, second.status_code) == (200, 200)
            async with begin("boa-1") as third, begin("boa-2") as other:
                assert (third.status_code, other.status_code) == (429, 200)
                assert int(third.headers["Retry-After"]) > 0
                hold.set()
                assert '"compleet":true' in (await first.aread()).decode()
                assert '"compleet":true' in (await second.aread()).decode()
        async with begin("boa-1") as again:
            assert again.status_code == 200


async def test_many_listeners_at_the_same_moment_are_no_more_than_two(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All looked before any sat down. Broken once: `refuse_if_full` in `Places.take` (twelve listened)."""
    monkeypatch.setattr(announcing, "SILENCE", 0.3)
    announcer, most = wereld.http.app.state.proces.announcer, 0
    async with on_socket(wereld.http.app) as base, httpx.AsyncClient(base_url=base, timeout=30) as http:

        async def listen() -> int:
            nonlocal most
            async with http.stream("GET", "/v1/sync/stroom", headers=wereld.headers("boa-1")) as answer:
                if answer.status_code == 200:
                    await anext(answer.aiter_lines())
                    most = max(most, len(announcer.places))
                    await asyncio.sleep(1)
                return answer.status_code

        assert set(await asyncio.gather(*(listen() for _ in range(12)))) <= {200, 429}
    assert most == 2


async def test_a_stranger_who_asks_whether_we_are_well_takes_no_connections(wereld: Wereld) -> None:
    """Broken once: the look at `_seen` in `Waker.look` (a hundred connections were asked for)."""
    pool, taken = wereld.http.app.state.proces.sessionmaker.kw["bind"].sync_engine.pool, list[str]()
    event.listen(pool, "checkout", lambda *_: taken.append("x"))
    answers = await asyncio.gather(*(wereld.http.get("/gezondheid") for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(taken) < 10


@pytest.mark.parametrize("good", [True, False], ids=["as announced", "not as announced"])
async def test_files_that_nothing_speaks_of_fill_no_disk(
    wereld: Wereld,
    monkeypatch: pytest.MonkeyPatch,
    good: bool,  # noqa: FBT001  # a parameter of a test
) -> None:
    """Broken once: only `bezig` counted in `_insert` (a person could leave any number of whole files)."""
    monkeypatch.setattr(uploads, "OPEN_PER_PERSOON", 3)
    for fill in range(3):
        content = photo(size=(64, 48), fill=fill)
        row = manifest(content) if good else manifest(content) | {"sha256": uuid4().hex * 2}
        told = await send_file(wereld, "boa-1", row, content)
        assert told.headers["bijlage-staat"] == ("compleet" if good else "afgekeurd")
    more = await announce(wereld, "boa-1", manifest(photo(size=(64, 48), fill=9)))
    assert (more.status_code, more.json()["type"]) == (429, "/problemen/te-veel-verzoeken")
    assert (await announce(wereld, "boa-2", manifest(photo(size=(64, 48))))).status_code == 201
