"""The parts that acts of a maatregel share: ground, addressees, dwangsom, weighing, hearing."""

from calendar import monthrange
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.moment import Datum
from app.problems import Onjuist
from app.registraties.act import Bedrag, Inhoud, KorteTekst, Sleutel, Tekst
from app.registraties.model import Model
from app.vocabulary import Sectie

Maanden = Annotated[int, Field(ge=1, le=60, strict=True)]


class AdressaatHoedanigheid(StrEnum):
    """In which capacity somebody is addressed. Never a name; a sekswerker is never an addressee."""

    VERHUURDER = "verhuurder"
    EIGENAAR = "eigenaar"
    EXPLOITANT = "exploitant"
    BEWONER = "bewoner"
    OVERTREDER = "overtreder"
    ANDERS = "anders"


class Betreft(StrEnum):
    """Which decision about a maatregel a zienswijze or bekendmaking concerns."""

    BESLUIT = "besluit"
    INVORDERING = "invordering"
    TOEPASSING = "toepassing"


class NietGehoord(StrEnum):
    """Why nobody was heard (Awb 4:11)."""

    SPOED = "spoed"
    AL_GELEGENHEID = "al_gelegenheid"
    DOEL_VERIJDELD = "doel_verijdeld"


class Wijze(StrEnum):
    """How bestuursdwang is applied."""

    SLUITING = "sluiting"
    ONTRUIMING = "ontruiming"
    VERZEGELING = "verzegeling"
    ANDERS = "anders"


class Modaliteit(StrEnum):
    """How a dwangsom is forfeited (Awb 5:32b, first paragraph)."""

    INEENS = "ineens"
    PER_TIJDSEENHEID = "per_tijdseenheid"
    PER_OVERTREDING = "per_overtreding"


class WettelijkeGrondslag(Model):
    """De bepaling waarop de maatregel rust, zoals die luidt vanaf de dag in `versie` (Awb 5:4, 5:9)."""

    regeling: KorteTekst
    artikel: KorteTekst
    versie: Datum


class Adressaat(Model):
    """Tot wie de maatregel is gericht, zonder naam, en waarom (Awb 5:1)."""

    hoedanigheid: AdressaatHoedanigheid
    reden: KorteTekst | None = None


Adressaten = Annotated[list[Adressaat], Field(min_length=1, max_length=20)]


class Besluitnemer(Model):
    """Wie het besluit nam; dat kan een ander zijn dan wie het vastlegde (Awb 10:3, 10:16)."""

    door: Literal["orgaan", "persoon_in_mandaat"]
    mandaatbesluit: KorteTekst | None = None

    @model_validator(mode="after")
    def mandate_is_named(self) -> Self:
        """A mandate rests on a mandaatbesluit; the organ itself needs none."""
        if (self.door == "persoon_in_mandaat") != (self.mandaatbesluit is not None):
            raise Onjuist("noem bij mandaat het mandaatbesluit, en alleen daarbij")
        return self


class Evenredigheidstoets(Model):
    """Dat het geschikt, noodzakelijk en evenwichtig is (Awb 3:4; ABRvS 2 februari 2022, Harderwijk; RVS:2025:1156)."""

    geschikt: Tekst
    noodzakelijk: Tekst
    evenwichtig: Tekst


class Dwangsom(Model):
    """Een bedrag ineens, per tijdseenheid of per overtreding, met een maximum (Awb 5:32b); in eurocenten."""

    modaliteit: Modaliteit
    bedrag: Bedrag
    maximum: Bedrag
    tijdseenheid: Literal["dag", "week", "maand"] | None = None

    @model_validator(mode="after")
    def adds_up(self) -> Self:
        """No more is forfeited than the maximum; only a sum per time unit has a time unit."""
        if self.maximum < self.bedrag:
            raise Onjuist("het maximum is ten minste het bedrag van de dwangsom")
        if self.modaliteit is Modaliteit.INEENS and self.maximum != self.bedrag:
            raise Onjuist("een bedrag ineens is zelf het maximum")
        if (self.modaliteit is Modaliteit.PER_TIJDSEENHEID) != (self.tijdseenheid is not None):
            raise Onjuist("een tijdseenheid hoort bij een dwangsom per tijdseenheid, en alleen daarbij")
        return self


class OverBesluit(Inhoud):
    """What concerns one of the decisions about a maatregel; of an invordering, it says which verbeurte."""

    betreft: Annotated[Betreft, Sectie.ZAAK] = Betreft.BESLUIT
    verbeurte: Annotated[UUID | None, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def invordering_names_verbeurte(self) -> Self:
        """Each verbeurte is collected by a decision of its own (Awb 5:37)."""
        if (self.betreft is Betreft.INVORDERING) != (self.verbeurte is not None):
            raise Onjuist("noem de verbeurte bij een invordering, en alleen daarbij")
        return self


def add_months(day: date, months: int) -> date:
    """The same day of the month, or the last one if that month is shorter."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def check_order(first: date | None, then: date | None, sentence: str) -> None:
    """Refuse a payload in which `then` lies before `first`."""
    if first is not None and then is not None and then < first:
        raise Onjuist(sentence)


def check_hearing(voorgenomen_op: date | None, tot_en_met: date | None) -> None:
    """Refuse a payload in which the term to give one's view ends before the intent."""
    check_order(voorgenomen_op, tot_en_met, "de zienswijzetermijn eindigt voor het voornemen")


def named_rapportage(inhoud: Any) -> list[Sleutel]:
    """The rapportage that a payload rests on, if any."""
    return [Sleutel("rapportage", inhoud.rapportage)] if inhoud.rapportage else []
