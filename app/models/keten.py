"""Read models of the chain: signaal → controle → rapportage → maatregel."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.models.base import Leesmodel, by_address, in_order, listed_by


def _table(*extra: Any) -> tuple[Any, ...]:
    """Where a read model lives, and its own indexes."""
    return (*extra, {"schema": "lees"})


def _promised_files(table: str) -> Index:
    """Finds the document that promised a file, by the id of the file."""
    rows = text("(doc -> 'bijlagen')")
    return Index(f"{table}_bijlagen", rows, postgresql_using="gin")


def _referred(table: str) -> Index:
    """Finds the documents with a reference of the system that they came from."""
    return Index(f"{table}_kenmerk", "kenmerk", postgresql_where=text("kenmerk IS NOT NULL"))


def _carried(table: str) -> Index:
    """Finds the documents that rest on another, by its id."""
    return Index(f"{table}_rust_op", "rust_op", postgresql_using="gin")


class Signaal(Leesmodel, table=True):
    """Een melding, advertentie of eigen waarneming over een adres."""

    __tablename__ = "signaal"
    __table_args__: ClassVar[Any] = _table(
        in_order("signaal"),
        by_address("signaal"),
        _promised_files("signaal"),
        Index("signaal_plaats", text("(doc ->> '_locatie')")),
        _referred("signaal"),
    )
    collectie: ClassVar[str] = "signalen"

    bron: str
    status: str
    volgorde: str = listed_by("gemeldOp")
    kenmerk: str | None = None


class Locatie(Leesmodel, table=True):
    """Een adres waar iets is gemeld of gecontroleerd."""

    __tablename__ = "locatie"
    __table_args__: ClassVar[Any] = _table(
        Index("locatie_sleutel", "sleutel", "id"), Index("locatie_gemeente", "gemeente", "id"), by_address("locatie")
    )
    collectie: ClassVar[str] = "locaties"

    sleutel: str
    soort: str
    canoniek: UUID


class Controle(Leesmodel, table=True):
    """Eén bezoek aan een locatie, gepland, uitgevoerd en afgerond."""

    __tablename__ = "controle"
    __table_args__: ClassVar[Any] = _table(
        in_order("controle"),
        by_address("controle"),
        Index("controle_locatie", "locatie"),
        _promised_files("controle"),
        Index("controle_team", "team_tot_en_met"),
    )
    collectie: ClassVar[str] = "controles"

    status: str
    thema: str | None = None
    locatie: UUID | None = None
    volgorde: str = listed_by("datum", "venster.van", days=True)
    team_tot_en_met: date | None = None


class Attendering(Leesmodel, table=True):
    """Het bericht aan de regisseur dat er een controle is."""

    __tablename__ = "attendering"
    __table_args__: ClassVar[Any] = _table(in_order("attendering"))
    collectie: ClassVar[str] = "attenderingen"

    volgorde: str = listed_by("begonnenOp", "aangemaaktOp")


class Mensenhandelsignaal(Leesmodel, table=True):
    """Een signaal van mensenhandel, mensensmokkel of uitbuiting; op de lijn alleen de status."""

    __tablename__ = "mensenhandelsignaal"
    __table_args__: ClassVar[Any] = _table(Index("mensenhandelsignaal_gemeente", "gemeente", "id"))
    collectie: ClassVar[str] = "mensenhandelsignalen"

    status: str


class Rapportage(Leesmodel, table=True):
    """Een bestuurlijke rapportage, controlerapport of verslag van binnentreden."""

    __tablename__ = "rapportage"
    __table_args__: ClassVar[Any] = _table(
        in_order("rapportage"), by_address("rapportage"), _carried("rapportage"), _referred("rapportage")
    )
    collectie: ClassVar[str] = "rapportages"

    status: str
    soort: str
    volgorde: str = listed_by("opgemaaktOp")
    kenmerk: str | None = None
    rust_op: list[UUID] = Field(sa_type=ARRAY(Uuid))


class Maatregel(Leesmodel, table=True):
    """Een bestuurlijke maatregel, van voornemen tot einde."""

    __tablename__ = "maatregel"
    __table_args__: ClassVar[Any] = _table(
        in_order("maatregel"),
        by_address("maatregel"),
        Index("maatregel_locatie", "locatie"),
        Index("maatregel_einde", "status", "geldt_tot_en_met"),
        _carried("maatregel"),
        _referred("maatregel"),
    )
    collectie: ClassVar[str] = "maatregelen"

    status: str
    soort: str
    locatie: UUID | None = None
    volgorde: str = listed_by("opgelegdOp", "voorgenomenOp", "toepassing.datum", days=True)
    geldt_tot_en_met: date | None = None
    kenmerk: str | None = None
    rust_op: list[UUID] = Field(sa_type=ARRAY(Uuid))


class Ontvangst(Leesmodel, table=True):
    """Wat er met een registratie gebeurde die niet zonder meer werd aanvaard."""

    __tablename__ = "ontvangst"
    __table_args__: ClassVar[Any] = _table(
        in_order("ontvangst"), Index("ontvangst_niet_verwerkt", "id", postgresql_where=text("code = 'niet_verwerkt'"))
    )
    collectie: ClassVar[str] = "ontvangsten"

    status: str
    code: str | None = None
    volgorde: str = listed_by("ontvangenOp")
    stand: str | None = None
