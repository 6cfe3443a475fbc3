"""What planning and starting have in common: why, who, in which capacity."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from app.problems import Onjuist
from app.registraties.act import Sleutel
from app.registraties.model import Model


class AanleidingSoort(StrEnum):
    """Why a controle is held."""

    SIGNAAL = "signaal"
    HERCONTROLE = "hercontrole"
    EIGEN_WAARNEMING = "eigen_waarneming"
    VERZOEK_KETENPARTNER = "verzoek_ketenpartner"
    THEMA = "thema"
    ANDERS = "anders"


class Taak(StrEnum):
    """What a participant does."""

    COORDINEERT = "coordineert"
    VOERT_UIT = "voert_uit"
    ONDERSTEUNT = "ondersteunt"


class Aanleiding(Model):
    """Eén aanleiding. Een hercontrole noemt de eerdere controle waarvan zij de overtreding volgt (CIM-VTH)."""

    soort: AanleidingSoort
    signaal: UUID | None = None
    controle: UUID | None = None

    @model_validator(mode="after")
    def names_its_source(self) -> Self:
        """A signaal names the signaal, a hercontrole the controle; the others name nothing."""
        if (self.soort is AanleidingSoort.SIGNAAL) != (self.signaal is not None):
            raise Onjuist("noem het signaal bij de aanleiding signaal, en alleen daarbij")
        if (self.soort is AanleidingSoort.HERCONTROLE) != (self.controle is not None):
            raise Onjuist("noem de eerdere controle bij de aanleiding hercontrole, en alleen daarbij")
        return self


class Deelnemer(Model):
    """Wie deelneemt, voor welke organisatie, en met welke taak."""

    functionaris: UUID
    organisatie: UUID
    taak: Taak


LEIDT = frozenset({"deelnemers", "coordinator", "initiatief"})
"""What of a plan or a start decides who reads the controle."""


THEMA = "`thema` zegt waarvoor de controle is; zonder is dat `prostitutie`."
"""What the version that says it changed."""


def _each_once(deelnemers: tuple[Deelnemer, ...]) -> tuple[Deelnemer, ...]:
    if len({wie.functionaris for wie in deelnemers}) < len(deelnemers):
        raise Onjuist("noem elke deelnemer één keer")
    return deelnemers


Deelnemers = Annotated[tuple[Deelnemer, ...], Field(min_length=1, max_length=100), AfterValidator(_each_once)]
Aanleidingen = Annotated[tuple[Aanleiding, ...], Field(max_length=100)]


def require_takes_part(coordinator: UUID | None, deelnemers: Iterable[Deelnemer] | None) -> None:
    """Who coordinates a controle is there. For use in a validator."""
    if coordinator is not None and coordinator not in {wie.functionaris for wie in deelnemers or ()}:
        raise Onjuist("de coördinator is een van de deelnemers")


def named(inhoud: Any) -> list[Sleutel]:
    """All documents that a plan or a start names."""
    return [
        *(Sleutel("organisatie", of) for of in (inhoud.initiatief,) if of),
        *(Sleutel("functionaris", wie.functionaris) for wie in inhoud.deelnemers or ()),
        *(Sleutel("organisatie", wie.organisatie) for wie in inhoud.deelnemers or ()),
        *(Sleutel("signaal", waarom.signaal) for waarom in inhoud.aanleidingen or () if waarom.signaal),
        *(Sleutel("controle", waarom.controle) for waarom in inhoud.aanleidingen or () if waarom.controle),
    ]
