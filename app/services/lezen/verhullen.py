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
    """What is held back in one cut: of each municipality and year, and of the sum over all of them."""

    dicht: Mapping[Jaar, frozenset[Cijfer]] = field(default_factory=dict)
    samen: Mapping[int, frozenset[Cijfer]] | None = None
    """Where he asks the sum over all that is his: then some parts may be closed and the sum is not."""

    def hidden(self, gemeenten: Sequence[str], jaren: Iterable[int]) -> frozenset[Cijfer]:
        """The figures that are not told, summed over these municipalities and years."""
        found: set[Cijfer] = set()
        for jaar in jaren:
            if self.samen is not None and len(gemeenten) > 1:
                found |= self.samen.get(jaar, frozenset())
            else:
                found |= {c for code in gemeenten for c in self.dicht.get((code, jaar), ())}
        return frozenset(found)


def draw(blik: Blik, cellen: Mapping[Jaar, Sequence[Tellingen]], *, deel: bool, tijd: bool, gebied: bool) -> Sluier:
    """The veil over the cells of each municipality and year: `deel` says they are cut, `tijd` that it is by time.

    `gebied` says that the sum is asked of all that is his.
    """
    dicht = {
        jaar: frozenset(
            cijfer
            for cijfer in Cijfer
            if is_held_back(blik, cijfer, deel=deel)
            and not is_open([_with_rest(cel, cijfer) for cel in each], tijd=tijd)
        )
        for jaar, each in cellen.items()
    }
    return Sluier(dicht, _together(dicht, cellen) if gebied and not deel else None)


def _with_rest(cel: Tellingen, cijfer: Cijfer) -> Any:
    """A figure, and what is left of the one that it is a part of: who knows both can subtract."""
    whole = MAATSTAVEN[cijfer].deelt
    if whole is None:
        return cel[cijfer]
    return {"": cel[cijfer], "rest": max(0, cel[whole] - sum(leaves(cel[cijfer])))}


def is_open(cellen: Sequence[Any], *, tijd: bool) -> bool:
    """Whether in no cell anything is small.

    Over time it also happened in two cells at least: if all was in one month, so was all that it says less of.
    """
    some = [cel for cel in cellen if any(leaves(cel))]
    return not any(0 < n < MINST for cel in some for n in leaves(cel)) and not (tijd and len(some) == 1)


def _together(
    dicht: Mapping[Jaar, frozenset[Cijfer]], cellen: Mapping[Jaar, Sequence[Tellingen]]
) -> dict[int, frozenset[Cijfer]]:
    """Per year the figures of which the sum over all municipalities would give a closed one away.

    It does not where several are closed, and what they add up to leaves open how much each is.
    """
    found: dict[int, set[Cijfer]] = {}
    for (_, jaar), closed in dicht.items():
        for cijfer in closed:
            parts = [
                cel[cijfer]
                for (other, when), each in cellen.items()
                if when == jaar and cijfer in dicht[other, when]
                for cel in each
            ]
            whole = all(isinstance(part, int) and 0 < part < MINST for part in parts)
            if not (whole and leaves_open(len(parts), sum(parts) if whole else 0)):
                found.setdefault(jaar, set()).add(cijfer)
    return {jaar: frozenset(each) for jaar, each in found.items()}


def leaves_open(parts: int, total: int) -> bool:
    """Whether `parts` numbers of one to four, of which only the sum is known, can each be more than one number."""
    return parts > 1 and max(MINST, parts + 1) <= total < (MINST - 1) * parts


def leaves(value: Any) -> Iterator[int]:
    """The numbers in a figure: itself, or one of each kind."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, int):
        yield value
