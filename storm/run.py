"""One run: a world of its own, everything on the schedule, a calm in which everybody syncs, and the final checks."""

import hashlib
import json
import random
from dataclasses import dataclass
from datetime import timedelta

from storm import bestanden, kantoor, omgeving, plannen, tegenslag, toetsen
from storm.handelingen import HANDELINGEN
from storm.journaal import Bron
from storm.lijn import deliver_late
from storm.mutaties import planted_in_client
from storm.opstelling import Opstelling
from storm.rooster import Actie, hash_of
from storm.wereld import Run
from veldboek_client.verbinding import ApiProbleem

RONDES = 8
"""So many times everybody syncs in the calm, at most: what waits for another phone needs two."""
WACHT = (timedelta(0), timedelta(hours=25), timedelta(days=7))
"""Then, as long as anything waits for what never comes, once more after a day, and after a week."""
BLOK = 65_536
"""Bytes per piece of a file, in the calm."""
assert tegenslag  # its actions are registered by importing it
assert omgeving
assert kantoor
assert plannen


@dataclass(frozen=True)
class Uitslag:
    """What came of a run."""

    seed: int
    bevindingen: tuple[str, ...]
    registraties: int
    fouten: dict[str, int]
    telling: dict[str, int]
    """lost, doubled, missed, stale, leaked"""
    hash: str
    """of schedule, verdicts and final views: the same at each run of a seed"""
    spoor: str
    """what that hash is of"""


async def act(run: Run, actie: Actie) -> None:
    """One thing on the schedule; time passes before it."""
    kans = random.Random(actie.zaad)  # noqa: S311  # chance, not a secret
    run.o.bord.set_clock(run.o.bord.now() + timedelta(minutes=kans.randint(1, 30)))
    t = run.telefoons[actie.wie % len(run.telefoons)]
    run.bron = t.bron = Bron(f"{run.seed} {actie.nummer}")
    try:
        outcome = await HANDELINGEN[actie.soort].doen(run, t, kans)
    except ApiProbleem as problem:  # at the office: a phone says by itself how its sync ended
        outcome = "geweigerd"
        run.journaal.find(f"{actie.soort}: {problem}")
    t.lijn.tussendoor = t.lijn.afluisteren = None
    run.journaal.spoor.append([actie.soort, t.naam, outcome])


async def calm_down(run: Run) -> None:
    """Everything works again; everybody syncs until nothing moves."""
    run.o.bord.disarm()
    run.o.bord.set_clock(run.o.bord.now() + timedelta(hours=8))
    run.bron = Bron(f"{run.seed} rust")
    for t in run.telefoons:
        t.lijn.clear()
        t.lijn.bladzijde = None
        await deliver_late(t.lijn)
    for mens in run.o.mensen.mensen.values():
        await run.come_back(mens)
    for later in WACHT:
        run.o.bord.set_clock(run.o.bord.now() + later)
        if not await sync_all(run):
            break


async def sync_all(run: Run) -> bool:
    """Everybody signs in and syncs until nothing moves; whether anything still waits."""
    for t in run.telefoons:
        t.sign_in()
    for _ in range(RONDES):
        before = await run.size()
        ended = [await t.sync() for t in run.telefoons]
        run.journaal.spoor.append(ended)
        files = [await t.send_files(BLOK) for t in run.telefoons]
        run.journaal.spoor.append(files)
        await bestanden.bind(run)
        if await run.size() == before:
            break
    return any("deferred" in e for e in ended)


async def play(o: Opstelling, seed: int, acties: list[Actie], mutatie: str | None = None) -> Uitslag:
    """A whole run, from a fresh ledger to the checks."""
    await o.begin(mutatie)
    run = Run(o, seed)
    telling, eind = dict.fromkeys(toetsen.TELLING, 0), None
    try:
        with planted_in_client(mutatie):
            for actie in acties:
                await act(run, actie)
            await calm_down(run)
        telling, eind = await toetsen.check(run)
    except ApiProbleem as problem:  # the ledger found that it is damaged, and answers nothing any more
        run.journaal.find(f"in the calm: {problem}")
    finally:
        await run.close()
        await o.end()
    j = run.journaal
    trace = json.dumps([hash_of(acties), j.spoor, sorted(j.fouten.items()), eind], sort_keys=True, default=str)
    hashed = hashlib.sha256(trace.encode()).hexdigest()[:16]
    return Uitslag(seed, tuple(j.bevindingen), len(j.ops), dict(j.fouten), telling, hashed, trace)
