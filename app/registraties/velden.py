"""Kinds of field that several payloads have."""

from typing import Annotated

from pydantic import AwareDatetime, Field, PlainSerializer

from app.registraties.act import iso

Moment = Annotated[AwareDatetime, PlainSerializer(iso, when_used="json")]
"""A date-time with its offset; in documents it is UTC (NL API Design Rules)."""

JaNee = Annotated[bool, Field(strict=True)]
"""Yes or no, and nothing that looks like it."""
