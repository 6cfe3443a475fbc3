"""Een ontvangstbericht: wat er gebeurde met een registratie die niet zonder meer werd aanvaard, of wat eraan opviel.

Its writer reads it, and the desk that decides on what is in quarantine. What holds is his alone: the desk reads
it where it stands. It has no content: what was sent is read from the entry itself, with a reason. Its id is the op of
the entry.
"""

from typing import Any

from app.access.bereik import PER_GEMEENTE, Bereik, scope
from app.access.wet import Taak
from app.models.keten import Ontvangst
from app.registraties.act import Aggregaat, Doc, deelnemer
from app.registraties.quarantaine import document
from app.vocabulary import Status

OPEN = "open"


def scopes(doc: Doc) -> set[str]:
    """Its writer; that it is there for the regisseur; and the circle that may look at the content and decide.

    What an administrator sent, whose role has no municipality, is for another administrator.
    """
    if doc["status"] == Status.ACCEPTED:
        return {deelnemer(doc["functionaris"])}
    codes: list[str] = doc["_gemeenten"]
    circle = Bereik(doc["_inzage"])
    known = {deelnemer(doc["functionaris"]), *(scope(Bereik.GEBIED, code) for code in codes)}
    if circle is Bereik.TEAM:
        leads = {scope(Bereik.COORDINATOR, doc["_coordinator"])} if "_coordinator" in doc else set()
        return known | leads | {scope(Bereik.POLITIE, code) for code in codes}
    if codes and circle in PER_GEMEENTE:
        return known | {scope(circle, code) for code in codes}
    return known | {scope(Bereik.BEHEER)}


def wet(_inhoud: Any) -> Taak:
    """Deciding on what was kept apart."""
    return Taak.QUARANTAINE


def columns(doc: Doc) -> dict[str, Any]:
    """What lists are filtered on; `stand` only of what is, or was, in quarantine."""
    return {"status": doc["status"], "code": doc.get("code"), "stand": doc.get("stand")}


AGGREGAAT = Aggregaat("ontvangst", Ontvangst, document.Ontvangst, scopes, wet, columns, leider="_coordinator")
