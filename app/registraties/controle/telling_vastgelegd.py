"""Counting without telling who. Whoever may be a minor is not counted here but signalled (DOMAIN.md)."""

from enum import StrEnum
from typing import Annotated

from app.registraties.act import Aantal, Act, Doc, Inhoud, Omgeving, Registratie, Versie
from app.registraties.controle.stand import changed, stamp
from app.registraties.velden import ANDERS, GezegdeHoedanigheid, shown, unsaid
from app.vocabulary import Groep, Hulpsoort, Sectie


class Regio(StrEnum):
    """From which part of the world."""

    NEDERLAND = "nederland"
    WEST_EUROPA = "west_europa"
    OOST_EUROPA = "oost_europa"
    LATIJNS_AMERIKA = "latijns_amerika"
    AFRIKA = "afrika"
    MIDDEN_OOSTEN = "midden_oosten"
    AZIE = "azie"
    OVERIG = "overig"
    ONBEKEND = "onbekend"


class Leeftijdsband(StrEnum):
    """Adults only: there is no band below eighteen."""

    VAN_18_TOT_21 = "18-20"
    VANAF_21 = "21+"
    ONBEKEND = "onbekend"


class TellingVastgelegd1(Inhoud):
    """Version 1. Shipped with the first app."""

    regio_herkomst: Annotated[dict[Regio, Aantal] | None, Sectie.PERSOON, Groep.TELLING] = None
    leeftijdsband: Annotated[dict[Leeftijdsband, Aantal] | None, Sectie.PERSOON, Groep.TELLING] = None
    hulp: Annotated[dict[Hulpsoort, Aantal] | None, Sectie.HULP] = None


class TellingVastgelegd(TellingVastgelegd1):
    """Hoeveel personen per regio van herkomst en leeftijdsband, en hoe vaak welke hulp."""

    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The last count holds."""
    return changed(doc, r, {"telling": {**shown(r), **stamp(r)}})


ACT = Act(
    soort="telling.vastgelegd",
    inhoud=TellingVastgelegd,
    aggregaat="controle",
    permissie="telling:vastleggen",
    titel="Een telling vastleggen.",
    pad="/controles/{controle}/tellingen",
    onderwerp={"controle": "controle"},
    fold=fold,
    eerdere=(Versie(TellingVastgelegd1, unsaid, ANDERS),),
)
