"""Planning a controle: where, when, why, with whom. Until it starts few may know of it."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie
from app.registraties.controle.afspraken import (
    Aanleiding,
    Deelnemers,
    named,
    require_takes_part,
)
from app.registraties.controle.stand import changed, place, stamp
from app.registraties.model import Model
from app.registraties.velden import Moment, guard_capacity
from app.vocabulary import Hoedanigheid, Sectie


class Venster(Model):
    """Between which moments it is meant to be held."""

    van: Moment
    tot: Moment

    @model_validator(mode="after")
    def runs_forward(self) -> Self:
        """It ends after it begins."""
        if self.tot <= self.van:
            raise Onjuist("tot ligt na van")
        return self


class ControleGepland(Inhoud):
    """Wanneer, waarom, op wiens initiatief, met wie, en in welke hoedanigheid."""

    venster: Annotated[Venster, Sectie.ZAAK]
    aanleidingen: Annotated[tuple[Aanleiding, ...], Field(min_length=1, max_length=100), Sectie.ZAAK]
    initiatief: Annotated[UUID, Sectie.ZAAK]
    coordinator: Annotated[UUID, Sectie.ZAAK]
    deelnemers: Annotated[Deelnemers, Sectie.ZAAK]
    hoedanigheid: Annotated[Hoedanigheid, Sectie.ZAAK]

    @model_validator(mode="after")
    def coordinator_takes_part(self) -> Self:
        """Who coordinates is there."""
        require_takes_part(self.coordinator, self.deelnemers)
        return self


def guard(_doc: Doc | None, r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """Another capacity than toezicht is for the police."""
    guard_capacity(actor, r.inhoud.hoedanigheid)


def fold(doc: Doc | None, r: Registratie, omgeving: Omgeving) -> Doc:
    """The plan. It never stands over what was done."""
    plan = {**r.inhoud.as_doc(), **place(r, omgeving), "planning": stamp(r)}
    return changed(doc, r, {**plan, **(doc or {})})


ACT = Act(
    soort="controle.gepland",
    inhoud=ControleGepland,
    aggregaat="controle",
    permissie="controle:plannen",
    titel="Een controle plannen.",
    pad="/controles",
    onderwerp={"controle": "controle", "locatie": "locatie"},
    verwijzingen=named,
    maakt="altijd",
    guard=guard,
    fold=fold,
    kopieert=True,
)
