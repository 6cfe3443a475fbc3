"""The document of a signaal."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from app.moment import Moment
from app.registraties.document import GENOEMD, OMSLAG, TEKST, ZAAK, Bijlage, GetoondAdres, Herzien, Kopie, Stempel
from app.registraties.lezing import PERIODE, Lijst, Reis
from app.registraties.model import Model
from app.registraties.signaal.beoordeeld import SignaalUitkomst
from app.registraties.signaal.gemeld import Advertentie
from app.vocabulary import Groep, Kring, Overlastsoort, Sectie, SignaalBron

Status = Literal["gemeld", "beoordeeld"]


class Beoordeling(Stempel):
    """Wat er met het signaal gebeurt, en waarom."""

    uitkomst: SignaalUitkomst
    tekst: Annotated[str | None, TEKST] = None


class Signaal(Herzien):
    """Een melding, advertentie of eigen waarneming over een adres."""

    lijst = Lijst("Signalen", ("gemeente", "bron", PERIODE, "status"))
    reis = Reis()

    class Intern(Model):
        """Who reported it, whether it counts, the place that its writer named, and what shuts it."""

        functionaris: UUID
        organisatie: UUID
        datum: date
        telt: bool
        locatie: Annotated[UUID | None, Kopie("locatie")] = None
        kringen: tuple[Kring, ...] | None = None
        plaats_kringen: Annotated[tuple[Kring, ...] | None, Kopie("locatie")] = None

    status: Annotated[Status, OMSLAG]
    gemeld_op: Annotated[Moment | None, OMSLAG] = None
    bron: Annotated[SignaalBron | Literal[""], ZAAK]
    gemeente: Annotated[str, OMSLAG]
    locatie: Annotated[UUID | None, ZAAK, GENOEMD, Kopie("locatie")] = None
    adres: Annotated[GetoondAdres | None, ZAAK, Kopie("locatie")] = None
    overlastsoort: Annotated[Overlastsoort | None, ZAAK] = None
    buurtcode: Annotated[str | None, ZAAK] = None
    tekst: Annotated[str | None, TEKST] = None
    triagetekst: Annotated[str | None, Sectie.MELDER] = None
    advertentie: Annotated[Advertentie | None, Sectie.MELDER] = None
    uitkomst: Annotated[SignaalUitkomst | None, ZAAK, Groep.BEOORDELING] = None
    beoordeling: Annotated[Beoordeling | None, ZAAK, Groep.BEOORDELING] = None
    bijlagen: Annotated[tuple[Bijlage, ...] | None, ZAAK] = None
    oefening: Annotated[bool | None, OMSLAG] = None
