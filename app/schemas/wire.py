"""What goes over the wire, camelCase. Documents of the chain travel as folded; their fields stand with the acts."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Json
from pydantic.alias_generators import to_camel

from app.moment import Moment
from app.vocabulary import Opdrachtsoort, Rol


class Wire(BaseModel):
    """Names in camelCase; unknown fields refused; input never repeated in errors."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", hide_input_in_errors=True
    )


class DeviceAckUit(Wire):
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


class HandshakeUit(Wire):
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
    device_ack: DeviceAckUit
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


class PushUit(Wire):
    """Eén resultaat per registratie, in de volgorde van het verzoek."""

    server_tijd: datetime
    head: int
    device_ack: DeviceAckUit
    resultaten: list[Resultaat]


class Bijgewerkt(Wire):
    """Een document dat veranderde, zoals u het mag zien."""

    pos: int
    collectie: str
    id: UUID
    op: Literal["upsert"]
    rev: int
    doc: Any
    gemaskeerd: list[str] = Field(description="Velden die uw rol nooit ziet, of zij er zijn of niet.")


class Intrekking(Wire):
    """Een document dat u niet meer mag zien."""

    pos: int
    collectie: str
    id: UUID
    op: Literal["revoke"]


class BladzijdeEinde(Wire):
    """Een bladzijde van de opname is om. Aan `op` ziet u het verschil: deze regel heeft dat niet."""

    cursor: str = Field(description="Afgebroken? Ga hier verder, met deze opname of met pull.")
    compleet: bool = Field(description="Of dit alles was.")


class PullUit(Wire):
    """Eén bladzijde wijzigingen."""

    wijzigingen: list[Any]
    cursor: str = Field(description="Hier begint de volgende bladzijde; zeg er niets over, bewaar hem.")
    head: int
    meer: bool
    device_ack: DeviceAckUit


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


class VergelijkingUit(Wire):
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


class RxdbVerwijderd(Wire):
    """Een document dat op het toestel moet verdwijnen."""

    id: UUID
    deleted: Literal[True] = Field(alias="_deleted")


class RxdbDocument(Wire):
    """Een document zoals RxDB het bewaart."""

    id: UUID
    doc: Any
    gemaskeerd: list[str] = Field(description="Velden die uw rol nooit ziet, of zij er zijn of niet.")
    deleted: Literal[False] = Field(alias="_deleted")


class RxdbCheckpoint(Wire):
    """Tot waar is opgehaald."""

    cursor: str


class RxdbPullUit(Wire):
    """Wat de pull-handler van RxDB teruggeeft."""

    documents: list[Any] = Field(description="Documenten met `_deleted`; wat u niet meer ziet is leeg.")
    checkpoint: RxdbCheckpoint = Field(description="Bewaar het zoals het is.")


class RxdbRegistratie(BaseModel):
    """Een registratie zoals zij op het toestel moet worden: zoals verstuurd, met wat ervan werd."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    deleted: bool | None = Field(default=None, alias="_deleted", description="Waar: wis haar op het toestel.")
    sync_status: Literal["conflict", "rejected"] | None = Field(default=None, alias="syncStatus")
    sync_code: str | None = Field(default=None, alias="syncCode")


class Tabelrij(Wire):
    """Een document als rij; tekstkolommen bevatten JSON."""

    id: UUID
    doc: str
    gemaskeerd: Json[list[str]] = Field(description="Velden die uw rol nooit ziet, of zij er zijn of niet.")


class Tabel(Wire):
    """Wat er in één tabel veranderde."""

    created: Annotated[list[Any], Field(max_length=0, description="Leeg: alles staat in updated.")]
    updated: list[Any]
    deleted: list[UUID]


class EigenTabel(Tabel):
    """Wat het toestel van zijn eigen registraties moet wissen."""

    created: Annotated[list[UUID], Field(max_length=0)]
    updated: Annotated[list[UUID], Field(max_length=0)]


class Tabellen(Wire):
    """Wat er per tabel veranderde; de tabellen waarom is gevraagd."""

    registraties: EigenTabel


class EigenBlijven(Wire):
    """Welke tabellen niet worden vervangen."""

    registraties: Literal["incremental"]


class Vervanging(Wire):
    """Hoe WatermelonDB het antwoord verwerkt."""

    default: Literal["replacement"]
    override: EigenBlijven


class WatermelonPullUit(Wire):
    """Wat `pullChanges` van WatermelonDB teruggeeft."""

    changes: Tabellen
    timestamp: int = Field(description="Groeit bij elk antwoord; hoort bij de cursor.")
    cursor: str = Field(description="Bewaar hem onder het getal van timestamp.")
    experimental_strategy: Vervanging | None = Field(
        default=None, description="Er is alles: WatermelonDB laat vallen wat er niet bij staat."
    )


class NietBewaard(Wire):
    """Wat niet is bewaard, per tabel."""

    registraties: list[str]


class WatermelonPushUit(Wire):
    """Wat `pushChanges` van WatermelonDB teruggeeft."""

    experimental_rejected_ids: NietBewaard = Field(description="Dit is niet bewaard; verstuur het later.")
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


class VerstuurdeBijlage(Wire):
    """Een bestand dat een registratie aankondigde."""

    id: UUID
    sha256: str
    grootte: int
    mediatype: str


class VerstuurdeRegistratie(Wire):
    """Een registratie zoals zij is verstuurd, in de versie van toen."""

    soort: str
    versie: int
    onderwerp: dict[str, UUID]
    waargenomen_op: datetime
    vastgelegd_op: datetime | None = None
    oefening: bool
    corrigeert: UUID | None = None
    basis: UUID | None = None
    reden: str | None = None
    bijlagen: list[VerstuurdeBijlage] | None = None
    inhoud: dict[str, Any] = Field(
        description="Wat er is verstuurd, in woorden van een app van toen; zonder wat uw rol niet ziet."
    )


class MensenhandelsignaalUit(Wire):
    """De inhoud van één signaal van mensenhandel."""

    id: UUID
    status: str
    gemeente: str | None = None
    waargenomen_op: datetime | None = Field(description="Wanneer het is gezien; null van voor versie 0.2.")
    rol: Rol | None = Field(description="De rol van wie het vastlegde.")
    controle: UUID | None = Field(description="Bij welke controle, als die is genoemd.")
    adres: Any = Field(description="Het adres van die controle.")
    inhoud: Any = Field(description="Wat er is vastgelegd; null als het is doorgehaald.")
    opvolging: list[Any] = Field(description="In volgorde.")
    verschillen: list[Any] = Field(description="Correcties waarover nog niet is beslist.")


class Aantallen(Wire):
    """Hoeveel u van alles mag zien; wat uw rol niet ziet, staat er niet in."""
