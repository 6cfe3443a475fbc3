"""Approving a device for one more role of its carrier, of another kind than the one it was enrolled for."""

from typing import Annotated
from uuid import UUID

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Sleutel, refuse
from app.registraties.toestel import may_deliver, settle, stands, with_role
from app.vocabulary import Klasse, Sectie


class ToestelRolGoedgekeurd(Inhoud):
    """Voor welke rol van de drager het toestel nu ook is."""

    roltoewijzing: Annotated[UUID, Sectie.ZAAK]


def named(inhoud: ToestelRolGoedgekeurd) -> list[Sleutel]:
    """The role."""
    return [Sleutel("roltoewijzing", inhoud.roltoewijzing)]


def guard(doc: Doc | None, r: Registratie, omgeving: Omgeving, actor: Actor) -> None:
    """A role of the carrier that the device is not for yet; by neither who granted it nor who carries the device.

    Of a revoked device only while it may deliver: without a role nobody can sign in on it to do that.
    """
    known, role = doc or {}, omgeving.need("roltoewijzing", r.inhoud.roltoewijzing)
    if "ingetrokkenOp" in known and not may_deliver(known, r.ontvangen_op):
        refuse("Dit toestel is ingetrokken.")
    if "goedgekeurdOp" not in known:
        refuse("Dit toestel is nog niet goedgekeurd.")
    if role.get("functionaris") != known.get("functionaris"):
        refuse("Deze rol is niet van de drager van dit toestel.")
    if actor.beslissers & {known.get("functionaris"), role["verleendDoor"]["functionaris"]}:
        refuse("Een tweede persoon keurt dit goed: niet wie de rol verleende en niet de drager.")
    kind = (role.get("rol"), role.get("organisatie"))
    if kind in [(held["rol"], held["organisatie"]) for held in known.get("rollen", ())]:
        refuse("Voor deze rol is het toestel al goedgekeurd.")


def fold(doc: Doc | None, r: Registratie, omgeving: Omgeving) -> Doc:
    """The device, for this role too."""
    ident = r.inhoud.as_doc().get("roltoewijzing")
    role = omgeving.get("roltoewijzing", ident) if ident else None
    return settle(with_role(doc or {}, UUID(ident), role) if ident and role else dict(doc or {}), r)


ACT = Act(
    soort="toestel.rol_goedgekeurd",
    inhoud=ToestelRolGoedgekeurd,
    aggregaat="toestel",
    permissie="toestel:verruimen",
    titel="Een toestel ook voor een andere rol van de drager goedkeuren.",
    pad="/toestellen/{toestel}/rollen",
    onderwerp={"toestel": "toestel"},
    verwijzingen=named,
    kopieert=True,
    bevroren=stands,
    klasse=Klasse.MENSEN,
    guard=guard,
    fold=fold,
)
