"""Kinds of field that several payloads have, and the one rule on who acts in which capacity."""

from typing import Annotated

from pydantic import Field, PlainSerializer

from app import moment
from app.access.actor import Actor
from app.registraties.act import iso, refuse
from app.vocabulary import Hoedanigheid

Moment = Annotated[moment.Moment, PlainSerializer(iso, when_used="json")]
"""A date-time with its offset; in documents it is UTC (NL API Design Rules)."""

JaNee = Annotated[bool, Field(strict=True)]
"""Yes or no, and nothing that looks like it."""


def guard_capacity(actor: Actor, *capacities: str | None) -> None:
    """Another capacity than toezicht is for the police, who alone may also leave it again.

    What a criminal investigation holds never enters a record of the administration (Wpg 9; DOMAIN.md).
    """
    if not actor.politie and any(capacity not in {None, Hoedanigheid.TOEZICHT} for capacity in capacities):
        refuse("Deze hoedanigheid is alleen voor de politie.")
