"""A dwangsom is forfeited by operation of law, on the day of the fact (Awb 5:33); a controle proves it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Bedrag, Doc, Inhoud, Omgeving, Registratie, Versie, refuse
from app.registraties.controle.tellen import concluded, contested
from app.registraties.maatregel.stand import (
    NOT_KNOWN,
    add_to,
    before,
    counted,
    find_verbeurte,
    fold_into,
    item,
    refuse_elsewhere,
    refuse_future,
    total_verbeurd,
)
from app.registraties.maatregel.toets import told_nobody
from app.registraties.velden import ZONDER_ORGAAN, GezegdOrgaan, unnamed
from app.registraties.weigeringen import weiger
from app.vocabulary import MaatregelSoort, Sectie


class DwangsomVerbeurd1(Inhoud):
    """Version 1. Shipped with the first app."""

    op: Annotated[Datum, Sectie.ZAAK]
    bedrag: Annotated[Bedrag, Sectie.ZAAK]


class DwangsomVerbeurd(DwangsomVerbeurd1):
    """Op welke dag de last niet is nageleefd, en welk bedrag (in centen) daardoor is verbeurd."""

    bevoegd_orgaan: Annotated[GezegdOrgaan, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, omgeving: Omgeving, _actor: Actor) -> None:
    """In force, after the begunstiging, proven here, once per controle, within the maximum (Awb 5:32b)."""
    stand, given = doc or {}, r.inhoud
    if stand.get("soort") == MaatregelSoort.LAST_ONDER_DWANGSOM and stand["status"] in NOT_KNOWN:
        weiger("verbeurte-last-niet-bekend")
    if "dwangsom" not in stand or stand["status"] != "in_werking":
        refuse("Alleen een last onder dwangsom die in werking is, kan worden verbeurd.")
    refuse_future(r, given.op)
    if before(given.op, stand["bekendgemaaktOp"]):
        weiger("verbeurte-voor-bekendmaking")
    if given.op.isoformat() <= stand.get("begunstigingTotEnMet", ""):
        weiger("verbeurte-binnen-begunstiging")
    if told_nobody(stand):
        weiger("verbeurte-adressaat-niet-bekend")
    refuse_elsewhere(stand, r, omgeving)
    _check_proof(omgeving.need("controle", r.onderwerp["controle"]), given.op)
    if str(r.onderwerp["controle"]) in {v["controle"] for v in stand["verbeurten"]}:
        refuse("Met deze controle is al een verbeurte bewezen.")
    if find_verbeurte(stand, r.onderwerp["verbeurte"]):
        refuse("Deze verbeurte is al vastgelegd.")
    _check_amount(stand["dwangsom"], total_verbeurd(stand), given.bedrag)


def _check_proof(controle: Doc, op: date) -> None:
    """A careful, verifiable finding: a closed controle of that very day that concluded an overtreding (RVS:2017:1179).

    Which provision was broken no record says yet. A controle that was struck is no longer known here.
    """
    if "eindeOp" not in controle:
        weiger("verbeurte-controle-niet-afgerond")
    if not concluded(controle):
        weiger("verbeurte-zonder-overtreding")
    if contested(controle):
        weiger("verbeurte-betwiste-controle")
    if op.isoformat() != controle.get("datum"):
        weiger("verbeurte-andere-dag")


def _check_amount(dwangsom: Doc, so_far: int, bedrag: int) -> None:
    """Whole times the dwangsom, up to the maximum (Awb 5:32b)."""
    if so_far + bedrag > dwangsom["maximum"]:
        refuse("Er wordt niet meer verbeurd dan het maximum van de dwangsom.")
    if bedrag % dwangsom["bedrag"] and so_far + bedrag != dwangsom["maximum"]:
        refuse("Een verbeurte is een of meer keer het bedrag van de dwangsom.")


def collected(doc: Doc, op: UUID) -> bool:
    """Whether it is being collected, or something was paid on it."""
    return any(v["op"] == str(op) and ("beschikking" in v or v["betalingen"]) for v in doc.get("verbeurten", ()))


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """One more verbeurte; at the maximum the last is uitgewerkt."""
    verbeurte = {
        "id": str(r.onderwerp["verbeurte"]),
        "controle": str(r.onderwerp["controle"]),
        **item(r),
        "betaald": 0,
        "betalingen": [],
    }
    return fold_into(doc, r, {**add_to("verbeurten", doc, verbeurte), **counted(doc, r)})


ACT = Act(
    soort="dwangsom.verbeurd",
    inhoud=DwangsomVerbeurd,
    aggregaat="maatregel",
    permissie="dwangsom:verbeuren",
    titel="Vastleggen dat een dwangsom is verbeurd.",
    pad="/maatregelen/{maatregel}/verbeurten",
    onderwerp={"maatregel": "maatregel", "verbeurte": None, "controle": "controle"},
    guard=guard,
    beslist=True,
    fold=fold,
    vast=collected,
    eerdere=(Versie(DwangsomVerbeurd1, unnamed, ZONDER_ORGAAN),),
)
