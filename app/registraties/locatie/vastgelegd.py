"""Recording a locatie by BAG id, by address, or where neither exists in words."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator

from app.fouten import Vorm
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Gemeentecode, Inhoud, KorteTekst, Omgeving, Registratie, Versie
from app.registraties.locatie import adres_sleutel
from app.registraties.model import Model
from app.registraties.velden import ANDERS, GezegdeHoedanigheid, capacity, unsaid
from app.vocabulary import Bewoond, LocatieSoort, Sectie

BagId = Annotated[str, Vorm(r"^[0-9]{16}$", "0243010000123456")]
"""Text, for it may start with a zero (BAG: identificatie)."""


class Adres(Model):
    """Een adres zoals de BAG het spelt; het huisnummer is tekst, want er wordt niet mee gerekend."""

    straat: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    huisnummer: Annotated[str, Vorm(r"^[1-9][0-9]{0,4}$", "12")]
    huisletter: Annotated[str, Vorm(r"^[A-Za-z]$", "A")] | None = None
    toevoeging: Annotated[str, Vorm(r"^[A-Za-z0-9 -]{1,4}$", "bis")] | None = None
    postcode: Annotated[str, Vorm(r"^[0-9]{4}[A-Z]{2}$", "3841AB")]
    plaats: Annotated[str, StringConstraints(min_length=1, max_length=80)]


class _Locatie(Inhoud):
    """What all versions say of a place."""

    soort: Annotated[LocatieSoort, Sectie.ZAAK]
    feitelijk_bewoond: Annotated[Bewoond, Sectie.ZAAK]
    gemeente: Annotated[Gemeentecode, Sectie.ZAAK]
    bag_id: Annotated[BagId | None, Sectie.ZAAK] = None
    adres: Annotated[Adres | None, Sectie.ZAAK] = None
    plaatsaanduiding: Annotated[KorteTekst | None, Sectie.TEKST] = None

    @model_validator(mode="after")
    def can_be_found(self) -> Self:
        """Nobody can go to a place that is named in no way."""
        if self.bag_id is None and self.adres is None and self.plaatsaanduiding is None:
            raise Onjuist("geef een BAG-id, een adres of een plaatsaanduiding")
        return self


class LocatieVastgelegd(_Locatie):
    """Waar het is, wat voor pand het is, of er feitelijk iemand woont, en waarvoor het is vastgelegd."""

    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]


class LocatieVastgelegd1(_Locatie):
    """Version 1: not for what. Shipped with the first app."""


def fold(_doc: Doc | None, r: Registratie, omgeving: Omgeving) -> Doc:
    """The place. `adres` is what others copy to show where something was: it is always there."""
    own: UUID = r.onderwerp["locatie"]
    given = r.inhoud.as_doc()
    aanduiding = given.pop("plaatsaanduiding", None)
    return {
        "id": str(own),
        "canoniek": str(omgeving.canoniek or own),
        **given,
        "hoedanigheid": capacity(r).value,
        "adres": given.get("adres", {}) | ({"plaatsaanduiding": aanduiding} if aanduiding else {}),
        "_sleutel": adres_sleutel(r.inhoud) or f"id:{own}",
        "_functionaris": str(r.functionaris),
        "_organisatie": str(r.organisatie),
    }


ACT = Act(
    soort="locatie.vastgelegd",
    inhoud=LocatieVastgelegd,
    aggregaat="locatie",
    permissie="locatie:vastleggen",
    titel="Een locatie vastleggen.",
    pad="/locaties",
    onderwerp={"locatie": "locatie"},
    maakt="altijd",
    fold=fold,
    eerdere=(Versie(LocatieVastgelegd1, unsaid, ANDERS),),
)
