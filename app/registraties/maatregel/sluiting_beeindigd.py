"""The end of a closure: its term ran out, or it was lifted or withdrawn before."""

from typing import Annotated, Literal
from uuid import UUID

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Versie, refuse
from app.registraties.maatregel.stand import before, fold_into, item, need_closure, ran_out, refuse_future
from app.registraties.velden import ZONDER_ORGAAN, GezegdOrgaan, unnamed
from app.vocabulary import Sectie


class SluitingBeeindigd1(Inhoud):
    """Version 1. Shipped with the first app."""

    op: Annotated[Datum, Sectie.ZAAK]
    reden: Annotated[Literal["termijn_verstreken", "opgeheven", "ingetrokken"], Sectie.ZAAK]


class SluitingBeeindigd(SluitingBeeindigd1):
    """Op welke dag en waarom de sluiting eindigde."""

    bevoegd_orgaan: Annotated[GezegdOrgaan, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """A closure that lasts; its term runs out on its last day, not before. One that was lifted may be told of late."""
    told_late = ran_out(doc or {}) and r.inhoud.reden != "termijn_verstreken"
    closure = need_closure({**(doc or {}), "status": "toegepast"} if told_late else doc)
    if told_late and not before(r.inhoud.op, closure["tot"]):
        refuse("De sluiting was op die dag al voorbij.")
    refuse_future(r, r.inhoud.op)
    if before(r.inhoud.op, closure["datum"]):
        refuse("Een sluiting eindigt niet voordat zij begint.")
    if r.inhoud.reden == "termijn_verstreken" and before(r.inhoud.op, closure["tot"]):
        refuse("De termijn van de sluiting is dan nog niet verstreken.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The premises are open again."""
    return fold_into(doc, r, {"einde": item(r)})


def always(_doc: Doc, _op: UUID) -> bool:
    """The premises were opened on it."""
    return True


ACT = Act(
    soort="sluiting.beeindigd",
    inhoud=SluitingBeeindigd,
    aggregaat="maatregel",
    permissie="sluiting:beeindigen",
    titel="Een sluiting beëindigen.",
    pad="/maatregelen/{maatregel}/sluiting-einde",
    onderwerp={"maatregel": "maatregel"},
    guard=guard,
    fold=fold,
    vast=always,
    eerdere=(Versie(SluitingBeeindigd1, unnamed, ZONDER_ORGAAN),),
)
