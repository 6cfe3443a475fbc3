"""What goes over the wire at sign-in. The answer has the field names of RFC 6749."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic.config import JsonDict

from app.schemas.lezen import Ik
from app.schemas.wire import Wire
from app.vocabulary import Aanmeldsoort

Tekst = Annotated[SecretStr, Field(min_length=1, max_length=4096)]


def _show(schema: JsonDict) -> None:
    """Kept out of logs as a password is, and shown while it is typed."""
    schema.pop("format", None)
    schema.pop("writeOnly", None)


class AanmeldIn(BaseModel):
    """Aanmelden met gebruikersnaam en wachtwoord; `username` en `password`, zoals RFC 6749 ze noemt, mogen ook."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    grant_type: Literal["password"]
    client_id: str = Field(description="Altijd `veldboek`.")
    gebruikersnaam: Annotated[SecretStr, Field(min_length=1, max_length=4096, json_schema_extra=_show)]
    wachtwoord: Tekst
    roltoewijzing: UUID | None = Field(
        default=None,
        description="Met welke rol; nodig als u er meer hebt. Op een toestel: een waarvoor het is goedgekeurd.",
    )
    toestel: UUID | None = Field(default=None, description="Op welk toestel.")


class VerversIn(BaseModel):
    """Een nieuw token halen met het refresh-token."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    grant_type: Literal["refresh_token"]
    client_id: str | None = Field(default=None, description="Altijd `veldboek`.")
    refresh_token: Tekst


class TokenUit(BaseModel):
    """De tokens waarmee u verder werkt."""

    model_config = ConfigDict(extra="forbid")

    access_token: str = Field(description="Stuur dit mee als `Authorization: Bearer …`.")
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  # the kind of token
    expires_in: int = Field(description="Na zoveel seconden verloopt het access-token.")
    refresh_token: str = Field(description="Hiermee haalt u één keer nieuwe tokens. Bewaar steeds het laatste.")


class SessieIn(Wire):
    """Aanmelden in een browser."""

    toestel: ClassVar[None] = None

    gebruikersnaam: Tekst
    wachtwoord: Tekst
    roltoewijzing: UUID | None = Field(default=None, description="Met welke rol; nodig als u er meer hebt.")


class SessieUit(Ik):
    """Wie er in deze browser is aangemeld, en tot wanneer."""

    verloopt_op: datetime = Field(description="Als u niets meer doet.")


class IntrekIn(BaseModel):
    """Een token intrekken (RFC 7009)."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    client_id: str | None = Field(default=None, description="Altijd `veldboek`.")
    token: Tekst = Field(description="Een refresh-token of een access-token.")
    token_type_hint: str | None = Field(default=None, description="Mag weg, en verandert niets.")


class AanmeldingUit(Wire):
    """Eén plek waar u bent aangemeld."""

    id: UUID
    soort: Aanmeldsoort = Field(description="Met een app of in een browser.")
    deze: bool = Field(description="De aanmelding waarmee u dit vraagt.")
    roltoewijzing: UUID
    toestel: UUID | None
    begonnen_op: datetime
    laatst_gebruikt_op: datetime = Field(description="Op enkele minuten nauwkeurig.")
    verloopt_op: datetime = Field(description="Als u de aanmelding niet meer gebruikt.")


class Aanmeldingen(Wire):
    """Waar u bent aangemeld, de nieuwste eerst."""

    resultaten: list[AanmeldingUit]
    volgende: UUID | None


class Beeindigd(Wire):
    """Hoeveel aanmeldingen zijn beëindigd."""

    aantal: int
