"""Een toestel: de telefoon waarmee een functionaris vastlegt. Sleutels en wachtwoorden staan hier nooit."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.access.actor import Actor
from app.access.bereik import Bereik, scope
from app.models.mensen import Toestel
from app.registraties.act import Aggregaat, Doc, Registratie, deelnemer, iso, of_beheer, refuse
from app.registraties.toestel import document
from app.vocabulary import Opdrachtsoort

_NIEMAND = str(UUID(int=0))
WACHT = "wacht_op_goedkeuring"
SAMEN = timedelta(days=7)
"""So long the first of two orders counts."""


def scopes(doc: Doc) -> set[str]:
    """For the administrator, for who carries it, and for the regisseur of the municipalities of its role."""
    return (
        {scope(Bereik.BEHEER)}
        | ({deelnemer(doc["functionaris"])} if "functionaris" in doc else set())
        | {scope(Bereik.GEBIED, code) for code in doc.get("gemeenten", ())}
    )


def columns(doc: Doc) -> dict[str, Any]:
    """Whose it is and what it may do: read at each request. Without its enrolment it may nothing."""
    tot = doc.get("berging", {}).get("tot")
    return {
        "functionaris": UUID(doc.get("functionaris", _NIEMAND)),
        "ingetrokken": "functionaris" not in doc or "ingetrokkenOp" in doc,
        "goedgekeurd": "goedgekeurdOp" in doc,
        "berging_tot": datetime.fromisoformat(tot) if tot else None,
        "ondertekent": doc.get("ondertekent", False),
        "opdrachten": doc.get("opdrachten", []),
        "rollen": doc.get("rollen", []),
    }


def settle(doc: Doc, r: Registratie) -> Doc:
    """The document with its id, and the status that follows from what happened to it, in whatever order."""
    reached = (("ingetrokkenOp", "ingetrokken"), ("goedgekeurdOp", "goedgekeurd"))
    status = next((status for name, status in reached if name in doc), WACHT)
    return {"id": str(r.onderwerp["toestel"]), **doc, "status": status}


def with_role(doc: Doc, ident: UUID, role: Doc) -> Doc:
    """The device, for one more role of its carrier: of which kind, for all who decide on it to see, and where."""
    held = {"roltoewijzing": str(ident), "rol": role.get("rol"), "organisatie": role.get("organisatie")}
    gemeenten = sorted({*doc.get("gemeenten", ()), *role.get("gemeenten", ())})
    return {**doc, "rollen": [*doc.get("rollen", ()), held], "gemeenten": gemeenten}


def with_order(doc: Doc, r: Registratie, soort: Opdrachtsoort, *, onverzonden: bool) -> Doc:
    """The document with one more order to the device; the order goes by the op that gave it."""
    order = {
        "id": str(r.op),
        "soort": soort.value,
        "onverzondenWissen": onverzonden,
        "gegevenOp": iso_received(r),
        "door": r.door,
    }
    return {**doc, "opdrachten": [*doc.get("opdrachten", ()), order]}


def refuse_alone(doc: Doc | None, r: Registratie, actor: Actor) -> None:
    """What was never delivered is evidence: two people destroy it, within a week, and neither carries the device."""
    known, since = doc or {}, iso(r.ontvangen_op - SAMEN)
    if known.get("functionaris") in actor.beslissers:
        refuse("Wissen wat niet is afgeleverd doet een ander dan de drager.")
    given = [order for order in known.get("opdrachten", ()) if order["soort"] == Opdrachtsoort.WISSEN]
    others = {order["door"]["functionaris"] for order in given if order["gegevenOp"] >= since} - actor.beslissers
    if not others - {known.get("functionaris")}:
        refuse("Wissen wat niet is afgeleverd doen twee mensen: eerst geeft een ander de opdracht om te wissen.")


def may_deliver(doc: Doc, moment: datetime) -> bool:
    """Whether the salvage window of a revoked device is open."""
    tot = doc.get("berging", {}).get("tot")
    return tot is not None and moment < datetime.fromisoformat(tot)


def iso_received(r: Registratie) -> str:
    """The moment that counts here: the server's own, for a device must not be approved or opened in the past."""
    return iso(r.ontvangen_op)


def stands(_doc: Doc) -> bool:
    """What was done about a device is never corrected or struck: or a revoked one could come back to life."""
    return True


AGGREGAAT = Aggregaat("toestel", Toestel, document.Toestel, scopes, of_beheer, columns)
