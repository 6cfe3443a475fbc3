"""Waiving a forfeited dwangsom, with the reason; it stays forfeited and counts towards the maximum."""

from typing import Annotated, Literal

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Tekst, Versie, refuse
from app.registraties.maatregel.stand import before, change_verbeurte, fold_into, item, need_verbeurte, refuse_future
from app.registraties.velden import ZONDER_ORGAAN, GezegdOrgaan, unnamed
from app.vocabulary import Sectie

Afzienreden = Literal["bijzondere_omstandigheden", "onvoldoende_bewijs", "verjaard", "anders"]


class InvorderingAfgezien1(Inhoud):
    """Version 1. Shipped with the first app."""

    afgezien_op: Annotated[Datum, Sectie.ZAAK]
    reden: Annotated[Afzienreden, Sectie.ZAAK]
    toelichting: Annotated[Tekst | None, Sectie.TEKST] = None


class InvorderingAfgezien(InvorderingAfgezien1):
    """Op welke dag en waarom van invordering is afgezien."""

    bevoegd_orgaan: Annotated[GezegdOrgaan, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """Only what is still due is waived, and after it was forfeited."""
    verbeurte = need_verbeurte(doc, r.onderwerp["verbeurte"])
    if verbeurte["status"] in {"afgezien", "geind"}:
        refuse("Deze verbeurte is al geïnd, of er is al van afgezien.")
    if before(r.inhoud.afgezien_op, verbeurte["datum"]):
        refuse("Er valt niets in te vorderen voordat de dwangsom is verbeurd.")
    refuse_future(r, r.inhoud.afgezien_op)


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """Nothing more is claimed."""
    return fold_into(doc, r, change_verbeurte(doc, r, {"afgezien": item(r)}))


ACT = Act(
    soort="invordering.afgezien",
    inhoud=InvorderingAfgezien,
    aggregaat="maatregel",
    permissie="dwangsom:invorderen",
    titel="Afzien van de invordering van een verbeurde dwangsom.",
    pad="/maatregelen/{maatregel}/verbeurten/{verbeurte}/afzien",
    onderwerp={"maatregel": "maatregel", "verbeurte": None},
    guard=guard,
    fold=fold,
    eerdere=(Versie(InvorderingAfgezien1, unnamed, ZONDER_ORGAAN),),
)
