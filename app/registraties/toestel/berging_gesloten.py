"""Closing a salvage window before its time."""

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, refuse
from app.registraties.toestel import iso_received, settle, stands
from app.vocabulary import Klasse


class ToestelBergingGesloten(Inhoud):
    """Zegt niets dan dat het toestel niet meer mag afleveren."""


def guard(doc: Doc | None, _r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """There is a window to close."""
    if "tot" not in (doc or {}).get("berging", {}):
        refuse("Voor dit toestel staat geen berging open.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The device, with the window closed."""
    window = {key: value for key, value in (doc or {}).get("berging", {}).items() if key != "tot"}
    return settle({**(doc or {}), "berging": {**window, "geslotenOp": iso_received(r)}}, r)


ACT = Act(
    soort="toestel.berging_gesloten",
    inhoud=ToestelBergingGesloten,
    aggregaat="toestel",
    permissie="toestel:bergen",
    titel="Het afleveren door een ingetrokken toestel sluiten.",
    pad="/toestellen/{toestel}/berging/sluiting",
    onderwerp={"toestel": "toestel"},
    bevroren=stands,
    klasse=Klasse.MENSEN,
    guard=guard,
    fold=fold,
)
