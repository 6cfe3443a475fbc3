"""The document of a toestel."""

from typing import Annotated, Literal
from uuid import UUID

from app.moment import Moment
from app.registraties.document import OMSLAG, TEKST, Document, Door, Kopie
from app.registraties.lezing import Lijst
from app.registraties.model import Model
from app.vocabulary import Intrekkingsreden, Opdrachtsoort, Platform, Rol


class Toestelrol(Model):
    """Een rol waarvoor het toestel is goedgekeurd."""

    roltoewijzing: UUID
    rol: Rol | None
    organisatie: UUID | None


class Opdracht(Model):
    """Een opdracht aan het toestel."""

    id: UUID
    soort: Opdrachtsoort
    onverzonden_wissen: bool
    gegeven_op: Moment
    door: Door


class Berging(Model):
    """Tot wanneer een ingetrokken toestel nog mag afleveren."""

    tot: Moment | None = None
    geopend_op: Moment
    door: Door
    gesloten_op: Moment | None = None


class Toestel(Document):
    """De telefoon waarmee een functionaris vastlegt."""

    lijst = Lijst("Toestellen")

    status: Annotated[Literal["wacht_op_goedkeuring", "goedgekeurd", "ingetrokken"], OMSLAG]
    functionaris: Annotated[UUID, OMSLAG]
    roltoewijzing: Annotated[UUID | None, OMSLAG] = None
    omschrijving: Annotated[str | None, TEKST] = None
    platform: Annotated[Platform | None, OMSLAG] = None
    app_versie: Annotated[str | None, OMSLAG] = None
    opslag_versleuteld: Annotated[bool | None, OMSLAG] = None
    sleutel_id: Annotated[str | None, OMSLAG] = None
    ondertekent: Annotated[bool, OMSLAG]
    rollen: Annotated[tuple[Toestelrol, ...], OMSLAG, Kopie("roltoewijzing")]
    gemeenten: Annotated[tuple[str, ...], OMSLAG, Kopie("roltoewijzing")]
    ingeschreven_op: Annotated[Moment, OMSLAG]
    ingeschreven_door: Annotated[Door, OMSLAG]
    goedgekeurd_op: Annotated[Moment | None, OMSLAG] = None
    goedgekeurd_door: Annotated[Door | None, OMSLAG] = None
    ingetrokken_op: Annotated[Moment | None, OMSLAG] = None
    ingetrokken_door: Annotated[Door | None, OMSLAG] = None
    reden: Annotated[Intrekkingsreden | None, OMSLAG] = None
    berging: Annotated[Berging | None, OMSLAG] = None
    opdrachten: Annotated[tuple[Opdracht, ...] | None, OMSLAG] = None
