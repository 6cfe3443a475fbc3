"""What goes over the wire, camelCase. Documents of the chain travel as folded; their fields stand with the acts."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.moment import Moment
from app.vocabulary import Opdrachtsoort


class Wire(BaseModel):
    """Names in camelCase; unknown fields refused; input never repeated in errors."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", hide_input_in_errors=True
    )


class DeviceAckOut(Wire):
    """Wat het toestel heeft afgeleverd."""

    contiguous_through: int = Field(description="Alle volgnummers tot en met dit nummer zijn ontvangen.")
    missing: list[int] = Field(description="Volgnummers daarboven die ontbreken.")


class HandshakeIn(Wire):
    """Wat het toestel is en kan."""

    protocollen: Annotated[list[int], Field(min_length=1, max_length=20)]
    app_versie: Annotated[str, Field(max_length=40)]
    toestel_tijd: Moment
    device_seq: Annotated[int | None, Field(ge=0, lt=2**53)] = Field(
        default=None, description="Het hoogste volgnummer dat het toestel uitgaf; weg of null: het nummert niet."
    )
    cursor: Annotated[str, Field(max_length=200)] | None = None


class Limits(Wire):
    """Hoeveel er in één keer mag."""

    max_ops: int
    max_bytes: int
    bijlage_max: int


class OpdrachtUit(Wire):
    """Een opdracht voor dit toestel."""

    soort: Opdrachtsoort
    opdracht: str = Field(description="Ondertekend (JWS, ES256). Stuur haar terug als het gedaan is.")


class HandshakeOut(Wire):
    """Wat de server spreekt en hoe het ervoor staat."""

    protocol: int
    soorten: dict[str, list[int]] = Field(description="Soorten registraties en hun versies.")
    server_tijd: datetime
    clock_offset_ms: int = Field(description="Servertijd min toesteltijd, in milliseconden.")
    epoch: str
    origin: str
    head: int
    limits: Limits
    token_expires_in: int
    device_ack: DeviceAckOut
    orders: list[OpdrachtUit] = Field(description="Wat het toestel moet doen, oudste eerst.")
    opdrachtsleutel: dict[str, str] = Field(
        description="De publieke sleutel (JWK) waarmee opdrachten zijn ondertekend."
    )


class EersteUitkomst(Wire):
    """De eerste uitkomst van een registratie die nog eens is verstuurd."""

    status: str
    code: str | None
    pos: int | None
    leaf_hash: str | None


class Resultaat(Wire):
    """Wat er met één registratie is gebeurd."""

    op_id: UUID | None
    status: str = Field(description="accepted, duplicate, conflict, quarantined, deferred of rejected.")
    code: str | None
    pos: int | None
    leaf_hash: str | None
    vlaggen: list[str]
    eerste: EersteUitkomst | None
    wissen: bool = Field(description="Wis de eigen kopie: schrijven geeft geen recht om te lezen.")
    wacht_op_bijlagen: list[UUID]


class PushOut(Wire):
    """Eén resultaat per registratie, in de volgorde van het verzoek."""

    server_tijd: datetime
    head: int
    device_ack: DeviceAckOut
    resultaten: list[Resultaat]


class Wijziging(Wire):
    """Eén document dat veranderde, of dat u niet meer mag zien."""

    pos: int
    collectie: str
    id: UUID
    op: str = Field(description="upsert of revoke.")
    rev: int | None = None
    doc: dict[str, Any] | None = None
    gemaskeerd: list[str] | None = Field(
        default=None, description="Velden die uw rol nooit ziet, of zij er zijn of niet."
    )


class PullOut(Wire):
    """Eén bladzijde wijzigingen."""

    wijzigingen: list[Wijziging]
    cursor: str = Field(description="Hier begint de volgende bladzijde; zeg er niets over, bewaar hem.")
    head: int
    meer: bool
    device_ack: DeviceAckOut


class Collectiestand(Wire):
    """Wat het toestel van één collectie heeft."""

    aantal: Annotated[int, Field(ge=0)]
    som: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="XOR van SHA-256 over `<id>:<rev>`, in hex.")]


class VergelijkingIn(Wire):
    """Wat het toestel heeft, per collectie; een collectie die ontbreekt is leeg."""

    cursor: Annotated[str, Field(max_length=200)]
    collecties: Annotated[dict[Annotated[str, Field(max_length=40)], Collectiestand], Field(max_length=20)]


class DocumentRev(Wire):
    """Eén document en zijn versie."""

    id: UUID
    rev: int


class Collectieverschil(Wire):
    """Wat u van deze collectie hoort te hebben: wis wat er niet bij staat, haal op wat u mist."""

    documenten: list[DocumentRev]


class VergelijkingOut(Wire):
    """Of het toestel heeft wat u mag zien."""

    stand: str = Field(description="gelijk, verschilt, of achter: haal eerst op en vergelijk dan.")
    collecties: dict[str, Collectieverschil] = Field(description="Alleen wat verschilt.")


class OntbrekendeBijlage(Wire):
    """Een bestand dat is aangekondigd en er niet is, of niet is wat was aangekondigd."""

    document: UUID = Field(description="De controle of het signaal.")
    gemeente: str | None
    bijlage: UUID
    registratie: UUID = Field(description="De registratie die het bestand aankondigde.")
    rol: str = Field(description="De rol van wie het aankondigde.")
    mediatype: str
    grootte: int = Field(description="In bytes.")
    aangekondigd_op: datetime
    uitkomst: str = Field(description="verwacht of afgekeurd.")
    afkeuring: str | None = Field(description="Waarom het is afgekeurd.")


