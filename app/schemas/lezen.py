"""What reading answers beside documents, which travel as folded; their fields stand with the acts."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field, RootModel
from typing_extensions import TypeAliasType

from app.schemas.wire import Lijst, Wire
from app.vocabulary import Afkeuring, Mediatype, Rol

Permissie = TypeAliasType("Permissie", str)
"""A permission of the policy; openapi.yaml names all that there are."""


class OntbrekendeBijlage(Wire):
    """Een bestand dat is aangekondigd en er niet is, of niet is wat was aangekondigd."""

    document: UUID = Field(description="De controle of het signaal.")
    gemeente: str | None
    bijlage: UUID
    registratie: UUID = Field(description="De registratie die het bestand aankondigde.")
    rol: Rol = Field(description="De rol van wie het aankondigde.")
    mediatype: Mediatype
    grootte: int = Field(description="In bytes.")
    aangekondigd_op: datetime
    uitkomst: Literal["verwacht", "afgekeurd"]
    afkeuring: Afkeuring | None = Field(description="Waarom het is afgekeurd.")


class OntbrekendeBijlagen(Wire):
    """Eén bladzijde; een bladzijde kan leeg zijn terwijl er meer volgt."""

    resultaten: list[OntbrekendeBijlage]
    volgende: str | None = Field(description="De cursor van de volgende bladzijde, of null.")


class Ik(Wire):
    """Wie u bent en wat u in deze hoedanigheid mag."""

    functionaris: UUID
    roltoewijzing: UUID
    rol: Rol
    organisatie: UUID
    gemeenten: list[str]
    toestel: UUID | None
    permissies: list[Permissie]


class Namen(RootModel[dict[str, str]]):
    """Hoe functionarissen en organisaties heten, op hun kenmerk, voor zover u dat weet."""


class DocumentLijst(Lijst):
    """Eén bladzijde van een lijst van documenten."""

    totaal: int | None = Field(default=None, description="Met `totaal=true`: hoeveel u er op alle bladzijden ziet.")
    namen: Namen | None = Field(default=None, description="Met `namen=true`.")


class EigenRol(Wire):
    """Een rol die u nu hebt."""

    roltoewijzing: UUID = Field(description="Stuur dit mee bij het aanmelden.")
    rol: Rol
    organisatie: UUID
    organisatie_naam: str | None = Field(default=None, description="Hoe de organisatie heet.")
    gemeenten: list[str] = Field(description="CBS-codes.")
    van: datetime
    tot: datetime | None = Field(default=None, description="Zonder: tot iemand haar beëindigt.")
    huidig: bool = Field(description="Of u nu in deze rol bent aangemeld.")


class EigenRollen(Wire):
    """Uw rollen van nu."""

    resultaten: list[EigenRol]


class VerstuurdeBijlage(Wire):
    """Een bestand dat een registratie aankondigde."""

    id: UUID
    sha256: str
    grootte: int
    mediatype: str


class VerstuurdeRegistratie(Wire):
    """Een registratie zoals zij is verstuurd, in de versie van toen."""

    soort: str
    versie: int
    onderwerp: dict[str, UUID]
    waargenomen_op: datetime
    vastgelegd_op: datetime | None = None
    oefening: bool
    corrigeert: UUID | None = None
    basis: UUID | None = None
    reden: str | None = None
    bijlagen: list[VerstuurdeBijlage] | None = None
    inhoud: dict[str, Any] = Field(
        description="Wat er is verstuurd, in woorden van een app van toen; zonder wat uw rol niet ziet."
    )


class MensenhandelsignaalUit(Wire):
    """De inhoud van één signaal van mensenhandel."""

    id: UUID
    status: str
    gemeente: str | None = None
    waargenomen_op: datetime | None = Field(description="Wanneer het is gezien; null van voor versie 0.2.")
    rol: Rol | None = Field(description="De rol van wie het vastlegde.")
    controle: UUID | None = Field(description="Bij welke controle, als die is genoemd.")
    adres: Any = Field(description="Het adres van die controle.")
    inhoud: Any = Field(description="Wat er is vastgelegd; null als het is doorgehaald.")
    opvolging: list[Any] = Field(description="In volgorde.")
    verschillen: list[Any] = Field(description="Correcties waarover nog niet is beslist.")


class Aantallen(Wire):
    """Hoeveel u van alles mag zien; wat uw rol niet ziet, staat er niet in."""
