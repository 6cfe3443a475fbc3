"""People and devices as folded from the ledger: rights are read from here at each request."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from app.models.base import Leesmodel


class Organisatie(Leesmodel, table=True):
    """Een gemeente, regio, politie-eenheid of ketenpartner."""

    __tablename__ = "organisatie"
    __table_args__: ClassVar[Any] = ({"schema": "lees"},)
    collectie: ClassVar[str] = "organisaties"


class GrondslagBijzonder(Leesmodel, table=True):
    """Dat een gemeente personen apart mag vastleggen, van wanneer tot en met wanneer."""

    __tablename__ = "grondslagbijzonder"
    __table_args__: ClassVar[Any] = (Index("grondslagbijzonder_gemeente", "gemeentecode"), {"schema": "lees"})
    collectie: ClassVar[str] = "grondslagenbijzonder"

    gemeentecode: str


class Functionaris(Leesmodel, table=True):
    """Iemand die voor een organisatie werkt; zonder naam, met een aanduiding."""

    __tablename__ = "functionaris"
    __table_args__: ClassVar[Any] = ({"schema": "lees"},)
    collectie: ClassVar[str] = "functionarissen"


class Roltoewijzing(Leesmodel, table=True):
    """Een rol van een functionaris, bij een organisatie, voor gemeenten, van–tot."""

    __tablename__ = "roltoewijzing"
    __table_args__: ClassVar[Any] = (Index("roltoewijzing_functionaris", "functionaris"), {"schema": "lees"})
    collectie: ClassVar[str] = "roltoewijzingen"

    functionaris: UUID
    rol: str
    organisatie: UUID
    gemeenten: list[str] = Field(sa_type=ARRAY(Text))
    van: datetime = Field(sa_type=DateTime(timezone=True))
    tot: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Accountstand(Leesmodel, table=True):
    """Of een functionaris zich mag aanmelden; het id is dat van de functionaris."""

    __tablename__ = "account"
    __table_args__: ClassVar[Any] = ({"schema": "lees"},)
    collectie: ClassVar[str] = "accounts"

    actief: bool = False
    bevestiging: UUID | None = None
    """The entry that confirmed it last: a code of before works no longer."""
    afgesloten_op: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    """When it was last disabled: a login that began before has ended."""


class Toestel(Leesmodel, table=True):
    """Een telefoon waarmee een functionaris vastlegt."""

    __tablename__ = "toestel"
    __table_args__: ClassVar[Any] = ({"schema": "lees"},)
    collectie: ClassVar[str] = "toestellen"

    functionaris: UUID
    ingetrokken: bool = False
    goedgekeurd: bool = False
    berging_tot: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    """Until then a revoked device may still deliver."""
    ondertekent: bool = False
    opdrachten: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    rollen: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    """The kinds of role that it was approved for."""
