"""Een grondslag van een gemeente om personen apart vast te leggen: vanaf wanneer, en op grond waarvan.

Off, unless one is in force. The Raad van State writes that municipalities lack a ground for special categories of data
of sekswerkers (W16.23.00391/II, on article 151a Gemeentewet), so a municipality keeps of persons counts only. Where
there is one, two people record it, with its provision and its dates.
"""

from datetime import date, datetime
from typing import Any

from app.access.bereik import Bereik, scope
from app.models.mensen import GrondslagBijzonder
from app.moment import local_day
from app.registraties.act import Aggregaat, Doc, of_beheer
from app.registraties.grondslagbijzonder import document

BEVESTIGD, WACHT, INGETROKKEN = "bevestigd", "wacht_op_bevestiging", "ingetrokken"


def scopes(doc: Doc) -> set[str]:
    """Whoever works there knows what may be recorded; the administrator records it."""
    there = {scope(Bereik.GEBIED, doc["gemeentecode"])} if "gemeentecode" in doc else set()
    return {scope(Bereik.BEHEER)} | there


def columns(doc: Doc) -> dict[str, Any]:
    """By which it is found when somebody records a person."""
    return {"gemeentecode": doc.get("gemeentecode", "")}


def in_force(doc: Doc, gezien: date, gehoord: datetime) -> bool:
    """Whether it holds for what was seen on a local day and heard of at a moment; never before it was confirmed."""
    if doc.get("status") != BEVESTIGD or "van" not in doc or gehoord < datetime.fromisoformat(doc["bevestigdOp"]):
        return False
    first, last = doc["van"], doc.get("totEnMet", "9999")
    return all(first <= dag.isoformat() <= last for dag in (gezien, local_day(gehoord)))


def stands(_doc: Doc) -> bool:
    """A ground changes by ending it and recording another, so that what was allowed when stays readable."""
    return True


AGGREGAAT = Aggregaat("grondslagbijzonder", GrondslagBijzonder, document.GrondslagBijzonder, scopes, of_beheer, columns)
