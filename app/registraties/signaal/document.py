"""The document of a signaal."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from app.moment import Moment
from app.registraties.act import Doc
from app.registraties.bron import Bronkenmerk
from app.registraties.document import (
    GENOEMD,
    OMSLAG,
    TEKST,
    ZAAK,
    Afgeleid,
    Bijlage,
    GetoondAdres,
    Herzien,
    Kopie,
    Stempel,
)
from app.registraties.lezing import ADRES, KENMERK, POSTCODE, Lijst, Reis
from app.registraties.model import Model
from app.registraties.signaal.beoordeeld import SignaalUitkomst
from app.registraties.signaal.gemeld import Advertentie
from app.vocabulary import Groep, Kring, Overlastsoort, Sectie, SignaalBron

Status = Literal["gemeld", "beoordeeld"]


def taken_in_by(doc: Doc) -> str | None:
    """The organisation that took it in; None when the report was struck and only its judgement is left."""
    return doc["_organisatie"] if doc["bron"] else None


class Beoordeling(Stempel):
    """Wat er met het signaal gebeurt, en waarom."""

    uitkomst: SignaalUitkomst
    tekst: Annotated[str | None, TEKST] = None


class Signaal(Herzien):
    """Een melding, advertentie of eigen waarneming over een adres."""

    lijst = Lijst(
        "Signalen", ("gemeente", "bron", "status", "overlastsoort", ADRES, POSTCODE, KENMERK), volgorde=("gemeldOp",)
    )
    reis = Reis()

    class Intern(Model):
        """Who reported it, whether it counts, whose its reference is, the place that was named, and what shuts it."""

        functionaris: UUID
        organisatie: UUID
        datum: date
        telt: bool
        bron_van: UUID | None = None
        locatie: Annotated[UUID | None, Kopie("locatie")] = None
        kringen: tuple[Kring, ...] | None = None
        plaats_kringen: Annotated[tuple[Kring, ...] | None, Kopie("locatie")] = None

    status: Annotated[Status, OMSLAG]
    gemeld_op: Annotated[Moment | None, OMSLAG] = None
    ontvangen_op: Annotated[Moment | None, OMSLAG] = None
    bron: Annotated[SignaalBron | Literal[""], ZAAK]
    organisatie: Annotated[UUID | None, ZAAK, Afgeleid(taken_in_by)] = None
    bronkenmerk: Annotated[Bronkenmerk | None, ZAAK] = None
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
