"""Finds every act and every kind of document, once, by walking this package."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from app import registraties
from app.access.beleid import BELEID, PERMISSIES, Recht
from app.access.zicht import ZICHT, Deel, Gezien, Zicht
from app.models.base import Leesmodel
from app.registraties.act import Act, Aggregaat
from app.registraties.document import Document, copies
from app.registraties.tonen import beeld, delen_of, sure
from app.vocabulary import Sectie


def _walk() -> tuple[dict[str, Act], dict[str, Aggregaat]]:
    acten: dict[str, Act] = {}
    aggregaten: dict[str, Aggregaat] = {}
    for found in pkgutil.walk_packages(registraties.__path__, f"{registraties.__name__}."):
        if found.name in {__name__, f"{registraties.__name__}.kern"}:  # they ask what is found here
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


def permission_to_pull(collectie: str) -> str | None:
    """What an actor needs to be told of documents that travel down; None for those that never do."""
    reis = DOCUMENTEN[collectie].reis
    return None if reis is None else reis.permissie or f"{collectie}:zien"


def sealed_of(collectie: str) -> frozenset[Deel]:
    """The sections in which the entries about documents of a collection are sealed."""
    kinds = {a.naam for a in AGGREGATEN.values() if a.model.collectie == collectie}
    return frozenset(sectie for act in ACTEN.values() if act.aggregaat in kinds for sectie in act.secties.values())


def check_names(documenten: Mapping[str, type[Document]], rijen: Iterable[Zicht]) -> None:
    """Every field has a section, every copy a source; a row opens a part that there is, and all that is always there.

    Raises LookupError, TypeError.
    """
    for collectie, document in documenten.items():
        document.paths()
        nowhere = set(copies(document).values()) - AGGREGATEN.keys()
        if nowhere:
            raise LookupError(f"{collectie} copies from {', '.join(sorted(nowhere))}")
        if f"{collectie}:zien" not in PERMISSIES:
            raise LookupError(f"no row in the policy for {collectie}:zien")
    for z in rijen:
        document = documenten[z.collectie]
        unknown = (z.delen | z.eigen) - delen_of(document) - sealed_of(z.collectie)
        if unknown:
            raise LookupError(f"a row opens {', '.join(sorted(unknown))}, which {z.collectie} have not")
        closed = sure(document) & {*beeld(document, Gezien(z.delen, z.eigen)).gemaskeerd}
        hidden = {path for path in closed if Sectie.OMSLAG in z.delen or "." in path}
        if hidden:
            raise LookupError(f"{', '.join(sorted(hidden))} of {z.collectie} is hidden from some, so never sure")


def check_doors(rechten: Iterable[Recht], rijen: Sequence[Zicht]) -> None:
    """Whoever may know that a document is there is shown at least that, and how it stands. Raises LookupError."""
    doors = {z.permissie: z.collectie for z in rijen}
    told = {(z.permissie, *pair) for z in rijen if Sectie.OMSLAG in z.delen for pair in product(z.rollen, z.bereik)}
    wanted = {(r.permissie, *pair) for r in rechten if r.permissie in doors for pair in product(r.rollen, r.bereik)}
    for permissie, rol, kind in sorted(wanted - told):
        raise LookupError(f"{rol} may see {doors[permissie]} ({kind}) and is shown nothing")
    for permissie, rol, kind in sorted(told - wanted):
        raise LookupError(f"{rol} is shown {doors[permissie]} ({kind}) without {permissie}")
    missing = {f"{collectie}:zien" for collectie in DOCUMENTEN} - doors.keys()
    if missing:
        raise LookupError(f"no row says what {', '.join(sorted(missing))} shows")


check_names(DOCUMENTEN, ZICHT)
check_doors(BELEID, ZICHT)
