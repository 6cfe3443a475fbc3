"""The document of a maatregel."""

from typing import Annotated, Literal
from uuid import UUID

from app.moment import Dag, Datum, Moment
from app.registraties.bron import Bronkenmerk
from app.registraties.controle.binnentreden import Toestemming
from app.registraties.document import GENOEMD, OMSLAG, TEKST, ZAAK, Door, GetoondAdres, Kopie, Onderbouwd, Stempel
from app.registraties.lezing import ADRES, KENMERK, POSTCODE, Lijst, Reis
from app.registraties.maatregel.invordering_afgezien import Afzienreden
from app.registraties.maatregel.onderdelen import (
    Adressaat,
    AdressaatHoedanigheid,
    Besluitnemer,
    Betreft,
    Dwangsom,
    Evenredigheidstoets,
    NietGehoord,
    WettelijkeGrondslag,
    Wijze,
)
from app.registraties.maatregel.opgelegd import Herstelmaatregel
from app.registraties.model import Model
from app.vocabulary import Groep, Kring, MaatregelSoort, Orgaan, Sectie

Status = Literal[
    "voorgenomen", "opgelegd", "in_werking", "uitgewerkt", "toegepast", "opgeheven", "verlopen", "doorgehaald"
]
PERSOON = Sectie.PERSOON


class Zienswijze(Stempel):
    """Wat een belanghebbende liet weten."""

    betreft: Betreft
    verbeurte: UUID | None = None
    ontvangen_op: Datum
    wijze: Literal["schriftelijk", "mondeling"]
    tekst: Annotated[str | None, TEKST] = None


class Bekendgemaakt(Stempel):
    """Welk besluit aan wie bekend is gemaakt."""

    betreft: Betreft
    verbeurte: UUID | None = None
    besluit: UUID | None = None
    adressaat: Annotated[AdressaatHoedanigheid | None, PERSOON] = None
    datum: Datum
    wijze: Literal["aangetekend", "uitgereikt", "digitaal", "aanplakking"]


class Betaling(Stempel):
    """Wat op een verbeurte is betaald, in eurocenten."""

    betaald_op: Datum
    bedrag: int


class Voornemen(Stempel):
    """Een voornemen tot invordering."""

    voorgenomen_op: Datum
    zienswijze_tot_en_met: Dag = None


class Beschikking(Stempel):
    """De invorderingsbeschikking."""

    beschikt_op: Datum
    besloten_door: Besluitnemer | None = None
    niet_gehoord_reden: NietGehoord | None = None


class Afgezien(Stempel):
    """Waarom van invordering is afgezien."""

    afgezien_op: Datum
    reden: Afzienreden
    toelichting: Annotated[str | None, TEKST] = None


class Verbeurte(Stempel):
    """Een verbeurde dwangsom; bedragen in eurocenten."""

    id: UUID
    controle: UUID
    datum: Datum
    bedrag: int
    betaald: int
    betalingen: tuple[Betaling, ...]
    voornemen: Voornemen | None = None
    beschikking: Beschikking | None = None
    afgezien: Afgezien | None = None
    status: Literal["open", "voorgenomen", "beschikt", "geind", "afgezien"]


class Toepassing(Stempel):
    """De feitelijke toepassing van bestuursdwang."""

    datum: Datum
    wijze: Wijze
    controle: UUID | None = None
    rapportage: UUID | None = None
    duur_maanden: int | None = None
    tot: Dag = None
    voorgenomen_op: Dag = None
    zienswijze_tot_en_met: Dag = None
    besloten_op: Dag = None
    besloten_door: Besluitnemer | None = None
    bekendgemaakt_op: Dag = None
    machtiging_tot_binnentreden_op: Dag = None
    toestemming: Toestemming | None = None
    evenredigheidstoets: Annotated[Evenredigheidstoets | None, TEKST] = None


class Verlenging(Stempel):
    """Tot welke dag de sluiting langer duurt."""

    tot: Datum
    evenredigheidstoets: Annotated[Evenredigheidstoets | None, TEKST] = None


