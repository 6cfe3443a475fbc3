"""The documents of a controle: itself, and what the regisseur is told of every one."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from app.moment import Dag, Moment
from app.registraties.controle.afgelast import Afgelastreden
from app.registraties.controle.afspraken import Aanleiding, Deelnemer
from app.registraties.controle.bevinding_vastgelegd import (
    BevindingAard,
    BevindingUitkomst,
    BevindingWijze,
    DoorgegevenAan,
    Tolk,
)
from app.registraties.controle.binnentreden import Binnentreden
from app.registraties.controle.gepland import Venster
from app.registraties.controle.gestart import Bekendmaking, Benadering
from app.registraties.controle.hulp_aangeboden import Aanvaard
from app.registraties.controle.overtreding import AantalPersonen
from app.registraties.controle.stand import theme
from app.registraties.controle.tellen import help_by_kind, helped, offered_help, outcomes, per_role
from app.registraties.controle.telling_vastgelegd import Leeftijdsband, Regio
from app.registraties.document import (
    GENOEMD,
    OMSLAG,
    TEKST,
    ZAAK,
    Afgeleid,
    Bijlage,
    Document,
    GetoondAdres,
    Herzien,
    Kopie,
    Met,
    Stempel,
)
from app.registraties.lezing import ADRES, GEZIEN, POSTCODE, Lijst, Reis
from app.registraties.model import Model
from app.vocabulary import (
    BevindingCode,
    Groep,
    Hoedanigheid,
    Hulpsoort,
    Kring,
    LocatieSoort,
    OvertredingSoort,
    PersoonRol,
    Sectie,
    Situatie,
    Thema,
)

Uitkomst = OvertredingSoort | Literal["niet_vastgesteld"]
Status = Literal["gepland", "afgelast", "gestart", "afgerond", "vervallen", "doorgehaald"]
PERSOON, HULP = Sectie.PERSOON, Sectie.HULP


class Gezien(Model):
    """Wie de attendering zag."""

    functionaris: UUID
    op: UUID
    gezien_op: Moment


class Geteld(Model):
    """Een telling die zei aan hoeveel personen hulp is aangeboden, en van wie."""

    op: UUID
    functionaris: UUID


class Gestempeld(Stempel):
    """Een onderdeel van een controle, met wat er bijzonder aan is."""

    nagekomen: bool | None = None
    uit_quarantaine: bool | None = None
    oefening: bool | None = None


class Persoon(Gestempeld):
    """Iemand die is aangetroffen, zonder naam."""

    id: UUID
    nummer: int
    rol: PersoonRol


class Bevinding(Gestempeld):
    """Wat is gevonden, en hoe men het weet."""

    id: UUID
    code: BevindingCode
    aard: BevindingAard
    wijze: BevindingWijze
    uitkomst: BevindingUitkomst | None = None
    doorgegeven_aan: Annotated[tuple[DoorgegevenAan, ...] | None, Groep.DOORGEGEVEN] = None
    tolk: Tolk | None = None
    tekst: Annotated[str | None, TEKST] = None


class Telling(Gestempeld):
    """Hoeveel personen iemand telde, zonder te zeggen wie."""

    per_rol: dict[PersoonRol, int] | None = None
    regio_herkomst: dict[Regio, int] | None = None
    leeftijdsband: dict[Leeftijdsband, int] | None = None
    hulp_aangeboden: Annotated[int | None, HULP] = None
    hulp_per_soort: Annotated[dict[Hulpsoort, int] | None, HULP] = None
    toestemming: Annotated[bool | None, HULP] = None


class Hulp(Gestempeld):
    """Hulp die aan iemand is aangeboden."""

    persoon: UUID | None = None
    vervolgt: UUID | None = None
    aangeboden: bool
    aanvaard: Aanvaard | None = None
    doorverwezen_naar: tuple[Hulpsoort, ...] | None = None
    toestemming: bool | None = None


class ControleBijlage(Bijlage):
    """Een aangekondigd bestand; met wat erbij staat als het apart is toegevoegd."""

    onderschrift: Annotated[str | None, TEKST] = None
    geen_personen_in_beeld: bool | None = None
    nagekomen: bool | None = None
    uit_quarantaine: bool | None = None
    oefening: bool | None = None


class VastgesteldeOvertreding(Gestempeld):
    """Welke overtreding is vastgesteld, uit welke bevindingen; zonder `alleen` of `aantal` telt zij wie is gevonden."""

    id: UUID
    soort: OvertredingSoort
    bevindingen: tuple[UUID, ...]
    alleen: Annotated[tuple[UUID, ...] | None, Met(PERSOON)] = None
    aantal: Annotated[AantalPersonen | None, Met(PERSOON)] = None


class ControleStart(Gestempeld):
    """De start; `naAfgelasting` als de controle toen al was afgelast."""

    na_afgelasting: bool | None = None


class Start(Gestempeld):
    """Een tweede start, waarover nog niet is beslist."""

    benadering: Benadering
    situatie: Situatie
    hoedanigheid_bekendgemaakt: Bekendmaking | None = None
    binnentreden: Binnentreden | None = None
    hoedanigheid: Hoedanigheid | None = None
    onderlinge_regeling: str | None = None
    thema: Thema | None = None
    deelnemers: tuple[Deelnemer, ...] | None = None
    aanleidingen: tuple[Aanleiding, ...] | None = None
    initiatief: UUID | None = None
    coordinator: UUID | None = None


class Afronding(Gestempeld):
    """Een afronding met wat zij zelf concludeerde; de overtredingen staan bij de controle."""

    uitkomst: Literal["niet_vastgesteld"] | None = None
    overtredingen: tuple[UUID, ...]


class Afgelasting(Gestempeld):
    """Dat een geplande controle niet doorgaat, en waarom."""

    reden: Afgelastreden
    tekst: Annotated[str | None, TEKST] = None


class Controle(Herzien):
    """Eén bezoek aan een locatie, gepland, uitgevoerd en afgerond."""

    lijst = Lijst(
        "Controles",
        ("gemeente", "locatie", "status", "thema", ADRES, POSTCODE),
        volgorde=("datum", "venster.van"),
        duurt_tot="venster.tot",
    )
    reis = Reis()

    class Intern(Model):
        """Writers, who saw its attendering, what counts, the place named, what shuts it, its term, its ends, counts."""

        schrijvers: tuple[UUID, ...] | None = None
        gezien: tuple[Gezien, ...] | None = None
        telt: bool | None = None
        locatie: UUID | None = None
        kringen: tuple[Kring, ...] | None = None
        plaats_kringen: Annotated[tuple[Kring, ...] | None, Kopie("locatie")] = None
        afgerond_ontvangen: date | None = None
        afgelast_ontvangen: date | None = None
        einden: tuple[Afronding, ...] | None = None
        team_tot_en_met: date | None = None
        geteld: tuple[Geteld, ...] | None = None
        geschreven: dict[UUID, Moment] | None = None

    verschillen_besloten: Annotated[int | None, TEKST, Groep.VERSCHILLEN] = None
    status: Annotated[Status, OMSLAG]
    gemeente: Annotated[str | None, OMSLAG, Kopie("locatie")] = None
    hoedanigheid: Annotated[Hoedanigheid | None, OMSLAG] = None
    onderlinge_regeling: Annotated[str | None, ZAAK] = None
    oefening: Annotated[bool | None, OMSLAG] = None
    locatie: Annotated[UUID | None, ZAAK, Groep.DEUR, GENOEMD, Kopie("locatie")] = None
    adres: Annotated[GetoondAdres | None, ZAAK, Groep.DEUR, Kopie("locatie")] = None
    locatie_soort: Annotated[LocatieSoort | None, ZAAK, Groep.DEUR, Kopie("locatie")] = None
    thema: Annotated[Thema | None, ZAAK, Afgeleid(theme)] = None
    venster: Annotated[Venster | None, ZAAK] = None
    planning: Annotated[Gestempeld | None, ZAAK] = None
    afgelasting: Annotated[Afgelasting | None, ZAAK] = None
    aanleidingen: Annotated[tuple[Aanleiding, ...] | None, ZAAK] = None
    initiatief: Annotated[UUID | None, ZAAK] = None
    coordinator: Annotated[UUID | None, ZAAK] = None
    deelnemers: Annotated[tuple[Deelnemer, ...] | None, ZAAK] = None
    begonnen_op: Annotated[Moment | None, ZAAK] = None
    datum: Annotated[Dag, ZAAK, Groep.DEUR] = None
    start: Annotated[ControleStart | None, ZAAK] = None
    start_verschillen: Annotated[tuple[Start, ...] | None, ZAAK] = None
    benadering: Annotated[Benadering | None, ZAAK] = None
    hoedanigheid_bekendgemaakt: Annotated[Bekendmaking | None, ZAAK] = None
    situatie: Annotated[Situatie | None, ZAAK] = None
    binnentreden: Annotated[Binnentreden | None, ZAAK] = None
    personen: Annotated[tuple[Persoon, ...] | None, PERSOON] = None
    personen_per_rol: Annotated[dict[PersoonRol, int] | None, PERSOON, Groep.AANTALLEN, Afgeleid(per_role)] = None
    bevindingen: Annotated[tuple[Bevinding, ...] | None, ZAAK] = None
    tellingen: Annotated[tuple[Telling, ...] | None, PERSOON, Groep.TELLING] = None
    hulp: Annotated[tuple[Hulp, ...] | None, HULP] = None
    hulp_per_soort: Annotated[dict[Hulpsoort, int] | None, HULP, Groep.HULPSOORTEN, Afgeleid(help_by_kind)] = None
    hulp_personen: Annotated[int | None, HULP, Groep.HULPSOORTEN, Afgeleid(offered_help)] = None
    hulp_aantal: Annotated[int | None, HULP, Groep.HULPAANTAL, Afgeleid(helped)] = None
    bijlagen: Annotated[tuple[ControleBijlage, ...] | None, ZAAK] = None
    uitkomst: Annotated[Literal["niet_vastgesteld"] | None, ZAAK] = None
    uitkomsten: Annotated[tuple[Uitkomst, ...] | None, ZAAK, Groep.DEUR, Afgeleid(outcomes)] = None
    overtredingen: Annotated[tuple[VastgesteldeOvertreding, ...] | None, ZAAK] = None
    einde_op: Annotated[Moment | None, ZAAK] = None
    afronding: Annotated[Gestempeld | None, ZAAK] = None
    einde_verschillen: Annotated[tuple[Afronding, ...] | None, ZAAK] = None


class Attendering(Document):
    """Het bericht aan de regisseur dat er een controle is."""

    lijst = Lijst("Attenderingen", ("gemeente", "status", GEZIEN), volgorde=("begonnenOp", "aangemaaktOp"))
    reis = Reis()

    controle: Annotated[UUID, OMSLAG]
    gemeente: Annotated[str | None, OMSLAG] = None
    status: Annotated[Status, OMSLAG]
    begonnen_op: Annotated[Moment | None, OMSLAG] = None
    oefening: Annotated[bool | None, OMSLAG] = None
    aangemaakt: Annotated[Literal["planning", "eerste_vastlegging"], OMSLAG]
    aangemaakt_op: Annotated[Moment | None, OMSLAG] = None
    gezien_door: Annotated[tuple[Gezien, ...], OMSLAG]
