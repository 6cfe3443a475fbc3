"""Een rapportage: wat deelnemers aan controles schrijven voor het bevoegd gezag."""

from typing import Any
from uuid import UUID

from app.access.bereik import Bereik, scope
from app.access.wet import OF_ORGAAN, Taak
from app.models.keten import Rapportage
from app.registraties.act import Aggregaat, Doc, Ligt, Sleutel, deelnemer
from app.registraties.bron import reference
from app.registraties.rapportage import document
from app.vocabulary import Orgaan


def scopes(doc: Doc) -> set[str]:
    """The author and his organisation; from disclosure on also the organ addressed and its administration."""
    if "soort" not in doc:  # the entry that made it was struck
        return set()
    wrote = doc["_organisatie"]
    known = {deelnemer(doc["_functionaris"]), scope(Bereik.ORGANISATIE, wrote), scope(Bereik.SCHRIJVER, wrote)}
    for verstrekking in doc["verstrekkingen"]:
        orgaan, gemeente = verstrekking["aan"]["orgaan"], verstrekking["aan"]["gemeente"]
        known |= {scope(Bereik.ORGAAN, f"{orgaan}:{gemeente}"), scope(Bereik.GEMEENTE, gemeente)}
    return known


def wet(inhoud: Any) -> Taak:
    """Who writes it and gives it; that it arrived is of the organ that received it."""
    orgaan: Orgaan | None = inhoud.says("orgaan")
    return OF_ORGAAN[orgaan] if orgaan else Taak.RAPPORTAGE


def rests_on(doc: Doc) -> set[Sleutel]:
    """The controles that it reports on."""
    return {Sleutel("controle", UUID(ident)) for ident in doc.get("controles", ())}


def adopted(doc: Doc) -> bool:
    """A draft is still its author's."""
    return "vastgesteldOp" in doc


def columns(doc: Doc) -> dict[str, Any]:
    """What lists are filtered on, and what it rests on."""
    rests = sorted(key.id for key in rests_on(doc))
    kind = doc.get("soort", "onbekend")
    return {"status": doc["status"], "soort": kind, "rust_op": rests, "kenmerk": reference(doc)}


AGGREGAAT = Aggregaat(
    "rapportage",
    Rapportage,
    document.Rapportage,
    scopes,
    wet,
    columns,
    rust_op=rests_on,
    staat=adopted,
    oefening_heel=True,
    ligt=Ligt("locaties", meer=True),
)
