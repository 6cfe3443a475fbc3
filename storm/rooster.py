"""What happens in a run: drawn from the seed alone, before anything happens."""

import hashlib
import json
import random
from typing import NamedTuple

from storm.handelingen import HANDELINGEN

BEGIN = ("bezoek", "bezoek", "bezoek", "melding", "sync", "sync", "bezoek", "sync")
"""Something to work on first."""
KORTST, LANGST = 20, 50
"""So many things happen in a run."""


class Actie(NamedTuple):
    """One thing that happens: what, on which device, and the seed of all that is left to chance in it."""

    nummer: int
    soort: str
    wie: int
    zaad: int


def draw(seed: int) -> list[Actie]:
    """The schedule of a seed."""
    kans = random.Random(f"storm {seed}")  # noqa: S311  # chance, not a secret
    soorten = list(HANDELINGEN)
    gewichten = [HANDELINGEN[soort].gewicht for soort in soorten]
    chosen = [*BEGIN, *kans.choices(soorten, gewichten, k=kans.randint(KORTST, LANGST))]
    return [Actie(n, soort, kans.randrange(2**16), kans.randrange(2**32)) for n, soort in enumerate(chosen)]


def hash_of(acties: list[Actie]) -> str:
    """A schedule in eight characters."""
    return hashlib.sha256(json.dumps(acties).encode()).hexdigest()[:8]
