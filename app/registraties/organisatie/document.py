"""The document of an organisatie."""

from typing import Annotated, Literal

from app.registraties.document import OMSLAG, Herzien
from app.registraties.lezing import Lijst, Reis
from app.vocabulary import OrganisatieSoort


class Organisatie(Herzien):
    """Een organisatie die meedoet."""

    lijst = Lijst("Organisaties")
    reis = Reis("naslag", "naslag:zien")

    naslag: Annotated[Literal["organisatie"], OMSLAG]
    soort: Annotated[OrganisatieSoort, OMSLAG]
    naam: Annotated[str, OMSLAG]
    gemeentecode: Annotated[str | None, OMSLAG] = None
    gemeenten: Annotated[tuple[str, ...] | None, OMSLAG] = None
