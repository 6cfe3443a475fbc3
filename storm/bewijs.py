"""The proof that the storm finds bugs, and how a run that found one is made small."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from storm.mutaties import MUTATIES
from storm.planten import Mutatie
from storm.reeks import Opgave, Reeks
from storm.rooster import Actie, draw
from storm.run import Uitslag

HOOGSTENS = 30
"""Runs to find a bug in."""
DOC = Path("docs/storm.md")
KOP = "| planted bug | what is then wrong | seed | what the storm said first |\n|---|---|--:|---|\n"
_IDENT = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


def fitting(mutatie: Mutatie) -> Iterator[Opgave]:
    """The first seeds on whose schedule stands what the bug needs to do harm."""
    needed, seed = Counter(mutatie.nodig), -1
    while True:
        acties = draw(seed := seed + 1)
        if needed <= Counter(actie.soort for actie in acties):
            yield Opgave(seed, acties, mutatie.naam)


def hunt(reeks: Reeks, naam: str, hoogstens: int = HOOGSTENS) -> Uitslag | None:
    """The first run that finds a planted bug."""
    for opgave in islice(fitting(MUTATIES[naam]), hoogstens):
        reeks.put(opgave)
        if (uitslag := reeks.get()).bevindingen:
            return uitslag
    return None


def prove(namen: Iterable[str] = tuple(MUTATIES), doc: Path = DOC) -> bool:
    """Hunt for every planted bug, print who found it and put that in the page; True when one was not found."""
    missed = False
    with Reeks(1) as reeks:
        for naam in namen:
            found = hunt(reeks, naam)
            missed |= found is None
            told = found.bevindingen[0] if found else f"NOT FOUND in {HOOGSTENS} runs"
            print(f"{naam:32} seed {found.seed if found else '-'}: {told[:170]}", flush=True)
            doc.write_text(put_row(doc.read_text(encoding="utf-8"), naam, found), encoding="utf-8")
    return missed


def put_row(page: str, naam: str, found: Uitslag | None) -> str:
    """The page with what came of one bug in its table, which has the order of the list."""
    before, _, rest = page.partition(KOP)
    table, _, after = rest.partition("\n\n")
    rows = {row.split("`")[1]: row for row in table.splitlines()}
    said = _IDENT.sub("…", found.bevindingen[0])[:110].replace("|", "\\|") if found else "NOT FOUND"
    rows[naam] = f"| `{naam}` | {MUTATIES[naam].gevolg} | {found.seed if found else '-'} | {said} |"
    return before + KOP + "\n".join(rows[known] for known in MUTATIES if known in rows) + "\n\n" + after


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
