"""Finds every act and every kind of document, once, by walking this package."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping

from app import registraties
from app.access.beleid import MASKERS, PERMISSIES, Masker
from app.models.base import Leesmodel
from app.registraties.act import Act, Aggregaat
from app.registraties.document import Document, copies, fields, internal, required


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


def _models() -> dict[str, type[Leesmodel]]:
    found = [model for a in AGGREGATEN.values() for model in (a.model, a.derived) if model is not None]
    return {model.collectie: model for model in found}


MODELLEN = _models()
"""Collection → its table."""


def _documents() -> dict[str, type[Document]]:
    found: dict[str, type[Document]] = {}
    for a in AGGREGATEN.values():
        found[a.model.collectie] = a.document
        if a.derived is not None and a.derived_document is not None:
            found[a.derived.collectie] = a.derived_document
    return found


DOCUMENTEN = _documents()
"""Collection → what its documents look like."""


def check_names(documenten: Mapping[str, type[Document]], maskers: Iterable[Masker]) -> None:
    """A name that no document has is open by default: each field has a section, each mask a field, each copy a source.

    Raises LookupError, TypeError.
    """
    for collectie, document in documenten.items():
        document.paths()
        nowhere = set(copies(document).values()) - AGGREGATEN.keys()
        if nowhere:
            raise LookupError(f"{collectie} copies from {', '.join(sorted(nowhere))}")
        if f"{collectie}:zien" not in PERMISSIES:
            raise LookupError(f"no row in the policy for {collectie}:zien")
    for m in maskers:
        unknown = m.velden - fields(documenten[m.collectie])
        unknown |= {f"_{veld}" for veld in m.velden if m.eigen} - internal(documenten[m.collectie])
        if unknown:
            raise LookupError(f"a mask of {m.collectie} names {', '.join(sorted(unknown))}")
        always = m.velden & required(documenten[m.collectie])
        if always:
            raise LookupError(f"{', '.join(sorted(always))} of {m.collectie} is hidden from some, so never sure")


check_names(DOCUMENTEN, MASKERS)
