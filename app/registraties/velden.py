"""Kinds of field that several payloads have."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer

from app.problems import Onjuist
from app.registraties.act import AMSTERDAM, iso


def _within_calendar(moment: datetime) -> datetime:
    """The same moment: its offset may carry it over the edge of the calendar, elsewhere or in UTC."""
    try:
        moment.astimezone(UTC)
        moment.astimezone(AMSTERDAM)
    except OverflowError:
        raise Onjuist("dit moment ligt buiten de kalender") from None
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within_calendar), PlainSerializer(iso, when_used="json")]
"""A date-time with its offset; in documents it is UTC (NL API Design Rules)."""

JaNee = Annotated[bool, Field(strict=True)]
"""Yes or no, and nothing that looks like it."""
