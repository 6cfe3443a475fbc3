"""How documents of one kind are read: their list and what it may be asked, and whether they travel to devices.

Each document class says so of itself; what follows for the server stands in `services/sync/collecties`.
"""

import re
from dataclasses import dataclass

ADRES, POSTCODE = "adres", "postcode"
"""Filters on the address of a document: by its words, or its postcode."""
GEZIEN = "gezien"
"""The filter on what whoever asks has seen, or has not."""
KENMERK = "kenmerk"
"""The filter on the reference in the system of whoever recorded it."""
ID = "id"
"""The filter that every list has: these documents."""
VELD = {POSTCODE: "adres", GEZIEN: "gezienDoor", KENMERK: "bronkenmerk"}
"""Of the filters that are no field: the field that they tell of."""


def column_of(veld: str) -> str:
    """The column that holds a field: `geldtTotEnMet` → `geldt_tot_en_met`."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", veld).lower()


@dataclass(frozen=True, slots=True)
class Lijst:
    """A list, and a single read: at `/v1/<collection>`, unless it says otherwise.

    One that has a `volgorde` is asked for a period as well (`van`, `totEnMet`), and sorted either way.
    """

    titel: str
    filters: tuple[str, ...] = ()
    """What may be asked: `ADRES`, `POSTCODE`, `GEZIEN`, `KENMERK`, and fields of the document by their value."""
    pad: str | None = None
    permissie: str | None = None
    """What it takes to see it; without, `<collection>:zien`."""
    alleen: tuple[tuple[str, str], ...] = ()
    """What every document in it has: column and value."""
    enkel: bool = True
    """Whether one is read as all are; False where a single read asks more, and is a route of its own."""
    volgorde: tuple[str, ...] = ()
    """Newest first, by the first of these fields that is there: the column `volgorde`. Without, by id.

    Whoever is shown a document that lacks the first is shown the others.
    """
    duurt_tot: str | None = None
    """What is only planned, so without the first of `volgorde`, lies in each period until this moment."""
    sorteer: tuple[str, ...] = ()
    """By which fields else it is sorted: columns with a day."""

    @property
    def sleutels(self) -> tuple[str, ...]:
        """The fields by which it is sorted."""
        return (*self.volgorde[:1], *self.sorteer)


@dataclass(frozen=True, slots=True)
class Reis:
    """That documents travel down to devices, under the name of their collection unless it says otherwise."""

    naam: str | None = None
    permissie: str | None = None
    """What it takes to receive it; without, `<collection>:zien`."""
