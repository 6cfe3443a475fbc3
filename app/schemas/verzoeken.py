"""What every registratie says beside its kind and content, as it is sent: openapi.yaml is made of it.

The server reads more leniently (services/kluis/operatie): what does not fit is kept, and a person looks at it.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app.moment import Moment
from app.schemas.wire import Wire
from app.vocabulary import Mediatype

Waargenomen = Annotated[Moment, Field(description="Wanneer het gebeurde, met tijdzone.")]
Oefening = Annotated[bool, Field(description="Een oefening telt nergens mee; weg is `false`.")]
Corrigeert = Annotated[UUID | None, Field(description="De registratie die dit verbetert.")]
Basis = Annotated[UUID | None, Field(description="De nieuwste versie die u kende.")]
Reden = Annotated[Annotated[str, Field(min_length=1, max_length=500)] | None, Field(description="Waarom u verbetert.")]
Hash = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""32 bytes in base64url."""
TOGETHER = ("corrigeert", "basis", "reden"), ("kop", "hand", "zouten")
"""Fields that are all there or none."""


class AangekondigdeBijlage(Wire):
    """Een bestand dat bij de registratie hoort; het bestand zelf komt apart."""

    id: UUID
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    grootte: Annotated[int, Field(gt=0, description="In bytes.")]
    mediatype: Mediatype


class Kop(Wire):
    """Wat het toestel ondertekent: kenmerken en hashes, zonder de inhoud zelf."""

    v: Literal[1]
    origin: str = Field(description="De naam van het grootboek, uit de kennismaking.")
    op: UUID = Field(description="De `opId`.")
    k: Literal[1, 2] = Field(description="2 bij een correctie, doorhaling of beoordeling van een verschil.")
    t: Hash = Field(description="De `sleutelId` van het toestel.")
    n: Annotated[int, Field(gt=0, lt=2**53)] = Field(description="De `deviceSeq`.")
    prev: Hash | None = Field(description="De hash van de vorige kop van dit toestel.")
    c: Annotated[list[Hash], Field(min_length=7, max_length=7, description="Een verbintenis per sectie.")]


def _say_together(schema: dict[str, Any]) -> None:
    """In the schema of a class: which of its fields are all there or none."""
    groups = [group for group in TOGETHER if {*group} <= schema["properties"].keys()]
    schema["dependentRequired"] = {name: [o for o in group if o != name] for group in groups for name in group}


class Verbetering(Wire):
    """Welke registratie dit verbetert, en waarom."""

    corrigeert: Corrigeert = None
    basis: Basis = None
    reden: Reden = None


class MetBijlagen(Wire):
    """Bestanden die erbij horen."""

    bijlagen: Annotated[list[AangekondigdeBijlage] | None, Field(max_length=100)] = None


class Vastgelegd(Wire):
    """Wat registraties gemeen hebben, hoe zij ook worden verstuurd."""

    model_config = ConfigDict(json_schema_extra=_say_together)

    soort: Any
    versie: Any = Field(description="De versie van de inhoud. Eerdere versies worden ook nog aangenomen.")
    onderwerp: Any
    waargenomen_op: Waargenomen
    vastgelegd_op: Annotated[
        Moment | None, Field(description="Wanneer u het opschreef, op de klok van het toestel.")
    ] = None
    oefening: Oefening = False
    inhoud: Any
    device_seq: Annotated[int | None, Field(gt=0, lt=2**53, description="Het volgnummer op dit toestel.")] = None
    kop: Kop | None = None
    hand: Annotated[
        Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{86}$")] | None,
        Field(description="De handtekening van het toestel over `kop`."),
    ] = None
    zouten: Annotated[
        Annotated[list[Hash | None], Field(min_length=7, max_length=7)] | None,
        Field(description="Een zout per sectie; null voor een die er niet is."),
    ] = None


class Operatie(Vastgelegd):
    """Een registratie zoals een toestel haar verstuurt."""

    op_id: UUID = Field(description="Het kenmerk (UUIDv4); hetzelfde nog eens versturen mag.")


class RxdbOperatie(Vastgelegd):
    """Een registratie zoals RxDB haar bewaart; namen met `_` of `lokaal` ervoor blijven op het toestel."""

    id: UUID = Field(description="Het kenmerk (UUIDv4).")
    deleted: bool | None = Field(default=None, alias="_deleted")


class Vastleggen(Wire):
    """Een registratie van achter een bureau, zonder wat al in het pad staat."""

    model_config = ConfigDict(json_schema_extra=_say_together)

    waargenomen_op: Waargenomen
    oefening: Oefening = False
    inhoud: Any


class PushIn(Wire):
    """Wat een toestel verstuurt: een batch. Eén foute registratie houdt de andere niet tegen."""

    batch_id: str
    verzonden_op: Moment = Field(description="De klok van het toestel bij het versturen.")
    ops: Any


class RxdbRij(Wire):
    """Een rij van de push-handler van RxDB."""

    assumed_master_state: dict[str, Any] | None = Field(default=None, description="Wordt niet gelezen.")
    new_document_state: Any


class WatermelonRij(Wire):
    """Een registratie zoals WatermelonDB haar bewaart: tekstkolommen bevatten JSON."""

    id: str = Field(description="Het kenmerk (UUIDv4).")
    soort: Any
    versie: Annotated[int, Field(gt=0)]
    onderwerp: str = Field(description="JSON van het `onderwerp` van deze soort.")
    inhoud: str = Field(description="JSON van de `inhoud` van deze soort.")
    waargenomen_op: Waargenomen
    vastgelegd_op: Moment = Field(description="De volgorde waarin wordt geboekt.")
    oefening: bool | None = False
    corrigeert: Corrigeert = None
    basis: Basis = None
    reden: Reden = None
    bijlagen: Annotated[str | None, Field(description="JSON van de `bijlagen`.")] = None
    status: str | None = Field(default=None, alias="_status", description="Van WatermelonDB.")
    changed: str | None = Field(default=None, alias="_changed", description="Van WatermelonDB.")


class WatermelonTabelIn(Wire):
    """Wat er in de tabel veranderde."""

    created: list[Any]
    updated: list[Any]
    deleted: list[str]


class WatermelonPushIn(Wire):
    """De `changes` van `pushChanges`; in andere tabellen dan deze verandert een toestel niets."""

    registraties: Any
