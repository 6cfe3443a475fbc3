"""Closing a controle with what it concluded. Afterwards things are added, never changed."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Versie, iso, refuse
from app.registraties.controle.afspraken import Taak
from app.registraties.controle.stand import changed, known_ids, stamp
from app.registraties.model import Model
from app.registraties.velden import ANDERS, GezegdeHoedanigheid, unsaid
from app.vocabulary import OvertredingSoort, Sectie

ALLE = "alle"


class Overtreding(Model):
    """What was concluded, of whom, and from which bevindingen. It never stands over what was seen."""

    soort: OvertredingSoort
    personen: Literal["alle"] | Annotated[tuple[UUID, ...], Field(min_length=1)]
    bevindingen: tuple[UUID, ...] = ()


class ControleAfgerond1(Inhoud):
    """Version 1. Shipped with the first app."""

    overtredingen: Annotated[
        Annotated[tuple[Overtreding, ...], Field(min_length=1, max_length=50)] | None, Sectie.ZAAK
    ] = None
    uitkomst: Annotated[Literal["niet_vastgesteld"] | None, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def concludes_one_way(self) -> Self:
        """Something or nothing."""
        if (self.overtredingen is None) == (self.uitkomst is None):
            raise Onjuist("noem de overtredingen, of de uitkomst niet_vastgesteld")
        return self


class ControleAfgerond(ControleAfgerond1):
    """Welke overtredingen zijn vastgesteld, of dat er geen is vastgesteld."""

    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]


def _may_close(doc: Doc, actor: Actor) -> bool:
    """Whoever carried it out, or coordinates it."""
    wie = str(actor.functionaris)
    carried_out = {Taak.VOERT_UIT, Taak.COORDINEERT}
    return doc.get("coordinator") == wie or any(
        of["functionaris"] == wie and of["taak"] in carried_out for of in doc.get("deelnemers", ())
    )


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """It was started and is open; it is closed by who did it; what it concludes was recorded before."""
    doc = doc or {}
    if "begonnenOp" not in doc:
        refuse("Deze controle is nog niet gestart.")
    if "eindeOp" in doc:
        refuse("Deze controle is al afgerond.")
    if r.waargenomen_op < datetime.fromisoformat(doc["begonnenOp"]):
        refuse("Het einde ligt voor het begin van de controle.")
    if not _may_close(doc, actor):
        refuse("Afronden doet wie de controle uitvoerde of coördineert.")
    for overtreding in r.inhoud.overtredingen or ():
        wie = () if overtreding.personen == ALLE else overtreding.personen
        if not {str(of) for of in wie} <= known_ids(doc, "personen"):
            refuse("Een overtreding noemt een persoon die niet is vastgelegd.")
        if not {str(of) for of in overtreding.bevindingen} <= known_ids(doc, "bevindingen"):
            refuse("Een overtreding noemt een bevinding die niet is vastgelegd.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The end. `alle` are the persons recorded until now; whoever is added later is not among them."""
    old, given = doc or {}, r.inhoud.as_doc()
    if "eindeOp" in old:
        return changed(doc, r, {})
    everybody = [wie["id"] for wie in old.get("personen", ())]
    concluded = [
        {**overtreding, "personen": everybody if overtreding["personen"] == ALLE else overtreding["personen"]}
        for overtreding in given.get("overtredingen", ())
    ]
    outcome = {"uitkomst": given["uitkomst"]} if "uitkomst" in given else {}
    heard = {"_afgerondOntvangen": r.ontvangen_datum.isoformat()}
    end = {"eindeOp": iso(r.waargenomen_op), "afronding": stamp(r), **heard}
    return changed(doc, r, {**outcome, **end, "overtredingen": concluded})


ACT = Act(
    soort="controle.afgerond",
    inhoud=ControleAfgerond,
    aggregaat="controle",
    permissie="controle:afronden",
    titel="Een controle afronden.",
    pad="/controles/{controle}/afronding",
    onderwerp={"controle": "controle"},
    guard=guard,
    draagt=True,
    fold=fold,
    eerdere=(Versie(ControleAfgerond1, unsaid, ANDERS),),
)
