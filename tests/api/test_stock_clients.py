"""Unmodified RxDB and WatermelonDB as devices: nothing lost, nothing doubled, and what they hold is what the API shows.

Each test runs the handlers of docs/offline-clients.md, over a socket, on a line that can be cut.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from httpx import AsyncClient
from uuid_utils.compat import uuid7

from app.services.stock.watermelon import ROWS
from tests.hulp.aanmeld_proef import WACHTWOORD, Aanmeldproef
from tests.hulp.lijn import Snede, line_to
from tests.hulp.node_device import node_device, on_socket, write_handlers
from tests.hulp.stock_proef import MAKES, PAGE, Klant, check, devices
from tests.hulp.sync_proef import ALTIJD, accepted, controle, head, melding, oordeel, second_device
from tests.hulp.wereld import Wereld

both = pytest.mark.parametrize("make", MAKES)


@pytest.fixture
async def adres(client: AsyncClient) -> AsyncIterator[str]:
    """The application on a socket."""
    async with on_socket(client.app) as where:
        yield where


async def test_the_stock_clients_are_there_and_reach_the_server(adres: str) -> None:
    """Broken to see it fail: the import of `synchronize` in hallo.mjs (`synchronise`), and the port in `on_socket`."""
    async with node_device("hallo.mjs", adres=adres) as toestel:
        assert await toestel("clients") == {
            "rxdb": ["17.6.0", "function"],
            "watermelondb": ["0.28.0", "function"],
            "tus": ["4.3.1", "function"],
        }
        assert await toestel("gezond") == 200


def evening(wereld: Wereld, wie: str) -> list[dict[str, object]]:
    """Thirty operations of one evening: four controles with people in them, and signalen."""
    ops = []
    for _ in range(4):
        locatie, start = controle(wereld, wie)
        of = start["onderwerp"]["controle"]
        ops += [locatie, start]
        for rol in ("klant", "bewoner", "sekswerker"):
            ops.append(wereld.op(wie, "persoon.aangetroffen", {"controle": of, "persoon": uuid7()}, {"rol": rol}))
    return [*ops, *(melding(wereld, wie, inhoud={"tekst": f"nummer {n}"}) for n in range(10))]


@both
async def test_an_evening_without_a_network_arrives_whole_and_once(wereld: Wereld, adres: str, make: str) -> None:
    """Broken to see it fail: `key=recorded_at` (WatermelonDB hands rows over in no order: 14 of 30 were booked)."""
    before = await head(wereld)
    async with devices(adres, wereld, (make, "boa-1")) as (boa,):
        boa.lijn.hang_up()
        ops = evening(wereld, "boa-1")
        assert len(ops) == 30
        await boa.record(*ops)
        boa.lijn.up = True
        for _ in range(2):
            await boa.sync()
            assert await head(wereld) == before + 30
        await boa.sync()
        found = await check(boa)
        assert len(found["controles"]) == 4
        assert len(found["signalen"]) == 10


@both
@pytest.mark.parametrize("snede", ["before", "after"])
async def test_a_line_cut_around_the_commit_loses_and_doubles_nothing(
    wereld: Wereld, adres: str, make: str, snede: Snede
) -> None:
    """Before the server hears of a push, and after it has committed and its answer is under way.

    Broken to see it fail: the push handler of RxDB that answers `[]` to a failed fetch (lost); another opId at each
    try in `_as_op` (doubled).
    """
    before = await head(wereld)
    async with devices(adres, wereld, (make, "boa-1")) as (boa,):
        op = melding(wereld, "boa-1", inhoud={"tekst": "in de kelder"})
        boa.lijn.cut = snede
        await boa.record(op)
        await boa.sync_over_a_bad_line()
        assert boa.lijn.cuts == 1
        for _ in range(2):
            await boa.sync()
            assert await head(wereld) == before + 1
        assert list((await check(boa))["signalen"]) == [op["onderwerp"]["signaal"]]


@both
async def test_a_pull_cut_halfway_is_fetched_again_whole(wereld: Wereld, adres: str, make: str) -> None:
    """Broken to see it fail: a pull handler of WatermelonDB that takes a torn answer for an empty one."""
    async with devices(adres, wereld, (make, "regisseur-1")) as (regisseur,):
        await regisseur.sync()
        await accepted(wereld, "boa-1", *evening(wereld, "boa-1"))
        regisseur.lijn.cut = "half"
        await regisseur.sync_over_a_bad_line()
        assert regisseur.lijn.cuts == 1
        await regisseur.sync()
        assert len((await check(regisseur))["signalen"]) == 10


@both
async def test_what_another_device_delivered_already_is_not_doubled(wereld: Wereld, adres: str, make: str) -> None:
    """The same entries from a second device. Broken to see it fail: another opId at each try in `_as_op`."""
    op = melding(wereld, "boa-1") | {"vastgelegdOp": "2026-08-19T23:12:00.000Z"}
    tablet = await second_device(wereld, "boa-1")
    await accepted(wereld, tablet, op)
    before = await head(wereld)
    async with devices(adres, wereld, (make, "boa-1")) as (boa,):
        await boa.record(op)
        for _ in range(2):
            await boa.sync()
        assert await head(wereld) == before
        assert await boa.told(op) == (None, None)
        await check(boa)


async def test_more_than_fits_in_one_push_still_arrives(wereld: Wereld, adres: str) -> None:
    """WatermelonDB hands over all that waits at once. Broken to see it fail: the
    halving after a 413 in its handler."""
    before, many = await head(wereld), ROWS + 1
    async with devices(adres, wereld, ("watermelon", "boa-1")) as (boa,):
        await boa.record(*(melding(wereld, "boa-1") for _ in range(many)))
        for _ in range(2):
            await boa.sync()
            assert await head(wereld) == before + many
        assert len((await check(boa))["signalen"]) == many


POISONED = {
    "rxdb": ["niet_canoniek"] * 3 + ["onbekende_soort"],
    "watermelon": ["niet_canoniek", "onbekende_soort", "schema_ongeldig", "schema_ongeldig"],
}
"""What WatermelonDB holds as text is only found out to be no such JSON once the rest has been read."""


@both
async def test_one_bad_document_holds_up_none_of_the_others(wereld: Wereld, adres: str, make: str) -> None:
    """Poison is kept in quarantine; what is too large stays on the device and says so.

    Broken to see it fail: the halving after a 413 in the handler of RxDB.
    """
    before = await head(wereld)
    poison = [
        melding(wereld, "boa-1") | {"soort": "droom.gehad"},
        melding(wereld, "boa-1", inhoud={"tekst": "\ud83d"}),
        melding(wereld, "boa-1", inhoud={"aantal": 1.5}),
        melding(wereld, "boa-1", reden="\ud83d"),
    ]
    large = melding(wereld, "boa-1", inhoud={"tekst": "x" * 140_000})
    huge = melding(wereld, "boa-1", inhoud={"tekst": "y" * 2_200_000})
    good = [melding(wereld, "boa-1") for _ in range(3)]
    async with devices(adres, wereld, (make, "boa-1")) as (boa,):
        await boa.record(good[0], *poison, huge, large, *good[1:])
        for _ in range(3):
            await boa.sync()
            assert await head(wereld) == before + len(good) + len(poison)
        found = await check(boa)
        codes = [json.loads(each)["code"] for each in found["ontvangsten"].values()]
        assert sorted(codes) == POISONED[make]
        assert await boa.told(huge) == await boa.told(large) == ("rejected", "te_groot")
        assert {each["onderwerp"]["signaal"] for each in good} == found["signalen"].keys()


@both
async def test_what_waits_for_another_device_is_kept_and_follows_it(wereld: Wereld, adres: str, make: str) -> None:
    """Deferred: nothing of it is stored, and the client keeps it; what stands beside it is booked at once.

    Broken to see it fail: `Status.DEFERRED` in `is_unsent` (WatermelonDB took it for sent).
    """
    signaal, beside = melding(wereld, "boa-2"), melding(wereld, "boa-1")
    waits = oordeel(wereld, "boa-1", signaal["onderwerp"]["signaal"])
    before = await head(wereld)
    async with devices(adres, wereld, (make, "boa-1")) as (boa,):
        boa.lijn.hang_up_after_push = True
        await boa.record(waits, beside)
        syncing = asyncio.create_task(boa.sync())
        await asyncio.wait_for(boa.lijn.down.wait(), 20)
        assert await head(wereld) == before + 1
        await accepted(wereld, "boa-2", signaal)
        boa.lijn.up = True
        await syncing
        for _ in range(2):
            await boa.sync()
        assert await head(wereld) == before + 3
        found = (await check(boa))["signalen"]
        assert json.loads(found[signaal["onderwerp"]["signaal"]])["uitkomst"] == "onvoldoende"
        assert len(found) == 2


async def arrives(klant: Klant, wereld: Wereld) -> None:
    """A colleague reports something, and the device comes to hold it without being told to sync."""
    op = melding(wereld, "boa-2")
    await accepted(wereld, "boa-2", op)
    await comes(klant, op)


async def comes(klant: Klant, op: dict[str, Any]) -> None:
    async with asyncio.timeout(20):
        while op["onderwerp"]["signaal"] not in (await klant.documents())["signalen"]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


@both
@pytest.mark.parametrize("wat", ["streams", "body"])
async def test_without_a_stream_to_read_the_client_polls(wereld: Wereld, adres: str, make: str, wat: str) -> None:
    """React Native gives an answer only once it ended; others give one without a body.

    Broken: `streams` that stays true (the second never comes).
    """
    async with devices(adres, wereld, (make, "boa-1")) as (boa,):
        await boa.sync()
        await boa.device("without", wat=wat)
        await boa.device("listen", poll=200)
        await arrives(boa, wereld)
        await arrives(boa, wereld)


@both
async def test_a_stream_that_never_said_anything_is_none(wereld: Wereld, adres: str, make: str) -> None:
    """A polyfill says that it has streams, and gives none: then it polls. Broken: no `spoke` in `listen`."""
    async with devices(adres, wereld, (make, "boa-1")) as (boa,):
        await boa.sync()
        await boa.device("without", wat="polyfill")
        await boa.device("listen", silence=400, pause=60_000, poll=200)
        await arrives(boa, wereld)
        await arrives(boa, wereld)


@both
async def test_a_stream_that_died_without_a_word_is_opened_anew(wereld: Wereld, adres: str, make: str) -> None:
    """Nobody hung up. Broken: no first `alarm` in `listen`, or none after a piece; no `spoke ||`."""
    async with devices(adres, wereld, (make, "boa-1")) as (boa,):
        await boa.sync()
        await boa.device("listen", silence=400, poll=60_000)
        await boa.lijn.asked_for("/sync/stroom")
        boa.lijn.silent = "/sync/stroom"
        op = melding(wereld, "boa-2")
        await accepted(wereld, "boa-2", op)
        await comes(boa, op)
        boa.lijn.silent = ""
        await arrives(boa, wereld)


@both
async def test_a_receipt_of_a_former_database_is_shown_too(wereld: Wereld, adres: str, make: str) -> None:
    """The app was installed anew: what became of what it sent is shown. Broken: `joined` that gives `own`."""
    wrong = melding(wereld, "boa-1") | {"soort": "droom.gehad"}
    async with devices(adres, wereld, (make, "boa-1"), (make, "boa-1")) as (old, new):
        await old.record(wrong)
        await old.sync()
        await new.record(own := melding(wereld, "boa-1"))
        for boa in (old, new):
            await boa.sync()
            await boa.sync()
        told = [await boa.device("joined") for boa in (old, new)]
    assert [[each.get("registratie", {}).get("id") for each in seen] for seen in told] == [
        [wrong["opId"]],
        [own["opId"], None],
    ]
    receipt = told[1][1]["ontvangst"]
    assert receipt == told[0][0]["ontvangst"]
    assert (receipt["id"], receipt["code"]) == (wrong["opId"], "onbekende_soort")


@pytest.mark.parametrize("make", ["rxdb", "watermelon"])
@pytest.mark.parametrize("greets", [True, False])
async def test_a_new_database_counts_after_the_old_one(wereld: Wereld, adres: str, make: str, *, greets: bool) -> None:
    """A second phone of one officer, a day behind: its count is the newest, or its writer hears that it is not.

    Broken: `veldboek-moment` out of `findEpoch`, or out of `momentAfter`.
    """
    locatie, start = controle(wereld, "boa-1")
    await accepted(wereld, "boa-1", locatie, start)
    here = {"controle": start["onderwerp"]["controle"]}
    first, second = (wereld.op("boa-1", "telling.vastgelegd", here, {"perRol": {"klant": n}}) for n in (1, 2))
    evening = int(datetime.fromisoformat("2026-08-19T22:10:00+02:00").timestamp()) * SECOND
    async with devices(adres, wereld, (make, "boa-1"), (make, "boa-1")) as (old, new):
        await old.record(first, klokken=[evening])
        await old.sync()
        if greets:
            await new.device("greet")
        await new.record(second, klokken=[evening - DAY])
        await new.sync()
        await new.sync()
        doc = (await wereld.get("boa-1", f"/controles/{here['controle']}")).json()
        told = {each["registratie"]["id"]: each.get("ontvangst", {}) for each in await new.device("joined")}
        receipts = [told[second["opId"]].get(name) for name in ("status", "vlaggen")]
    assert [telling["perRol"]["klant"] for telling in doc["tellingen"]] == [2 if greets else 1]
    assert receipts == ([None, None] if greets else ["accepted", ["telt_niet"]])


async def test_the_app_as_it_is_put_together_opens_again_where_it_was(wereld: Wereld, adres: str) -> None:
    """`start.mjs`: closed without a network and opened again, it asks no password, and sends what it kept.

    Broken: `veldboek-refresh` out of `makeToken`; the id out of `record`; `veldboek-epoch` out of `findEpoch`.
    """
    write_handlers(PAGE)
    await Aanmeldproef(wereld).give_account("boa-1")
    login = {"client_id": "veldboek", "gebruikersnaam": "boa-1", "wachtwoord": WACHTWOORD}
    form = login | {"toestel": str(wereld.mensen["boa-1"].toestel)}
    ops = [as_recorded(op) for op in controle(wereld, "boa-1")]
    async with line_to(adres) as lijn, node_device("starten.mjs", adres=lijn.adres, form=form) as app:
        await app("start")
        await app("record", **ops[0])
        await app("synced")
        lijn.hang_up()
        second = await app("record", **ops[1])
        await app("stop")
        await app("start")
        lijn.lead_to(adres)
        await app("synced")
        async with asyncio.timeout(20):
            while not (shown := await app("controles")):  # noqa: ASYNC110  # what was pushed comes down by an event
                await asyncio.sleep(0.05)
        assert await app("asked") == 1
        told = {each["registratie"]["id"]: each.get("ontvangst") for each in await app("joined")}
        assert (len(told), told[second]) == (2, None)
        assert [each["doc"]["start"]["op"] for each in shown] == [second]
    assert (await wereld.get("boa-1", f"/controles/{shown[0]['id']}")).json() == shown[0]["doc"]


TOKENS = {
    "one question for all who ask": ([200], 5, None, ["t1"] * 5, "t1", 1),
    "a line that died is no answer": (["stil", 200], 2, "r", ["stil"] * 2, "t2", 0),
    "a busy server is no refusal": ([503, 200], 1, "r", ["token: 503"], "t2", 0),
    "a phone that was revoked": ([403, 403], 1, "r", ["token: 403"], "token: 403", 0),
    "a login that ended": ([400, 200], 1, "r", ["t2"], "t2", 1),
    "a wrong password is asked again": ([400, 200], 1, None, ["t2"], "t2", 2),
}  # fmt: skip


async def test_a_token_is_asked_for_once_and_never_for_ever(adres: str) -> None:
    """Broken: `asking`; `signal`; `=== 400`; `=== 403`; `while`."""
    write_handlers(PAGE)
    async with node_device("token.mjs", adres=adres) as device:
        for case, (answers, calls, kept, heard, after, asked) in TOKENS.items():
            found = await device("ask", answers=answers, calls=calls, kept=kept)
            assert (found["heard"], found["after"], found["asked"]) == (heard, after, asked), case
            assert len(found["sent"]) == len(answers), case
            assert found["refused"] == answers.count(403), case


def as_recorded(op: dict[str, Any]) -> dict[str, Any]:
    """What an officer says of it; the app says the rest."""
    return {name: op[name] for name in ("soort", "versie", "onderwerp", "inhoud")}


SECOND, DAY = 1_000, 86_400_000


@pytest.mark.parametrize(
    ("make", "many", "back"),
    [("rxdb", 54, 0), ("rxdb", 54, DAY), ("watermelon", 10, SECOND), ("watermelon", 10, DAY)],
)
async def test_whoever_was_found_is_counted_whatever_the_clock_and_the_batches_do(
    wereld: Wereld, adres: str, make: str, many: int, back: int
) -> None:
    """More than one batch, or a clock that is put back in the middle; then the end: all of them, in figures too.

    Broken: `wacht=true` out of the handler of RxDB, which then stands still; `makeMoment` that gives the clock.
    """
    locatie, start = controle(wereld, "boa-1")
    here, seen = {"controle": start["onderwerp"]["controle"]}, uuid7()
    finding = {"code": "aanbod_tegen_betaling", "aard": "feit", "wijze": "waargenomen"}
    found = wereld.op("boa-1", "bevinding.vastgelegd", {**here, "bevinding": seen}, finding)
    people = [
        wereld.op("boa-1", "persoon.aangetroffen", {**here, "persoon": uuid7()}, {"rol": "sekswerker"})
        for _ in range(many)
    ]
    counts = [wereld.op("boa-1", "telling.vastgelegd", here, {"perRol": {"klant": n}}) for n in (1, 2)]
    about = {"id": str(uuid7()), "soort": "illegale_prostitutie", "bevindingen": [str(seen)]}
    end = wereld.op("boa-1", "controle.afgerond", here, {"overtredingen": [about]})
    ops = [locatie, start, found, counts[0], *people, counts[1], end]
    for n, op in enumerate((locatie, start, counts[1])):  # RxDB sends in the order of ids: these in its last batch
        op["opId"] = f"ffffffff-ffff-4fff-bfff-{n:012}"
    counts[0]["opId"] = f"00000000-0000-4fff-bfff-{0:012}"  # and this in its first, which has to wait
    half = len(ops) // 2
    evening = int(datetime.fromisoformat("2026-08-19T22:10:00+02:00").timestamp()) * SECOND
    clocks = [evening + 10 * n - (back if n >= half else 0) for n in range(len(ops))]
    async with devices(adres, wereld, (make, "boa-1"), offline=True) as (boa,):
        await boa.record(*ops, klokken=clocks)
        await boa.connect()
        for _ in range(3):
            await boa.sync()
        doc = (await wereld.get("boa-1", f"/controles/{here['controle']}")).json()
        assert (doc["status"], doc["datum"], doc["tellingen"][0]["perRol"]) == ("afgerond", "2026-08-19", {"klant": 2})
        figures = (await wereld.get("regisseur-1", "/cijfers", **ALTIJD)).json()
        assert (figures["personenIllegaleProstitutie"], figures["gecontroleerdePersonen"]) == (many, many + 2)
        older = {counts[0]["opId"]: ("accepted", ["telt_niet"])} if make == "rxdb" else {}
        receipts = {ident: json.loads(doc) for ident, doc in (await check(boa))["ontvangsten"].items()}
        assert {ident: (doc["status"], doc["vlaggen"]) for ident, doc in receipts.items()} == older
        told = await boa.device("joined")
        assert len(told) == len(ops)
        assert {each["registratie"]["id"] for each in told if "ontvangst" in each} == older.keys()
