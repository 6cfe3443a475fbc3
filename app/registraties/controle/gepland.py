"""Planning a controle: where, when, why, with whom. Until it starts few may know of it."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, KorteTekst, Omgeving, Registratie, Versie
from app.registraties.controle.afspraken import (
    LEIDT,
    THEMA,
    Aanleiding,
    Deelnemers,
    named,
    require_takes_part,
)
from app.registraties.controle.stand import changed, place, stamp
from app.registraties.model import Model
from app.registraties.velden import GezegdeHoedanigheid, Moment, as_it_was
from app.vocabulary import Sectie, Thema


class Venster(Model):
    """Tussen welke tijdstippen de controle is bedoeld."""

    van: Moment
    tot: Moment

    @model_validator(mode="after")
    def runs_forward(self) -> Self:
        """It ends after it begins."""
        if self.tot <= self.van:
            raise Onjuist("tot ligt na van")
        return self


class ControleGepland1(Inhoud):
    """Version 1: without an arrangement between controllers. Shipped with the first app."""

    venster: Annotated[Venster, Sectie.ZAAK]
    aanleidingen: Annotated[tuple[Aanleiding, ...], Field(min_length=1, max_length=100), Sectie.ZAAK]
    initiatief: Annotated[UUID, Sectie.ZAAK]
    coordinator: Annotated[UUID, Sectie.ZAAK]
    deelnemers: Annotated[Deelnemers, Sectie.ZAAK]
    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]

    @model_validator(mode="after")
    def coordinator_takes_part(self) -> Self:
        """Who coordinates is there."""
        require_takes_part(self.coordinator, self.deelnemers)
        return self


class ControleGepland2(ControleGepland1):
    """Version 2: with that arrangement (AVG 26)."""

    onderlinge_regeling: Annotated[KorteTekst | None, Sectie.ZAAK] = None


class ControleGepland(ControleGepland2):
    """Wanneer, waarom, op wiens initiatief, met wie, in welke hoedanigheid en regeling, en voor welk thema."""

    thema: Annotated[Thema | None, Sectie.ZAAK] = None


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
    leidt=LEIDT,
    fold=fold,
    kopieert=True,
    eerdere=(
        Versie(ControleGepland1, as_it_was, "`onderlingeRegeling` noemt de regeling van AVG 26."),
        Versie(ControleGepland2, as_it_was, THEMA),
    ),
)
