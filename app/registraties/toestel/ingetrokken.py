"""Revoking a device: it takes effect at its next request."""

from enum import StrEnum
from typing import Annotated

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, iso, refuse
from app.vocabulary import Klasse, Sectie


class Intrekkingsreden(StrEnum):
    """Why a device may no longer be used."""

    VERLOREN = "verloren"
    GESTOLEN = "gestolen"
    VERVANGEN = "vervangen"
    UIT_DIENST = "uit_dienst"


class ToestelIngetrokken(Inhoud):
    """Waarom het toestel niet meer gebruikt mag worden."""

    reden: Annotated[Intrekkingsreden, Sectie.ZAAK]


def guard(doc: Doc | None, _r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """A device is revoked once, and for good."""
    if doc and "ingetrokkenOp" in doc:
        refuse("Dit toestel is al ingetrokken.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The device, revoked."""
    return {
        "id": str(r.onderwerp["toestel"]),
        **(doc or {}),
        **r.inhoud.as_doc(),
        "status": "ingetrokken",
        "ingetrokkenOp": iso(r.waargenomen_op),
    }


ACT = Act(
    soort="toestel.ingetrokken",
    inhoud=ToestelIngetrokken,
    aggregaat="toestel",
    permissie="toestel:intrekken",
    titel="Een toestel intrekken.",
    pad="/toestellen/{toestel}/intrekking",
    onderwerp={"toestel": "toestel"},
    klasse=Klasse.MENSEN,
    guard=guard,
    fold=fold,
)
