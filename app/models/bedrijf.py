"""Operational tables: not derived from the ledger, never rebuilt, never evidence."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel


class SyncOp(SQLModel, table=True):
    """De eerste uitkomst van elke registratie: wat een herhaling als antwoord krijgt.

    `botst_met` names the op whose id was used again with other content; such a row has a server-made op.
    """

    __tablename__ = "sync_op"
    __table_args__: ClassVar[Any] = (
        Index("sync_op_toestel_seq", "toestel", "device_seq"),
        Index("sync_op_botst_met", "botst_met"),
        Index("sync_op_uitgesteld", "toestel", "device_seq", postgresql_where=text("status = 'deferred'")),
        {"schema": "bedrijf"},
    )

    op: UUID = Field(primary_key=True)
    functionaris: UUID
    toestel: UUID | None = None
    device_seq: int | None = Field(default=None, sa_type=BigInteger)
    status: str
    code: str | None = None
    pos: int | None = Field(default=None, sa_type=BigInteger)
    leaf_hash: bytes | None = None
    pogingen: int = 1
    eerste_poging: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    botst_met: UUID | None = None


class Leesrecht(SQLModel, table=True):
    """Wat iemand mocht ophalen toen hij een cursor kreeg: waar zijn rechten van nu mee worden vergeleken.

    `rechten` is a :class:`app.services.sync.leesrechten.Leesrechten` as JSON; `digest` stands in cursors.
    """

    __tablename__ = "leesrecht"
    __table_args__: ClassVar[Any] = ({"schema": "bedrijf"},)

    digest: str = Field(primary_key=True, max_length=32)
    functionaris: UUID
    rechten: dict[str, Any] = Field(sa_type=JSONB)


class ToestelVoortgang(SQLModel, table=True):
    """Welke volgnummers van een toestel zijn ontvangen: alles tot en met, en los daarboven.

    `volledig_sinds`: since when nothing is missing but what waits for something else.
    """

    __tablename__ = "toestel_voortgang"
    __table_args__: ClassVar[Any] = ({"schema": "bedrijf"},)

    toestel: UUID = Field(primary_key=True)
    aaneengesloten: int = Field(default=0, sa_type=BigInteger)
    los: list[int] = Field(default_factory=list, sa_type=ARRAY(BigInteger))
    volledig_sinds: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Inzage(SQLModel, table=True):
    """Wie wat inzag en waarom. Zonder de waarden zelf.

    `veldklassen` are the sections of what was shown; rows of before they were noted have none. `weergave` is how it was
    shown: of a file how large, of all else `inhoud`.
    """

    __tablename__ = "inzage"
    __table_args__: ClassVar[Any] = (Index("inzage_object", "object", "op"), {"schema": "bedrijf"})

    id: UUID = Field(primary_key=True)
    op: datetime = Field(sa_type=DateTime(timezone=True))
    functionaris: UUID
    roltoewijzing: UUID
    toestel: UUID | None = None
    hulpbron: str
    object: UUID
    weergave: str
    veldklassen: list[str] = Field(sa_type=ARRAY(Text))
    toelichting: str
    beleidsversie: str


class Alarm(SQLModel, table=True):
    """Wat er aan het grootboek mankeert, tot iemand het heeft nagekeken; per soort één rij.

    While there is one of soort `schade` nothing is booked or shown (:mod:`app.services.bewaken.alarm`).
    """

    __tablename__ = "alarm"
    __table_args__: ClassVar[Any] = ({"schema": "bedrijf"},)

    soort: str = Field(primary_key=True)
    tabel: str
    zin: str
    sinds: datetime = Field(sa_type=DateTime(timezone=True))
    laatst_op: datetime = Field(sa_type=DateTime(timezone=True))
    aantal: int = 1


class MerktekenGezet(SQLModel, table=True):
    """Sinds wanneer buiten de database wordt bijgehouden hoe ver het grootboek was: één rij, of nog geen."""

    __tablename__ = "merkteken_gezet"
    __table_args__: ClassVar[Any] = (CheckConstraint("een", name="merkteken_gezet_een_rij"), {"schema": "bedrijf"})

    een: bool = Field(default=True, primary_key=True)
    sinds: datetime = Field(sa_type=DateTime(timezone=True))


class Upload(SQLModel, table=True):
    """Een bestand dat onderweg is of is aangekomen: hoever het is, waar het staat, wat ervan werd.

    `blokken` names the stored pieces in order, `schrijver` the one connection that may add to them. `op` is the
    id under which the outcome is booked; `uitkomst` and what it is about are settled before that.
    """

    __tablename__ = "upload"
    __table_args__: ClassVar[Any] = (
        Index(
            "upload_een_per_bestand",
            "functionaris",
            "bijlage",
            "sha256",
            unique=True,
            postgresql_where=text("staat IN ('bezig', 'compleet')"),
        ),
        Index("upload_te_boeken", "id", postgresql_where=text("NOT geboekt AND staat IN ('compleet', 'afgekeurd')")),
        Index("upload_bijlage", "bijlage"),
        {"schema": "bedrijf"},
    )

    id: UUID = Field(primary_key=True)
    bijlage: UUID
    sha256: str
    grootte: int = Field(sa_type=BigInteger)
    functionaris: UUID
    roltoewijzing: UUID
    staat: str
    ontvangen: int = Field(default=0, sa_type=BigInteger)
    blokken: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    schrijver: UUID | None = None
    begonnen_op: datetime = Field(sa_type=DateTime(timezone=True))
    laatst_op: datetime = Field(sa_type=DateTime(timezone=True))
    voltooid_op: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    gemeten_sha256: str | None = None
    mediatype: str | None = None
    afkeuring: str | None = None
    op: UUID
    aggregaat: str | None = None
    document: UUID | None = None
    uitkomst: str | None = None
    geboekt: bool = False
