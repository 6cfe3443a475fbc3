"""Rights, masks and the ledger's own past, as unmodified clients meet them: what must leave a device leaves it."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient
from uuid_utils.compat import uuid7

from app.database import create_engine
from app.postgres import Server
from app.services.beheer.nakijken import accept_restored
from tests.conftest import _sql as run_sql
from tests.conftest import copy_database, serving
from tests.hulp.keten import team
from tests.hulp.node_device import DeviceFailed, on_socket
from tests.hulp.replica import ROLLEN, grant
from tests.hulp.stock_proef import MAKES, check, devices
from tests.hulp.sync_proef import accepted, controle, correctie, handshake, head, melding, mensenhandel
from tests.hulp.toestel_proef import revoke
from tests.hulp.wereld import Wereld, sign_in_again

both = pytest.mark.parametrize("make", MAKES)


@pytest.fixture
async def adres(client: AsyncClient) -> AsyncIterator[str]:
    """The application on a socket."""
    async with on_socket(client.app) as where:
        yield where


@both
async def test_a_right_that_ends_and_one_that_is_granted_move_exactly_their_documents(
    wereld: Wereld, adres: str, make: str
) -> None:
    """Broken to see it fail: `deleted` of Watermelon left empty (the documents stayed)."""
    breed, smal = await grant(wereld, "boa-1", *ROLLEN["boa-breed"]), await grant(wereld, "boa-1", *ROLLEN["boa"])
    there = melding(wereld, "boa-ermelo", inhoud={"gemeente": "GM0233", "tekst": "achter de kerk"})
    here = melding(wereld, "boa-2", inhoud={"tekst": "boven de winkel"})
    await accepted(wereld, "boa-ermelo", there)
    await accepted(wereld, "boa-2", here)
    wereld.mensen["boa-1"].roltoewijzing = breed
    async with devices(adres, wereld, (make, "boa-1")) as (boa,):
        await boa.sync()
        assert len((await check(boa))["signalen"]) == 2
        wereld.mensen["boa-1"].roltoewijzing = smal
        await boa.connect()
        await boa.sync()
        assert len((await check(boa))["signalen"]) == 1
        assert not await boa.holds("achter de kerk")
        assert await boa.holds("boven de winkel")
        wereld.mensen["boa-1"].roltoewijzing = breed
        await boa.connect()
        await boa.sync()
        assert len((await check(boa))["signalen"]) == 2


@both
async def test_what_is_masked_from_now_on_leaves_the_device(wereld: Wereld, adres: str, make: str) -> None:
    """Broken to see it fail: `name not in hidden` in `project` (the text stayed)."""
    op = melding(wereld, "boa-2", inhoud={"bron": "meld_misdaad_anoniem", "triagetekst": "tip over de kelder"})
    await accepted(wereld, "boa-2", op)
    pct, boa = await grant(wereld, "boa-1", *ROLLEN["regisseur"]), await grant(wereld, "boa-1", *ROLLEN["boa"])
    wereld.mensen["boa-1"].roltoewijzing = pct
    async with devices(adres, wereld, (make, "boa-1")) as (toestel,):
        await toestel.sync()
        assert await toestel.holds("tip over de kelder")
        wereld.mensen["boa-1"].roltoewijzing = boa
        await toestel.connect()
        await toestel.sync()
        ((ident, doc),) = (await check(toestel))["signalen"].items()
        assert (ident, "triagetekst" in json.loads(doc)) == (op["onderwerp"]["signaal"], False)
        assert not await toestel.holds("tip over de kelder")


@both
async def test_writing_gives_no_right_to_keep(wereld: Wereld, adres: str, make: str) -> None:
    """`wissen`: the boa's own copy of a sign of trafficking is gone; the pct, who may read it, keeps his.

    Broken to see it fail: `uitslag.wissen` in `as_it_is`, `find_erased` answering nothing.
    """
    before = await head(wereld)
    async with devices(adres, wereld, (make, "boa-1"), (make, "pct-1")) as (boa, pct):
        for klant in (boa, pct):
            op = mensenhandel(wereld, klant.wie)
            op["inhoud"] |= {"tekst": f"gezien door {klant.wie}"}
            other = melding(wereld, klant.wie)
            await klant.record(op, other)
            assert await klant.holds(f"gezien door {klant.wie}")
            for _ in range(2):
                await klant.sync()
            assert await klant.holds(f"gezien door {klant.wie}") is (klant is pct)
            assert other["opId"] in await klant.own()
            await check(klant)
        assert await head(wereld) == before + 4


@both
async def test_what_was_sent_cannot_be_changed_or_taken_back(wereld: Wereld, adres: str, make: str) -> None:
    """A change under the same id is kept for a person; a copy that is thrown away says nothing."""
    op, tidied = melding(wereld, "boa-1", inhoud={"tekst": "een"}), melding(wereld, "boa-1")
    async with devices(adres, wereld, (make, "boa-1")) as (boa,):
        await boa.record(op, tidied)
        await boa.sync()
        before = await head(wereld)
        await boa.device("change", id=op["opId"], inhoud=op["inhoud"] | {"tekst": "twee"})
        await boa.device("remove", id=tidied["opId"])
        for _ in range(2):
            await boa.sync()
        assert await head(wereld) == before + 1
        found = await check(boa)
        (receipt,) = found["ontvangsten"].values()
        assert json.loads(receipt)["code"] == "id_andere_inhoud"
        assert json.loads(found["signalen"][op["onderwerp"]["signaal"]])["tekst"] == "een"
        assert tidied["onderwerp"]["signaal"] in found["signalen"]


@both
async def test_what_was_thrown_away_before_it_was_sent_is_kept_for_a_person(
    wereld: Wereld, adres: str, make: str
) -> None:
    """RxDB must not have begun to send it: what it sends, it sends as it was when it began.

    Broken to see it fail: the mark `verwijderd` (RxDB: it was booked as if it had been meant).
    """
    op = melding(wereld, "boa-1", inhoud={"tekst": "toch maar niet"})
    before = await head(wereld)
    async with devices(adres, wereld, (make, "boa-1"), offline=True) as (boa,):
        await boa.record(op)
        await boa.device("remove", id=op["opId"])
        await boa.connect()
        for _ in range(2):
            await boa.sync()
        assert await head(wereld) == before + 1
        found = await check(boa)
        assert [json.loads(each)["code"] for each in found["ontvangsten"].values()] == ["schema_ongeldig"]
        assert not found["signalen"]


async def test_a_document_that_only_comes_down_cannot_be_changed_by_watermelon(wereld: Wereld, adres: str) -> None:
    """The change is kept in quarantine, and the document comes back as it is. Broken: `opnieuw` always False."""
    first, second = melding(wereld, "boa-2"), melding(wereld, "boa-2")
    await accepted(wereld, "boa-2", first, second)
    before = await head(wereld)
    async with devices(adres, wereld, ("watermelon", "boa-1")) as (boa,):
        await boa.sync()
        await boa.device("change", tabel="signalen", id=first["onderwerp"]["signaal"], doc='{"status":"weg"}')
        await boa.device("remove", tabel="signalen", id=second["onderwerp"]["signaal"])
        for _ in range(2):
            await boa.sync()
        assert await head(wereld) == before + 2
        found = await check(boa)
        assert len(found["signalen"]) == 2
        assert [json.loads(each)["code"] for each in found["ontvangsten"].values()] == ["onbekende_soort"] * 2
        for _ in range(2):
            await boa.sync()
        assert await head(wereld) == before + 2


@both
@pytest.mark.parametrize("first", [True, False])
async def test_an_event_makes_the_client_fetch(wereld: Wereld, adres: str, make: str, *, first: bool) -> None:
    """Without a sync of its own, also of what came `first`, before it listened.

    Broken to see it fail: each of the first two calls of `tell` in `listen`.
    """
    async with devices(adres, wereld, (make, "boa-1")) as (boa,):
        await boa.sync()
        op = melding(wereld, "boa-2")
        if first:
            await accepted(wereld, "boa-2", op)
        await boa.device("listen")
        await boa.lijn.asked_for("/sync/stroom")
        if not first:
            await accepted(wereld, "boa-2", op)
        async with asyncio.timeout(20):
            while op["onderwerp"]["signaal"] not in (await boa.documents())["signalen"]:  # noqa: ASYNC110  # it happens there
                await asyncio.sleep(0.1)
        await check(boa)


async def test_two_makes_correct_one_finding_and_both_stay_visible(wereld: Wereld, adres: str) -> None:
    """RxDB and WatermelonDB, offline, on the same document: the second is a branch, and neither is lost."""
    op = melding(wereld, "boa-1", inhoud={"tekst": "een"})
    await accepted(wereld, "boa-1", op)
    async with devices(adres, wereld, ("rxdb", "boa-1"), ("watermelon", "boa-2")) as both_here:
        for klant in both_here:
            await klant.sync()
            klant.lijn.hang_up()
        own = [correctie(wereld, klant.wie, op, tekst=klant.make) for klant in both_here]
        for klant, each in zip(both_here, own, strict=True):
            await klant.record(each)
        for klant in reversed(both_here):
            klant.lijn.up = True
            for _ in range(2):
                await klant.sync()
        docs: list[Any] = []
        for klant in both_here:
            await klant.sync()
            docs.append(json.loads((await check(klant))["signalen"][op["onderwerp"]["signaal"]]))
        assert docs[0] == docs[1]
        assert docs[0]["tekst"] == "watermelon"
        assert [each["opId"] for each in docs[0]["verschillen"]] == [own[0]["opId"]]
        assert await both_here[0].told(own[0]) == ("conflict", "basis_gewijzigd")


@asynccontextmanager
async def world_on(database: Server, home: Path, people: Wereld) -> AsyncIterator[tuple[Wereld, str]]:
    """Everybody in front of the application on `database`, also on a socket."""
    async with serving(database, home) as http, on_socket(http.app) as adres:
        yield people.at(http), adres


async def mark_restored(database: Server) -> None:
    """What the operator does after a restore (`veldboek database hersteld`)."""
    engine = create_engine(database.beheer_url, pool_size=1)
    await accept_restored(engine, 1)
    await engine.dispose()


@both
@pytest.mark.parametrize("announced", [True, False], ids=["new epoch", "same epoch"])
async def test_a_ledger_restored_from_an_older_backup_gets_everything_again(
    server: Server, bevolkt: Wereld, tmp_path: Path, make: str, *, announced: bool
) -> None:
    """What was delivered after the backup, and what was not delivered yet; and what nobody has any more is dropped.

    Broken to see it fail: `remove` of the replication of RxDB as `cancel` (under the same epoch it lost what came
    after the backup), `all` of Watermelon's handler empty (lost too); `experimentalStrategy` left out (the ghost
    stayed).
    """
    name = f"e{os.urandom(6).hex()}"
    now, backup = await copy_database(server, "bevolkt", name), f"{name}_backup"
    people = bevolkt.at(bevolkt.http)
    kept, later, unsent, ghost = (melding(people, "boa-1", inhoud={"tekst": n}) for n in ("a", "b", "c", "spook"))
    async with AsyncExitStack() as outer:
        async with world_on(now, tmp_path, people) as (wereld, adres):
            before = await head(wereld)
            (boa,) = await outer.enter_async_context(devices(adres, wereld, (make, "boa-1")))
            await boa.record(kept)
            await boa.sync()
        restored = await copy_database(server, name, backup)
        async with world_on(now, tmp_path, people) as (wereld, adres):
            boa.move_to(wereld, adres)
            await accepted(wereld, "boa-2", ghost)
            await boa.record(later)
            for _ in range(2):
                await boa.sync()
            assert len((await check(boa))["signalen"]) == 3
            boa.lijn.hang_up()
            await boa.record(unsent)
        if announced:
            await mark_restored(restored)
        async with world_on(restored, tmp_path, people) as (wereld, adres):
            await sign_in_again(wereld)
            boa.move_to(wereld, adres)
            for _ in range(3):
                await boa.sync()
            found = (await check(boa))["signalen"]
            assert found.keys() == {each["onderwerp"]["signaal"] for each in (kept, later, unsent)}
            assert await head(wereld) == before + 3
            assert not await boa.holds("spook")
    for each in (name, backup):
        await run_sql(server.beheer_url, f"DROP DATABASE {each} WITH (FORCE)")


async def test_rxdb_offers_again_under_a_new_epoch_what_it_sent_before_anything_came_down(
    server: Server, bevolkt: Wereld, tmp_path: Path
) -> None:
    """Without a cursor no pull is refused; the handshake tells, when the app starts. Broken to see it fail: the
    identifier of RxDB without the epoch."""
    name = f"e{os.urandom(6).hex()}"
    now, people = await copy_database(server, "bevolkt", name), bevolkt.at(bevolkt.http)
    restored = await copy_database(server, "bevolkt", f"{name}_backup")
    op = melding(people, "boa-1")
    async with AsyncExitStack() as outer:
        async with world_on(now, tmp_path, people) as (wereld, adres):
            before, epoch = await head(wereld), (await handshake(wereld, "boa-1"))["epoch"]
            (boa,) = await outer.enter_async_context(devices(adres, wereld, ("rxdb", "boa-1"), offline=True))
            await boa.record(op)
            await boa.device("connect", token=boa.token(), epoch=epoch, deaf=True)
            async with asyncio.timeout(20):
                while await head(wereld) == before:  # noqa: ASYNC110  # it happens there
                    await asyncio.sleep(0.1)
        await mark_restored(restored)
        async with world_on(restored, tmp_path, people) as (wereld, adres):
            await sign_in_again(wereld)
            boa.move_to(wereld, adres)
            epoch = (await handshake(wereld, "boa-1"))["epoch"]
            await boa.device("connect", token=boa.token(), epoch=epoch, deaf=False, anew=True)
            await boa.sync()
            assert await head(wereld) == before + 1
            assert (await check(boa))["signalen"].keys() == {op["onderwerp"]["signaal"]}
    for each in (name, f"{name}_backup"):
        await run_sql(server.beheer_url, f"DROP DATABASE {each} WITH (FORCE)")


async def test_what_waits_for_a_colleague_after_a_restore_is_offered_again(
    server: Server, bevolkt: Wereld, tmp_path: Path
) -> None:
    """WatermelonDB takes it for synced since long; RxDB gets 503 and goes on trying. Broken to see it fail: the
    `sendAgain` before a pull in the handler of WatermelonDB."""
    name = f"e{os.urandom(6).hex()}"
    now, people = await copy_database(server, "bevolkt", name), bevolkt.at(bevolkt.http)
    restored = await copy_database(server, "bevolkt", f"{name}_backup")
    begun = controle(people, "boa-2")
    begun[1]["inhoud"]["deelnemers"] = team(people, boa_2="voert_uit", boa_1="ondersteunt")
    here = {"controle": UUID(begun[1]["onderwerp"]["controle"]), "persoon": uuid7()}
    seen = people.op("boa-1", "persoon.aangetroffen", here, {"rol": "klant"})
    async with AsyncExitStack() as outer:
        async with world_on(now, tmp_path, people) as (wereld, adres):
            await accepted(wereld, "boa-2", *begun)
            (boa,) = await outer.enter_async_context(devices(adres, wereld, ("watermelon", "boa-1")))
            await boa.record(seen)
            await boa.sync()
        await mark_restored(restored)
        async with world_on(restored, tmp_path, people) as (wereld, adres):
            await sign_in_again(wereld)
            before = await head(wereld)
            boa.move_to(wereld, adres)
            await boa.sync()
            assert await head(wereld) == before, "what it is about is not there yet"
            await accepted(wereld, "boa-2", *begun)
            for _ in range(2):
                await boa.sync()
                assert await head(wereld) == before + 3
            (found,) = (await check(boa))["controles"].values()
            assert [each["op"] for each in json.loads(found)["personen"]] == [seen["opId"]]
    for each in (name, f"{name}_backup"):
        await run_sql(server.beheer_url, f"DROP DATABASE {each} WITH (FORCE)")


@both
async def test_a_device_that_was_revoked_hears_it_and_may_erase(wereld: Wereld, adres: str, make: str) -> None:
    """Broken to see it fail: the call of `refused` in api.mjs."""
    async with devices(adres, wereld, (make, "boa-1")) as (boa,):
        await boa.sync()
        await revoke(wereld, wereld.mensen["boa-1"].toestel)
        with suppress(DeviceFailed):
            await asyncio.wait_for(boa.device("try"), 10)
        assert "/problemen/toestel-ingetrokken" in await boa.device("refusals")
