"""What an overtreding says, at the end of a controle or before: of which kind, from what, and whom it counts.

Persons are found, never "in overtreding" (non-punishment: Directive 2011/36/EU, article 8). One of illegal
prostitution counts the sekswerkers that were found, whenever their entries arrive, unless it names `alleen` some of
them, or their `aantal` where the municipality keeps counts only. It never counts a klant. What it says is sealed with
the case: it outlives the rows of the persons, and shown it is to who is shown those.
"""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, ValidationInfo, model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import Doc, Omgeving, Registratie, refuse
from app.registraties.controle.afspraken import Taak
from app.registraties.controle.grond import check_may_name
from app.registraties.controle.stand import known_ids
from app.registraties.document import Met
from app.registraties.model import Model
from app.registraties.weigeringen import NogNiet
from app.vocabulary import POLITIEROLLEN, OvertredingSoort, PersoonRol, Sectie

Bevindingen = Annotated[tuple[UUID, ...], Field(max_length=100)]
Alleen = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=1_000)]
AantalPersonen = Annotated[int, Field(ge=1, le=10_000, strict=True)]


class Overtreding(Model):
    """Which overtreding, from which bevindingen, and whom it counts. It never stands over what was seen."""

    soort: Annotated[OvertredingSoort, Sectie.ZAAK]
    bevindingen: Annotated[Bevindingen, Sectie.ZAAK]
    alleen: Annotated[Alleen | None, Sectie.ZAAK, Met(Sectie.PERSOON)] = None
    aantal: Annotated[AantalPersonen | None, Sectie.ZAAK, Met(Sectie.PERSOON)] = None

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


class EigenOvertreding(Overtreding):
    """Een overtreding met een eigen id, gemaakt door het toestel, waarmee anderen haar noemen."""

    id: Annotated[UUID, Sectie.ZAAK]


def check_overtreding(
    doc: Doc, r: Registratie, overtreding: Overtreding, omgeving: Omgeving, actor: Actor, *, eerder: bool = False
) -> None:
    """What it rests on was recorded before, and so was whoever it names: sekswerkers, where rows may be kept.

    Practice proves nothing about what is real. An app of before (`eerder`) named whoever it found, also in rows
    that the municipality kept then: that it counts sekswerkers only is for the figures.
    """
    _check_known(doc, r, "bevindingen", overtreding.bevindingen, "Een overtreding noemt een bevinding")
    if overtreding.alleen is None:
        return
    named = {str(of) for of in overtreding.alleen}
    ours = {wie["id"] for wie in doc.get("personen", ()) if wie["door"]["rol"] not in POLITIEROLLEN}
    if not (eerder and named <= ours):
        check_may_name(doc, r, omgeving, actor)
    _check_known(doc, r, "personen", overtreding.alleen, "Een overtreding noemt een persoon")
    if not eerder and any(wie["id"] in named and wie.get("rol") != PersoonRol.SEKSWERKER for wie in doc["personen"]):
        refuse("Een overtreding telt alleen sekswerkers.")


def _check_known(doc: Doc, r: Registratie, lijst: str, named: tuple[UUID, ...], wat: str) -> None:
    """What is not there may still be on its way, so it is waited for; what is practice, or not, stays so."""
    wanted = {str(of) for of in named}
    if not wanted <= known_ids(doc, lijst):
        raise NogNiet(f"{wat} die niet is vastgelegd.")
    if not wanted <= known_ids(doc, lijst, oefening=r.oefening):
        refuse(f"{wat} die in een oefening is vastgelegd, of in het echt: die bewijst hier niets.")


def check_concludes(doc: Doc, actor: Actor) -> None:
    """Whoever carried it out concludes, or who coordinates it: by any start of it, which of two holds may change."""
    wie = str(actor.functionaris)
    carried_out = {Taak.VOERT_UIT, Taak.COORDINEERT}
    starts = [doc, *({"coordinator": of["door"]["functionaris"], **of} for of in doc.get("startVerschillen", ()))]
    mine = (of for start in starts for of in start.get("deelnemers", ()) if of["functionaris"] == wie)
    if wie not in {of.get("coordinator") for of in starts} and not any(of["taak"] in carried_out for of in mine):
        refuse("Dit doet wie de controle uitvoerde of coördineert.")
