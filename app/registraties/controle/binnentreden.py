"""Entering: what the Algemene wet op het binnentreden (Awbi) wants to be known about it afterwards."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from app.moment import Datum
from app.problems import Onjuist
from app.registraties.act import KorteTekst, Tekst
from app.registraties.model import Model
from app.registraties.velden import JaNee
from app.vocabulary import PersoonRol


class Binnentredingswijze(StrEnum):
    """On what the entering rested."""

    NIET_BINNENGETREDEN = "niet_binnengetreden"
    TOEZICHT_GEEN_WONING = "toezicht_geen_woning"
    MET_TOESTEMMING = "met_toestemming"
    MET_MACHTIGING = "met_machtiging"
    ZONDER_MACHTIGING_ERNSTIG_GEVAAR = "zonder_machtiging_ernstig_gevaar"


class ToestemmingVorm(StrEnum):
    """How consent was given."""

    MONDELING = "mondeling"
    SCHRIFTELIJK = "schriftelijk"


class MachtigingGever(StrEnum):
    """Who may authorise (Awbi 3)."""

    BURGEMEESTER = "burgemeester"
    OFFICIER_VAN_JUSTITIE = "officier_van_justitie"
    HULPOFFICIER = "hulpofficier"
    ADVOCAAT_GENERAAL = "advocaat_generaal"


class Toestemming(Model):
    """Toestemming van een bewoner, vooraf gevraagd en duidelijk gebleken (Awbi 1, vierde lid)."""

    door: PersoonRol
    vorm: ToestemmingVorm
    taal: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    """ISO 639-1"""


class Machtiging(Model):
    """De schriftelijke machtiging (Awbi 6)."""

    gever: MachtigingGever
    datum: Datum
    grondslag: KorteTekst
    doel: KorteTekst
    evenredigheid: Tekst

    def valid_on(self, day: date) -> bool:
        """Through the third day after its date; the Algemene termijnenwet does not extend this (Awbi 6)."""
        return self.datum <= day <= self.datum + timedelta(days=3)


_WIJZE = Binnentredingswijze
_IDENTIFIED = frozenset({_WIJZE.MET_TOESTEMMING, _WIJZE.MET_MACHTIGING})


class Binnentreden(Model):
    """Of en hoe is binnengetreden."""

    binnentreden: Binnentredingswijze
    legitimatie_getoond: JaNee | None = None
    doel_medegedeeld: JaNee | None = None
    toestemming: Toestemming | None = None
    machtiging: Machtiging | None = None

    @model_validator(mode="after")
    def rests_on_something(self) -> Self:
        """Consent says by whom, an authorisation by whom and why; neither stands beside another ground."""
        if (self.binnentreden is _WIJZE.MET_TOESTEMMING) != (self.toestemming is not None):
            raise Onjuist("toestemming hoort bij met_toestemming, en alleen daarbij")
        if (self.binnentreden is _WIJZE.MET_MACHTIGING) != (self.machtiging is not None):
            raise Onjuist("machtiging hoort bij met_machtiging, en alleen daarbij")
        return self

    @model_validator(mode="after")
    def showed_who_and_why(self) -> Self:
        """Awbi 1: identify and state the purpose beforehand; in danger it is enough to say whether."""
        said = (self.legitimatie_getoond, self.doel_medegedeeld)
        if self.binnentreden in _IDENTIFIED and said != (True, True):
            raise Onjuist("wie binnentreedt toont zijn legitimatie en deelt het doel mee (Awbi 1)")
        if self.binnentreden is _WIJZE.ZONDER_MACHTIGING_ERNSTIG_GEVAAR and None in said:
            raise Onjuist("vermeld of legitimatie is getoond en het doel is meegedeeld (Awbi 1)")
        return self
