"""Offering help to a person who was found, and referring her or him with consent.

Where of persons only counts are kept an offer names nobody: it is one person's all the same.
"""

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Versie, refuse
from app.registraties.controle.grond import check_may_name
from app.registraties.controle.stand import added, known_ids
from app.registraties.velden import ANDERS, GezegdeHoedanigheid, JaNee, shown, unsaid
from app.registraties.weigeringen import NogNiet
from app.vocabulary import Hulpsoort, Sectie


class Aanvaard(StrEnum):
    """Whether the offer was taken."""

    JA = "ja"
    NEE = "nee"
    ONBEKEND = "onbekend"


class HulpAangeboden1(Inhoud):
    """Version 1. Shipped with the first app."""

    aangeboden: Annotated[JaNee, Sectie.HULP] = True
    aanvaard: Annotated[Aanvaard | None, Sectie.HULP] = None
    doorverwezen_naar: Annotated[tuple[Hulpsoort, ...] | None, Sectie.HULP] = None
    toestemming: Annotated[JaNee | None, Sectie.HULP] = None

    @model_validator(mode="after")
    def refers_with_consent(self) -> Self:
        """Municipality and care refer with consent only; the duty to report to CoMensha is for the guard."""
        if not self.aangeboden:
            raise Onjuist("leg hulp vast die is aangeboden")
        referred = set(self.doorverwezen_naar or ()) - {Hulpsoort.COMENSHA}
        if referred and self.toestemming is not True:
            raise Onjuist("doorverwijzen kan alleen met toestemming")
        return self


class HulpAangeboden(HulpAangeboden1):
    """Dat hulp is aangeboden, of die is aanvaard, en naar wie met toestemming is doorverwezen.

    Zonder persoon noemt `vervolgt` het aanbod (opId) waarop dit volgt, of de telling met `hulpAangeboden` waar dit bij
    hoort: dan telt die persoon één keer.
    """

    vervolgt: Annotated[UUID | None, Sectie.HULP] = None
    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, omgeving: Omgeving, actor: Actor) -> None:
    """Help is for somebody who was found. Police report to CoMensha without consent: it is their duty."""
    if (persoon := r.onderwerp.get("persoon")) is not None:
        check_may_name(doc, r, omgeving, actor)
        if r.inhoud.vervolgt is not None:
            refuse("Noem de persoon, of het aanbod waarop dit volgt; niet allebei.")
        if str(persoon) not in known_ids(doc, "personen"):
            raise NogNiet("Deze persoon is bij deze controle niet vastgelegd.")
    if (earlier := r.inhoud.vervolgt) is not None and str(earlier) not in _offers(doc):
        raise NogNiet("Het aanbod waarop dit volgt is bij deze controle niet vastgelegd.")
    if r.inhoud.doorverwezen_naar and r.inhoud.toestemming is not True and not actor.politie:
        refuse("Melden bij CoMensha kan alleen met toestemming, behalve door de politie.")


def _offers(doc: Doc | None) -> set[str]:
    """The entries that offered help: offers, and counts that said to how many, also where a newer one holds."""
    return {item["op"] for lijst in ("hulp", "_geteld") for item in (doc or {}).get(lijst, ())}


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """One more offer; a person who is named may get several."""
    persoon = r.onderwerp.get("persoon")
    whom = {"persoon": str(persoon)} if persoon is not None else {}
    return added(doc, r, "hulp", {**whom, **shown(r)})


ACT = Act(
    soort="hulp.aangeboden",
    inhoud=HulpAangeboden,
    aggregaat="controle",
    permissie="hulp:aanbieden",
    titel="Aangeboden hulp vastleggen.",
    pad="/controles/{controle}/hulp",
    onderwerp={"controle": "controle", "persoon": None},
    optioneel=frozenset({"persoon"}),
    ziet=frozenset({"grondslagbijzonder"}),
    guard=guard,
    fold=fold,
    eerdere=(Versie(HulpAangeboden1, unsaid, ANDERS),),
)
