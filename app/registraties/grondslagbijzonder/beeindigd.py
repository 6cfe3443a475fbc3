"""Ending a ground, which one person may. It can shorten a period, never lengthen it."""

from typing import Annotated

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, refuse
from app.registraties.grondslagbijzonder import stands
from app.vocabulary import Klasse, Sectie


class GrondslagBijzonderBeeindigd(Inhoud):
    """Op welke dag de grondslag het laatst geldt."""

    tot_en_met: Annotated[Datum, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """The last day lies within the period that was recorded."""
    known, last = doc or {}, r.inhoud.tot_en_met.isoformat()
    if last < known.get("van", last):
        refuse("Deze grondslag is dan nog niet ingegaan.")
    if last >= known.get("totEnMet", "9999"):
        refuse("Deze grondslag is dan al geëindigd.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The earliest end holds."""
    ends = [end for end in ((doc or {}).get("totEnMet"), r.inhoud.as_doc().get("totEnMet")) if end]
    return {"id": str(r.onderwerp["grondslagbijzonder"]), **(doc or {}), **({"totEnMet": min(ends)} if ends else {})}


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
