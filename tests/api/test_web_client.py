"""The TypeScript client in Node against the real server, over a line that can be cut: nothing lost, nothing doubled."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient
from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.bijlage_proef import eventually, photo
from tests.hulp.lijn import Lijn, Snede, line_to
from tests.hulp.node_device import NODE, WEB, DeviceFailed, NodeDevice, node_device, on_socket, run
from tests.hulp.stock_proef import LISTED, UNLISTED, server_view
from tests.hulp.sync_proef import head, select
from tests.hulp.toestel_proef import WACHTWOORD, Accounthouder, approve, make_accounthouder, revoke, set_clock
from tests.hulp.toestellen import give_order, open_window
from tests.hulp.wereld import Wereld

MOMENT = "2026-08-19T23:10:00+02:00"


@dataclass
class Web:
    """One device with the client of the web, and who holds it."""

    device: NodeDevice
    lijn: Lijn
    houder: Accounthouder

    @property
    def form(self) -> dict[str, str]:
        role = str(self.houder.persona.roltoewijzing)
        return {"gebruikersnaam": self.houder.wie, "wachtwoord": WACHTWOORD, "roltoewijzing": role}

    @property
    def begin(self) -> dict[str, Any]:
        return {"adres": self.lijn.adres, "form": self.form, "functionaris": str(self.houder.persona.functionaris)}

    async def enrol(self, *, goedgekeurd: bool = True) -> None:
        await self.device("begin", **self.begin)
        found = UUID(await self.device("enrol", qr=(await self.houder.give_code())["qr"]))
        if goedgekeurd:
            await approve(self.houder.wereld, found)
        self.houder.persona.toestel = found

    async def refused(self, doe: str = "sync") -> str:
        """The slug of the problem, or that nobody answered."""
        with pytest.raises(DeviceFailed) as caught:
            await self.device(doe)
        return str(caught.value).split(": ")[1]


@pytest.fixture
async def adres(client: AsyncClient) -> AsyncIterator[str]:
    """The application on a socket."""
    async with on_socket(client.app) as where:
        yield where


@asynccontextmanager
async def web_device(adres: str, wereld: Wereld, wie: str = "boa-1") -> AsyncIterator[Web]:
    async with line_to(adres) as lijn, node_device("client/proef/toestel.ts", cwd=WEB, adres="") as device:
        yield Web(device, lijn, await make_accounthouder(wereld, wie))


@pytest.fixture
async def boa(wereld: Wereld, adres: str) -> AsyncIterator[Web]:
    async with web_device(adres, wereld) as web:
        await web.enrol()
        yield web


def meld(tekst: str = "licht aan, deur dicht", **velden: Any) -> dict[str, Any]:
    inhoud = {"bron": "overlastmelding", "gemeente": "GM0243", "tekst": tekst}
    of = {"onderwerp": {"signaal": str(uuid7())}, "waargenomenOp": MOMENT, "inhoud": inhoud}
    return {"soort": "signaal.gemeld", "versie": 2, **of, **velden}


async def flags(database: Server) -> list[list[str]]:
    """What the ledger remarks on each entry of a device."""
    rows = await select(
        database,
        "SELECT o FROM (SELECT pos, convert_from(oordeel, 'UTF8')::json AS o FROM grootboek.entry JOIN kluis.inhoud"
        " USING (pos)) x WHERE o ->> 'toestel' IS NOT NULL ORDER BY pos",
    )
    return [row[0]["vlaggen"] for row in rows]


async def equal(web: Web) -> dict[str, Any]:
    """The device holds, whole, what the API shows its officer; returns that."""
    held = await web.device("held")
    there = await server_view(web.houder.wereld, web.houder.wie)
    for name in (*LISTED, *UNLISTED):
        assert held.get(name, {}) == {ident: json.loads(doc) for ident, doc in there[name].items()}, name
    return held


async def test_the_vectors_and_the_seal_hold() -> None:
    """Broken once each: the sort in `jcs`, `k` in `signOp`, `sub` in `readOrder`, `additionalData` in `seal`."""
    code, said = await run(NODE, "--test", "client/proef/*.test.ts", cwd=WEB)
    assert code == 0, said


async def test_an_evening_offline_arrives_whole_once_and_signed(boa: Web, database: Server) -> None:
    """Broken: `prev: hash ?? last.prev` without the hash (the chain is flagged), or `alone` that does not wait."""
    before = await head(boa.houder.wereld)
    boa.lijn.hang_up()
    await boa.device("clock", ms=-3 * 3_600_000)
    await boa.device("record", ops=[meld(f"nummer {n}") for n in range(60)])
    await boa.device("together", ops=[meld(f"tegelijk {n}") for n in range(50)])
    assert await boa.refused() == "Onbereikbaar"
    boa.lijn.up = True
    assert await boa.device("sync") == {"accepted": 110}
    assert await boa.device("sync") == {}
    assert await head(boa.houder.wereld) == before + 110
    assert [row["seq"] for row in await boa.device("outbox")] == list(range(1, 111))
    assert {tuple(each) for each in await flags(database)} == {("klok_verdacht",)}, (
        "three hours wrong, and in one chain"
    )
    assert len((await equal(boa))["signalen"]) == 110
    assert await boa.device("verify") is True


@pytest.mark.parametrize("snede", ["before", "after", "half"])
async def test_a_cut_line_loses_and_doubles_nothing(boa: Web, snede: Snede) -> None:
    """Broken: another opId at each try, or `settle` before the answer."""
    before = await head(boa.houder.wereld)
    await boa.device("record", ops=[meld(f"nummer {n}") for n in range(20)])
    boa.lijn.cut = snede
    assert await boa.refused() == "Onbereikbaar"
    assert boa.lijn.cuts == 1
    await boa.device("sync")
    assert await head(boa.houder.wereld) == before + 20
    assert {row["staat"] for row in await boa.device("outbox")} == {"verstuurd"}
    await equal(boa)


async def test_nothing_that_was_recorded_or_fetched_lies_open(boa: Web) -> None:
    """Broken: `this.zegel.seal` out of `put`, or out of `sealed` (opslag.ts)."""
    await boa.device("record", ops=[meld("kanarie-verstuurd")])
    await boa.device("sync")
    await boa.device("record", ops=[meld("kanarie-wacht")])
    disk = await boa.device("disk")
    assert "kanarie" not in disk
    assert "overlastmelding" not in disk
    assert "signalen" in disk, "it is the whole storage"


async def test_what_one_officer_recorded_is_never_sent_as_anothers(wereld: Wereld, boa: Web) -> None:
    """On a shared phone. Broken: `row.wie === wie` out of `waiting` (opslag.ts)."""
    await boa.device("record", ops=[meld("van de eerste")])
    other = await make_accounthouder(wereld, "boa-2")
    inlog = {"gebruikersnaam": other.wie, "wachtwoord": WACHTWOORD, "roltoewijzing": str(other.persona.roltoewijzing)}
    second = {"adres": boa.lijn.adres, "form": inlog, "functionaris": str(other.persona.functionaris)}
    toestel = str(boa.houder.persona.toestel)
    before = await head(wereld)
    await boa.device("hold", toestel=toestel, **second)
    with pytest.raises(DeviceFailed):
        await boa.device("push")
    assert await head(wereld) == before
    assert [row["staat"] for row in await boa.device("outbox")] == ["wacht"]
    await boa.device("hold", toestel=toestel, **boa.begin)
    assert await boa.device("sync") == {"accepted": 1}


async def test_a_device_that_waits_for_approval_records_and_loses_nothing(wereld: Wereld, adres: str) -> None:
    async with web_device(adres, wereld) as web:
        await web.enrol(goedgekeurd=False)
        await web.device("record", ops=[meld()])
        assert await web.refused() == "toestel-niet-goedgekeurd"
        assert web.houder.persona.toestel is not None
        await approve(wereld, web.houder.persona.toestel)
        assert await web.device("sync") == {"accepted": 1}


@pytest.mark.parametrize("onverzonden", [False, True])
async def test_a_stolen_device_erases_itself_when_its_own_server_says_so(boa: Web, *, onverzonden: bool) -> None:
    """What was not delivered stays unless the order says so. Broken: `onverzonden` in `erase` (opslag.ts)."""
    wereld = boa.houder.wereld
    await boa.device("record", ops=[meld("afgeleverd")])
    await boa.device("sync")
    await boa.device("record", ops=[meld("nog niet")])
    await revoke(wereld, boa.houder.persona.toestel, "gestolen")
    if onverzonden:
        await give_order(wereld, "wissen", door="beheerder-2", onverzondenWissen=True)
    assert await boa.refused() == "toestel-ingetrokken"
    assert await boa.device("held") == {}
    rows = [(row["staat"], row["bewaard"]) for row in await boa.device("outbox")]
    assert rows == [("verstuurd", False), ("gewist", False) if onverzonden else ("wacht", True)]
    if not onverzonden:
        await open_window(wereld)
        assert await boa.device("push") == {"quarantined": 1}


async def test_what_is_not_as_the_server_has_it_is_fetched_anew(boa: Web) -> None:
    """Broken: `beginFullPull` out of `verify` (toestel.ts)."""
    await boa.device("record", ops=[meld()])
    await boa.device("sync")
    (ident,) = (await equal(boa))["signalen"]
    await boa.device("spoil", collectie="signalen", id=ident)
    assert await boa.device("verify") is False
    assert await boa.device("verify") is True
    await equal(boa)


async def test_a_file_is_resumed_and_its_bytes_go_when_it_is_bound(boa: Web) -> None:
    """Cut in the middle, then sent on. Broken: `note` with `gebonden` misspelt (its bytes stay for ever)."""
    content, ident = photo(fill=2_500_000), str(uuid7())
    row = await boa.device(
        "add", id=ident, mediatype="image/jpeg", inhoud=base64.urlsafe_b64encode(content).decode().rstrip("=")
    )
    await boa.device("record", ops=[meld("met foto", bijlagen=[row])])
    sending = asyncio.create_task(boa.refused("send"))
    await boa.lijn.asked_for("/bijlagen/uploads")
    boa.lijn.hang_up()
    assert await sending == "Onbereikbaar"
    boa.lijn.up = True
    await boa.device("sync")

    async def bound() -> bool:
        return bool(await boa.device("send") == {"gebonden": 1})

    assert await eventually(bound)
    files = await boa.device("files")
    assert (files["stukken"], files["rijen"][0]["sha256"]) == (0, row["sha256"])


async def test_all_who_need_a_new_token_ask_for_it_once(boa: Web) -> None:
    """Whoever renews twice with one refresh token is signed out. Broken: `this.asking ??=` made `this.asking =`."""
    assert await boa.device("ask", many=1) == 1
    asked = await boa.device("asked")
    for minutes in (6, 12, 18):
        set_clock(boa.houder.wereld, datetime.now(UTC) + timedelta(minutes=minutes))
        assert await boa.device("ask", many=8) == 8
    assert await boa.device("asked") == asked, "the refresh token was good each time"
