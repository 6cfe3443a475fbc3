"""What all tables share. Read models live in schema `lees` and can be dropped and folded again."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, Computed, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel


class Leesmodel(SQLModel):
    """One row per document: the folded `doc` as it goes over the wire, and the columns that queries need.

    `scopes` holds who may know of the document (see :mod:`app.access.bereik`); every read filters on it.
    Its revision is the position of its newest feed row, so a document is written before positions are known.
    """

    collectie: ClassVar[str]

    id: UUID = Field(primary_key=True)
    gemeente: str | None = Field(default=None, max_length=6)
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    doc: dict[str, Any] = Field(sa_type=JSONB)


def listed_by(*fields: str, days: bool = False) -> Any:
    """The column that a list is sorted by: the first of these fields of the document that is there, as text.

    Moments in UTC, so what is earlier is smaller; of all only the day where some are `days`. Empty where none is there.
    """
    parts = (f"doc #>> '{{{field.replace('.', ',')}}}'" for field in fields)
    first = ", ".join(f"left({part}, 10)" if days else part for part in parts)
    made = Computed(f"coalesce({first}, '')", persisted=True)
    return Field(sa_column=Column(Text(collation="C"), made, nullable=False, info={"velden": fields}))


def listed_fields(model: type[Leesmodel]) -> tuple[str, ...]:
    """The fields that the column `volgorde` is made of; none where there is no such column."""
    column = model.__table__.c.get("volgorde")  # type: ignore[attr-defined]
    return () if column is None else column.info["velden"]


def in_order(table: str) -> Index:
    """Finds the newest of a municipality, whatever the others hold."""
    return Index(f"{table}_volgorde", "gemeente", "volgorde", "id")


ADRES = """jsonb_to_tsvector('simple'::regconfig, (doc -> 'adres') - 'plaatsaanduiding', '["string"]')"""
"""The words of the address of a document. Not of a place in words: that is shown to fewer."""


def by_address(table: str) -> Index:
    """Finds documents by words of their address."""
    return Index(f"{table}_adres", text(ADRES), postgresql_using="gin")
