"""The reference client sends files over a wire with faults, in any order with their entries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from uuid_utils.compat import uuid7

from app.services.bijlagen.uploads import BIJLAGE_MAX
from tests.hulp.bijlage_proef import MIB, adding, begin, begun, big_photo, eventually, manifest, outcome, photo, stored
from tests.hulp.node_device import on_socket
from tests.hulp.sync_proef import accepted, second_device
from tests.hulp.wereld import Wereld
from tests.hulp.wire import Wire, wire_to
from veldboek_client.bijlagen import Bijlagen
from veldboek_client.opslag import Opslag
from veldboek_client.toestel import Toestel
from veldboek_client.verbinding import ApiProbleem, Inlog, Verbinding

SIZE = 3 * MIB + 777
BEVINDING = {"code": "drugs", "aard": "feit", "wijze": "waargenomen"}


@asynccontextmanager
async def phone(wereld: Wereld, opslag: Opslag) -> AsyncIterator[tuple[Wire, Bijlagen]]:
    async with (
        on_socket(wereld.http.app) as adres,
        wire_to(adres) as wire,
        Verbinding(wire.adres, Inlog("boa-1", "")) as verbinding,
    ):
        verbinding._access = wereld.headers("boa-1")["Authorization"].removeprefix("Bearer ")
        yield wire, Bijlagen(verbinding, opslag, stuk=MIB)


async def stands(bijlagen: Bijlagen, staat: str) -> bool:
    return (await bijlagen.send())[staat] == 1


@pytest.mark.parametrize("first", ["file", "entry"])
async def test_a_file_and_its_entry_in_any_order(wereld: Wereld, tmp_path: Path, first: str) -> None:
    """Broken: `bijlagen` in `Toestel.record`, and the HEAD of what is `compleet` in `Bijlagen._find`."""
    waar, content = await begun(wereld, await second_device(wereld, "boa-1")), big_photo(SIZE)
    opslag = Opslag(tmp_path / "telefoon.db")
    async with phone(wereld, opslag) as (_, bijlagen):
        toestel = Toestel(bijlagen.verbinding, opslag)
        row = bijlagen.add(uuid7(), content, "image/jpeg")
        onderwerp = {"controle": waar, "bevinding": uuid7()}
        toestel.record(
            "bevinding.vastgelegd", onderwerp, BEVINDING, waargenomen_op=datetime.now(UTC), versie=1, bijlagen=[row]
        )
        if first == "file":
            assert await bijlagen.send() == {"compleet": 1}
        assert await toestel.sync() == {"accepted": 1}
        await bijlagen.send()
        await eventually(lambda: stands(bijlagen, "gebonden"))
        with pytest.raises(TypeError):
            opslag.read_piece(row["id"], 0, 1)
    opslag.close()
    assert list(stored(wereld, "bestanden").values()) == [content]


async def test_after_a_cut_and_a_dead_battery_it_goes_on(wereld: Wereld, tmp_path: Path) -> None:
    """What arrived is not sent again. Broken: the `upload-offset` of the first answer in `Bijlagen._send`."""
    waar, content = await begun(wereld), big_photo(SIZE)
    path = tmp_path / "telefoon.db"
    opslag = Opslag(path)
    async with phone(wereld, opslag) as (wire, bijlagen):
        row = bijlagen.add(uuid7(), content, "image/jpeg")
        await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
        wire.knip_na = 2 * MIB + 300_000
        with pytest.raises(httpx.TransportError):
            await bijlagen.send()
        opslag.close()
        sent, opslag = wire.verstuurd, Opslag(path)
        again = Bijlagen(bijlagen.verbinding, opslag, stuk=MIB)
        await again.send()
        assert wire.verstuurd - sent < SIZE - 2 * MIB + 10_000
        await eventually(lambda: stands(again, "gebonden"))
    opslag.close()
    assert (await outcome(wereld, "boa-1", waar, row))["uitkomst"] == "gebonden"


async def test_a_damaged_piece_is_sent_again(wereld: Wereld) -> None:
    """Broken: 460 among `_ELSEWHERE`."""
    content, opslag = big_photo(SIZE), Opslag()
    async with phone(wereld, opslag) as (wire, bijlagen):
        bijlagen.add(uuid7(), content, "image/jpeg")
        wire.draai_bit_na = MIB + 400_000
        assert await bijlagen.send() == {"compleet": 1}
        assert wire.draai_bit_na is None
    assert list(stored(wereld, "bestanden").values()) == [content]


async def test_what_was_forgotten_is_announced_anew(wereld: Wereld) -> None:
    """Broken: `adres = None` after a 410."""
    content, opslag = photo(), Opslag()
    row = manifest(content)
    pad = await begin(wereld, "boa-1", row)
    headers = wereld.headers("boa-1") | {"Tus-Resumable": "1.0.0"}
    assert (await wereld.http.delete(pad, headers=headers)).status_code == 204
    async with phone(wereld, opslag) as (_, bijlagen):
        bijlagen.add(UUID(row["id"]), content, "image/jpeg")
        opslag.note_file(row["id"], "wacht", pad)
        assert await bijlagen.send() == {"compleet": 1}


async def test_a_refused_file_stays_on_the_device(wereld: Wereld) -> None:
    opslag = Opslag()
    async with phone(wereld, opslag) as (_, bijlagen):
        row = bijlagen.add(uuid7(), b"geen foto", "image/jpeg")
        assert await bijlagen.send() == {"afgekeurd": 1}
        assert opslag.read_piece(row["id"], 0, 100) == b"geen foto"


async def test_files_that_are_too_large_hold_up_no_other(wereld: Wereld, tmp_path: Path) -> None:
    """As many as go at once; the refusal is told when the others were tried. Broken: `except` within the loop of
    `take_turns` (`Bijlagen.send`) put around it."""
    opslag = Opslag(tmp_path / "telefoon.db")
    async with phone(wereld, opslag) as (_, bijlagen):
        for _ in range(2):
            bijlagen.add(uuid7(), b"\xff\xd8\xff" + bytes(BIJLAGE_MAX), "image/jpeg")
        for number in range(3):
            bijlagen.add(uuid7(), big_photo(MIB + number), "image/jpeg")
        with pytest.raises(ApiProbleem) as refused:
            await bijlagen.send(tegelijk=2)
        assert refused.value.status == 413
        assert [bestand.staat for bestand in opslag.files()] == ["wacht"] * 2 + ["compleet"] * 3
    opslag.close()


async def test_without_a_line_one_try_is_enough(unused_tcp_port: int) -> None:
    """Broken: `_NOBODY_THERE` in `Bijlagen.send`: each file waited for a server that was not there."""
    line = Counted()
    async with Verbinding(f"http://127.0.0.1:{unused_tcp_port}", Inlog("boa-1", ""), transport=line) as verbinding:
        bijlagen = Bijlagen(verbinding, Opslag())
        for number in range(3):
            bijlagen.add(uuid7(), bytes([number]), "image/jpeg")
        with pytest.raises(httpx.ConnectError):
            await bijlagen.send(tegelijk=1)
    assert line.tries == 1


class Counted(httpx.AsyncHTTPTransport):
    """The real wire, and how often it was tried."""

    tries = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.tries += 1
        return await super().handle_async_request(request)
