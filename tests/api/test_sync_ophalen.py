"""Snapshot, verify and the event stream (docs/sync.md): one way of reading, in three more forms."""

import json
from typing import Any

import httpx
import pytest

from app.services.sync import announcing, snapshots
from app.services.sync.comparing import sum_up
from tests.hulp.node_device import on_socket
from tests.hulp.replica import events
from tests.hulp.sync_proef import accepted, controle, doorhaling, melding
from tests.hulp.wereld import Wereld


async def read_lines(wereld: Wereld, wie: str, **params: Any) -> list[Any]:
    answer = await wereld.get(wie, "/sync/snapshot", **params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


async def fill(wereld: Wereld) -> None:
    locatie, start = controle(wereld, "boa-1")
    await accepted(wereld, "boa-1", locatie, start, *(melding(wereld, "boa-1") for _ in range(20)))


async def test_a_snapshot_is_a_first_pull_in_one_answer(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken once: `page.meer` in `write_snapshot` (only the first page came)."""
    monkeypatch.setattr(snapshots, "PAGE", 7)
    await fill(wereld)
    for wie in ("boa-1", "regisseur-1", "boa-ermelo"):
        whole, _ = await wereld.pull(wie)
        lines = await read_lines(wereld, wie)
        assert [line for line in lines if "op" in line] == whole
        marks = [line for line in lines if "cursor" in line]
        assert [mark["compleet"] for mark in marks] == [False] * (len(marks) - 1) + [True]
        assert (await wereld.pull(wie, marks[-1]["cursor"]))[0] == []
        assert len(marks) > 1 or len(whole) <= 7


async def test_a_snapshot_that_was_cut_goes_on_from_its_last_cursor(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "PAGE", 7)
    await fill(wereld)
    whole, _ = await wereld.pull("boa-1")
    lines = await read_lines(wereld, "boa-1")
    at = [number for number, line in enumerate(lines) if "cursor" in line][1]
    got = [line for line in lines[:at] if "op" in line]
    for rest in (
        (await wereld.pull("boa-1", lines[at]["cursor"]))[0],
        await read_lines(wereld, "boa-1", cursor=lines[at]["cursor"]),
    ):
        assert got + [line for line in rest if "op" in line] == whole


async def test_a_device_that_is_revoked_halfway_gets_no_more(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken once: `reload_actor` in `read_next`."""
    monkeypatch.setattr(snapshots, "PAGE", 7)
    await fill(wereld)
    read, pages = snapshots.read_next, []

    async def revoke_then_read(*args: Any) -> Any:
        pad = f"/toestellen/{wereld.mensen['boa-1'].toestel}/intrekking"
        await wereld.make("beheerder", pad, {"inhoud": {"reden": "gestolen"}})
        pages.append(await read(*args))
        return pages[-1]

    monkeypatch.setattr(snapshots, "read_next", revoke_then_read)
    with pytest.raises(httpx.RemoteProtocolError):
        async with on_socket(wereld.http.app) as base, httpx.AsyncClient(base_url=base) as http:
            await http.get("/v1/sync/snapshot", headers=wereld.headers("boa-1"))
    assert pages == []


def holding(changes: list[Any]) -> dict[str, Any]:
    docs: dict[str, dict[str, int]] = {}
    for change in changes:
        docs.setdefault(change["collectie"], {})[change["id"]] = change["rev"]
    return {name: {"aantal": len(of), "som": sum_up(of)} for name, of in docs.items()}


async def verify(wereld: Wereld, wie: str, cursor: str, stand: Any) -> Any:
    body = {"cursor": cursor, "collecties": stand}
    answer = await wereld.http.post("/sync/verify", json=body, headers=wereld.headers(wie))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_verify_names_what_a_device_should_hold_where_it_differs(wereld: Wereld) -> None:
    """Broken once: the comparison of `som` (a stale document was called equal)."""
    await fill(wereld)
    changes, cursor = await wereld.pull("boa-1")
    assert await verify(wereld, "boa-1", cursor, holding(changes)) == {"stand": "gelijk", "collecties": {}}
    signalen = {change["id"]: change["rev"] for change in changes if change["collectie"] == "signalen"}
    stale = [change | ({"rev": 1} if change["id"] == min(signalen) else {}) for change in changes]
    without = [change for change in changes if change["collectie"] != "signalen"]
    for wrong in (stale, without, [*changes, changes[0] | {"collectie": "signalen", "rev": 1}]):
        answer = await verify(wereld, "boa-1", cursor, holding(wrong))
        assert answer["stand"] == "verschilt"
        assert list(answer["collecties"]) == ["signalen"]
        assert {d["id"]: d["rev"] for d in answer["collecties"]["signalen"]["documenten"]} == signalen
    await accepted(wereld, "boa-2", melding(wereld, "boa-2"))
    assert (await verify(wereld, "boa-1", cursor, holding(changes)))["stand"] == "achter"
    other = await wereld.http.post(
        "/sync/verify", json={"cursor": cursor, "collecties": {}}, headers=wereld.headers("boa-ermelo")
    )
    assert other.json() == {"stand": "achter", "collecties": {}}  # rights that differ: pull tells the difference


async def test_the_stream_says_pull_now_to_whom_it_concerns_and_nothing_else(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken once: `has_news` (everybody was woken by everything)."""
    monkeypatch.setattr(announcing, "INTERVAL", 0.05)
    _, cursor = await wereld.pull("boa-1")
    async with on_socket(wereld.http.app) as base, httpx.AsyncClient(base_url=base, timeout=30) as http:
        mine = http.stream("GET", "/v1/sync/stroom", params={"cursor": cursor}, headers=wereld.headers("boa-1"))
        theirs = http.stream("GET", "/v1/sync/stroom", headers=wereld.headers("boa-ermelo"))
        async with mine as listening, theirs as elsewhere:
            assert listening.headers["content-type"].startswith("text/event-stream")
            op = melding(wereld, "boa-2")
            await accepted(wereld, "boa-2", op)
            lines = listening.aiter_lines()
            assert await events(lines, 2, 10) == ["event: haal", "data: {}"]
            assert await events(elsewhere.aiter_lines(), 1, 0.6) == []
            await accepted(wereld, "boa-2", doorhaling(wereld, "boa-2", op, "signaal"))
            assert await events(lines, 2, 10) == ["event: haal", "data: {}"]


async def test_a_cursor_that_is_behind_is_told_at_once_and_a_third_listener_is_one_too_many(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "INTERVAL", 0.05)
    _, cursor = await wereld.pull("boa-1")
    await accepted(wereld, "boa-2", melding(wereld, "boa-2"))
    async with on_socket(wereld.http.app) as base, httpx.AsyncClient(base_url=base, timeout=30) as http:

        def listen() -> Any:
            return http.stream("GET", "/v1/sync/stroom", params={"cursor": cursor}, headers=wereld.headers("boa-1"))

        async with listen() as first, listen():
            lines = first.aiter_lines()  # letting go of it would close the stream
            assert await events(lines, 2, 10) == ["event: haal", "data: {}"]
            async with listen() as third:
                assert third.status_code == 429
                assert int(third.headers["Retry-After"]) > 0


async def test_the_stream_ends_when_the_device_is_revoked(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken once: `except Problem: break` (the connection broke off instead of ending)."""
    monkeypatch.setattr(announcing, "INTERVAL", 0.05)
    async with (
        on_socket(wereld.http.app) as base,
        httpx.AsyncClient(base_url=base, timeout=30) as http,
        http.stream("GET", "/v1/sync/stroom", headers=wereld.headers("boa-1")) as listening,
    ):
        pad = f"/toestellen/{wereld.mensen['boa-1'].toestel}/intrekking"
        await wereld.make("beheerder", pad, {"inhoud": {"reden": "gestolen"}})
        assert await events(listening.aiter_lines(), 2, 10) == ["event: einde", "data: {}"]
