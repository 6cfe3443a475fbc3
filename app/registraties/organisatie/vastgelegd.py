"""Recording an organisatie."""

from typing import Annotated, Self

from pydantic import model_validator

from app.problems import Onjuist
from app.registraties.act import Act, Doc, Gemeentecode, Inhoud, KorteTekst, Omgeving, Registratie
from app.vocabulary import Klasse, OrganisatieSoort, Sectie


class OrganisatieVastgelegd(Inhoud):
    """Wat voor organisatie het is, hoe zij heet, en voor welke gemeenten zij staat."""

    soort: Annotated[OrganisatieSoort, Sectie.ZAAK]
    naam: Annotated[KorteTekst, Sectie.ZAAK]
    gemeentecode: Annotated[Gemeentecode | None, Sectie.ZAAK] = None
    gemeenten: Annotated[tuple[Gemeentecode, ...] | None, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def area_fits_kind(self) -> Self:
        """A gemeente is one municipality, a regio several; no other kind is tied to any."""
        if (self.soort is OrganisatieSoort.GEMEENTE) != (self.gemeentecode is not None):
            raise Onjuist("gemeentecode hoort bij een gemeente, en alleen daarbij")
        if (self.soort is OrganisatieSoort.REGIO) != bool(self.gemeenten):
            raise Onjuist("gemeenten horen bij een regio, en alleen daarbij")
        return self


def fold(_doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The organisation as it was recorded."""
    return {"id": str(r.onderwerp["organisatie"]), "naslag": "organisatie", **r.inhoud.as_doc()}


ACT = Act(
    soort="organisatie.vastgelegd",
    inhoud=OrganisatieVastgelegd,
    aggregaat="organisatie",
    permissie="organisatie:vastleggen",
    titel="Een organisatie vastleggen.",
    pad="/organisaties",
    onderwerp={"organisatie": "organisatie"},
    maakt="altijd",
    klasse=Klasse.MENSEN,
    fold=fold,
)
