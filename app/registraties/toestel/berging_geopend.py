"""Opening a salvage window: a revoked device that was found again may deliver what it holds, and nothing else."""

from datetime import timedelta
from typing import Annotated

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, refuse
from app.registraties.toestel import iso_received, settle, stands
from app.registraties.velden import Moment
from app.vocabulary import Klasse, Rol, Sectie

LONGEST = timedelta(days=7)


class ToestelBergingGeopend(Inhoud):
    """Tot wanneer het ingetrokken toestel nog mag afleveren."""

    tot: Annotated[Moment, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """By neither who revoked it nor who carries it; a week at most."""
    known = doc or {}
    if "ingetrokkenOp" not in known:
        refuse("Dit toestel is niet ingetrokken: het kan gewoon afleveren.")
    if "goedgekeurdOp" not in known:
        refuse("Dit toestel is nooit goedgekeurd.")
    if actor.beslissers & {known.get("functionaris"), known.get("ingetrokkenDoor", {}).get("functionaris")}:
        refuse("Een tweede persoon opent dit: niet wie het toestel introk en niet de drager.")
    if actor.rol is Rol.REGISSEUR and not set(known.get("gemeenten", ())) <= actor.gemeenten:
        refuse("Dit toestel is ook voor gemeenten waar u niet voor werkt.")
    if not r.ontvangen_op < r.inhoud.tot <= r.ontvangen_op + LONGEST:
        refuse("Kies een moment binnen een week.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The device, with the window open."""
    tot = r.inhoud.as_doc().get("tot")
    window = {**({"tot": tot} if tot else {}), "geopendOp": iso_received(r), "door": r.door}
    return settle({**(doc or {}), "berging": window}, r)


ACT = Act(
    soort="toestel.berging_geopend",
    inhoud=ToestelBergingGeopend,
    aggregaat="toestel",
    permissie="toestel:bergen",
    titel="Een ingetrokken toestel laten afleveren.",
    pad="/toestellen/{toestel}/berging",
    onderwerp={"toestel": "toestel"},
    bevroren=stands,
    klasse=Klasse.MENSEN,
    guard=guard,
    fold=fold,
)
