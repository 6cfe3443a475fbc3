"""The data set of the year, and what every part of the story needs of it: ids, moments, who is who."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from importlib.resources import files
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from app.moment import AMSTERDAM

Gegevens = dict[str, Any]


def read_gegevens() -> Gegevens:
    """The year as it was rebuilt from the published account; what was invented, it says itself."""
    text = files(__package__).joinpath("harderwijk-2023.json").read_text("utf-8")
    found: Gegevens = json.loads(text)
    return found


def find(rows: list[Gegevens], sleutel: str) -> Gegevens:
    """The row with this `sleutel`."""
    return next(row for row in rows if row["sleutel"] == sleutel)


def at_hour(dag: str | date, uur: int) -> datetime:
    """A whole hour of a day in the Netherlands."""
    day = dag if isinstance(dag, date) else date.fromisoformat(dag)
    return datetime.combine(day, time(uur), AMSTERDAM)


@dataclass(slots=True)
class Kenmerken:
    """The ids of this playing of the story: a fresh UUIDv7 the first time a `sleutel` is asked for."""

    gegevens: Gegevens
    _minted: defaultdict[str, UUID] = field(default_factory=lambda: defaultdict(uuid7))

    def __call__(self, sleutel: str) -> UUID:
        """The id of anything that has no other method here."""
        return self._minted[sleutel]

    def person(self, sleutel: str) -> UUID:
        """The functionaris behind a hat: two hats may be one person."""
        row = find(self.gegevens["functionarissen"], sleutel)
        return self(row.get("zelfdePersoonAls", sleutel))

    def rol(self, sleutel: str) -> UUID:
        """The roltoewijzing."""
        return self(f"rol:{sleutel}")
