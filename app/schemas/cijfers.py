"""The figures as they are answered."""

from datetime import date, datetime

from pydantic import Field

from app.schemas.wire import Wire
from app.vocabulary import (
    BevindingCode,
    Cijfer,
    Hulpsoort,
    LocatieSoort,
    MaatregelSoort,
    Overlastsoort,
    SignaalBron,
    Thema,
)


class CijferSluiting(Wire):
    """Eén sluiting."""

    duur_maanden: int


class CijferBedrag(Wire):
    """Een aantal en een bedrag in eurocenten."""

    aantal: int
    bedrag: int


class CijferDwangsom(Wire):
    """Opgelegde lasten onder dwangsom."""

    aantal: int
    bedrag_per_last: int | None = Field(description="In eurocenten; null als de bedragen verschillen.")
    bedrag_totaal: int


class CijferAantal(Wire):
    """Een aantal."""

    aantal: int


class CijferVerbeurd(CijferBedrag):
    """Verbeurde dwangsommen."""

    per_stand: dict[str, CijferBedrag]


class CijferToegepast(CijferAantal):
    """Toegepaste bestuursdwang."""

    sluitingen: list[CijferSluiting]


class Tellingen(Wire):
    """Wat er is geteld; bedragen in eurocenten.

    Een telling ontbreekt alleen als zij in `onderdrukt` staat, of in `weggelaten` van het antwoord, of als er
    `geenGegevens` zijn. Een telling die er staat is precies; nul is nul.
    """

    controles: int | None = None
    controles_per_thema: dict[Thema, int] | None = None
    gecontroleerde_personen: int | None = None
    personen_illegale_prostitutie: int | None = None
    bevindingen_per_code: dict[BevindingCode, int] | None = None
    locaties: int | None = None
    locaties_per_soort: dict[LocatieSoort, int] | None = None
    last_onder_dwangsom: CijferDwangsom | None = None
    last_onder_bestuursdwang: CijferAantal | None = None
    overige_maatregelen: dict[MaatregelSoort, int] | None = None
    dwangsom_verbeurd: CijferVerbeurd | None = None
    bestuursdwang_toegepast: CijferToegepast | None = None
    signalen: int | None = None
    signalen_per_bron: dict[SignaalBron, int] | None = None
    signalen_per_overlastsoort: dict[Overlastsoort, int] | None = None
    mensenhandelsignalen: int | None = None
    mensenhandelsignalen_overgedragen: int | None = None
    hulp_aangeboden: int | None = None
    hulp_per_soort: dict[Hulpsoort, int] | None = None
    onbesliste_verschillen: int | None = None
    onderdrukt: list[Cijfer] = Field(
        description="Wat hier niet staat omdat er minder dan vijf zijn, of omdat het anders uit andere cijfers volgt.",
    )
    geen_gegevens: bool = Field(
        description="Hierover is niets bekend: voor de eerste registratie, of na vandaag. Dat is geen nul.",
    )


class Periode(Tellingen):
    """De tellingen van één maand, kwartaal of jaar, voor zover die in de vraag valt."""

    vanaf: date = Field(description="De eerste dag van die maand, dat kwartaal of jaar.")
    tot_en_met: date = Field(description="De laatste dag daarvan, of van de vraag.")


class Gemeentetelling(Tellingen):
    """De tellingen van één gemeente."""

    gemeentecode: str
    perioden: list[Periode] = Field(description="Met `per`; ook lege.")


class Cijfers(Tellingen):
    """De cijfers op een rij; bedragen in eurocenten."""

    gemeentecode: str | None = Field(description="Bij één gemeente; anders null.")
    gemeentecodes: list[str]
    van: date
    tot_en_met: date
    peildatum: date
    gepeild_op: datetime
    grootboek_positie: int
    weggelaten: list[Cijfer] = Field(description="Wat met dit `thema` of deze `locatiesoort` niet is te vragen.")
    definities: dict[str, str] = Field(description="Wat elke telling is, in woorden.")
    perioden: list[Periode] = Field(description="Met `per`; ook lege.")
    gemeenten: list[Gemeentetelling] = Field(description="Met `perGemeente`; opgeteld zijn zij het geheel.")
