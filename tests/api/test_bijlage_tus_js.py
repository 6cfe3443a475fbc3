"""Stock tus-js-client over a real socket and a wire with faults; what arrives is the file, byte for byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.access.tokens import mint_access_token
from app.dependencies import get_now
from tests.hulp.bijlage_proef import (
    MIB,
    adding,
    begin,
    begun,
    big_photo,
    eventually,
    manifest,
    outcome,
    patch,
    stored,
    where,
)
from tests.hulp.node_device import NodeDevice, node_device, on_socket
from tests.hulp.sync_proef import accepted
from tests.hulp.wereld import Wereld
from tests.hulp.wire import Wire, wire_to

SIZE = 5 * MIB + 4_321


class Proef:
    """One promised file, a wire to the server, and stock clients that send it."""

    def __init__(self, wereld: Wereld, wire: Wire, toestel: NodeDevice, path: Path, row: dict[str, Any]) -> None:
        self.wereld, self.wire, self.toestel, self.path, self.row = wereld, wire, toestel, path, row

    async def send(self, toestel: NodeDevice | None = None, **velden: Any) -> dict[str, Any]:
        given = {"pad": str(self.path), "bijlage": self.row["id"], "tokens": [token(self.wereld)], **velden}
        return dict(await (toestel or self.toestel)("verstuur", **given))


def token(wereld: Wereld, *, age: float = 0) -> str:
    """A token of `age` seconds old; after 300 it is over."""
    persona, state = wereld.mensen["boa-1"], wereld.http.app.state
    return mint_access_token(
        state.proces.geheimen.bos,
        issuer=state.settings.issuer,
        functionaris=persona.functionaris,
        roltoewijzing=persona.roltoewijzing,
        toestel=persona.toestel,
        sid=persona.functionaris,
        nu=datetime.now(UTC) - timedelta(seconds=age),
    )


@asynccontextmanager
async def proef(wereld: Wereld, tmp_path: Path) -> AsyncIterator[Proef]:
    content = big_photo(SIZE)
    path = tmp_path / "foto.jpg"
    path.write_bytes(content)
    waar, row = await begun(wereld), manifest(content)
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
    async with (
        on_socket(wereld.http.app) as adres,
        wire_to(adres) as wire,
        node_device("bestand.mjs", adres=wire.adres) as toestel,
    ):
        yield Proef(wereld, wire, toestel, path, row)
        assert (await outcome(wereld, "boa-1", waar, row))["uitkomst"] == "gebonden"
    assert list(stored(wereld, "bestanden").values()) == [content]
    assert stored(wereld, "blokken") == {}


async def test_a_file_in_one_go_and_in_checked_pieces(wereld: Wereld, tmp_path: Path) -> None:
    async with proef(wereld, tmp_path) as p:
        assert set((await p.send())["statussen"]) == {201, 204}
        again = await p.send(stuk=MIB, controle=True)
        assert 201 not in again["statussen"], "the file is there: nothing new was begun"
    assert p.wire.verstuurd < SIZE * 2


async def test_after_a_cut_it_goes_on_and_sends_little_twice(wereld: Wereld, tmp_path: Path) -> None:
    """Fault 23, at 37 %. Broken: `await stuk.keep()` in the handler of `_fill` (services/bijlagen/ontvangen.py).

    Only what waited unread in the server's socket is sent twice.
    """
    async with proef(wereld, tmp_path) as p:
        p.wire.knip_na = SIZE * 37 // 100
        answer = await p.send()
        assert answer["statussen"][-1] == 204
        assert p.wire.knip_na is None, "it was cut"
    assert p.wire.verstuurd < SIZE + MIB // 2


async def test_a_bit_that_turned_over_is_sent_again(wereld: Wereld, tmp_path: Path) -> None:
    """Fault 25. Broken: the comparison of `controlegetal` in `_fill` (services/bijlagen/ontvangen.py)."""
    async with proef(wereld, tmp_path) as p:
        p.wire.draai_bit_na = 2 * MIB + 77_777
        answer = await p.send(stuk=MIB, controle=True)
        assert answer["statussen"].count(460) == 1
    assert p.wire.verstuurd < SIZE + 2 * MIB


async def test_a_token_is_renewed_in_between(wereld: Wereld, tmp_path: Path) -> None:
    """Fault 20. Broken: a 401 for who did not begin the upload with this token, by keeping `sid` with the upload."""
    app, later, after = wereld.http.app, timedelta(minutes=10), 3
    asked = 0

    def now() -> datetime:
        nonlocal asked
        asked += 1
        return datetime.now(UTC) + (later if asked > after else timedelta())

    async with proef(wereld, tmp_path) as p:
        tokens = [token(wereld), token(wereld, age=-later.total_seconds())]
        app.dependency_overrides[get_now] = now
        answer = await p.send(tokens=tokens, wissel=after, stuk=MIB)
        app.dependency_overrides.clear()
        assert answer["statussen"] == [201, *[204] * 6]
    assert p.wire.verstuurd < SIZE + MIB


async def test_a_token_that_is_over_starts_nothing_again(wereld: Wereld, tmp_path: Path) -> None:
    """Stock tus-js-client begins anew when HEAD says 401, and gets the upload that runs. Broken: `_running`."""
    app, later = wereld.http.app, timedelta(minutes=10)
    async with proef(wereld, tmp_path) as p:

        def now() -> datetime:
            return datetime.now(UTC) + (later if p.wire.knip_na is None else timedelta())

        p.wire.knip_na = 3 * MIB
        app.dependency_overrides[get_now] = now
        answer = await p.send(tokens=[token(wereld), token(wereld, age=-later.total_seconds())])
        app.dependency_overrides.clear()
        assert answer["statussen"].count(201) == 1
        assert 401 in answer["statussen"]


async def test_a_stale_connection_stands_in_nobodys_way(wereld: Wereld, tmp_path: Path) -> None:
    """Fault 24: the old TCP connection is open and silent; another client goes on within a second, from there.

    Broken: `earlier.stop.set()` in `take_over` (services/bijlagen/uploads.py).
    """
    async with proef(wereld, tmp_path) as p, node_device("bestand.mjs", adres=p.wire.adres) as other:
        p.wire.zwijg_na = 2 * MIB + 55_555
        stale = asyncio.create_task(p.send())
        o = wereld.http.app.state.proces.ontvanger

        async def silent() -> Any:
            return p.wire.zwijg_na is None and list(o.schrijvers)

        (upload,) = await eventually(silent)
        await asyncio.sleep(0.3)
        started, before = asyncio.get_running_loop().time(), p.wire.verstuurd
        answer = await p.send(other, url=f"{p.wire.adres}/v1/bijlagen/uploads/{upload}")
        assert asyncio.get_running_loop().time() - started < 5
        assert 423 not in answer["statussen"]
        assert answer["statussen"][-1] == 204
        assert p.wire.verstuurd - before < SIZE - 2 * MIB, "it went on from what the stale one had sent"
        stale.cancel()
        await asyncio.gather(stale, return_exceptions=True)
        p.toestel.process.kill()


async def test_an_upload_can_be_given_up(wereld: Wereld) -> None:
    content = big_photo(MIB)
    pad = await begin(wereld, "boa-1", manifest(content))
    await patch(wereld, "boa-1", pad, 0, content[:1_000])
    async with on_socket(wereld.http.app) as adres, node_device("bestand.mjs", adres=adres) as toestel:
        await toestel("geef_op", url=f"{adres}/v1{pad}", tokens=[token(wereld)])
    assert (await where(wereld, "boa-1", pad)).status_code == 410
    assert stored(wereld, "blokken") == {}
