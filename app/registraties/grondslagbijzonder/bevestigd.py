"""Confirming that a municipality has a ground: before that it opens nothing."""

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Wacht, iso, refuse
from app.registraties.grondslagbijzonder import BEVESTIGD, WACHT, stands
from app.vocabulary import Klasse


class GrondslagBijzonderBevestigd(Inhoud):
    """Zegt niets dan dat een tweede persoon de grondslag heeft gezien en bevestigt."""


def why_not(doc: Doc, actor: Actor) -> str | None:
    """Why `actor` may not confirm: not whoever recorded it."""
    if doc.get("status") != WACHT:
        return "Deze grondslag wacht niet op bevestiging."
    if doc["vastgelegdDoor"]["functionaris"] in actor.beslissers:
        return "Een tweede persoon bevestigt dit: niet wie de grondslag vastlegde."
    return None


def guard(doc: Doc | None, _r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """See :func:`why_not`."""
    if (reden := why_not(doc or {}, actor)) is not None:
        refuse(reden)


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """In force, between its dates."""
    told = {"status": BEVESTIGD, "bevestigdOp": iso(r.ontvangen_op), "bevestigdDoor": r.door}
    return {"id": str(r.onderwerp["grondslagbijzonder"]), **(doc or {}), **told}


ACT = Act(
    soort="grondslagbijzonder.bevestigd",
    inhoud=GrondslagBijzonderBevestigd,
    aggregaat="grondslagbijzonder",
    permissie="grondslagbijzonder:bevestigen",
    titel="Een grondslag bevestigen die een ander vastlegde.",
    pad="/grondslagen-bijzonder/{grondslagbijzonder}/bevestiging",
    onderwerp={"grondslagbijzonder": "grondslagbijzonder"},
    tweede=Wacht("status", WACHT, why_not, lambda doc: doc["vastgelegdDoor"], lambda _doc: None),
    bevroren=stands,
    klasse=Klasse.RECHTEN,
    guard=guard,
    fold=fold,
)
