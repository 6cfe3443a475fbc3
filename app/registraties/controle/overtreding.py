"""What an overtreding says, at the end of a controle or before: of which kind, from what, and whom it counts.

Persons are found, never "in overtreding" (non-punishment: Directive 2011/36/EU, article 8). One of illegal
prostitution counts the sekswerkers that were found, whenever their entries arrive, unless it names `alleen` some of
them, or their `aantal` where the municipality keeps counts only. It never counts a klant. What it says is sealed with
the case: it outlives the rows of the persons, and shown it is to who is shown those.
"""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationInfo, WithJsonSchema, model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import Doc, refuse
from app.registraties.controle.afspraken import Taak
from app.registraties.controle.stand import known_ids
from app.registraties.model import Model
from app.vocabulary import OvertredingSoort, Sectie

Bevindingen = Annotated[tuple[UUID, ...], Field(max_length=100)]
Alleen = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=1_000)]
AantalPersonen = Annotated[int, Field(ge=1, le=10_000, strict=True)]


class Overtreding(Model):
    """Which overtreding, from which bevindingen, and whom it counts. It never stands over what was seen."""

    soort: Annotated[OvertredingSoort, Sectie.ZAAK]
    bevindingen: Annotated[Bevindingen, Sectie.ZAAK]
    alleen: Annotated[Alleen | None, Sectie.ZAAK] = None
    aantal: Annotated[AantalPersonen | None, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def rests_on_something(self, info: ValidationInfo) -> Self:
        """An app of before could conclude from nothing, and name whom for every kind."""
        if info.context:
            return self
        if not self.bevindingen:
            raise Onjuist("noem de bevindingen waaruit de overtreding blijkt")
        if (self.alleen or self.aantal) and self.soort is not OvertredingSoort.ILLEGALE_PROSTITUTIE:
            raise Onjuist("alleen illegale prostitutie telt personen")
        if self.alleen and self.aantal:
            raise Onjuist("noem wie, of hoeveel; niet allebei")
        return self


def _has_one(given: UUID | None, info: ValidationInfo) -> UUID | None:
    if given is None and not info.context:
        raise Onjuist("geef de overtreding een id")
    return given


EigenId = Annotated[
    UUID | None, AfterValidator(_has_one), WithJsonSchema({"type": "string", "format": "uuid"}), Sectie.ZAAK
]
"""Minted by the device. What an app of before concluded had none: then it follows from the entry."""


class EigenOvertreding(Overtreding):
    """An overtreding with its own id, by which others name it."""

    id: EigenId


def check_overtreding(doc: Doc, overtreding: Overtreding) -> None:
    """What it rests on was recorded before, and so was whoever it names."""
    if not {str(of) for of in overtreding.bevindingen} <= known_ids(doc, "bevindingen"):
        refuse("Een overtreding noemt een bevinding die niet is vastgelegd.")
    if not {str(of) for of in overtreding.alleen or ()} <= known_ids(doc, "personen"):
        refuse("Een overtreding noemt een persoon die niet is vastgelegd.")


def check_concludes(doc: Doc, actor: Actor) -> None:
    """Whoever carried it out concludes, or who coordinates it."""
    wie = str(actor.functionaris)
    carried_out = {Taak.VOERT_UIT, Taak.COORDINEERT}
    mine = (of for of in doc.get("deelnemers", ()) if of["functionaris"] == wie)
    if doc.get("coordinator") != wie and not any(of["taak"] in carried_out for of in mine):
        refuse("Dit doet wie de controle uitvoerde of coördineert.")
