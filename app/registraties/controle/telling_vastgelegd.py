"""Counting without telling who. Whoever may be a minor is not counted here but signalled (ontwerp/domein.md).

Of persons a municipality keeps counts only, unless it has a ground for more (`grondslagbijzonder`).
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import ValidationInfo, model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import Aantal, Act, Doc, Inhoud, Omgeving, Registratie, Versie, refuse
from app.registraties.controle.stand import changed, stamp
from app.registraties.velden import GezegdeHoedanigheid, JaNee, shown, unsaid
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
    toestemming: Annotated[JaNee | None, Sectie.HULP] = None
    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]

    @model_validator(mode="after")
    def help_adds_up(self, info: ValidationInfo) -> Self:
        """Nobody is referred to one kind of help twice, nor without consent; an app of before asked neither."""
        offered, kinds = self.hulp_aangeboden, self.hulp_per_soort or {}
        if not info.context and self.model_fields_set <= {"hoedanigheid"}:
            raise Onjuist("zeg wat u telde")
        if (offered is None and kinds and not info.context) or any(n > (offered or n) for n in kinds.values()):
            raise Onjuist("zeg in hulpAangeboden aan hoeveel personen; van één soort kan het niet vaker zijn")
        if kinds.keys() - {Hulpsoort.COMENSHA} and self.toestemming is not True and not info.context:
            raise Onjuist("doorverwijzen kan alleen met toestemming")
        return self


def from_1(inhoud: Doc) -> Doc:
    """Version 1 as version 2: it counted how often which help, not to how many persons."""
    given = {name: value for name, value in inhoud.items() if name != "hulp"}
    return unsaid({**given, "hulpPerSoort": inhoud["hulp"]} if inhoud.get("hulp") is not None else given)


def guard(_doc: Doc | None, r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """Police report to CoMensha without consent: it is their duty."""
    asked = r.inhoud.hulp_aangeboden is not None  # an app of before asked nothing
    if asked and r.inhoud.hulp_per_soort and r.inhoud.toestemming is not True and not actor.politie:
        refuse("Melden bij CoMensha kan alleen met toestemming, behalve door de politie.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """Of each writer the count that he wrote down last holds, beside those of the others: in whatever order they come.

    Also of what was corrected since. Of two with the same moment the one that was booked last. Practice never stands
    over what is real.
    """
    newest: Doc = {**shown(r), **stamp(r)}
    written = {**(doc or {}).get("_geschreven", {}), newest["op"]: _written(r)}
    others: list[Doc] = []
    for telling in (doc or {}).get("tellingen", ()):
        own = telling["door"]["functionaris"] == str(r.functionaris)
        if not own or telling.get("oefening", False) != r.oefening:
            others.append(telling)
        elif _moment(telling, written) > _moment(newest, written):
            newest = telling
    helped = [{"op": str(r.op), "functionaris": str(r.functionaris)}] if r.inhoud.says("hulp_aangeboden") else []
    known = [*(doc or {}).get("_geteld", ()), *helped]
    stand = [*others, newest]
    kept = {of["op"]: written[of["op"]] for of in stand if of["op"] in written}
    return changed(doc, r, {"tellingen": stand, "_geschreven": kept, **({"_geteld": known} if known else {})})


def is_older(doc: Doc, r: Registratie) -> bool:
    """Whether its writer wrote down another count later, which then holds."""
    written, own = doc.get("_geschreven", {}), {**stamp(r)}
    return any(
        telling["door"]["functionaris"] == str(r.functionaris)
        and telling.get("oefening", False) == r.oefening
        and _moment(telling, written) > _moment(own, {own["op"]: _written(r)})
        for telling in doc.get("tellingen", ())
    )


def _written(r: Registratie) -> str:
    return (r.vastgelegd_op or r.waargenomen_op).astimezone(UTC).isoformat()


def _moment(telling: Doc, written: dict[str, str]) -> tuple[datetime, datetime]:
    """When a count was written down, then when it was made; of one folded before that was noted, only the last."""
    made: str = telling["waargenomenOp"]
    return datetime.fromisoformat(written.get(telling["op"], made)), datetime.fromisoformat(made)


ACT = Act(
    soort="telling.vastgelegd",
    inhoud=TellingVastgelegd,
    aggregaat="controle",
    permissie="telling:vastleggen",
    titel="Een telling vastleggen.",
    pad="/controles/{controle}/tellingen",
    onderwerp={"controle": "controle"},
    guard=guard,
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
