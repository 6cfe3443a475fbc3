"""`make stock`: evenings on stock clients, disturbed in every way, beside the same evening undisturbed.

Both officers record without a network, in bursts, and sync at once: batches in parallel, lines cut before, after and
halfway, clocks put back a second or a day, tokens that run out, `kill -9` of the API in the middle of a booking. At the
end every operation was accepted, and every figure and every document is that of the undisturbed run.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

from storm.mensen import WACHTWOORD, inlog
from storm.opstelling import BASE, Opstelling, new_line, no_waiting, scratch
from storm.schakelbord import Daad, Punt
from tests.hulp.lijn import Lijn, line_to
from tests.hulp.node_device import DeviceFailed, NodeDevice, node_device, write_handlers
from tests.hulp.stock_avond import EERSTE, TWEEDE, Avond, Regel
from tests.hulp.stock_proef import MAKES, PAGE
from veldboek_client.verbinding import CLIENT_ID, Verbinding

quiet = partial(node_device, stderr=asyncio.subprocess.DEVNULL)
ALTIJD = {"van": "1900-01-01", "totEnMet": "2999-12-31"}
TERUG = (0, 1_000, 86_400_000)
"""How far a clock is put back, in ms."""
RUST = 12
"""So often everybody syncs at the end, at most."""
KANS = {"waargenomenOp", "begonnenOp", "eindeOp", "ontvangenOp", "nummer", "nagekomen"}
"""What a clock, or the order of arrival, may say otherwise: none of it counts."""
MEE = {"gepeildOp", "peildatum", "grootboekPositie", "definities"}
"""What the figures say of themselves."""
TOKEN = timedelta(minutes=6)
"""Longer than a token lives."""


class Toestel:
    """One officer's device with a stock client, on a line of its own."""

    def __init__(self, wie: str, device: NodeDevice, lijn: Lijn) -> None:
        self.wie, self.device, self.lijn = wie, device, lijn

    async def sync(self) -> None:
        """WatermelonDB says that it failed and RxDB tries again: both are tried again here."""
        with suppress(DeviceFailed):
            await self.device("sync")


async def undisturbed(o: Opstelling, avond: Avond) -> Any:
    """Everything pushed as it was written down, one after another."""
    await o.begin()
    try:
        async with phone(o, EERSTE) as one, phone(o, TWEEDE) as other:
            for regel in avond.regels:
                body = {"batchId": regel.op["opId"], "verzondenOp": o.bord.now().isoformat(), "ops": [regel.timed()]}
                line = one if regel.wie == EERSTE else other
                (result,) = (await line.post("/sync/push", body))["resultaten"]
                if result["status"] != "accepted":
                    raise AssertionError(f"{regel.op['soort']} became {result}")
        return await outcome(o)
    finally:
        await o.end()


def phone(o: Opstelling, wie: str) -> Verbinding:
    """A device that signs nothing, on a line without faults."""
    return Verbinding(
        BASE, inlog(wie, o.mensen.mensen[wie].toestellen[0]), transport=new_line(o.dienst.path), slaap=no_waiting
    )


async def disturbed(o: Opstelling, avond: Avond, make: str, fouten: Counter[str]) -> Any:
    """The same evening on two stock devices."""
    await o.begin()
    kans = random.Random(f"storing {avond.zaad} {make}")  # noqa: S311  # chance, not a secret
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(keep_alive(o, fouten))
            toestellen = [await stack.enter_async_context(stock_device(o, wie, make)) for wie in (EERSTE, TWEEDE)]
            plans = {t.wie: burst(t.wie, avond.regels, kans, fouten) for t in toestellen}
            for turn in range(3):
                for t in toestellen:
                    ops, klokken = plans[t.wie][turn]
                    if ops:
                        await t.device("record", ops=ops, klokken=klokken)
                disturb(o, toestellen, kans, fouten)
                await asyncio.gather(*(t.sync() for t in toestellen))
            o.bord.disarm()
            for t in toestellen:
                t.lijn.cut = None
            await calm(o, toestellen, len(avond.regels))
        return await outcome(o)
    finally:
        await o.end()


def burst(wie: str, regels: Sequence[Regel], kans: random.Random, fouten: Counter[str]) -> list[Any]:
    """What he writes down before each of three syncs, and what his clock shows: somewhere after the starts put back."""
    own = [regel for regel in regels if regel.wie == wie]
    begun = max((n for n, regel in enumerate(own) if regel.op["soort"] == "controle.gestart"), default=0)
    at, back = kans.randint(begun + 1, max(begun + 1, len(own))), kans.choice(TERUG)
    fouten["klok terug"] += bool(back) and at < len(own)
    ops = [{"id": r.op["opId"], **{name: v for name, v in r.op.items() if name != "opId"}} for r in own]
    klokken = [r.moment - (back if n >= at else 0) for n, r in enumerate(own)]
    one, two = sorted(kans.randint(0, len(own)) for _ in range(2))
    return [(ops[a:b], klokken[a:b]) for a, b in ((0, one), (one, two), (two, len(own)))]


