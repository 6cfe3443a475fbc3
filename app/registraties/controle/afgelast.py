"""Calling off a planned controle. Who takes part goes on reading that it was planned, and why it was not held."""

from enum import StrEnum
from typing import Annotated

from app.access.actor import Actor
from app.registraties.act import HOEDANIGHEID, Act, Doc, Inhoud, Omgeving, Registratie, Tekst, refuse
from app.registraties.controle.stand import changed, stamp
from app.registraties.velden import GezegdeHoedanigheid, shown
from app.registraties.weigeringen import NogNiet
from app.vocabulary import Hoedanigheid, Rol, Sectie


class Afgelastreden(StrEnum):
    """Why a controle is not held."""

    GEEN_CAPACITEIT = "geen_capaciteit"
    VOORRANG_ANDER_WERK = "voorrang_ander_werk"
    AANLEIDING_VERVALLEN = "aanleiding_vervallen"
    VEILIGHEID = "veiligheid"
    BEKEND_GEWORDEN = "bekend_geworden"
    """whoever was to be visited may know of it"""
    ANDERS = "anders"


class ControleAfgelast(Inhoud):
    """Dat de geplande controle niet doorgaat, en waarom."""

    reden: Annotated[Afgelastreden, Sectie.ZAAK]
    tekst: Annotated[Tekst | None, Sectie.TEKST] = None
    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """It was planned and did not begin. In another capacity it would shut the plan to who reads it."""
    doc = doc or {}
    if "begonnenOp" in doc:
        refuse("Deze controle is al begonnen: rond haar af.")
    if "planning" not in doc:
        raise NogNiet("Deze controle is nog niet gepland.")
    if "afgelasting" in doc:
        refuse("Deze controle is al afgelast.")
    if not _may_call_off(doc, r):
        refuse("Afgelasten doet wie de controle plande of coördineert, het PCT dat haar begon, of de regisseur.")
    if doc.get(HOEDANIGHEID) not in {r.inhoud.hoedanigheid, Hoedanigheid.ONBEKEND}:
        refuse("Afgelasten doet u in de hoedanigheid waarin de controle is gepland.")


def _may_call_off(doc: Doc, r: Registratie) -> bool:
    """Who planned or coordinates it; as they may have left, also who steers and the PCT whose controle it is."""
    own = {doc["planning"]["door"]["functionaris"], doc.get("coordinator")}
    pct = r.rol is Rol.PCT and str(r.organisatie) == doc.get("initiatief")
    return str(r.functionaris) in own or pct or r.rol is Rol.REGISSEUR


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The first holds. It takes away nothing that was recorded."""
    if "afgelasting" in (doc or {}):
        return changed(doc, r, {})
    heard = {"_afgelastOntvangen": r.ontvangen_datum.isoformat()}
    return changed(doc, r, {"afgelasting": {**shown(r), **stamp(r)}, **heard})


ACT = Act(
    soort="controle.afgelast",
    inhoud=ControleAfgelast,
    aggregaat="controle",
    permissie="controle:afgelasten",
    titel="Een geplande controle afgelasten.",
    pad="/controles/{controle}/afgelasting",
    onderwerp={"controle": "controle"},
    guard=guard,
    fold=fold,
)
