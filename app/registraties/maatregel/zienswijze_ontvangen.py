"""Somebody concerned gave their view, on paper or in words (Awb 4:9). A late view is recorded too."""

from typing import Annotated, Literal

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Doc, Omgeving, Registratie, Tekst, Versie, refuse
from app.registraties.maatregel.onderdelen import Betreft, OverBesluit
from app.registraties.maatregel.stand import add_to, before, fold_into, item, need_verbeurte
from app.registraties.velden import ZONDER_ORGAAN, GezegdOrgaan, unnamed
from app.vocabulary import Sectie


class ZienswijzeOntvangen1(OverBesluit):
    """Version 1. Shipped with the first app."""

    ontvangen_op: Annotated[Datum, Sectie.ZAAK]
    wijze: Annotated[Literal["schriftelijk", "mondeling"], Sectie.ZAAK]
    tekst: Annotated[Tekst, Sectie.TEKST]


class ZienswijzeOntvangen(ZienswijzeOntvangen1):
    """Wanneer en hoe de zienswijze kwam, over welk besluit, en wat zij inhoudt, zonder namen."""

    bevoegd_orgaan: Annotated[GezegdOrgaan, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """Not before the intent that it answers."""
    asked = (doc or {}).get("voorgenomenOp") if r.inhoud.betreft is Betreft.BESLUIT else None
    if r.inhoud.verbeurte is not None:
        asked = need_verbeurte(doc, r.inhoud.verbeurte).get("voornemen", {}).get("voorgenomenOp")
    if before(r.inhoud.ontvangen_op, asked):
        refuse("Een zienswijze komt niet voor het voornemen.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """One more view to weigh."""
    return fold_into(doc, r, add_to("zienswijzen", doc, item(r)))


ACT = Act(
    soort="zienswijze.ontvangen",
    inhoud=ZienswijzeOntvangen,
    aggregaat="maatregel",
    permissie="zienswijze:ontvangen",
    titel="Een zienswijze vastleggen.",
    pad="/maatregelen/{maatregel}/zienswijzen",
    onderwerp={"maatregel": "maatregel"},
    guard=guard,
    fold=fold,
    eerdere=(Versie(ZienswijzeOntvangen1, unnamed, ZONDER_ORGAAN),),
)
