"""What of the figures is told to whom is not to know a small number. Pure arithmetic, no I/O (ADR 28).

**What is told of a municipality and a calendar year, in one cut, is told whole or not at all**: a figure is open in a
cut when in every cell of that year it is nought, or five or more. Whatever somebody adds up or subtracts of however
many answers is made of such cells, so nothing smaller comes out. The cells are those of the year, not of the question;
and he cuts one way at a time, for tables that each are open can together give away what none of them tells. What
counts different places does not add up: of that a whole year is told, and the year by kind of place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from app.access.kleine_aantallen import MAATSTAVEN, MINST, Blik, is_held_back
from app.vocabulary import Cijfer

Jaar = tuple[str, int]
"""A municipality and a calendar year."""
Tellingen = Mapping[str, Any]
"""The figures of one cell."""


class Langs(Enum):
    """Which way a year is cut."""

    TIJD = auto()
    THEMA = auto()
    LOCATIESOORT = auto()


@dataclass(frozen=True, slots=True)
class Sluier:
    """What is held back in one cut, of each municipality and year; and what besides of several years together."""

    dicht: Mapping[Jaar, frozenset[Cijfer]] = field(default_factory=dict)
    samen: frozenset[Cijfer] = frozenset()

    def hidden(self, gemeenten: Sequence[str], jaren: Sequence[int]) -> frozenset[Cijfer]:
        """The figures that are not told, summed over these municipalities and years."""
        shut = frozenset(c for jaar in jaren for code in gemeenten for c in self.dicht.get((code, jaar), ()))
        return shut | self.samen if len(jaren) > 1 else shut


def draw(blik: Blik, cellen: Mapping[Jaar, Sequence[Tellingen]], langs: Langs | None) -> Sluier:
    """The veil over the cells of each municipality and year, cut this way or whole."""
    return Sluier(
        {
            jaar: frozenset(c for c in held_back(blik, deel=langs is not None) if not _is_told(each, c, langs))
            for jaar, each in cellen.items()
        },
        frozenset(c for c in held_back(blik, deel=True) if MAATSTAVEN[c].verschillend),
    )


def _is_told(cellen: Sequence[Tellingen], cijfer: Cijfer, langs: Langs | None) -> bool:
    if MAATSTAVEN[cijfer].verschillend and langs in {Langs.TIJD, Langs.THEMA}:
        return False
    return is_open([_with_rest(cel, cijfer) for cel in cellen], tijd=langs is Langs.TIJD)


def held_back(blik: Blik, *, deel: bool) -> frozenset[Cijfer]:
    """The figures of which somebody is told no small number, of whole years or of what is cut finer (`deel`)."""
    return frozenset(cijfer for cijfer in Cijfer if is_held_back(blik, cijfer, deel=deel))


def _with_rest(cel: Tellingen, cijfer: Cijfer) -> Any:
    """A figure, and what is left of each that it is a part of: who knows both can subtract. Of nought nothing is."""
    row = MAATSTAVEN[cijfer]
    parts = list(leaves(cel[cijfer])) if row.apart else [sum(leaves(cel[cijfer]))]
    found: dict[str, Any] = {"": cel[cijfer]}
    while row.deelt is not None:  # also of what that is a part of: the one between may not be told
        found[row.deelt] = {str(n): max(0, cel[row.deelt] - part) for n, part in enumerate(parts) if part}
        row = MAATSTAVEN[row.deelt]
    return found


def is_open(cellen: Sequence[Any], *, tijd: bool) -> bool:
    """Whether in no cell anything is small.

    Over time it also happened in two cells at least: if all was in one month, so was all that it says less of.
    """
    some = [cel for cel in cellen if any(leaves(cel))]
    return not any(0 < n < MINST for cel in some for n in leaves(cel)) and not (tijd and len(some) == 1)


def leaves(value: Any) -> Iterator[int]:
    """The numbers in a figure: itself, or one of each kind."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, int):
        yield value
