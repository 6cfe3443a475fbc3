"""Recording a bevinding. A fact and an opinion are told apart (Wpg 4, third paragraph)."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import model_validator

from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Tekst, Versie
from app.registraties.controle.stand import added, fresh
from app.registraties.velden import ANDERS, GezegdeHoedanigheid, JaNee, shown, unsaid
from app.vocabulary import BevindingCode, Groep, Sectie


class BevindingAard(StrEnum):
    """Whether it is a fact or an opinion."""

    FEIT = "feit"
    OORDEEL = "oordeel"


class BevindingWijze(StrEnum):
    """How it is known."""

    WAARGENOMEN = "waargenomen"
    VERKLAARD = "verklaard"
    REGISTER_GERAADPLEEGD = "register_geraadpleegd"


class BevindingUitkomst(StrEnum):
    """What came of it."""

    GEEN_VERGUNNING = "geen_vergunning"
    VERGUNNING = "vergunning"
    ENKELE_DAGEN = "enkele_dagen"
    WEKEN = "weken"
    LANGER = "langer"
    AANGETROFFEN = "aangetroffen"
    NIET_AANGETROFFEN = "niet_aangetroffen"
    IN_ORDE = "in_orde"
    NIET_IN_ORDE = "niet_in_orde"
    ONBEKEND = "onbekend"


class Tolk(StrEnum):
    """Whether somebody interpreted, and whether she is in the register (Wet beëdigde tolken en vertalers, 28)."""

    GEEN = "geen"
    REGISTERTOLK = "registertolk"
    ANDERE_TOLK = "andere_tolk"
    NIET_VERMELD = "niet_vermeld"
    """there was one; of which kind was not recorded"""


class DoorgegevenAan(StrEnum):
    """Who was told, because it is theirs to deal with."""

    POLITIE = "politie"
    AVIM = "avim"
    WONINGCORPORATIE = "woningcorporatie"
    BRANDWEER = "brandweer"
    GGD = "ggd"
    BELASTINGDIENST = "belastingdienst"
    ARBEIDSINSPECTIE = "arbeidsinspectie"
    OMGEVINGSDIENST = "omgevingsdienst"
    NETBEHEERDER = "netbeheerder"


_U = BevindingUitkomst
_ASKED = {
    BevindingCode.VERGUNNINGCHECK: frozenset({_U.GEEN_VERGUNNING, _U.VERGUNNING, _U.ONBEKEND}),
    BevindingCode.VERBLIJF: frozenset({_U.ENKELE_DAGEN, _U.WEKEN, _U.LANGER, _U.ONBEKEND}),
}
"""Codes that are a question, with their answers."""
_OTHERWISE = frozenset({None, _U.AANGETROFFEN, _U.NIET_AANGETROFFEN, _U.IN_ORDE, _U.NIET_IN_ORDE, _U.ONBEKEND})


class _Bevinding(Inhoud):
    """What all versions say of a bevinding."""

    code: Annotated[BevindingCode, Sectie.ZAAK]
    aard: Annotated[BevindingAard, Sectie.ZAAK]
    wijze: Annotated[BevindingWijze, Sectie.ZAAK]
    uitkomst: Annotated[BevindingUitkomst | None, Sectie.ZAAK] = None
    doorgegeven_aan: Annotated[tuple[DoorgegevenAan, ...] | None, Sectie.ZAAK, Groep.DOORGEGEVEN] = None
    tekst: Annotated[Tekst | None, Sectie.TEKST] = None

    @model_validator(mode="after")
    def outcome_fits(self) -> Self:
        """The outcome answers the code."""
        if self.uitkomst not in _ASKED.get(self.code, _OTHERWISE):
            raise Onjuist("de uitkomst past niet bij deze bevinding")
        return self


class BevindingVastgelegd2(_Bevinding):
    """Version 2: with which interpreter."""

    tolk: Annotated[Tolk | None, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def interprets_something(self) -> Self:
        """An interpreter has something to interpret."""
        if self.tolk not in (None, Tolk.GEEN) and self.wijze is not BevindingWijze.VERKLAARD:
            raise Onjuist("een tolk hoort bij wat is verklaard")
        return self


class BevindingVastgelegd(BevindingVastgelegd2):
    """Wat is gevonden, of dat een feit of een oordeel is, en hoe men het weet."""

    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]


class BevindingVastgelegd1(_Bevinding):
    """Version 1: whether there was an interpreter, not which. Shipped with the first app."""

    tolk: Annotated[JaNee | None, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def interprets_something(self) -> Self:
        """An interpreter has something to interpret."""
        if self.tolk and self.wijze is not BevindingWijze.VERKLAARD:
            raise Onjuist("een tolk hoort bij wat is verklaard")
        return self


def from_1(inhoud: Doc) -> Doc:
    """Version 1 as version 2: yes tells of an interpreter, not of which kind."""
    if inhoud.get("tolk") is None:
        return inhoud
    return {**inhoud, "tolk": (Tolk.NIET_VERMELD if inhoud["tolk"] else Tolk.GEEN).value}


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """One more bevinding; none replaces another."""
    return added(doc, r, "bevindingen", {"id": str(r.onderwerp["bevinding"]), **shown(r)})


ACT = Act(
    soort="bevinding.vastgelegd",
    inhoud=BevindingVastgelegd,
    aggregaat="controle",
    permissie="bevinding:vastleggen",
    titel="Een bevinding vastleggen.",
    pad="/controles/{controle}/bevindingen",
    onderwerp={"controle": "controle", "bevinding": None},
    guard=fresh("bevindingen", "bevinding"),
    draagt=True,
    fold=fold,
    eerdere=(
        Versie(BevindingVastgelegd1, from_1, "`tolk` zegt welke tolk hielp; in versie 1 alleen of er een was."),
        Versie(BevindingVastgelegd2, unsaid, ANDERS),
    ),
)
