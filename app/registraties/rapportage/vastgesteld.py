"""Adopting a rapportage. No hash of the text is kept: over personal text it would be a guessing oracle."""

from typing import Annotated
from uuid import UUID

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, refuse
from app.registraties.rapportage.stand import fold_into
from app.vocabulary import Sectie


class RapportageVastgesteld(Inhoud):
    """De dag waarop de rapportage is vastgesteld."""

    vastgesteld_op: Annotated[Datum, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """Once, and not before it was written."""
    stand = doc or {}
    if "vastgesteldOp" in stand:
        refuse("Deze rapportage is al vastgesteld.")
    if r.inhoud.vastgesteld_op.isoformat() < stand["_opgemaaktDatum"]:
        refuse("Een rapportage wordt niet vastgesteld voordat zij is opgemaakt.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """Adopted: from here on it can be disclosed."""
    return fold_into(doc, r, {**r.inhoud.as_doc(), "vastgesteldDoor": r.door})


def disclosed(doc: Doc, _op: UUID) -> bool:
    """From then on the organ decides on it."""
    return bool(doc.get("verstrekkingen"))


ACT = Act(
    soort="rapportage.vastgesteld",
    inhoud=RapportageVastgesteld,
    aggregaat="rapportage",
    permissie="rapportage:vaststellen",
    titel="Een rapportage vaststellen.",
    pad="/rapportages/{rapportage}/vaststelling",
    onderwerp={"rapportage": "rapportage"},
    guard=guard,
    draagt=True,
    beslist=True,
    fold=fold,
    vast=disclosed,
)
