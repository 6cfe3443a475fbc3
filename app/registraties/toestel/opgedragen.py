"""Giving a device an order: to erase itself, or to fetch everything anew. It hears of it when it next calls."""

from typing import Annotated, Self

from pydantic import model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, refuse
from app.registraties.toestel import refuse_alone, settle, stands, with_order
from app.registraties.velden import JaNee
from app.vocabulary import Klasse, Opdrachtsoort, Sectie


class ToestelOpgedragen(Inhoud):
    """Wat het toestel moet doen."""

    opdracht: Annotated[Opdrachtsoort, Sectie.ZAAK]
    onverzonden_wissen: Annotated[JaNee, Sectie.ZAAK] = False
    """Also what the device never delivered: that is gone for good then."""

    @model_validator(mode="after")
    def unsent_goes_with_an_erasure(self) -> Self:
        """Erasing what was not delivered is part of erasing."""
        if self.onverzonden_wissen and self.opdracht is not Opdrachtsoort.WISSEN:
            raise Onjuist("onverzondenWissen hoort bij wissen")
        return self


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """A revoked device can only still be told to erase itself; one that waits has nothing to do yet.

    One administrator alone never destroys what was not delivered.
    """
    if "ingetrokkenOp" in (doc or {}):
        if r.inhoud.opdracht is not Opdrachtsoort.WISSEN:
            refuse("Dit toestel is ingetrokken: het kan alleen nog worden gewist.")
    elif "goedgekeurdOp" not in (doc or {}):
        refuse("Dit toestel is nog niet goedgekeurd.")
    if r.inhoud.onverzonden_wissen:
        refuse_alone(doc, r, actor)


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The device with one more order."""
    given = r.inhoud.as_doc()
    if "opdracht" not in given:
        return settle(dict(doc or {}), r)
    soort, onverzonden = Opdrachtsoort(given["opdracht"]), given.get("onverzondenWissen", False)
    return settle(with_order(doc or {}, r, soort, onverzonden=onverzonden), r)


ACT = Act(
    soort="toestel.opgedragen",
    inhoud=ToestelOpgedragen,
    aggregaat="toestel",
    permissie="toestel:opdragen",
    titel="Een toestel een opdracht geven.",
    pad="/toestellen/{toestel}/opdrachten",
    onderwerp={"toestel": "toestel"},
    bevroren=stands,
    klasse=Klasse.MENSEN,
    guard=guard,
    fold=fold,
)
