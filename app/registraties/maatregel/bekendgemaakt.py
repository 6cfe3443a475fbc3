"""Making a decision known to an addressee. It has no effect before (Awb 3:40, 3:41); terms start here."""

from typing import Annotated, Literal
from uuid import UUID

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Doc, Omgeving, Registratie, Versie, refuse
from app.registraties.maatregel.onderdelen import AdressaatHoedanigheid, Betreft, OverBesluit
from app.registraties.maatregel.stand import add_to, before, fold_into, item, need_verbeurte, refuse_future
from app.registraties.velden import ZONDER_ORGAAN, GezegdOrgaan, unnamed
from app.registraties.weigeringen import wait_for
from app.vocabulary import Sectie


class MaatregelBekendgemaakt1(OverBesluit):
    """Version 1. Shipped with the first app."""

    adressaat: Annotated[AdressaatHoedanigheid, Sectie.PERSOON]
    datum: Annotated[Datum, Sectie.ZAAK]
    wijze: Annotated[Literal["aangetekend", "uitgereikt", "digitaal", "aanplakking"], Sectie.ZAAK]


class MaatregelBekendgemaakt(MaatregelBekendgemaakt1):
    """Welk besluit aan welke adressaat bekend is gemaakt, op welke dag en hoe."""

    bevoegd_orgaan: Annotated[GezegdOrgaan, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """The decision was taken, not later than this day, and concerns this addressee."""
    stand, given = doc or {}, r.inhoud
    decided = _decided_on(stand, given)
    if decided is None:
        wait_for("Dit besluit is nog niet genomen.")
    if before(given.datum, decided):
        refuse("Een besluit wordt niet bekendgemaakt voordat het is genomen.")
    if given.adressaat not in {a["hoedanigheid"] for a in stand.get("adressaten", [])}:
        refuse("Deze maatregel heeft geen adressaat in deze hoedanigheid.")
    refuse_future(r, given.datum)


def _decided_on(stand: Doc, given: MaatregelBekendgemaakt) -> str | None:
    """The day of the decision that is made known."""
    if given.betreft is Betreft.BESLUIT:
        decided, key = stand, "opgelegdOp"
    elif given.betreft is Betreft.TOEPASSING:
        decided, key = stand.get("toepassing", {}), "beslotenOp"
    else:
        decided, key = need_verbeurte(stand, given.verbeurte).get("beschikking", {}), "beschiktOp"
    day: str | None = decided.get(key)
    return day


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """Known to this addressee; the first bekendmaking of the besluit brings it into force."""
    op = (doc or {}).get("besluit", {}).get("op") if r.inhoud.betreft is Betreft.BESLUIT else None
    of = {"besluit": op} if op is not None else {}
    return fold_into(doc, r, add_to("bekendmakingen", doc, {**item(r), **of}))


def always(_doc: Doc, _op: UUID) -> bool:
    """It starts terms and brings into force; whoever was told relies on it."""
    return True


ACT = Act(
    soort="maatregel.bekendgemaakt",
    inhoud=MaatregelBekendgemaakt,
    aggregaat="maatregel",
    permissie="maatregel:bekendmaken",
    titel="Een besluit over een maatregel bekendmaken.",
    pad="/maatregelen/{maatregel}/bekendmakingen",
    onderwerp={"maatregel": "maatregel"},
    guard=guard,
    fold=fold,
    vast=always,
    eerdere=(Versie(MaatregelBekendgemaakt1, unnamed, ZONDER_ORGAAN),),
)
