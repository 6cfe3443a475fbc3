"""The document of a functionaris."""

from typing import Annotated, Literal
from uuid import UUID

from app.registraties.document import OMSLAG, Herzien, Kopie
from app.registraties.lezing import Lijst, Reis
from app.registraties.model import Model
from app.vocabulary import Sectie


class Functionaris(Herzien):
    """Iemand die voor een organisatie werkt, met een aanduiding en zonder naam."""

    lijst = Lijst("Functionarissen")
    reis = Reis("naslag", "collegas:zien")

    class Intern(Model):
        """Where he works or worked."""

        gemeenten: Annotated[tuple[str, ...] | None, Kopie("roltoewijzing")] = None

    naslag: Annotated[Literal["functionaris"], OMSLAG]
    aanduiding: Annotated[str, Sectie.PERSOON]
    organisatie: Annotated[UUID, OMSLAG]
