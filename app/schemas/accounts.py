"""What goes over the wire about accounts: codes, passwords, and what waits for a second person."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr

from app.schemas.wire import Wire
from app.vocabulary import Rol

Wachtwoord = Annotated[SecretStr, Field(min_length=12, max_length=256, description="Minstens 12 tekens.")]


class ToegangscodeUit(Wire):
    """De code, die u één keer ziet. Geef haar aan de functionaris zelf."""

    code: str = Field(description="Werkt één keer.")
    vervalt_op: datetime


class ToegangIn(Wire):
    """Waarmee een functionaris zijn wachtwoord kiest."""

    code: Annotated[SecretStr, Field(min_length=1, max_length=64, description="Zoals u haar kreeg.")]
    wachtwoord: Wachtwoord
    gebruikersnaam: Annotated[str, Field(min_length=3, max_length=64)] | None = Field(
        default=None, description="De eerste keer kiest u er een: kleine letters, cijfers, punt, streepje."
    )
    roltoewijzing: UUID | None = Field(
        default=None, description="Hebt u er meer: de rol als u er bij het aanmelden geen noemt."
    )


class ToegangUit(Wire):
    """Waarmee u zich nu aanmeldt."""

    gebruikersnaam: str


class WachtwoordIn(Wire):
    """Uw wachtwoord van nu, en dat van straks."""

    huidig: Annotated[SecretStr, Field(min_length=1, max_length=256)]
    nieuw: Wachtwoord


class Wachtsoort(StrEnum):
    """Wat er op een tweede persoon wacht."""

    ROLTOEWIJZING = "roltoewijzing"
    ACCOUNT = "account"
    TOESTEL = "toestel"
    GRONDSLAGBIJZONDER = "grondslagbijzonder"


class WachtDoor(Wire):
    """Wie het vroeg, in welke rol."""

    functionaris: UUID
    rol: Rol


class WachtendUit(Wire):
    """Iets dat wacht tot een tweede persoon het bevestigt of goedkeurt."""

    soort: Wachtsoort
    id: UUID
    functionaris: UUID | None = Field(default=None, description="Voor wie het is; leeg als het een gemeente is.")
    door: WachtDoor
    bevestigen: str = Field(description="Het pad waarmee u het bevestigt.")


class WachtendLijst(Wire):
    """Alles wat op u kan wachten, oudste eerst."""

    resultaten: list[WachtendUit]
