"""Een rapportage: wat deelnemers aan controles schrijven voor het bevoegd gezag."""

from typing import Any

from app.access.bereik import Bereik, scope
from app.models.keten import Rapportage
from app.registraties.act import PLAATS, Aggregaat, Doc, deelnemer


def scopes(doc: Doc) -> set[str]:
    """The author and his organisation; from disclosure on also the organ addressed and its administration."""
    if "soort" not in doc:  # the entry that made it was struck
        return set()
    known = {deelnemer(doc["_functionaris"]), scope(Bereik.ORGANISATIE, doc["_organisatie"])}
    for verstrekking in doc["verstrekkingen"]:
        orgaan, gemeente = verstrekking["aan"]["orgaan"], verstrekking["aan"]["gemeente"]
        known |= {scope(Bereik.ORGAAN, f"{orgaan}:{gemeente}"), scope(Bereik.GEMEENTE, gemeente)}
    return known


def columns(doc: Doc) -> dict[str, Any]:
    """What lists are filtered on."""
    return {"status": doc["status"], "soort": doc.get("soort", "onbekend")}


AGGREGAAT = Aggregaat(
    "rapportage",
    Rapportage,
    scopes,
    columns,
    kopieen=PLAATS,
)
