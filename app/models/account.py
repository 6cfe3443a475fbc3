"""Local accounts and logins. Not ledger facts (ontwerp/grootboek.md): never derived, never rebuilt.

Nothing here has a foreign key into `lees`: that schema can be dropped and folded again.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, Uuid
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

from app.vocabulary import Aanmeldsoort


class Account(SQLModel, table=True):
    """Een plaatselijk account: waarmee een functionaris zich aanmeldt."""

    __tablename__ = "account"
    __table_args__: ClassVar[Any] = ({"schema": "bedrijf"},)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    gebruikersnaam: str = Field(unique=True, max_length=64)
    wachtwoord_hash: str
    functionaris: UUID = Field(index=True)
    roltoewijzing: UUID | None = None
    """The hat that is put on when the login names none."""
    uit_grootboek: bool = False
    """Whether the ledger says that it may be used (`lees.account`); those of before release 0.2 stand by themselves."""
    aangemaakt_op: datetime = Field(sa_type=DateTime(timezone=True))


class Toegangscode(SQLModel, table=True):
    """De code waarmee een functionaris zelf zijn wachtwoord kiest; hoogstens één tegelijk."""

    __tablename__ = "toegangscode"
    __table_args__: ClassVar[Any] = ({"schema": "bedrijf"},)

    functionaris: UUID = Field(primary_key=True)
    code_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    bevestiging: UUID
    """The entry by which a second person confirmed."""
    vervalt_op: datetime = Field(sa_type=DateTime(timezone=True))
    gebruikt_op: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Aanmeldpoging(SQLModel, table=True):
    """Mislukte pogingen op rij voor één opgegeven naam, of die nu bestaat of niet, per rij waarin men staat.

    Apart from `Account` on purpose: an unknown name must slow down just as a known one does, or the throttle
    tells which names exist. The name is kept as a keyed hash, since people type anything into that field.
    """

    __tablename__ = "aanmeldpoging"
    __table_args__: ClassVar[Any] = (Index("aanmeldpoging_laatst_op", "laatst_op"), {"schema": "bedrijf"})

    naam_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    rij_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    mislukt: int = 0
    laatst_op: datetime = Field(sa_type=DateTime(timezone=True))
    geblokkeerd_tot: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    afspraak: bool = False
    """Whether `geblokkeerd_tot` is an appointment: from then on one attempt is let through."""


class Aanmelding(SQLModel, table=True):
    """Eén aanmelding: van een app (een familie van refresh-tokens die elkaar opvolgen) of van een browser (een cookie).

    Its id is the `sid` of its tokens.

    Only hashes are kept (SHA-256; the tokens hold 256 random bits). The current token has by definition not
    been used: using it makes its successor current and itself `vorig`.
    """

    __tablename__ = "aanmelding"
    __table_args__: ClassVar[Any] = (
        Index("aanmelding_account", "account"),
        Index("aanmelding_functionaris", "functionaris"),
        {"schema": "bedrijf"},
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    soort: str = Aanmeldsoort.APP.value
    account: UUID = Field(sa_type=Uuid, sa_column_args=(ForeignKey("bedrijf.account.id"),))
    functionaris: UUID
    roltoewijzing: UUID
    toestel: UUID | None = None
    begonnen_op: datetime = Field(sa_type=DateTime(timezone=True))
    laatst_gebruikt_op: datetime = Field(sa_type=DateTime(timezone=True))
    huidig_hash: bytes = Field(sa_type=LargeBinary)
    vorig_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    ingetrokken_op: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
