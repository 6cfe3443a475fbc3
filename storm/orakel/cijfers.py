"""The figures: counted again from the documents, each time."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from storm.orakel.recht import Stuk, concluded, in_roles

VERSCHILLEN = {"verschillen", "startVerschillen", "eindeVerschillen"}


def count(stukken: Iterable[Stuk]) -> dict[str, Any]:
    """What the regisseur reports of these documents."""
    here = list(stukken)
    held = [s for s in here if s.collectie == "controles"]
    controles = [s.doc for s in held if not s.politie]  # of those of the police only that they were there
    return {
        "controles": len(held),
        "gecontroleerdePersonen": sum(sum(in_roles(doc).values()) for doc in controles),
        "personenIllegaleProstitutie": sum(map(_concluded, controles)),
        "hulpAangeboden": sum(t.get("hulpAangeboden", 0) for doc in controles for t in doc.get("tellingen", ())),
        "locaties": len({doc["locatie"] for doc in controles}),
        "signalenPerBron": dict(Counter(s.doc["bron"] for s in here if s.collectie == "signalen")),
        "mensenhandelsignalen": sum(s.collectie == "mensenhandelsignalen" for s in here),
        "onbeslisteVerschillen": sum(bool(s.doc.keys() & VERSCHILLEN) for s in here),
    }


def _concluded(doc: dict[str, Any]) -> int:
    """The sekswerkers that the overtredingen are about: all found, unless each says whom or how many."""
    about = concluded(doc)
    found = in_roles(doc).get("sekswerker", 0)
    if not about or any(not o.keys() & {"alleen", "aantal"} for o in about):
        return found if about else 0
    named = {wie for o in about for wie in o.get("alleen", ())}
    rows = {p["id"] for p in doc.get("personen", ()) if p["rol"] == "sekswerker"}
    return int(min(found, max([len(named & rows), *(o.get("aantal", 0) for o in about)])))
