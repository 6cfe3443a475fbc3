"""What is kept about devices beside the ledger: codes, keys, what they told. Never derived, never rebuilt."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, LargeBinary
from sqlmodel import Field, SQLModel


class Inschrijfcode(SQLModel, table=True):
    """Een code waarmee één functionaris één toestel inschrijft; de code zelf wordt niet bewaard.

    `op`, `toestel` and `sleutel_id` are filled when it is used: the same device that asks again, because the
    answer got lost, gets the same enrolment.
    """

    __tablename__ = "inschrijfcode"
    __table_args__: ClassVar[Any] = (Index("inschrijfcode_vervalt_op", "vervalt_op"), {"schema": "bedrijf"})

    code_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    functionaris: UUID
    roltoewijzing: UUID
    omschrijving: str
    door_functionaris: UUID
    door_roltoewijzing: UUID
    uitgegeven_op: datetime = Field(sa_type=DateTime(timezone=True))
    vervalt_op: datetime = Field(sa_type=DateTime(timezone=True))
    op: UUID | None = None
    toestel: UUID | None = None
    sleutel_id: str | None = None


class Toestelsleutel(SQLModel, table=True):
    """De publieke sleutel van een toestel (P-256): `punt` is x en y, elk 32 bytes."""

    __tablename__ = "toestelsleutel"
    __table_args__: ClassVar[Any] = ({"schema": "bedrijf"},)

    toestel: UUID = Field(primary_key=True)
    sleutel_id: str = Field(unique=True, max_length=43)
    punt: bytes = Field(sa_type=LargeBinary)


class ToestelStand(SQLModel, table=True):
    """Wat een toestel bij het kennismaken over zichzelf zei, en wanneer."""

    __tablename__ = "toestel_stand"
    __table_args__: ClassVar[Any] = ({"schema": "bedrijf"},)

    toestel: UUID = Field(primary_key=True)
    verteld: int | None = Field(default=None, sa_type=BigInteger)
    """The highest sequence number it ever said to have given out; None when it keeps none."""
    app_versie: str
    gezien_op: datetime = Field(sa_type=DateTime(timezone=True))


class OpdrachtUitgevoerd(SQLModel, table=True):
    """Wanneer een toestel zei dat het een opdracht had uitgevoerd: het woord van het toestel, geen bewijs."""

    __tablename__ = "opdracht_uitgevoerd"
    __table_args__: ClassVar[Any] = (Index("opdracht_uitgevoerd_toestel", "toestel"), {"schema": "bedrijf"})

    opdracht: UUID = Field(primary_key=True)
    toestel: UUID
    uitgevoerd_op: datetime = Field(sa_type=DateTime(timezone=True))
