"""The page for offline clients, followed to the letter on the demo: its enrolment, its app, and its evening."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from app.demo.mensen import MET_DE_HAND, ZONDER
from app.postgres import Server
from app.registraties.register import ACTEN
from tests.conftest import own_database, serving
from tests.hulp.gespeeld_jaar import Demo
from tests.hulp.node_device import node_device, on_socket, write_handlers
from tests.hulp.stock_proef import PAGE


@pytest.fixture
async def eigen(gespeeld_jaar: Demo, server: Server) -> AsyncIterator[Demo]:
    """The demo in a database of its own, to record in."""
    source = gespeeld_jaar.database.app_url.rpartition("/")[2]
    async with own_database(server, source) as database, serving(database, gespeeld_jaar.home) as http:
        yield gespeeld_jaar.at(http)


async def follow(demo: Demo, wie: str) -> dict[str, Any]:
    """Sign in as the page says, do its evening, and return the controle as the app shows it in the end."""
    write_handlers(PAGE)
    account = demo.accounts[wie]
    fields = ("gebruikersnaam", "wachtwoord", "toestel")
    form = {"client_id": "veldboek"} | {name: account[name] for name in fields if name in account}
    me = (await demo.get(wie, "/ik")).json()
    async with on_socket(demo.http.app) as adres, node_device("starten.mjs", adres=adres, form=form) as app:
        await app("start")
        await app("synced")
        controle = await app("atTheDoor", wie=me["functionaris"])
        assert UUID(controle).version == 7
        told: list[dict[str, Any]] = []
        async with asyncio.timeout(20):
            while True:
                await app("synced")
                told = [each for each in await app("joined") if "ontvangst" in each]
                shown = {each["id"]: each["doc"] for each in await app("controles")}.get(controle)
                if told or (shown and shown.get("bevindingen")):
                    break
                await asyncio.sleep(0.05)
        joined = await app("joined")
    if not told:
        assert (len(joined), [each["registratie"].get("syncStatus") for each in joined]) == (3, [None] * 3)
        assert shown == (await demo.get(wie, f"/controles/{controle}")).json()
        assert shown["initiatief"] == me["organisatie"]
        assert shown["coordinator"] == me["functionaris"]
    return {"told": told, "controle": shown}


async def test_what_the_boa_of_the_demo_for_apps_records_holds(eigen: Demo) -> None:
    """Nothing of it is kept for a person. Broken: MET_DE_HAND without him; an older `versie`; a v4 of `newId`."""
    wie = "boa-3"
    assert f"`{wie}` has such a device" in PAGE.read_text()
    assert {key for key, each in eigen.accounts.items() if each.get("toestelVoor") == ZONDER} == MET_DE_HAND
    assert wie in MET_DE_HAND
    written = re.findall(r"soort: '([a-z.]+)', versie: (\d+)", PAGE.read_text())
    assert [(soort, int(versie)) for soort, versie in written] == [(soort, ACTEN[soort].versie) for soort, _ in written]
    assert len(written) == 3
    found = await follow(eigen, wie)
    assert found["told"] == []
    assert (await eigen.get(wie, "/sync/pull", collecties="ontvangsten")).json()["wijzigingen"] == []


async def test_on_a_device_that_promised_to_sign_nothing_of_it_holds(eigen: Demo) -> None:
    """As the page says: this is what it is about."""
    found = await follow(eigen, "boa-ermelo")
    assert {each["ontvangst"]["code"] for each in found["told"]} == {"handtekening_ongeldig"}
    assert "handtekening_ongeldig" in PAGE.read_text()


async def test_a_device_that_is_enrolled_as_the_page_says_works(eigen: Demo) -> None:
    """Its two requests as they stand there, for an officer whose own device signs. Broken: a path or field of them."""
    account, me = eigen.accounts["boa-1"], (await eigen.get("boa-1", "/ik")).json()
    block = PAGE.read_text().split("**These clients do not sign**")[1].split("```")[1]
    known = {"T": str(uuid7()), "F": me["functionaris"], "R": me["roltoewijzing"]}
    lines = [line.split(maxsplit=2) for line in block.splitlines()[1:]]
    assert [wie for wie, *_ in lines] == ["beheerder-1", "beheerder-2"]
    for wie, path, text in lines:
        beheerder = wie.replace("-1", "")
        assert (await eigen.get(beheerder, "/ik")).status_code == 200
        body = json.loads(re.sub(r": ([TFR])\b", lambda m: f': "{known[m[1]]}"', text))
        headers = {"Authorization": f"Bearer {eigen.accounts[beheerder]['token']}", "Idempotency-Key": str(uuid4())}
        body["waargenomenOp"] = "2026-08-19T23:10:00+02:00"
        pad = path.removeprefix("/v1").replace("/T/", f"/{known['T']}/")
        answer = await eigen.http.post(pad, json=body, headers=headers)
        assert answer.status_code == 201, (path, answer.text)
    account["toestel"] = known["T"]
    del account["token"]
    assert (await follow(eigen, "boa-1"))["told"] == []


async def test_without_a_device_the_refusal_says_what_is_the_matter(eigen: Demo) -> None:
    """His role may do this: it is how he signed in. Broken: "Uw rol mag dit niet" as the title."""
    del eigen.accounts["boa-3"]["toestel"]
    refused = await eigen.get("boa-3", "/sync/rxdb/controles/pull")
    said = refused.json()
    assert (refused.status_code, said["type"], said["title"]) == (403, "/problemen/geen-recht", "Dit mag u zo niet")
    assert said["detail"] == "Meld u aan met een toestel om uit te wisselen."