def disturb(o: Opstelling, toestellen: Sequence[Toestel], kans: random.Random, fouten: Counter[str]) -> None:
    """What goes wrong in the sync that follows."""
    for t in toestellen:
        t.lijn.cut = kans.choice((None, "before", "after", "half"))
        fouten["lijn gesneden"] += t.lijn.cut is not None
    if kans.random() < 0.6:
        o.bord.arm(kans.choice((Punt.VOOR_KOP, Punt.VOOR_COMMIT, Punt.NA_COMMIT)), Daad.API_DOOD)
    if kans.random() < 0.5:
        o.bord.set_clock(o.bord.now() + TOKEN)
        fouten["token verlopen"] += 1


async def calm(o: Opstelling, toestellen: Sequence[Toestel], many: int) -> None:
    """Sync until the server took everything, and once more."""
    for _ in range(RUST):
        await asyncio.gather(*(t.sync() for t in toestellen))
        async with o.connect() as connection:
            taken = await connection.fetchval("SELECT count(*) FROM bedrijf.sync_op WHERE pos > $1", o.mensen.omvang)
        if taken >= many:
            break
    await asyncio.gather(*(t.sync() for t in toestellen))


async def outcome(o: Opstelling) -> Any:
    """All that counts: what became of each operation, the figures, and the documents without what chance may say."""
    async with o.connect() as connection:
        rows = await connection.fetch(
            "SELECT op::text, status, code FROM bedrijf.sync_op WHERE pos > $1 ORDER BY 1", o.mensen.omvang
        )
    async with o.sign_in("regisseur-1") as regisseur:
        figures = await regisseur.get("/cijfers", gemeente=["GM0243"], **ALTIJD)
    async with o.sign_in(EERSTE) as boa:
        listed = (await boa.get("/controles", limit=200))["resultaten"]
    told = {name: value for name, value in figures.items() if name not in MEE}
    return [[tuple(row) for row in rows], told, [without_chance(doc) for doc in sorted(listed, key=lambda d: d["id"])]]


def without_chance(value: Any) -> Any:
    """A document without the order of its lists, and without moments."""
    if isinstance(value, dict):
        return {name: without_chance(v) for name, v in value.items() if name not in KANS}
    if isinstance(value, list):
        return sorted(map(without_chance, value), key=lambda v: json.dumps(v, sort_keys=True))
    return value


@asynccontextmanager
async def stock_device(o: Opstelling, wie: str, make: str) -> AsyncIterator[Toestel]:
    """A running client that signs in by itself."""
    mens = o.mensen.mensen[wie]
    form = {"username": wie, "password": WACHTWOORD, "toestel": mens.toestellen[0]}
    async with o.connect() as connection:
        epoch = await connection.fetchval("SELECT epoch FROM grootboek.head")
    async with line_to(f"unix:{o.dienst.path}") as lijn, quiet(f"{make}.mjs", adres=lijn.adres) as device:
        await device("connect", epoch=epoch, login={"client_id": CLIENT_ID, "form": form})
        yield Toestel(wie, device, lijn)


@asynccontextmanager
async def keep_alive(o: Opstelling, fouten: Counter[str]) -> AsyncIterator[None]:
    """An API that was killed is started again, as a service manager does."""

    async def watch() -> None:
        while True:
            await asyncio.sleep(0.05)
            if not o.dienst.alive():
                fouten["API gedood"] += 1
                o.start_api()

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def difference(must: Any, has: Any) -> str:
    """Where two outcomes differ first."""
    for name, one, other in zip(("operations", "figures", "documents"), must, has, strict=True):
        if one != other:
            pairs = [(a, b) for a, b in zip(one, other, strict=False) if a != b] if isinstance(one, list) else []
            wrong = pairs[0] if pairs else (one, other)
            return f"{name}: must be {wrong[0]}, is {wrong[1]}"
    return ""


def say(line: str) -> None:
    """At once, for whoever waits."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def play(o: Opstelling, makes: Sequence[str], first: int, runs: int) -> int:
    """Every run of every make; returns how many differ."""
    await o.prepare()
    wrong = 0
    begun, equal, operations = time.monotonic(), Counter[str](), Counter[str]()
    fouten: dict[str, Counter[str]] = {make: Counter() for make in makes}
    for zaad in range(first, first + runs):
        avond = Avond(zaad, o.mensen)
        must = await undisturbed(o, avond)
        for make in makes:
            has = await disturbed(o, avond, make, fouten[make])
            operations[make] += len(avond.regels)
            equal[make] += must == has
            if must != has:
                wrong += 1
                say(f"{make} {zaad}: {difference(must, has)[:2000]}")
        done = ", ".join(f"{make} {equal[make]} equal" for make in makes)
        say(f"evening {zaad}: {done}; {time.monotonic() - begun:.0f} s")
    for make in makes:
        met = ", ".join(f"{naam} {aantal}" for naam, aantal in sorted(fouten[make].items()))
        say(f"{make}: {equal[make]} of {runs} runs equal the undisturbed one; {operations[make]} operations; {met}")
    say(f"{time.monotonic() - begun:.0f} s")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hulp.stock_reeks", description=__doc__)
    parser.add_argument("--runs", type=int, default=50, help="how many evenings")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--make", choices=MAKES, help="this client only")
    args = parser.parse_args()
    write_handlers(PAGE)
    with scratch() as (home, own):
        o = Opstelling(home, own_disk=own)
        try:
            wrong = asyncio.run(play(o, [args.make] if args.make else MAKES, args.first, args.runs))
        finally:
            o.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
