"""Deciding on what is in quarantine: taken in, it is judged and folded now; refused, it stays as it is."""

from enum import StrEnum
from typing import Annotated

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Tekst, iso, refuse
from app.registraties.quarantaine import OPEN
from app.vocabulary import Klasse, Sectie


class Besluit(StrEnum):
    """What becomes of it."""

    AANVAARD = "aanvaard"
    GEWEIGERD = "geweigerd"


class QuarantaineBeoordeeld(Inhoud):
    """Of wat in quarantaine staat alsnog geldt, en waarom. De schrijver en de regisseur lezen de reden."""

    besluit: Annotated[Besluit, Sectie.ZAAK]
    reden: Annotated[Tekst, Sectie.TEKST]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """Once, and taken in by somebody else than its writer."""
    doc = doc or {}
    if doc.get("stand") != OPEN:
        refuse("Hierover is al beslist, of het staat niet in quarantaine.")
    if r.inhoud.besluit is Besluit.GEWEIGERD:
        return
    if doc["functionaris"] == str(actor.functionaris):
        refuse("Wat u zelf vastlegde, laat u door een ander aanvaarden.")
    if doc["soort"] == ACT.soort:
        refuse("Een besluit over de quarantaine wordt niet aanvaard: neem het opnieuw.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The decision beside the verdict; what was taken in is folded into its own document."""
    given = r.inhoud.as_doc()
    why = {"reden": given["reden"]} if "reden" in given else {}
    decided = {"op": str(r.op), "door": r.door, "ontvangenOp": iso(r.ontvangen_op), **why}
    return {"id": str(r.onderwerp["ontvangst"]), **(doc or {}), "stand": given.get("besluit"), "beoordeling": decided}


def stands(_doc: Doc) -> bool:
    """A decision is not taken back: what was taken in can be struck itself, what was refused recorded anew."""
    return True


ACT = Act(
    soort="quarantaine.beoordeeld",
    inhoud=QuarantaineBeoordeeld,
    aggregaat="ontvangst",
    permissie="quarantaine:beoordelen",
    titel="Beslissen over wat in quarantaine staat.",
    pad="/quarantaine/{ontvangst}/beoordeling",
    onderwerp={"ontvangst": "ontvangst"},
    klasse=Klasse.CORRECTIE,
    guard=guard,
    fold=fold,
    bevroren=stands,
)
