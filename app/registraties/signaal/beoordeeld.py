"""Judging a signaal. It ends triage, so text that only triage may see leaves the document."""

from enum import StrEnum
from typing import Annotated

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Tekst, iso, refuse
from app.vocabulary import Sectie


class SignaalUitkomst(StrEnum):
    """What follows from a signaal."""

    CONTROLE_NODIG = "controle_nodig"
    GEEN_OPVOLGING = "geen_opvolging"
    DOORGEZET = "doorgezet"
    ONVOLDOENDE = "onvoldoende"


class SignaalBeoordeeld(Inhoud):
    """Wat er met het signaal gebeurt, en waarom."""

    uitkomst: Annotated[SignaalUitkomst, Sectie.ZAAK]
    tekst: Annotated[Tekst | None, Sectie.TEKST] = None


def guard(doc: Doc | None, _r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """A signaal is judged once."""
    if doc and doc["status"] == "beoordeeld":
        refuse("Dit signaal is al beoordeeld.")


def _skeleton(r: Registratie) -> Doc:
    """What is left of a signaal whose report was struck out: nothing but who judged it."""
    return {
        "id": str(r.onderwerp["signaal"]),
        "bron": "",
        "gemeente": "",
        "_functionaris": str(r.functionaris),
        "_organisatie": str(r.organisatie),
        "_datum": r.waargenomen_datum.isoformat(),
        "_telt": False,
    }


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The outcome beside the report. Text of an anonymous tip is for triage only (ontwerp/domein.md)."""
    given = r.inhoud.as_doc()
    kept = {key: value for key, value in (doc or _skeleton(r)).items() if key != "triagetekst"}
    return {
        **kept,
        "status": "beoordeeld",
        "uitkomst": given.get("uitkomst"),
        "beoordeling": {"op": str(r.op), "door": r.door, "waargenomenOp": iso(r.waargenomen_op), **given},
    }


ACT = Act(
    soort="signaal.beoordeeld",
    inhoud=SignaalBeoordeeld,
    aggregaat="signaal",
    permissie="signaal:beoordelen",
    titel="Een signaal beoordelen.",
    pad="/signalen/{signaal}/beoordeling",
    onderwerp={"signaal": "signaal"},
    guard=guard,
    fold=fold,
)
