"""The reference client against the whole application on a socket: first sync, verify, listening."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.postgres import Server
from app.services.sync import announcing, snapshots
from tests.conftest import _sql as run_sql
from tests.conftest import copy_database, serving
from tests.hulp.node_device import on_socket
from tests.hulp.sync_proef import accepted, melding
from tests.hulp.telefoon import meld
from tests.hulp.wereld import Wereld
from veldboek_client.opslag import Opslag
from veldboek_client.toestel import Toestel
from veldboek_client.verbinding import Inlog, Verbinding


@asynccontextmanager
async def a_phone(wereld: Wereld, wie: str, pad: Path | str = ":memory:") -> AsyncIterator[Toestel]:
    async with on_socket(wereld.http.app) as base, Verbinding(base, Inlog(wie, "")) as verbinding:
        verbinding._access = wereld.headers(wie)["Authorization"].removeprefix("Bearer ")
        toestel = Toestel(verbinding, Opslag(pad))
        yield toestel
        toestel.opslag.close()


@asynccontextmanager
async def the_phone_before(database: Server, tmp_path: Path, people: Wereld) -> AsyncIterator[Toestel]:
    """The same phone every time, before the application on `database`."""
    async with serving(database, tmp_path) as http, a_phone(people.at(http), "boa-1", tmp_path / "telefoon") as phone:
        yield phone


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


@pytest.mark.parametrize("newer", [False, True], ids=["nothing beyond", "gaps"])
async def test_what_a_silent_restore_lost_is_offered_again_though_the_cursor_still_fits(
    server: Server, bevolkt: Wereld, tmp_path: Path, *, newer: bool
) -> None:
    """Delivered after the copy was made, and the line was cut before the pull; then the copy is put back, in the same
    epoch. Only `deviceAck` tells. Broken once each: both halves of the condition in `Opslag.misses`."""
    name, people = f"e{os.urandom(6).hex()}", bevolkt.at(bevolkt.http)
    now = await copy_database(server, "bevolkt", name)
    async with the_phone_before(now, tmp_path, people) as phone:
        made = {str(meld(phone))}
        await phone.sync()
    copy = await copy_database(server, name, f"{name}_kopie")
    async with the_phone_before(now, tmp_path, people) as phone:
        made |= {str(meld(phone)) for _ in range(3)}
        assert await phone.push() == {"accepted": 3}
    async with the_phone_before(copy, tmp_path, people) as phone:
        if newer:
            made.add(str(meld(phone)))
            assert await phone.push() == {"accepted": 1}
        assert await phone.sync() == {"accepted": 3, "duplicate": 1 + newer}
        assert phone.opslag.documents("signalen").keys() == made
        assert (await phone.shake_hands())["deviceAck"] == {"contiguousThrough": len(made), "missing": []}
        assert await phone.sync() == {}
    for each in (name, f"{name}_kopie"):
        await run_sql(server.beheer_url, f"DROP DATABASE {each} WITH (FORCE)")
