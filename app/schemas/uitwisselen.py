"""What goes over the wire when a device delivers, and is told what changed."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.moment import Moment
from app.problems import Fout
from app.schemas.wire import Opdrachtsleutel, Wire, whole
from app.vocabulary import Code, Opdrachtsoort, Status, Vlag


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
    opdrachtsleutel: Opdrachtsleutel = Field(
        description="De publieke sleutel (JWK) waarmee opdrachten zijn ondertekend."
    )


_UITLEG = "Waarom, in woorden. Wat er verder over te zeggen is staat in het ontvangstbericht."


class EersteUitkomst(Wire):
    """De eerste uitkomst van een registratie die nog eens is verstuurd."""

    status: Status
    code: Code | None
    pos: int | None
    leaf_hash: str | None
    uitleg: str | None = Field(description=_UITLEG)


class Resultaat(Wire):
    """Wat er met één registratie is gebeurd."""

    op_id: UUID | None
    status: Status
    code: Code | None = Field(description="Waarom, als het niet zonder meer is aanvaard.")
    pos: int | None
    leaf_hash: str | None
    uitleg: str | None = Field(description=_UITLEG)
    fouten: list[Fout] = Field(description="Welke velden niet passen.")
    vlaggen: list[Vlag]
    eerste: EersteUitkomst | None
    wissen: bool = Field(description="Wis de eigen kopie: schrijven geeft geen recht om te lezen.")
    wacht_op_bijlagen: list[UUID]


class PushUit(Wire):
    """Eén resultaat per registratie, in de volgorde van het verzoek."""

    server_tijd: datetime
    head: int
    device_ack: DeviceAckUit
    resultaten: list[Resultaat]


class Wijziging(Wire):
    """Een document dat veranderde (`upsert`: met `rev`, `doc`, `gemaskeerd`) of dat u niet meer mag zien (`revoke`)."""

    pos: int
    collectie: str
    id: UUID
    op: Literal["upsert", "revoke"]
    rev: int | None = None
    doc: Any = Field(default=None, description="Zoals u het mag zien.")
    gemaskeerd: list[str] | None = Field(
        default=None, description="Velden die uw rol nooit ziet, of zij er zijn of niet."
    )

    @model_validator(mode="after")
    def is_told_or_taken_back(self) -> Self:
        """What you may no longer see comes without content."""
        return whole(self, {"rev", "doc", "gemaskeerd"}, there=self.op == "upsert")


class BladzijdeEinde(Wire):
    """Een bladzijde van de opname is om. Als enige regel heeft deze geen `op`."""

    collectie: Literal["einde"]
    cursor: str = Field(description="Afgebroken? Ga hier verder, met deze opname of met pull.")
    compleet: bool = Field(description="Of dit alles was.")


class PullUit(Wire):
    """Eén bladzijde wijzigingen."""

    wijzigingen: list[Any]
    cursor: str = Field(description="Hier begint de volgende bladzijde; zeg er niets over, bewaar hem.")
    head: int
    meer: bool
    device_ack: DeviceAckUit | None = Field(default=None, description="Alleen voor wie met een toestel is aangemeld.")


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

    stand: Literal["gelijk", "verschilt", "achter"] = Field(description="Bij `achter`: haal eerst op en vergelijk dan.")
    collecties: dict[str, Collectieverschil] = Field(description="Alleen wat verschilt.")
