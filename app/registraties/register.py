"""Finds every act and every kind of document, once, by walking this package."""

import importlib
import pkgutil

from app import registraties
from app.access.beleid import PERMISSIES
from app.registraties.act import Act, Aggregaat


def _walk() -> tuple[dict[str, Act], dict[str, Aggregaat]]:
    acten: dict[str, Act] = {}
    aggregaten: dict[str, Aggregaat] = {}
    for found in pkgutil.walk_packages(registraties.__path__, f"{registraties.__name__}."):
        if found.name == __name__:
            continue
        module = importlib.import_module(found.name)
        act, aggregaat = getattr(module, "ACT", None), getattr(module, "AGGREGAAT", None)
        if isinstance(act, Act):
            if act.permissie not in PERMISSIES:
                raise LookupError(f"{act.soort}: no row in the policy for {act.permissie}")
            for versie in range(1, act.versie + 1):
                act.schema(versie).sections()
            acten[act.soort] = act
        if isinstance(aggregaat, Aggregaat) and found.ispkg:
            aggregaten[aggregaat.naam] = aggregaat
    return acten, aggregaten


ACTEN, AGGREGATEN = _walk()
"""soort → act, and kind of document → aggregate."""
