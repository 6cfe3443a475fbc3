"""What all tables share. Read models live in schema `lees` and can be dropped and folded again."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Text
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
