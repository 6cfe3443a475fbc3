"""Extending a closure, after weighing anew whether that is suitable, necessary and balanced."""

from typing import Annotated

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Versie, refuse
from app.registraties.maatregel.onderdelen import Evenredigheidstoets, Wijze
from app.registraties.maatregel.stand import add_to, fold_into, item, need_closure, status_of
from app.registraties.velden import ZONDER_ORGAAN, GezegdOrgaan, unnamed
from app.registraties.weigeringen import weiger
from app.vocabulary import Sectie


class SluitingVerlengd1(Inhoud):
    """Version 1. Shipped with the first app."""

    tot: Annotated[Datum, Sectie.ZAAK]
    evenredigheidstoets: Annotated[Evenredigheidstoets, Sectie.TEKST]


class SluitingVerlengd(SluitingVerlengd1):
    """Tot welke latere dag de sluiting duurt, en waarom dat evenredig is."""

    bevoegd_orgaan: Annotated[GezegdOrgaan, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """A closure that lasts on the day this was booked first, until a later day."""
    stand = doc or {}
    closed = stand.get("toepassing", {}).get("wijze") == Wijze.SLUITING
    if closed and status_of(stand, r.eerste_datum) != "toegepast":
        weiger("verlenging-na-einde")
    closure = need_closure(doc)
    if r.inhoud.tot.isoformat() <= closure["tot"]:
        refuse("Een verlenging eindigt later dan de sluiting nu.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The closure lasts longer."""
    return fold_into(doc, r, add_to("verlengingen", doc, item(r)))


ACT = Act(
    soort="sluiting.verlengd",
    inhoud=SluitingVerlengd,
    aggregaat="maatregel",
    permissie="sluiting:verlengen",
    titel="Een sluiting verlengen.",
    pad="/maatregelen/{maatregel}/verlenging",
    onderwerp={"maatregel": "maatregel"},
    guard=guard,
    fold=fold,
    eerdere=(Versie(SluitingVerlengd1, unnamed, ZONDER_ORGAAN),),
)
