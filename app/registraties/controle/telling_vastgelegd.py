"""Counting without telling who. Whoever may be a minor is not counted here but signalled (ontwerp/domein.md).

Of persons a municipality keeps counts only, unless it has a ground for more (`grondslagbijzonder`).
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ValidationInfo, model_validator

from app.problems import Onjuist
from app.registraties.act import Aantal, Act, Doc, Inhoud, Omgeving, Registratie, Versie
from app.registraties.controle.stand import changed, stamp
from app.registraties.velden import GezegdeHoedanigheid, shown, unsaid
from app.vocabulary import Groep, Hulpsoort, PersoonRol, Sectie


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


class _Telling(Inhoud):
    """What all versions count."""

    regio_herkomst: Annotated[dict[Regio, Aantal] | None, Sectie.PERSOON, Groep.TELLING] = None
    leeftijdsband: Annotated[dict[Leeftijdsband, Aantal] | None, Sectie.PERSOON, Groep.TELLING] = None


class TellingVastgelegd1(_Telling):
    """Version 1. Shipped with the first app."""

    hulp: Annotated[dict[Hulpsoort, Aantal] | None, Sectie.HULP] = None


class TellingVastgelegd(_Telling):
    """Hoeveel personen u telde naast wie apart is vastgelegd, en hoe velen hulp is aangeboden of waarheen verwezen."""

    per_rol: Annotated[dict[PersoonRol, Aantal] | None, Sectie.PERSOON, Groep.TELLING] = None
    hulp_aangeboden: Annotated[Aantal | None, Sectie.HULP] = None
    hulp_per_soort: Annotated[dict[Hulpsoort, Aantal] | None, Sectie.HULP] = None
    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]

    @model_validator(mode="after")
    def help_adds_up(self, info: ValidationInfo) -> Self:
        """Nobody is offered one kind of help twice; an app of before did not ask to how many it was offered."""
        offered = self.hulp_aangeboden
        if self.hulp_per_soort is None or info.context:
            return self
        if offered is None or any(aantal > offered for aantal in self.hulp_per_soort.values()):
            raise Onjuist("hulpAangeboden zegt aan hoeveel personen; van één soort kan het niet vaker zijn")
        return self


def from_1(inhoud: Doc) -> Doc:
    """Version 1 as version 2: it counted how often which help, not to how many persons."""
    given = {name: value for name, value in inhoud.items() if name != "hulp"}
    return unsaid({**given, "hulpPerSoort": inhoud["hulp"]} if inhoud.get("hulp") is not None else given)


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The last count of each writer holds, beside those of the others. Practice never stands over what is real."""
    wie = str(r.functionaris)
    others = [
        telling
        for telling in (doc or {}).get("tellingen", ())
        if telling["door"]["functionaris"] != wie or telling.get("oefening", False) != r.oefening
    ]
    return changed(doc, r, {"tellingen": [*others, {**shown(r), **stamp(r)}]})


ACT = Act(
    soort="telling.vastgelegd",
    inhoud=TellingVastgelegd,
    aggregaat="controle",
    permissie="telling:vastleggen",
    titel="Een telling vastleggen.",
    pad="/controles/{controle}/tellingen",
    onderwerp={"controle": "controle"},
    fold=fold,
    eerdere=(
        Versie(
            TellingVastgelegd1,
            from_1,
            "`perRol` telt personen, `hulpAangeboden` aan hoeveel van hen hulp is aangeboden; `hulp` heet nu"
            " `hulpPerSoort`. `hoedanigheid` zegt in welke hoedanigheid dit is vastgelegd; zonder is het van de politie"
            " besloten.",
        ),
    ),
)
