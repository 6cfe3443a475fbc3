"""Een signaal van mensenhandel, mensensmokkel of uitbuiting. Schrijven geeft geen recht om te lezen.

The document holds no content: {id, status, gemeente}. The content is read from its entry, case by case,
with a reason; `_op` says which entry.
"""

from typing import Any

from app.access.actor import Actor
from app.access.bereik import Bereik, scope
from app.access.wet import Taak
from app.models.keten import Mensenhandelsignaal
from app.registraties.act import Aggregaat, Doc, Feit, Inzien, Omgeving, Registratie, deelnemer, refuse
from app.registraties.mensenhandelsignaal import document
from app.vocabulary import Sectie


def scopes(doc: Doc) -> set[str]:
    """Those who deal with trafficking there, and whoever it was handed to; its writer, to correct it unseen."""
    there = {scope(Bereik.MENSENHANDEL, doc["gemeente"])} if "gemeente" in doc else set()
    writer = {deelnemer(doc["_functionaris"])} if "_functionaris" in doc else set()
    return there | writer | {scope(Bereik.ORGANISATIE, aan) for aan in doc.get("_aan", ())}


def wet(_inhoud: Any) -> Taak:
    """Signalling trafficking and following it up."""
    return Taak.MENSENHANDEL


def columns(doc: Doc) -> dict[str, Any]:
    """The status."""
    return {"status": doc["status"]}


def facts(doc: Doc) -> list[Feit]:
    """One sign, on the local date it was recorded, and whether it was handed over; of what kind is not told."""
    if not doc.get("_telt") or "gemeente" not in doc:
        return []
    told = ["mensenhandelsignaal", *(["overgedragen"] if doc.get("_aan") else [])]
    return [Feit(what, doc["gemeente"], doc["_datum"]) for what in told]


def open_guard(doc: Doc | None, _r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """What was closed stays closed; a new sign is a new record."""
    if doc and doc["status"] == "afgesloten":
        refuse("Dit signaal is afgesloten.")


AGGREGAAT = Aggregaat(
    "mensenhandelsignaal",
    Mensenhandelsignaal,
    document.Mensenhandelsignaal,
    scopes,
    wet,
    columns,
    facts,
    reden=Sectie.MENSENHANDEL,
    inzien=Inzien(
        "mensenhandelsignaal:inzien",
        "U ziet van dit signaal alleen de status.",
        mee=("waargenomenOp", "rol"),  # when and by whom, for whoever follows it up; the controle says where
        bij=("controle", "vindplaats:inzien"),
    ),
)
