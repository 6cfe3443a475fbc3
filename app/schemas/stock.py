"""The same for RxDB and WatermelonDB, in the forms that they have."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Json, model_validator

from app.schemas.wire import Wire, whole
from app.vocabulary import Code


class RxdbDocument(Wire):
    """Een document zoals RxDB het bewaart; met `_deleted` moet het van het toestel en is er verder niets."""

    id: UUID
    doc: Any = None
    gemaskeerd: list[str] | None = Field(
        default=None, description="Velden die uw rol nooit ziet, of zij er zijn of niet."
    )
    deleted: bool = Field(alias="_deleted")

    @model_validator(mode="after")
    def is_there_or_not(self) -> Self:
        """What is no longer to be seen comes without content."""
        return whole(self, {"doc", "gemaskeerd"}, there=not self.deleted)


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
    sync_status: Literal["conflict", "deferred", "rejected"] | None = Field(default=None, alias="syncStatus")
    sync_code: Code | None = Field(default=None, alias="syncCode")


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
