"""The proof that the storm finds bugs, and how a run that found one is made small."""

from collections.abc import Iterable

from storm.mutaties import MUTATIES
from storm.reeks import Opgave, Reeks
from storm.rooster import Actie, draw
from storm.run import Uitslag

HOOGSTENS = 60
"""Seeds to find a bug in."""


def hunt(reeks: Reeks, naam: str, seeds: Iterable[int] = range(HOOGSTENS)) -> Uitslag | None:
    """The first run that finds a planted bug."""
    for seed in seeds:
        reeks.put(Opgave.of(seed, naam))
        if (uitslag := reeks.get()).bevindingen:
            return uitslag
    return None


def prove(namen: Iterable[str] = tuple(MUTATIES)) -> bool:
    """Hunt for every planted bug and print who found it; True when one was not found."""
    missed = False
    with Reeks(1) as reeks:
        for naam in namen:
            found = hunt(reeks, naam)
            missed |= found is None
            told = f"seed {found.seed}: {found.bevindingen[0][:170]}" if found else f"NOT FOUND in {HOOGSTENS} seeds"
            print(f"{naam:32} {told}", flush=True)
    return missed


def shrink(seed: int, mutatie: str | None = None) -> list[Actie]:
    """The fewest actions of a seed that still find something: ever smaller pieces are left out, one after another."""
    acties = draw(seed)
    with Reeks(1) as reeks:

        def still_found(these: list[Actie]) -> bool:
            reeks.put(Opgave(seed, these, mutatie))
            return bool(reeks.get().bevindingen)

        size = len(acties) // 2
        while size:
            start = 0
            while start < len(acties):
                fewer = acties[:start] + acties[start + size :]
                if still_found(fewer):
                    acties = fewer
                else:
                    start += size
            size //= 2
    return acties
