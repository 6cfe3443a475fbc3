"""Een maatregel: wat het bevoegd gezag oplegt, van voornemen tot einde."""

from typing import Any
from uuid import UUID

from app.access.bereik import Bereik, scope
from app.access.wet import OF_ORGAAN, Taak
from app.models.keten import Maatregel
from app.registraties.act import ORGAAN, Aggregaat, Doc, Feit, Ligt, Sleutel, Termijn, Voorbij, gebied
from app.registraties.bron import reference
from app.registraties.maatregel import document
from app.registraties.maatregel.stand import LOPEND, refuse_other_organ
from app.registraties.maatregel.toets import check, decided
from app.registraties.velden import organ_of
from veldboek_client.maatregel import TOEGEPAST, VOORBIJ, status_on


def scopes(doc: Doc) -> set[str]:
    """The area always; the whole administration, so the boa at the door, while the maatregel binds."""
    if doc["status"] in LOPEND and "gemeente" in doc:
        return gebied(doc) | {scope(Bereik.GEMEENTE, doc["gemeente"])}
    return gebied(doc)


def wet(inhoud: Any) -> Taak:
    """A decision of the organ that the entry names, and what leads to it or follows on it."""
    return OF_ORGAAN[organ_of(inhoud)]


def columns(doc: Doc) -> dict[str, Any]:
    """What lists are filtered on."""
    return {
        "status": doc["status"],
        "soort": doc.get("soort", "onbekend"),
        "locatie": doc.get("locatie"),
        "geldt_tot_en_met": doc.get("geldtTotEnMet"),
        "kenmerk": reference(doc),
        "rust_op": sorted(key.id for key in rests_on(doc)),
    }


def facts(doc: Doc) -> list[Feit]:
    """What was imposed, forfeited (open · beschikt · geind · afgezien) and applied, each on its own date."""
    if "besluit" not in doc or "gemeente" not in doc or "locatie" not in doc:
        return []
    gemeente, locatie = doc["gemeente"], UUID(doc["locatie"])
    bedrag = doc.get("dwangsom", {}).get("bedrag", 0)
    found = [
        (
            doc["besluit"],
            Feit("maatregel", gemeente, doc["opgelegdOp"], 1, bedrag, doc["soort"], locatie),
        )
    ]
    for v in doc["verbeurten"]:
        kenmerk = "open" if v["status"] == "voorgenomen" else v["status"]
        found.append((v, Feit("verbeurd", gemeente, v["datum"], 1, v["bedrag"], kenmerk, locatie)))
    if applied := doc.get("toepassing"):
        duur = applied.get("duurMaanden", 0)
        found.append((applied, Feit("toegepast", gemeente, applied["datum"], duur, 0, applied["wijze"], locatie)))
    return [feit for part, feit in found if part["op"] in doc["_tellend"]]


def rests_on(doc: Doc) -> set[Sleutel]:
    """The rapportages of besluit and toepassing, and the controles that prove what was forfeited or applied."""
    applied = doc.get("toepassing", {})
    found = {("rapportage", part["rapportage"]) for part in (doc, applied) if part.get("rapportage")}
    found |= {("controle", part["controle"]) for part in (*doc["verbeurten"], applied) if "controle" in part}
    return {Sleutel(kind, UUID(ident)) for kind, ident in found}


AGGREGAAT = Aggregaat(
    "maatregel",
    Maatregel,
    document.Maatregel,
    scopes,
    wet,
    columns,
    facts,
    status_op=status_on,
    voorbij=Voorbij(TOEGEPAST, VOORBIJ),
    termijn=Termijn("sluiting.verlopen", "geldt_tot_en_met", ("toepassing",), "toegepast"),
    rust_op=rests_on,
    staat=decided,
    hoort=refuse_other_organ,
    mee=(ORGAAN,),
    plaats=True,
    toets=check,
    oefening_heel=True,
    ligt=Ligt("locatie"),
)
