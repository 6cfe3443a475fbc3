"""The ledger and its vault. `entry` holds the position, the leaf, and what follows from the leaf: nothing else."""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Computed, Index, LargeBinary, Uuid
from sqlalchemy import Column as SaColumn
from sqlmodel import Field, SQLModel


class Entry(SQLModel, table=True):
    """Eén regel in het grootboek. Nooit gewijzigd, nooit verwijderd."""

    __tablename__ = "entry"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("pos > 0", name="entry_pos_positief"),
        Index("entry_op", "op", unique=True),
        {"schema": "grootboek"},
    )

    pos: int = Field(sa_column=SaColumn(BigInteger, primary_key=True, autoincrement=False))
    leaf: bytes = Field(sa_column=SaColumn(LargeBinary, nullable=False))
    leaf_hash: bytes = Field(
        sa_column=SaColumn(LargeBinary, Computed("sha256('\\x00'::bytea || leaf)", persisted=True), nullable=False)
    )
    op: Any = Field(
        sa_column=SaColumn(
            Uuid,
            Computed(
                "encode(substring(leaf FROM position('\"op\":\"'::bytea IN leaf) + 6 FOR 36), 'escape')::uuid",
                persisted=True,
            ),
            nullable=False,
        )
    )


class Head(SQLModel, table=True):
    """De stand van het grootboek: één rij, vergrendeld als laatste slot van elke boeking."""

    __tablename__ = "head"
    __table_args__: ClassVar[Any] = (CheckConstraint("een", name="head_een_rij"), {"schema": "grootboek"})

    een: bool = Field(default=True, primary_key=True)
    origin: str
    epoch: str
    size: int = Field(sa_type=BigInteger)
    root: bytes
    frontier: bytes


class Inhoud(SQLModel, table=True):
    """De kluis: de leesbare secties van één regel en hun zouten, los te vernietigen."""

    __tablename__ = "inhoud"
    __table_args__: ClassVar[Any] = ({"schema": "kluis"},)

    pos: int = Field(sa_column=SaColumn(BigInteger, primary_key=True, autoincrement=False))
    omslag: bytes | None = None
    zaak: bytes | None = None
    tekst: bytes | None = None
    persoon: bytes | None = None
    hulp: bytes | None = None
    melder: bytes | None = None
    mensenhandel: bytes | None = None
    oordeel: bytes | None = None
    zouten: bytes | None = None
