"""Een signaal: iemand meldt dat er op een adres iets mis kan zijn."""

from typing import Any

from app.access.bereik import Bereik, scope
from app.access.wet import Taak
from app.models.keten import Signaal
from app.registraties.act import Aggregaat, Doc, Feit, Ligt, deelnemer, gebied
from app.registraties.bron import reference
from app.registraties.kringen import place_shut_in, read_by, shut_in
from app.registraties.signaal import document
from app.vocabulary import SignaalBron


def scopes(doc: Doc) -> set[str]:
    """Open to the municipality's administration, unless it or its place is shut: then to that circle."""
    kringen, gemeente = shut_in(doc) | place_shut_in(doc), doc["gemeente"]
    readers = read_by(kringen, gemeente) if kringen else {scope(Bereik.GEMEENTE, gemeente)}
    return gebied(doc) | {
        *(readers if gemeente else ()),
        deelnemer(doc["_functionaris"]),
        scope(Bereik.ORGANISATIE, doc["_organisatie"]),
    }


TAKEN = {SignaalBron.POLITIE: Taak.POLITIESIGNAAL, SignaalBron.EIGEN_WAARNEMING: Taak.WAARNEMING}


def wet(inhoud: Any) -> Taak:
    """By its source; what is made of a signaal, or said about it, is no source."""
    bron: SignaalBron | None = inhoud.says("bron")
    return TAKEN.get(bron, Taak.SIGNAAL) if bron else Taak.SIGNAAL


def columns(doc: Doc) -> dict[str, Any]:
    """What lists are filtered on."""
    return {"bron": doc["bron"], "status": doc["status"], "kenmerk": reference(doc)}


def facts(doc: Doc) -> list[Feit]:
    """One signaal per source, and what neighbours suffer, on the local date it was reported."""
    if not doc["_telt"]:
        return []
    said = {"signaal": doc["bron"], "overlast": doc.get("overlastsoort")}
    return [Feit(what, doc["gemeente"], doc["_datum"], kenmerk=kind) for what, kind in said.items() if kind is not None]


AGGREGAAT = Aggregaat(
    "signaal",
    Signaal,
    document.Signaal,
    scopes,
    wet,
    columns,
    facts,
    bijlagen=True,
    ligt=Ligt("locatie"),
)
