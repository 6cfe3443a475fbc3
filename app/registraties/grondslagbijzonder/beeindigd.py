"""Ending a ground, which one person may. It can shorten a period, never lengthen it; to nothing, it is withdrawn."""

from typing import Annotated

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, refuse
from app.registraties.grondslagbijzonder import INGETROKKEN, stands
from app.vocabulary import Klasse, Sectie


class GrondslagBijzonderBeeindigd(Inhoud):
    """Op welke dag de grondslag het laatst geldt; een dag vóór `van` trekt haar in."""

    tot_en_met: Annotated[Datum, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """The last day lies before the end that was recorded."""
    known, last = doc or {}, r.inhoud.tot_en_met.isoformat()
    if last >= known.get("totEnMet", "9999"):
        refuse("Deze grondslag is dan al geëindigd.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The earliest end holds. One before the first day leaves nothing: recorded by mistake, it is withdrawn."""
    new = {"id": str(r.onderwerp["grondslagbijzonder"]), **(doc or {})}
    ends = [end for end in (new.get("totEnMet"), r.inhoud.as_doc().get("totEnMet")) if end]
    if ends:
        new["totEnMet"] = min(ends)
    return new | ({"status": INGETROKKEN} if ends and min(ends) < new.get("van", "") else {})


ACT = Act(
    soort="grondslagbijzonder.beeindigd",
    inhoud=GrondslagBijzonderBeeindigd,
    aggregaat="grondslagbijzonder",
    permissie="grondslagbijzonder:beeindigen",
    titel="Een grondslag beëindigen.",
    pad="/grondslagen-bijzonder/{grondslagbijzonder}/beeindiging",
    onderwerp={"grondslagbijzonder": "grondslagbijzonder"},
    bevroren=stands,
    klasse=Klasse.RECHTEN,
    guard=guard,
    fold=fold,
)
