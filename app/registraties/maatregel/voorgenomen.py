"""The notice of intent: people concerned are heard first, or there is a reason why not (Awb 4:8, 4:11)."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import model_validator

from app.access.actor import Actor
from app.moment import Dag, Datum
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Versie
from app.registraties.bron import BRONKENMERK, Bronkenmerk, from_source
from app.registraties.maatregel.onderdelen import (
    Adressaten,
    NietGehoord,
    WettelijkeGrondslag,
    check_hearing,
    named_rapportage,
)
from app.registraties.maatregel.stand import fold_into, place, practised, refuse_elsewhere, stamp
from app.registraties.velden import as_it_was
from app.vocabulary import MaatregelSoort, Orgaan, Sectie


class MaatregelVoorgenomen1(Inhoud):
    """Version 1. Shipped with the first app."""

    soort: Annotated[MaatregelSoort, Sectie.ZAAK]
    rapportage: Annotated[UUID | None, Sectie.ZAAK] = None
    bevoegd_orgaan: Annotated[Orgaan, Sectie.ZAAK]
    grondslag: Annotated[WettelijkeGrondslag, Sectie.ZAAK]
    adressaten: Annotated[Adressaten, Sectie.PERSOON]
    voorgenomen_op: Annotated[Datum, Sectie.ZAAK]
    zienswijze_tot_en_met: Annotated[Dag, Sectie.ZAAK] = None
    niet_gehoord_reden: Annotated[NietGehoord | None, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def heard_or_not(self) -> Self:
        """Either a term to give one's view, or the reason why there is none."""
        if (self.zienswijze_tot_en_met is None) == (self.niet_gehoord_reden is None):
            raise Onjuist("geef de termijn voor een zienswijze, of de reden waarom niet wordt gehoord")
        check_hearing(self.voorgenomen_op, self.zienswijze_tot_en_met)
        return self


class MaatregelVoorgenomen(MaatregelVoorgenomen1):
    """Welke maatregel het orgaan wil opleggen, aan wie, op welke grond, en tot wanneer men kan reageren."""

    bronkenmerk: Annotated[Bronkenmerk | None, Sectie.ZAAK] = None


def guard(_doc: Doc | None, r: Registratie, omgeving: Omgeving, _actor: Actor) -> None:
    """The rapportage is about this location."""
    refuse_elsewhere(place(r, omgeving), r, omgeving)


def fold(doc: Doc | None, r: Registratie, omgeving: Omgeving) -> Doc:
    """A new maatregel that binds nobody yet."""
    given = {**place(r, omgeving), **r.inhoud.as_doc(), **from_source(r)}
    return fold_into(doc, r, {**given, **practised(r), "voornemen": stamp(r)})


def decided(doc: Doc, _op: UUID) -> bool:
    """From the besluit on it says where that holds and whom it binds."""
    return "besluit" in doc


ACT = Act(
    soort="maatregel.voorgenomen",
    inhoud=MaatregelVoorgenomen,
    aggregaat="maatregel",
    permissie="maatregel:voornemen",
    titel="Een maatregel voornemen.",
    pad="/maatregelen",
    onderwerp={"maatregel": "maatregel", "locatie": "locatie"},
    maakt="altijd",
    guard=guard,
    verwijzingen=named_rapportage,
    fold=fold,
    vast=decided,
    kopieert=True,
    eerdere=(Versie(MaatregelVoorgenomen1, as_it_was, BRONKENMERK),),
)
