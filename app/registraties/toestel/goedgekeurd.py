"""Approving a device: nothing is done with it before a second person did this."""

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Wacht, refuse
from app.registraties.toestel import WACHT, iso_received, settle, stands
from app.vocabulary import Klasse, Rol


class ToestelGoedgekeurd(Inhoud):
    """Zegt niets dan dat een tweede persoon het toestel heeft gezien en goedkeurt."""


def why_not(doc: Doc, actor: Actor) -> str | None:
    """Why `actor` may not: neither who enrolled it (or gave the code) nor who carries it; a regisseur for his area."""
    if "ingetrokkenOp" in doc:
        return "Dit toestel is ingetrokken."
    if "goedgekeurdOp" in doc:
        return "Dit toestel is al goedgekeurd."
    if actor.beslissers & {doc.get("functionaris"), doc.get("ingeschrevenDoor", {}).get("functionaris")}:
        return "Een tweede persoon keurt dit goed: niet wie het inschreef en niet de drager."
    if actor.rol is Rol.REGISSEUR and not set(doc.get("gemeenten", ())) <= actor.gemeenten:
        return "Dit toestel is ook voor gemeenten waar u niet voor werkt."
    return None


def guard(doc: Doc | None, _r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """See :func:`why_not`."""
    if (reden := why_not(doc or {}, actor)) is not None:
        refuse(reden)


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The device, approved."""
    return settle({**(doc or {}), "goedgekeurdOp": iso_received(r), "goedgekeurdDoor": r.door}, r)


ACT = Act(
    soort="toestel.goedgekeurd",
    inhoud=ToestelGoedgekeurd,
    aggregaat="toestel",
    permissie="toestel:goedkeuren",
    titel="Een toestel goedkeuren.",
    pad="/toestellen/{toestel}/goedkeuring",
    onderwerp={"toestel": "toestel"},
    tweede=Wacht("status", WACHT, why_not, lambda doc: doc["ingeschrevenDoor"]),
    bevroren=stands,
    klasse=Klasse.MENSEN,
    guard=guard,
    fold=fold,
)
