"""Confirming a role: before that it is nobody's right."""

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Wacht, iso, refuse
from app.registraties.roltoewijzing import BEVESTIGD, WACHT, stands
from app.vocabulary import Klasse


class RoltoewijzingBevestigd(Inhoud):
    """Zegt niets dan dat een tweede persoon de rol heeft gezien en bevestigt."""


def why_not(doc: Doc, actor: Actor) -> str | None:
    """Why `actor` may not confirm: by neither who granted it nor who gets it."""
    if doc.get("status") != WACHT:
        return "Deze rol wacht niet op bevestiging."
    if actor.beslissers & {doc.get("functionaris"), doc.get("verleendDoor", {}).get("functionaris")}:
        return "Een tweede persoon bevestigt dit: niet wie de rol verleende en niet wie haar krijgt."
    return None


def guard(doc: Doc | None, _r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """See :func:`why_not`."""
    if (reden := why_not(doc or {}, actor)) is not None:
        refuse(reden)


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The right, in force."""
    confirmed = {"status": BEVESTIGD, "bevestigdOp": iso(r.ontvangen_op), "bevestigdDoor": r.door}
    return {"id": str(r.onderwerp["roltoewijzing"]), **(doc or {}), **confirmed}


ACT = Act(
    soort="roltoewijzing.bevestigd",
    inhoud=RoltoewijzingBevestigd,
    aggregaat="roltoewijzing",
    permissie="roltoewijzing:bevestigen",
    titel="Een rol bevestigen die een ander verleende.",
    pad="/roltoewijzingen/{roltoewijzing}/bevestiging",
    onderwerp={"roltoewijzing": "roltoewijzing"},
    tweede=Wacht("status", WACHT, why_not, lambda doc: doc["verleendDoor"]),
    bevroren=stands,
    klasse=Klasse.RECHTEN,
    guard=guard,
    fold=fold,
)
