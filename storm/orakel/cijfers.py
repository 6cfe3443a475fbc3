"""The figures: counted again from the documents, each time."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from storm.orakel.recht import Stuk


def count(stukken: Iterable[Stuk]) -> dict[str, Any]:
    """What the regisseur reports of these documents."""
    here = list(stukken)
    held = [s for s in here if s.collectie == "controles"]
    controles = [s.doc for s in held if not s.politie]  # of those of the police only that they were there
    concluded = [{wie for o in doc.get("overtredingen", ()) for wie in o["personen"]} for doc in controles]
    found = [{wie["id"] for wie in doc.get("personen", ())} for doc in controles]
    return {
        "controles": len(held),
        "gecontroleerdePersonen": sum(map(len, found)),
        "personenIllegaleProstitutie": sum(len(a & b) for a, b in zip(found, concluded, strict=True)),
        "locaties": len({doc["locatie"] for doc in controles}),
        "signalenPerBron": dict(Counter(s.doc["bron"] for s in here if s.collectie == "signalen")),
        "mensenhandelsignalen": sum(s.collectie == "mensenhandelsignalen" for s in here),
        "onbeslisteVerschillen": sum(bool(s.doc.keys() & {"verschillen", "startVerschillen"}) for s in here),
    }
