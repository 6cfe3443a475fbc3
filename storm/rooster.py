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
STAART = frozenset({"planning", "afgelasting", "afgelasting_gekruist", "afgelasting_doorgehaald"})
"""What happens in the tail of a run alone, among all else: a seed that found something before finds it still."""
KORT, LANG = 4, 10
"""So many more things happen in the tail."""


class Actie(NamedTuple):
    """One thing that happens: what, on which device, and the seed of all that is left to chance in it."""

    nummer: int
    soort: str
    wie: int
    zaad: int


def draw(seed: int) -> list[Actie]:
    """The schedule of a seed."""
    kans = random.Random(f"storm {seed}")  # noqa: S311  # chance, not a secret
    soorten = [soort for soort in HANDELINGEN if soort not in STAART]
    chosen = [*BEGIN, *some(soorten, kans, KORTST, LANGST)]
    acties = [Actie(n, soort, kans.randrange(2**16), kans.randrange(2**32)) for n, soort in enumerate(chosen)]
    tail = enumerate(some([*soorten, *sorted(STAART)], kans, KORT, LANG), len(acties))
    return acties + [Actie(n, soort, kans.randrange(2**16), kans.randrange(2**32)) for n, soort in tail]


def some(soorten: list[str], kans: random.Random, kortst: int, langst: int) -> list[str]:
    """Kinds of action, each as often as it weighs."""
    gewichten = [HANDELINGEN[soort].gewicht for soort in soorten]
    return kans.choices(soorten, gewichten, k=kans.randint(kortst, langst))


def hash_of(acties: list[Actie]) -> str:
    """A schedule in eight characters."""
    return hashlib.sha256(json.dumps(acties).encode()).hexdigest()[:8]
