"""What else folding yields: the feed that sync reads, the history of each document, the countable facts."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel


class Feed(SQLModel, table=True):
    """Per scope en document de laatste verandering: `upsert` of `revoke`, op een plaats in het grootboek.

    One row per scope and document, so the feed never outgrows the documents and the rebuild yields the same.
    `eerste` is where the document first came into this scope: whoever read no further never had it from here.
    """

    __tablename__ = "feed"
    __table_args__: ClassVar[Any] = (Index("feed_volgorde", "scope", "collectie", "pos"), {"schema": "lees"})

    scope: str = Field(primary_key=True)
    collectie: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    pos: int = Field(sa_type=BigInteger)
    op: str
    gemeente: str | None = Field(default=None, max_length=6)
    eerste: int = Field(sa_type=BigInteger)


class Geschiedenis(SQLModel, table=True):
    """Welke registraties over één document gaan; de volgorde staat in het grootboek.

    What came out of quarantine stands at the place of the decision that took it in: `via`.
    """

    __tablename__ = "geschiedenis"
    __table_args__: ClassVar[Any] = (Index("geschiedenis_document", "document"), {"schema": "lees"})

    op: UUID = Field(primary_key=True)
    aggregaat: str
    document: UUID
    soort: str
    status: str
    via: UUID | None = None


class Cijferfeit(SQLModel, table=True):
    """Eén telbaar feit, op de plaatselijke datum. De cijfers zijn sommen hierover."""

    __tablename__ = "cijferfeit"
    __table_args__: ClassVar[Any] = (
        Index("cijferfeit_gemeente_datum", "gemeente", "datum"),
        {"schema": "lees"},
    )

    document: UUID = Field(primary_key=True)
    volgnummer: int = Field(primary_key=True)
    maatstaf: str
    gemeente: str
    datum: date
    aantal: int
    bedrag: int = Field(sa_type=BigInteger)
    kenmerk: str
    locatie: UUID | None = None
    thema: str
