"""Stock clients as devices of a persona: what they hold, beside what the API shows that persona."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.grootboek.canoniek import canonical
from tests.hulp.lijn import Lijn, line_to
from tests.hulp.node_device import DeviceFailed, NodeDevice, node_device, write_handlers
from tests.hulp.sync_proef import handshake
from tests.hulp.wereld import Wereld

PAGE = Path(__file__).parents[2] / "docs" / "offline-clients.md"
MAKES = ("rxdb", "watermelon")
LISTED = (
    "signalen", "locaties", "controles", "maatregelen", "rapportages", "attenderingen", "mensenhandelsignalen",
)  # fmt: skip
UNLISTED = ("ontvangsten", "naslag")
"""Collections without a list of their own; of these the plain pull is the server's view."""


class Klant:
    """One device with a client of another make. `wie` is the persona who holds it."""

    def __init__(self, make: str, device: NodeDevice, lijn: Lijn, wereld: Wereld, wie: str) -> None:
        self.make, self.device, self.lijn, self.wereld, self.wie = make, device, lijn, wereld, wie

    def token(self) -> str:
        return self.wereld.headers(self.wie)["Authorization"].removeprefix("Bearer ")

    async def connect(self) -> None:
        """Tell the device its token of this moment; the first time it begins to sync."""
        epoch = (await handshake(self.wereld, self.wie))["epoch"]
        await self.device("connect", token=self.token(), epoch=epoch)

    def move_to(self, wereld: Wereld, adres: str) -> None:
        """The server is somewhere else from now on; the device does not know."""
        self.wereld = wereld
        self.lijn.lead_to(adres)

    async def record(self, *ops: dict[str, Any], klokken: Sequence[int] | None = None) -> None:
        """Put operations among the client's own documents, as an app does that knows no network.

        With `klokken` they are of the moments that the page gives when the clock of the device shows those (ms).
        """
        given = []
        for op in ops:
            rest = {name: value for name, value in op.items() if name not in {"opId", "deviceSeq"}}
            given.append(rest | {"id": op["opId"], "vastgelegdOp": f"2026-08-19T23:12:00.{len(given):03}Z"})
        more = {"klokken": klokken} if klokken is not None else {}
        assert await self.device("record", ops=given, **more) == 0

    async def sync(self) -> None:
        await self.device("sync")

    async def holds(self, tekst: str) -> bool:
        """Whether these words are anywhere in the client's storage, in what it remembers of others included."""
        return bool(await self.device("holds", tekst=tekst))

    async def documents(self) -> dict[str, dict[str, bytes]]:
        """All that came down: collection → id → canonical JSON."""
        dump = await self.device("dump")
        return {name: {row["id"]: self._text(row["doc"]) for row in dump[name]} for name in (*LISTED, *UNLISTED)}

    def _text(self, doc: Any) -> bytes:
        return doc.encode() if isinstance(doc, str) else canonical(doc)

    async def own(self) -> dict[str, dict[str, Any]]:
        """The client's own documents, by id."""
        return {row["id"]: row for row in (await self.device("dump"))["registraties"]}

    async def told(self, op: dict[str, Any]) -> tuple[str | None, str | None]:
        """What the device shows of one of its own documents: (`syncStatus`, `syncCode`)."""
        if self.make == "rxdb":
            row = (await self.own())[op["opId"]]
            return row.get("syncStatus"), row.get("syncCode")
        code = (await self.device("memory", naam="geweigerd") or {}).get(op["opId"])
        return ("rejected", code) if code else (None, None)

    async def sync_over_a_bad_line(self) -> None:
        """RxDB tries again by itself; WatermelonDB leaves that to the app."""
        if self.make == "rxdb":
            await self.sync()
        else:
            with pytest.raises(DeviceFailed, match=r"fetch failed|terminated"):
                await self.sync()


async def server_view(wereld: Wereld, wie: str) -> dict[str, dict[str, bytes]]:
    """What the plain API shows `wie`: its lists, and of what has no list the plain pull."""
    found: dict[str, dict[str, bytes]] = {}
    for name in LISTED:
        found[name] = {doc["id"]: canonical(doc) for doc in await every_page(wereld, wie, name)}
    for name in UNLISTED:
        changes, _ = await wereld.pull(wie, collecties=name)
        found[name] = {c["id"]: canonical(c["doc"]) for c in changes if c["op"] == "upsert"}
    return found


async def every_page(wereld: Wereld, wie: str, name: str) -> list[dict[str, Any]]:
    docs: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await wereld.get(wie, f"/{name}", limit=200, **cursor)
        if answer.status_code == 403:
            return []
        assert answer.status_code == 200, answer.text
        docs += answer.json()["resultaten"]
        if answer.json()["volgende"] is None:
            return docs
        cursor = {"cursor": answer.json()["volgende"]}


async def check(klant: Klant) -> dict[str, dict[str, bytes]]:
    """The client holds, byte for byte, what the server shows its holder; returns that."""
    here, there = await klant.documents(), await server_view(klant.wereld, klant.wie)
    assert here == there
    assert there["naslag"]
    return here


@asynccontextmanager
async def devices(
    adres: str, wereld: Wereld, *who: tuple[str, str], offline: bool = False
) -> AsyncIterator[list[Klant]]:
    """A running client for each (make, persona), each on a line of its own; `offline` ones sync after `connect`."""
    assert {"api.mjs", "rxdb.mjs", "watermelon.mjs"} <= set(write_handlers(PAGE))
    async with AsyncExitStack() as stack:
        made = []
        for make, wie in who:
            lijn = await stack.enter_async_context(line_to(adres))
            device = await stack.enter_async_context(node_device(f"{make}.mjs", adres=lijn.adres))
            made.append(Klant(make, device, lijn, wereld, wie))
            if not offline:
                await made[-1].connect()
        yield made
