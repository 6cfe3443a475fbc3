"""Moments and days as they come in: RFC 3339, a moment with its offset, and nothing that only looks like it.

Pydantic alone takes digits in a string for seconds since 1970: ``"20260819"`` became a day in August of that year.
"""

import re
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, PlainSerializer, PlainValidator, TypeAdapter, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.problems import Onjuist

AS_SEALED: Final = {"as_sealed": True}
"""Validation context for what is in the ledger already: 0.1.0 read more spellings, and what it booked must fold."""

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
_FULL_DATE = re.compile(_DAY)
_LOCAL = re.compile(f"{_DAY}[Tt](?!24){_TIME}")
_RFC3339 = re.compile(rf"{_LOCAL.pattern}(?:[Zz]|[+-][0-9]{{2}}:[0-5][0-9])")
_PLUS: Final = (
    "Voor de tijdzone staat een spatie. Schrijf een + in een adres als %2B, of gebruik Z: 2026-08-19T21:10:00Z."
)
_ANY_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)
_ANY_DAY = TypeAdapter(date)


@lru_cache(maxsize=4096)
def local_day(moment: datetime) -> date:
    """The date in the Netherlands of a moment."""
    return moment.astimezone(AMSTERDAM).date()


def read_moment(value: Any) -> datetime:
    """A date-time of RFC 3339 5.6 (lower case `t` and `z` are in it), to the microsecond: what is finer falls off.

    A leap second (`:60`) is refused: no clock of a device gives one and no calendar here holds it. Raises
    PydanticCustomError; Onjuist where the offset carries it over the edge of the calendar, here or in UTC.
    """
    if isinstance(value, datetime):
        return _within_calendar(_ANY_MOMENT.validate_python(value))
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        if isinstance(value, str) and _LOCAL.fullmatch(value):
            raise PydanticCustomError("timezone_aware", "no timezone offset")
        if isinstance(value, str) and " " in value and _RFC3339.fullmatch(value.replace(" ", "+")):
            raise PydanticCustomError("melding", _PLUS)
        raise PydanticCustomError("datetime", "not a date-time of RFC 3339")
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:  # the thirtieth of February
        raise PydanticCustomError("datetime", "no such moment") from None
    return _within_calendar(moment)


def read_day(value: Any) -> date:
    """A full-date of RFC 3339, `2026-08-19`. Raises PydanticCustomError."""
    if type(value) is date:
        return value
    if not isinstance(value, str) or not _FULL_DATE.fullmatch(value):
        raise PydanticCustomError("date", "not a full-date of RFC 3339")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("date", "no such day") from None


def _within_calendar(moment: datetime) -> datetime:
    if moment.year in {MINYEAR, MAXYEAR}:  # no offset carries any other year over the edge
        try:
            moment.astimezone(UTC)
            moment.astimezone(AMSTERDAM)
        except OverflowError:
            raise Onjuist("dit moment ligt buiten de kalender") from None
    return moment


def _moment(value: Any, info: ValidationInfo) -> datetime:
    return _ANY_MOMENT.validate_python(value) if info.context is AS_SEALED else read_moment(value)


def _day(value: Any, info: ValidationInfo) -> date:
    return _ANY_DAY.validate_python(value) if info.context is AS_SEALED else read_day(value)


Moment = Annotated[datetime, PlainValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A date-time with its offset."""

Datum = Annotated[
    date,
    PlainValidator(_day),
    PlainSerializer(date.isoformat, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A day of the calendar."""

Dag = Annotated[Datum | None, Field(json_schema_extra={"format": "date"})]
"""A day that may be absent. NL API Design Rules: the schema names its format at the top level."""
