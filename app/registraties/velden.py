"""Kinds of field that several payloads have."""

from typing import Annotated

from pydantic import Field, PlainSerializer

from app import moment
from app.registraties.act import iso

Moment = Annotated[moment.Moment, PlainSerializer(iso, when_used="json")]
"""A date-time with its offset; in documents it is UTC (NL API Design Rules)."""

JaNee = Annotated[bool, Field(strict=True)]
"""Yes or no, and nothing that looks like it."""
