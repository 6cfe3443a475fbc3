"""What of the figures is told to whom is not to know a small number. Pure arithmetic, no I/O (ADR 28).

**What is told of a municipality and a calendar year, in one cut, is told whole or not at all**: a figure is open in a
cut when in every cell of that year it is nought, or five or more. Whatever somebody adds up or subtracts of however
many answers is made of such cells, so nothing smaller comes out. The cells are those of the year, not of the question;
and he cuts one way at a time, for tables that each are open can together give away what none of them tells.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.access.kleine_aantallen import MAATSTAVEN, MINST, Blik, is_held_back
from app.vocabulary import Cijfer

Jaar = tuple[str, int]
"""A municipality and a calendar year."""
Tellingen = Mapping[str, Any]
"""The figures of one cell."""


@dataclass(frozen=True, slots=True)
class Sluier:
    """What is held back in one cut, of each municipality and year."""

    dicht: Mapping[Jaar, frozenset[Cijfer]] = field(default_factory=dict)

    def hidden(self, gemeenten: Sequence[str], jaren: Iterable[int]) -> frozenset[Cijfer]:
        """The figures that are not told, summed over these municipalities and years."""
        return frozenset(c for jaar in jaren for code in gemeenten for c in self.dicht.get((code, jaar), ()))


def draw(blik: Blik, cellen: Mapping[Jaar, Sequence[Tellingen]], *, deel: bool, tijd: bool) -> Sluier:
    """The veil over the cells of each municipality and year: `deel` says they are cut, `tijd` that it is by time."""
    return Sluier(
        {
            jaar: frozenset(
                cijfer
                for cijfer in held_back(blik, deel=deel)
                if not is_open([_with_rest(cel, cijfer) for cel in each], tijd=tijd)
            )
            for jaar, each in cellen.items()
        }
    )


def held_back(blik: Blik, *, deel: bool) -> frozenset[Cijfer]:
    """The figures of which somebody is told no small number, of whole years or of what is cut finer (`deel`)."""
    return frozenset(cijfer for cijfer in Cijfer if is_held_back(blik, cijfer, deel=deel))


def _with_rest(cel: Tellingen, cijfer: Cijfer) -> Any:
    """A figure, and what is left of the one that it is a part of: who knows both can subtract. Of nought nothing is."""
    row = MAATSTAVEN[cijfer]
    if row.deelt is None:
        return cel[cijfer]
    parts = list(leaves(cel[cijfer])) if row.apart else [sum(leaves(cel[cijfer]))]
    rest = {str(n): max(0, cel[row.deelt] - part) for n, part in enumerate(parts) if part}
    return {"": cel[cijfer], "rest": rest}


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
