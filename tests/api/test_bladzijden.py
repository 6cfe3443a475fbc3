"""Pages of every size, with rights that shrink between them in every order: no device misses or keeps anything.

Three doors: the plain pull, and the two adapters as their clients call them. `make stock` plays all sizes from 1 to 50.
"""

import json
import os
import random
from collections.abc import Awaitable, Callable
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from tests.hulp.replica import ROLLEN, Replica, grant
from tests.hulp.sync_proef import accepted, controle, correctie, doorhaling, melding
from tests.hulp.wereld import Wereld

WIE = "boa-1"
COLLECTIES = ("signalen", "controles", "locaties", "attenderingen")
ALLE = bool(os.environ.get("BLADZIJDEN"))
MATEN = range(1, 51) if ALLE else (1, 3, 5, 50)
PER_MAAT = 4 if ALLE else 1
Held = dict[tuple[str, str], tuple[Any, Any]]
"""What a device holds: the document and what is masked of it, by collection and id."""


class Pull:
    """The plain door."""

    def __init__(self, wereld: Wereld, limit: int) -> None:
        self.replica, self.limit, self.ended = Replica(wereld, WIE), limit, False

    async def step(self) -> tuple[bool, set[tuple[str, str]]]:
        """One page: whether it was the last, and what came."""
        self.replica.told.clear()
        done = await self.replica.step(self.limit, exact=False)
        return done, {(name, ident) for op, name, ident in self.replica.told if op == "upsert" and name in COLLECTIES}

    @property
    def held(self) -> Held:
        return {key: (doc, masked) for key, (_, doc, masked) in self.replica.docs.items() if key[0] in COLLECTIES}


class RxDB:
    """A pull of one collection ends at a page shorter than it asked for; the checkpoint of an empty one is not kept."""

    def __init__(self, wereld: Wereld, limit: int) -> None:
        self.wereld, self.limit, self.ended = wereld, limit, False
        self.cursors, self.held = dict.fromkeys(COLLECTIES, ""), Held()

    async def step(self) -> tuple[bool, set[tuple[str, str]]]:
        done, came = True, set()
        for name in COLLECTIES:
            pad, params = f"/sync/rxdb/{name}/pull", {"limit": self.limit, "cursor": self.cursors[name]}
            answer = await self.wereld.get(WIE, pad, **params)
            if answer.status_code == 410:  # its handler drops the collections, and fetches them anew
                self.cursors[name] = ""
                self.held = {key: doc for key, doc in self.held.items() if key[0] != name}
                done = False
                continue
            assert answer.status_code == 200, answer.text
            page = answer.json()
            for doc in page["documents"]:
                key = name, doc["id"]
                if doc["_deleted"]:
                    assert set(doc) == {"id", "_deleted"}
                    self.held.pop(key, None)
                else:
                    self.held[key] = doc["doc"], doc["gemaskeerd"]
                    came.add(key)
            if page["documents"]:
                self.cursors[name] = page["checkpoint"]["cursor"]
            done &= len(page["documents"]) < self.limit
        return done, came


class WatermelonDB:
    """Everything since its cursor in one answer, or all of it as a replacement."""

    def __init__(self, wereld: Wereld, _limit: int) -> None:
        self.wereld, self.last, self.cursor, self.held, self.ended = wereld, 0, "", Held(), False

    async def step(self) -> tuple[bool, set[tuple[str, str]]]:
        params = {"lastPulledAt": self.last, "cursor": self.cursor, "collecties": ",".join(COLLECTIES)}
        answer = await self.wereld.get(WIE, "/sync/watermelon/pull", **params)
        assert answer.status_code == 200, answer.text
        page, came = answer.json(), set()
        if "experimentalStrategy" in page:
            self.held = {}
        for name in COLLECTIES:
            for row in page["changes"][name]["updated"]:
                self.held[name, row["id"]] = json.loads(row["doc"]), json.loads(row["gemaskeerd"])
                came.add((name, row["id"]))
            for ident in page["changes"][name]["deleted"]:
                self.held.pop((name, ident), None)
        self.last, self.cursor = page["timestamp"], page["cursor"]
        return True, came


async def visible(wereld: Wereld) -> Held:
    """What somebody who starts from nothing now is given."""
    fresh = Pull(wereld, 1000)
    while not (await fresh.step())[0]:
        pass
    return fresh.held


async def shrink(wereld: Wereld, kans: random.Random, narrow: UUID) -> dict[str, Callable[[], Awaitable[Any]]]:
    """Documents here and elsewhere, and the ways in which each stops being his to see."""
    here = [melding(wereld, "pct-1") for _ in range(kans.randint(3, 6))]
    there = [melding(wereld, "pct-1", inhoud={"gemeente": "GM0233"}) for _ in range(kans.randint(1, 2))]
    visits = [each for _ in range(kans.randint(1, 2)) for each in controle(wereld, "boa-2")]
    await accepted(wereld, "pct-1", *here, *there)
    await accepted(wereld, "boa-2", *visits)
    struck, shut = kans.sample(here, 2)
    start = visits[-1]

    async def narrowed() -> None:
        wereld.mensen[WIE].roltoewijzing = narrow

    return {
        "struck": lambda: accepted(wereld, "pct-1", doorhaling(wereld, "pct-1", struck, "signaal")),
        "of the police": lambda: accepted(wereld, "pct-1", correctie(wereld, "pct-1", shut, bron="politie")),
        "undone": lambda: accepted(wereld, "boa-2", doorhaling(wereld, "boa-2", start, "controle")),
        "elsewhere": narrowed,
    }


@pytest.mark.parametrize("limit", MATEN)
async def test_rights_that_shrink_between_pages_leave_nothing_missed_and_nothing_kept(
    wereld: Wereld, limit: int
) -> None:
    """Broken: `find_lost` that finds nothing; `gather` after one page; `visible` out of `read_changes`."""
    kans = random.Random(f"bladzijden {limit}")  # noqa: S311  # an order, not a secret
    wide, narrow = [await grant(wereld, WIE, *ROLLEN[name]) for name in ("boa-breed", "boa")]
    orders = kans.sample(list(permutations(("struck", "of the police", "undone", "elsewhere"))), PER_MAAT)
    for order in orders:
        wereld.mensen[WIE].roltoewijzing = wide
        ways = await shrink(wereld, kans, narrow)
        doors = [door(wereld, limit) for door in (Pull, RxDB, WatermelonDB)]
        for way in order:
            for door in doors:
                for _ in range(kans.randint(0, 1)):
                    await door.step()
            await accepted(wereld, "pct-1", *(melding(wereld, "pct-1") for _ in range(kans.randint(2, 8))))
            await ways[way]()
            now = await visible(wereld)
            for door in doors:
                door.ended, came = await door.step()
                assert came <= now.keys(), f"{type(door).__name__}: {way} in {order}, and still sent"
        for door in doors:
            while not door.ended:  # as its client does: it asks no more after a short page
                door.ended, _ = await door.step()
            assert door.held == now, f"{type(door).__name__}, {order}"
