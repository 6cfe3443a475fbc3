"""The document of a roltoewijzing."""

from typing import Annotated, Literal
from uuid import UUID

from app.moment import Moment
from app.registraties.document import OMSLAG, Document, Door
from app.registraties.lezing import Lijst
from app.vocabulary import Grondslag, Rol


class Roltoewijzing(Document):
    """Een rol van een functionaris bij een organisatie, voor gemeenten, van–tot."""

    lijst = Lijst("Roltoewijzingen")

    functionaris: Annotated[UUID, OMSLAG]
    rol: Annotated[Rol, OMSLAG]
    organisatie: Annotated[UUID, OMSLAG]
    gemeenten: Annotated[tuple[str, ...], OMSLAG]
    van: Annotated[Moment, OMSLAG]
    tot: Annotated[Moment | None, OMSLAG] = None
    grondslag: Annotated[Grondslag, OMSLAG]
    aanwijzingsbesluit: Annotated[str | None, OMSLAG] = None
    status: Annotated[Literal["wacht_op_bevestiging", "bevestigd"] | None, OMSLAG] = None
    verleend_door: Annotated[Door, OMSLAG]
    bevestigd_op: Annotated[Moment | None, OMSLAG] = None
    bevestigd_door: Annotated[Door | None, OMSLAG] = None
