"""Een account: waarmee één functionaris zich aanmeldt. Namen, wachtwoorden en codes staan hier nooit.

Its id is that of the functionaris, so that nobody has two. What happens to it is known to administrators; what it
takes to sign in stands in schema `bedrijf` and is worth nothing while the account is not in force here.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.bereik import Bereik, scope
from app.models.mensen import Accountstand
from app.registraties.account import document
from app.registraties.act import Aggregaat, Doc, Registratie, iso, of_beheer

ACTIEF, UITGEZET, WACHT = "actief", "uitgezet", "wacht_op_bevestiging"


def scopes(_doc: Doc) -> set[str]:
    """Who has an account is for the administrator."""
    return {scope(Bereik.BEHEER)}


def columns(doc: Doc) -> dict[str, Any]:
    """Whether it may be signed in with; logins that began before `afgesloten_op` have ended."""
    closed, confirmed = doc.get("uitgezetOp"), doc.get("bevestiging")
    return {
        "actief": doc.get("status") == ACTIEF,
        "bevestiging": UUID(confirmed["op"]) if confirmed else None,
        "afgesloten_op": datetime.fromisoformat(closed) if closed else None,
    }


def stamp(r: Registratie) -> Doc:
    """Which entry it was, by whom, and when the server heard of it: the moment that counts here."""
    return {"op": str(r.op), "door": r.door, "ontvangenOp": iso(r.ontvangen_op)}


def stands(_doc: Doc) -> bool:
    """What was done about an account is never corrected or struck: it is disabled, or asked for anew."""
    return True


AGGREGAAT = Aggregaat("account", Accountstand, document.Account, scopes, of_beheer, columns)
