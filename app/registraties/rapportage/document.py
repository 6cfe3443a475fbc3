"""The document of a rapportage."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from app.moment import Dag, Datum, Moment
from app.registraties.bron import Bronkenmerk
from app.registraties.document import GENOEMD, OMSLAG, TEKST, ZAAK, Door, GetoondAdres, Kopie, Onderbouwd, Stempel
from app.registraties.lezing import ADRES, KENMERK, POSTCODE, Lijst, Reis
from app.registraties.model import Model
from app.registraties.rapportage.opgemaakt import RapportageSoort
from app.registraties.rapportage.verstrekt import Geadresseerde
from app.vocabulary import Orgaan

Status = Literal["opgemaakt", "vastgesteld", "verstrekt", "ontvangen", "doorgehaald"]


class Verstrekking(Stempel):
    """Aan wie en hoe de rapportage is verstrekt."""

    aan: Geadresseerde
    weergave: Literal["volledig", "gelakt"]
    verstrekt_op: Datum


class RapportageOntvangst(Stempel):
    """Wanneer de rapportage is ontvangen, en door welk orgaan."""

    ontvangen_op: Datum
    orgaan: Orgaan


class Rapportage(Onderbouwd):
    """Een bestuurlijke rapportage, controlerapport of verslag van binnentreden."""

    lijst = Lijst("Rapportages", ("gemeente", "status", "soort", ADRES, POSTCODE, KENMERK), volgorde=("opgemaaktOp",))
    reis = Reis()

    class Intern(Model):
        """Who wrote it and when, whose its reference is, and the places that the writers of its controles named."""

        functionaris: UUID | None = None
        organisatie: UUID | None = None
        opgemaakt_datum: date | None = None
        bron_van: UUID | None = None
        locatie: Annotated[UUID | None, Kopie("controle")] = None
        locaties: Annotated[tuple[UUID, ...] | None, Kopie("controle")] = None

    status: Annotated[Status, OMSLAG]
    soort: Annotated[RapportageSoort | None, ZAAK] = None
    bronkenmerk: Annotated[Bronkenmerk | None, ZAAK] = None
    gemeente: Annotated[str | None, OMSLAG] = None
    oefening: Annotated[bool | None, OMSLAG] = None
    controles: Annotated[tuple[UUID, ...] | None, ZAAK] = None
    locatie: Annotated[UUID | None, ZAAK, GENOEMD, Kopie("controle")] = None
    locaties: Annotated[tuple[UUID, ...] | None, ZAAK, GENOEMD, Kopie("controle")] = None
    adres: Annotated[GetoondAdres | None, ZAAK, Kopie("controle")] = None
    tekst: Annotated[str | None, TEKST] = None
    opgemaakt_door: Annotated[Door | None, ZAAK] = None
    opgemaakt_op: Annotated[Moment | None, ZAAK] = None
    vastgesteld_op: Annotated[Dag, ZAAK] = None
    vastgesteld_door: Annotated[Door | None, ZAAK] = None
    verstrekkingen: Annotated[tuple[Verstrekking, ...], ZAAK]
    ontvangsten: Annotated[tuple[RapportageOntvangst, ...], ZAAK]
