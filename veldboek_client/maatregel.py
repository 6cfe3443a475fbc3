"""How a maatregel stands on a day: one function, for the phone at the door and for the server.

A document says how it stands by what was recorded; time alone changes that too. Dates are local dates in the
Netherlands, as text (`2026-09-05`): they compare as they read.
"""

from collections.abc import Mapping
from typing import Any

TOEGEPAST = "toegepast"
VOORBIJ = "verlopen"


def last_day(doc: Mapping[str, Any]) -> str | None:
    """The last day of a closure that has one. Documents of before it was called so have `sluitingTot`."""
    day = doc.get("geldtTotEnMet", doc.get("sluitingTot"))
    return day if isinstance(day, str) else None


def status_on(doc: Mapping[str, Any], day: str) -> str:
    """The status on `day`: a closure that was applied is over the day after its last, whatever was recorded of that."""
    status = str(doc["status"])
    last = last_day(doc)
    return VOORBIJ if status == TOEGEPAST and last is not None and last < day else status
