"""The document of a locatie."""

from typing import Annotated
from uuid import UUID

from app.registraties.document import OMSLAG, ZAAK, GetoondAdres, Herzien
from app.registraties.lezing import ADRES, POSTCODE, Lijst, Reis
from app.registraties.model import Model
from app.vocabulary import Bewoond, Groep, Hoedanigheid, Kring, LocatieSoort


class Locatie(Herzien):
    """Een adres waar iets is gemeld of gecontroleerd."""

    lijst = Lijst("Locaties", ("gemeente", "soort", ADRES, POSTCODE))
    reis = Reis()

    class Intern(Model):
        """The key of its address, who recorded it, and what shuts it."""

        sleutel: str
        functionaris: UUID
        organisatie: UUID
        kringen: tuple[Kring, ...] | None = None

    gemeente: Annotated[str, OMSLAG]
    soort: Annotated[LocatieSoort, ZAAK]
    feitelijk_bewoond: Annotated[Bewoond, ZAAK]
    hoedanigheid: Annotated[Hoedanigheid, OMSLAG]
    bag_id: Annotated[str | None, ZAAK] = None
    adres: Annotated[GetoondAdres, ZAAK]
    canoniek: Annotated[UUID | None, ZAAK, Groep.CANONIEK] = None
    doorgehaald: Annotated[bool | None, OMSLAG] = None
