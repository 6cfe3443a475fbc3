"""A payment on a forfeited dwangsom, due within six weeks (Awb 5:33); it may come before any beschikking."""

from typing import Annotated

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Bedrag, Doc, Inhoud, Omgeving, Registratie, Versie, refuse
from app.registraties.maatregel.stand import (
    before,
    change_verbeurte,
    find_verbeurte,
    fold_into,
    item,
    need_verbeurte,
    refuse_future,
)
from app.registraties.velden import ZONDER_ORGAAN, GezegdOrgaan, unnamed
from app.registraties.weigeringen import weiger
from app.vocabulary import Sectie


class DwangsomBetaald1(Inhoud):
    """Version 1. Shipped with the first app."""

    betaald_op: Annotated[Datum, Sectie.ZAAK]
    bedrag: Annotated[Bedrag, Sectie.ZAAK]


class DwangsomBetaald(DwangsomBetaald1):
    """Op welke dag welk bedrag (in centen) is betaald."""

    bevoegd_orgaan: Annotated[GezegdOrgaan, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """Not more than is still due, after it was forfeited, and not later than it was seen."""
    verbeurte = need_verbeurte(doc, r.onderwerp["verbeurte"])
    if verbeurte["status"] == "afgezien":
        refuse("Van de invordering van deze verbeurte is afgezien.")
    if verbeurte["betaald"] + r.inhoud.bedrag > verbeurte["bedrag"]:
        refuse("Er wordt niet meer betaald dan nog openstaat.")
    if before(r.inhoud.betaald_op, verbeurte["datum"]):
        refuse("Er wordt niet betaald voordat de dwangsom is verbeurd.")
    refuse_future(r, r.inhoud.betaald_op)
    if r.inhoud.betaald_op > r.waargenomen_datum:
        weiger("datum-in-de-toekomst")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """Less is due; nothing, and it is geïnd."""
    verbeurte = find_verbeurte(doc or {}, r.onderwerp["verbeurte"])
    payments = [*(verbeurte or {}).get("betalingen", []), item(r)]
    change = {"betalingen": payments, "betaald": sum(p["bedrag"] for p in payments)}
    return fold_into(doc, r, change_verbeurte(doc, r, change))


ACT = Act(
    soort="dwangsom.betaald",
    inhoud=DwangsomBetaald,
    aggregaat="maatregel",
    permissie="dwangsom:betalen",
    titel="Een betaling op een verbeurde dwangsom vastleggen.",
    pad="/maatregelen/{maatregel}/verbeurten/{verbeurte}/betalingen",
    onderwerp={"maatregel": "maatregel", "verbeurte": None},
    guard=guard,
    fold=fold,
    eerdere=(Versie(DwangsomBetaald1, unnamed, ZONDER_ORGAAN),),
)