class OntbrekendeBijlagen(Wire):
    """Eén bladzijde; een bladzijde kan leeg zijn terwijl er meer volgt."""

    resultaten: list[OntbrekendeBijlage]
    volgende: str | None = Field(description="De cursor van de volgende bladzijde, of null.")


class RxdbPullOut(Wire):
    """Wat de pull-handler van RxDB teruggeeft."""

    documents: list[dict[str, Any]] = Field(description="Documenten met `_deleted`; wat u niet meer ziet is leeg.")
    checkpoint: dict[str, str] = Field(description="Bewaar het zoals het is.")


class WatermelonPullOut(Wire):
    """Wat `pullChanges` van WatermelonDB teruggeeft."""

    changes: dict[str, dict[str, list[Any]]] = Field(description="Per tabel created (leeg), updated en deleted.")
    timestamp: int = Field(description="Groeit bij elk antwoord; hoort bij de cursor.")
    cursor: str = Field(description="Bewaar hem onder het getal van timestamp.")
    experimental_strategy: dict[str, Any] | None = Field(
        default=None, description="Er is alles: WatermelonDB laat vallen wat er niet bij staat."
    )


class WatermelonPushOut(Wire):
    """Wat `pushChanges` van WatermelonDB teruggeeft."""

    experimental_rejected_ids: dict[str, list[str]] = Field(description="Dit is niet bewaard; verstuur het later.")
    geweigerd: dict[str, str | None] = Field(description="Waarom een registratie nooit zo wordt aangenomen.")
    opnieuw: bool = Field(description="Vergeet de cursor: documenten die niet van u zijn, moeten terugkomen.")


class Lijst(Wire):
    """Eén bladzijde van een lijst."""

    volgende: str | None = Field(description="De cursor van de volgende bladzijde, of null.")


class Ik(Wire):
    """Wie u bent en wat u in deze hoedanigheid mag."""

    functionaris: UUID
    roltoewijzing: UUID
    rol: str
    organisatie: UUID
    gemeenten: list[str]
    toestel: UUID | None
    permissies: list[str]


class CijferSluiting(Wire):
    """Eén sluiting."""

    duur_maanden: int


class CijferBedrag(Wire):
    """Een aantal en een bedrag in eurocenten."""

    aantal: int
    bedrag: int


class CijferDwangsom(Wire):
    """Opgelegde lasten onder dwangsom."""

    aantal: int
    bedrag_per_last: int | None = Field(description="In eurocenten; null als de bedragen verschillen.")
    bedrag_totaal: int


class CijferAantal(Wire):
    """Een aantal."""

    aantal: int


class CijferVerbeurd(CijferBedrag):
    """Verbeurde dwangsommen."""

    per_stand: dict[str, CijferBedrag]


class CijferToegepast(CijferAantal):
    """Toegepaste bestuursdwang."""

    sluitingen: list[CijferSluiting]


class Tellingen(Wire):
    """Wat er is geteld; bedragen in eurocenten."""

    controles: int
    gecontroleerde_personen: int
    personen_illegale_prostitutie: int
    locaties: int
    locaties_per_soort: dict[str, int]
    last_onder_dwangsom: CijferDwangsom
    last_onder_bestuursdwang: CijferAantal
    overige_maatregelen: dict[str, int]
    dwangsom_verbeurd: CijferVerbeurd
    bestuursdwang_toegepast: CijferToegepast
    signalen_per_bron: dict[str, int]
    mensenhandelsignalen: int
    hulp_aangeboden: int
    onbesliste_verschillen: int


class Periode(Tellingen):
    """De tellingen van één maand, kwartaal of jaar."""

    vanaf: date


class Cijfers(Tellingen):
    """De cijfers op een rij; bedragen in eurocenten."""

    gemeentecode: str | None = None
    gemeentecodes: list[str]
    van: date
    tot_en_met: date
    peildatum: date
    gepeild_op: datetime
    grootboek_positie: int
    definities: dict[str, str] = Field(description="Wat elke telling is, in woorden.")
    perioden: list[Periode] = Field(default=[], description="Alleen met `per`.")


class MensenhandelsignaalUit(Wire):
    """De inhoud van één signaal van mensenhandel."""

    id: UUID
    status: str
    gemeente: str | None = None
    inhoud: dict[str, Any] | None = Field(
        description="Wat er is vastgelegd; null als het is vernietigd, wat nog niet gebouwd is."
    )
    opvolging: list[dict[str, Any]] = Field(
        description="In volgorde; `stand` is geldt, vervangen, verschil, verworpen of doorgehaald."
    )
    verschillen: list[dict[str, Any]] = Field(description="Correcties waarover nog niet is beslist.")


class QuarantaineUit(Wire):
    """Wat in quarantaine staat of stond, met wat er is verstuurd."""

    id: UUID
    status: str
    code: str = Field(description="Waarom het niet zonder meer geldt.")
    stand: str = Field(description="open, aanvaard of geweigerd.")
    soort: str | None = Field(description="Null als de soort hier niet bekend is.")
    ontvangen_op: datetime
    functionaris: UUID
    rol: str
    organisatie: UUID
    toestel: UUID | None
    weigering: dict[str, str] | None = Field(
        default=None, description="Als de wet het verbiedt: `artikel`, `reden` en `watNu`."
    )
    beoordeling: dict[str, Any] | None = Field(default=None, description="Wie besliste, wanneer en waarom.")
    registratie: dict[str, Any] | None = Field(description="De registratie zoals verstuurd, als zij te lezen was.")
    tekst: str | None = Field(description="De tekst precies zoals verstuurd, als hij niet te lezen was.")
