"""Een signaal: iemand meldt dat er op een adres iets mis kan zijn."""

from typing import Any

from app.access.bereik import Bereik, scope
from app.models.keten import Signaal
from app.registraties.act import Aggregaat, Doc, Feit, deelnemer, gebied
from app.registraties.signaal import document
from app.vocabulary import Hoedanigheid, SignaalBron


def scopes(doc: Doc) -> set[str]:
    """Police signals stay with the police, and so do those about a place of theirs.

    All others are open to the municipality's administration.
    """
    place = doc.get("_plaatsHoedanigheid", Hoedanigheid.TOEZICHT)
    police = doc["bron"] == SignaalBron.POLITIE or place != Hoedanigheid.TOEZICHT
    kind = Bereik.POLITIE if police else Bereik.GEMEENTE
    return gebied(doc) | {
        *([scope(kind, doc["gemeente"])] if doc["gemeente"] else []),
        deelnemer(doc["_functionaris"]),
        scope(Bereik.ORGANISATIE, doc["_organisatie"]),
    }


def columns(doc: Doc) -> dict[str, Any]:
    """What lists are filtered on."""
    return {"bron": doc["bron"], "status": doc["status"], "datum": doc["_datum"]}


def facts(doc: Doc) -> list[Feit]:
    """One signaal per source, on the local date it was reported."""
    if not doc["_telt"]:
        return []
    return [Feit("signaal", doc["gemeente"], doc["_datum"], kenmerk=doc["bron"])]


AGGREGAAT = Aggregaat(
    "signaal",
    Signaal,
    document.Signaal,
    scopes,
    columns,
    facts,
    bijlagen=True,
)
