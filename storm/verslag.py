"""What a storm reports."""

from collections import Counter
from collections.abc import Sequence

from storm.fouten import NAMEN
from storm.run import Uitslag

TELLING = ("verloren", "dubbel", "gemist", "verouderd", "gelekt")
WOORDEN = {"verloren": "lost", "dubbel": "doubled", "gemist": "missed", "verouderd": "stale", "gelekt": "leaked"}


def count(uitslagen: Sequence[Uitslag]) -> tuple[int, Counter[str], Counter[str]]:
    """Operations, faults by kind, and the five counts."""
    faults, telling = Counter[str](), Counter[str]()
    for uitslag in uitslagen:
        faults.update(uitslag.fouten)
        telling.update(uitslag.telling)
    return sum(u.registraties for u in uitslagen), faults, telling


def line_of(uitslagen: Sequence[Uitslag], seconds: float) -> str:
    """So far, on one line."""
    operations, faults, telling = count(uitslagen)
    wrong = sum(bool(u.bevindingen) for u in uitslagen)
    counts = " ".join(f"{WOORDEN[name]}={telling[name]}" for name in TELLING)
    return (
        f"{len(uitslagen):5} seeds {operations:7} operations {faults.total():6} faults"
        f"  {counts}  seeds with findings: {wrong}  {seconds:.0f} s"
    )


def table_of(uitslagen: Sequence[Uitslag], seconds: float) -> str:
    """Everything, as a page."""
    operations, faults, telling = count(uitslagen)
    wrong = sorted(u.seed for u in uitslagen if u.bevindingen)
    lines = [
        "# The fault storm",
        "",
        f"{len(uitslagen)} seeds in {seconds:.0f} s: {operations} operations, {faults.total()} faults.",
        f"Seeds with findings: {wrong or 'none'}.",
        "",
        "| count | |",
        "|---|---:|",
        *(f"| {WOORDEN[name]} | {telling[name]} |" for name in TELLING),
        "",
        "| fault | times |",
        "|---|---:|",
        *(f"| {name} | {faults[name]} |" for name in sorted(NAMEN)),
        "",
    ]
    return "\n".join(lines)
