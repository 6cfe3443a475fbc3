"""Revoking a device: it takes effect at its next request, and for good."""

from typing import Annotated, Self

from pydantic import model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, iso, refuse
from app.registraties.toestel import refuse_alone, settle, stands, with_order
from app.registraties.velden import JaNee
from app.vocabulary import Intrekkingsreden, Klasse, Opdrachtsoort, Sectie

OUT_OF_HAND = frozenset({Intrekkingsreden.VERLOREN, Intrekkingsreden.GESTOLEN})
"""Nobody knows who holds it: it is told to erase itself."""


class ToestelIngetrokken(Inhoud):
    """Waarom het toestel niet meer gebruikt mag worden, en of het zich moet wissen."""

    reden: Annotated[Intrekkingsreden, Sectie.ZAAK]
    wissen: Annotated[JaNee | None, Sectie.ZAAK] = None
    """Without it: a lost or stolen device is told to erase itself, another is not."""
    onverzonden_wissen: Annotated[JaNee, Sectie.ZAAK] = False
    """Also what the device never delivered: that is gone for good then."""

    @property
    def erases(self) -> bool:
        """Whether the device is told to erase itself."""
        return self.reden in OUT_OF_HAND if self.wissen is None else self.wissen

    @model_validator(mode="after")
    def unsent_goes_with_an_erasure(self) -> Self:
        """Erasing what was not delivered is part of erasing."""
        if self.onverzonden_wissen and not self.erases:
            raise Onjuist("onverzondenWissen hoort bij wissen")
        return self


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """A device is revoked once, and for good. One administrator alone never destroys what was not delivered."""
    if doc and "ingetrokkenOp" in doc:
        refuse("Dit toestel is al ingetrokken.")
    if r.inhoud.onverzonden_wissen:
        refuse_alone(doc, r, actor)


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The device, revoked; perhaps with the order to erase itself."""
    reden = r.inhoud.as_doc().get("reden")
    new = {
        **(doc or {}),
        **({"reden": reden} if reden else {}),
        "ingetrokkenOp": iso(r.waargenomen_op),
        "ingetrokkenDoor": r.door,
    }
    if reden and r.inhoud.erases:
        new = with_order(new, r, Opdrachtsoort.WISSEN, onverzonden=r.inhoud.onverzonden_wissen)
    return settle(new, r)


ACT = Act(
    soort="toestel.ingetrokken",
    inhoud=ToestelIngetrokken,
    aggregaat="toestel",
    permissie="toestel:intrekken",
    titel="Een toestel intrekken.",
    pad="/toestellen/{toestel}/intrekking",
    onderwerp={"toestel": "toestel"},
    bevroren=stands,
    klasse=Klasse.MENSEN,
    guard=guard,
    fold=fold,
)
