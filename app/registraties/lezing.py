"""How documents of one kind are read: their list and what it may be asked, and whether they travel to devices.

Each document class says so of itself; what follows for the server stands in `services/sync/collecties`.
"""

from dataclasses import dataclass

PERIODE = "periode"
"""The one filter that is two questions: `van` and `totEnMet`, held against the column `datum`."""


@dataclass(frozen=True, slots=True)
class Lijst:
    """A list, and a single read: at `/v1/<collection>`, unless it says otherwise."""

    titel: str
    filters: tuple[str, ...] = ()
    """What may be asked: columns of the read model. The values are those of the field of that name, or `PERIODE`."""
    pad: str | None = None
    permissie: str | None = None
    """What it takes to see it; without, `<collection>:zien`."""
    alleen: tuple[tuple[str, str], ...] = ()
    """What every document in it has: column and value."""
    enkel: bool = True
    """Whether one is read as all are; False where a single read asks more, and is a route of its own."""


@dataclass(frozen=True, slots=True)
class Reis:
    """That documents travel down to devices, under the name of their collection unless it says otherwise."""

    naam: str | None = None
    permissie: str | None = None
    """What it takes to receive it; without, `<collection>:zien`."""
