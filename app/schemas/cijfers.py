"""The figures as they are answered."""

from datetime import date, datetime

from pydantic import Field

from app.schemas.wire import Wire


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
    """Wat er is geteld; bedragen in eurocenten."""

    controles: int
    gecontroleerde_personen: int
    personen_illegale_prostitutie: int
    locaties: int
    locaties_per_soort: dict[str, int]
    last_onder_dwangsom: CijferDwangsom
    last_onder_bestuursdwang: CijferAantal
    overige_maatregelen: dict[str, int]
    dwangsom_verbeurd: CijferVerbeurd
    bestuursdwang_toegepast: CijferToegepast
    signalen_per_bron: dict[str, int]
    mensenhandelsignalen: int
    hulp_aangeboden: int
    onbesliste_verschillen: int


class Periode(Tellingen):
    """De tellingen van één maand, kwartaal of jaar."""

    vanaf: date


class Cijfers(Tellingen):
    """De cijfers op een rij; bedragen in eurocenten."""

    gemeentecode: str | None
    gemeentecodes: list[str]
    van: date
    tot_en_met: date
    peildatum: date
    gepeild_op: datetime
    grootboek_positie: int
    definities: dict[str, str] = Field(description="Wat elke telling is, in woorden.")
    perioden: list[Periode] = Field(default=[], description="Alleen met `per`.")
