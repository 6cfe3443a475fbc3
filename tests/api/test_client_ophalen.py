"""The reference client against the whole application on a socket: first sync, verify, listening."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.services import announcing, snapshots
from tests.api.sync_proef import accepted, melding
from tests.node_device import on_socket
from tests.wereld import Wereld
from veldboek_client.toestel import Toestel
from veldboek_client.verbinding import Inlog, Verbinding


@asynccontextmanager
async def a_phone(wereld: Wereld, wie: str) -> AsyncIterator[Toestel]:
    async with on_socket(wereld.http.app) as base, Verbinding(base, Inlog(wie, "")) as verbinding:
        verbinding._access = wereld.headers(wie)["Authorization"].removeprefix("Bearer ")
        toestel = Toestel(verbinding)
        yield toestel
        toestel.opslag.close()


async def test_a_first_sync_is_one_answer_and_verify_mends_what_went_wrong(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken once: `sums` without the version of a document (a stale one was not noticed)."""
    monkeypatch.setattr(snapshots, "PAGE", 5)
    await accepted(wereld, "boa-2", *(melding(wereld, "boa-2") for _ in range(12)))
    async with a_phone(wereld, "boa-1") as phone:
        await phone.sync()
        held = phone.opslag.documents("signalen")
        assert len(held) == 12
        assert await phone.verify()
        ident = min(held)
        stale = {"collectie": "signalen", "id": ident, "op": "upsert", "rev": 1, "doc": {"id": ident}}
        phone.opslag.apply({"wijzigingen": [stale], "cursor": phone.opslag.get("cursor"), "meer": False})
        await accepted(wereld, "boa-2", melding(wereld, "boa-2"))
        assert not await phone.verify()
        assert phone.opslag.documents("signalen").items() >= held.items()
        assert len(phone.opslag.documents("signalen")) == 13
        assert await phone.verify()


async def test_listening_says_when_to_fetch(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "INTERVAL", 0.05)
    async with a_phone(wereld, "boa-1") as phone:
        await phone.sync()
        events = phone.listen()
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await accepted(wereld, "boa-2", melding(wereld, "boa-2"))
        await asyncio.wait_for(waiting, 10)
        await events.aclose()
        assert await phone.pull() == 1
