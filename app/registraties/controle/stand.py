"""How the acts change the document of a controle. Every change is total: whatever is missing, it holds."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from app.access.actor import Actor
from app.moment import local_day
from app.registraties.act import Doc, Omgeving, Registratie, copied, iso, refuse
from app.vocabulary import VELDROLLEN, Rol, Thema, Vlag

WERKEN = VELDROLLEN | {Rol.AVIM}
"""Who writes at the door is of it; who adds help afterwards is not."""
TERMIJN = timedelta(days=30)
"""After a controle ended, or was called off, its team goes on seeing its work (ontwerp/toegang.md, "Parts")."""


def status(doc: Doc) -> str:
    """Follows from what is there; `vervallen` is left when planning and start were both struck out.

    What was called off and was held all the same, was held: an officer at the door may not have heard of it.
    """
    for mark, then in (("eindeOp", "afgerond"), ("begonnenOp", "gestart"), ("planning", "gepland")):
        if mark in doc:
            return "afgelast" if then == "gepland" and "afgelasting" in doc else then
    return "vervallen"


def theme(doc: Doc) -> str | None:
    """What a controle is held for; None where nobody planned or started it."""
    found: str = doc.get("thema", Thema.PROSTITUTIE.value)
    return found if "planning" in doc or "begonnenOp" in doc else None


def changed(doc: Doc | None, r: Registratie, changes: Doc) -> Doc:
    """A new document with `changes`. Its writer may go on reading what he wrote."""
    new = {"id": str(r.onderwerp["controle"]), **(doc or {}), **changes}
    writers: list[str] = new.get("_schrijvers", [])
    if (wie := str(r.functionaris)) not in writers and r.rol in WERKEN:
        new["_schrijvers"] = [*writers, wie]
    return {**new, "status": status(new)}


def team_until(doc: Doc) -> date | None:
    """The last local day on which the team sees each other's work; None while it is still to be held or closed.

    Counted from the day on which the server heard of that: no clock of a phone, and no correction, moves it.
    """
    if status(doc) == "afgelast" and (called := doc.get("_afgelastOntvangen")):
        return date.fromisoformat(called) + TERMIJN
    if "eindeOp" not in doc:
        return None
    heard = doc.get("_afgerondOntvangen")  # of before it was noted: when it was
    ended = date.fromisoformat(heard) if heard else local_day(datetime.fromisoformat(doc["eindeOp"]))
    return ended + TERMIJN


def team_sees(doc: Doc) -> bool:
    """Whether that day was not booked as past. Once it was nothing opens it again: no correction, no strike."""
    return "_teamTotEnMet" not in doc


def stamp(r: Registratie) -> Doc:
    """Which entry says so, who wrote it, when it was seen; and what is odd about it."""
    return {
        "op": str(r.op),
        "door": r.door,
        "waargenomenOp": iso(r.waargenomen_op),
        **({"nagekomen": True} if Vlag.NAGEKOMEN in r.vlaggen else {}),
        **({"uitQuarantaine": True} if Vlag.UIT_QUARANTAINE in r.vlaggen else {}),
        **({"oefening": True} if r.oefening else {}),
    }


def added(doc: Doc | None, r: Registratie, lijst: str, item: Doc) -> Doc:
    """The document with `item` at the end of its `lijst`. An item that has an id is there once."""
    items: list[Doc] = (doc or {}).get(lijst, [])
    if "id" in item and any(known["id"] == item["id"] for known in items):
        return changed(doc, r, {})
    return changed(doc, r, {lijst: [*items, {**item, **stamp(r)}]})


def known_ids(doc: Doc | None, lijst: str, *, oefening: bool | None = None) -> set[str]:
    """The ids of the items in `lijst`: all, or those that were practice, or those that were not."""
    items = (doc or {}).get(lijst, ())
    return {item["id"] for item in items if oefening is None or item.get("oefening", False) == oefening}


def fresh(lijst: str, key: str) -> Callable[[Doc | None, Registratie, Omgeving, Actor], None]:
    """The guard of an act that mints an id inside the controle: it is minted once."""

    def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
        if str(r.onderwerp[key]) in known_ids(doc, lijst):
            refuse("Dit is bij deze controle al vastgelegd.")

    return guard


def place(r: Registratie, omgeving: Omgeving) -> Doc:
    """Where it is: the canonical locatie, and of its address and kind a copy as they stood then."""
    locatie = omgeving.get("locatie", r.onderwerp["locatie"]) or {}
    kind = {"locatieSoort": locatie["soort"]} if "soort" in locatie else {}
    return copied(locatie, r.onderwerp["locatie"]) | kind