class Einde(Model):
    """Wanneer en waarom de sluiting eindigde; `vanzelf` als de termijn om was."""

    op: UUID
    datum: Datum
    reden: Literal["termijn_verstreken", "opgeheven", "ingetrokken"]
    vanzelf: bool | None = None
    door: Door | None = None
    waargenomen_op: Moment | None = None


class Maatregel(Onderbouwd):
    """Een bestuurlijke maatregel, van voornemen tot einde."""

    lijst = Lijst(
        "Maatregelen",
        ("gemeente", "locatie", "status", "soort", ADRES, POSTCODE, KENMERK),
        volgorde=("opgelegdOp", "voorgenomenOp", "toepassing.datum"),
        sorteer=("geldtTotEnMet",),
    )
    reis = Reis()

    class Intern(Model):
        """Which entries count, whose its reference is, and the place that its writer named."""

        tellend: tuple[UUID, ...]
        bron_van: UUID | None = None
        locatie: Annotated[UUID | None, Kopie("locatie")] = None
        plaats_kringen: Annotated[tuple[Kring, ...] | None, Kopie("locatie")] = None

    status: Annotated[Status, OMSLAG]
    soort: Annotated[MaatregelSoort | None, ZAAK] = None
    bronkenmerk: Annotated[Bronkenmerk | None, ZAAK] = None
    gemeente: Annotated[str | None, OMSLAG, Kopie("locatie")] = None
    oefening: Annotated[bool | None, OMSLAG] = None
    locatie: Annotated[UUID | None, ZAAK, GENOEMD, Kopie("locatie")] = None
    adres: Annotated[GetoondAdres | None, ZAAK, Kopie("locatie")] = None
    bevoegd_orgaan: Annotated[Orgaan | None, ZAAK] = None
    grondslag: Annotated[WettelijkeGrondslag | None, ZAAK] = None
    rapportage: Annotated[UUID | None, ZAAK] = None
    adressaten: Annotated[tuple[Adressaat, ...] | None, PERSOON] = None
    voorgenomen_op: Annotated[Dag, ZAAK] = None
    zienswijze_tot_en_met: Annotated[Dag, ZAAK] = None
    niet_gehoord_reden: Annotated[NietGehoord | None, ZAAK, Groep.BESLUITVORMING] = None
    voornemen: Annotated[Stempel | None, ZAAK, Groep.BESLUITVORMING] = None
    zienswijzen: Annotated[tuple[Zienswijze, ...] | None, ZAAK, Groep.BESLUITVORMING] = None
    opgelegd_op: Annotated[Dag, ZAAK] = None
    besloten_door: Annotated[Besluitnemer | None, ZAAK] = None
    begunstiging: Annotated[Literal["direct"] | None, ZAAK] = None
    begunstiging_tot_en_met: Annotated[Dag, ZAAK] = None
    dwangsom: Annotated[Dwangsom | None, ZAAK] = None
    herstelmaatregelen: Annotated[tuple[Herstelmaatregel, ...] | None, ZAAK] = None
    bij_volgende_overtreding: Annotated[Wijze | None, ZAAK] = None
    aangezegde_duur_maanden: Annotated[int | None, ZAAK] = None
    evenredigheidstoets: Annotated[Evenredigheidstoets | None, TEKST] = None
    eerdere_maatregelen: Annotated[tuple[UUID, ...] | None, ZAAK] = None
    besluit: Annotated[Stempel | None, ZAAK] = None
    bekendmakingen: Annotated[tuple[Bekendgemaakt, ...], ZAAK]
    bekendgemaakt_op: Annotated[Dag, ZAAK]
    verbeurten: Annotated[tuple[Verbeurte, ...] | None, ZAAK, Groep.BESLUITVORMING] = None
    toepassing: Annotated[Toepassing | None, ZAAK] = None
    verlengingen: Annotated[tuple[Verlenging, ...] | None, ZAAK, Groep.BESLUITVORMING] = None
    sluiting_tot: Annotated[Dag, ZAAK]
    geldt_tot_en_met: Annotated[Dag, ZAAK]
    einde: Annotated[Einde | None, ZAAK] = None
