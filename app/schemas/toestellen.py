"""What goes over the wire about devices: codes, enrolment, orders, what they still hold."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr

from app.schemas.wire import Jwk, Opdrachtsleutel, Wire
from app.vocabulary import Opdrachtsoort, Platform, Vaststelling


class InschrijfcodeIn(Wire):
    """Voor wie de code is."""

    functionaris: UUID
    roltoewijzing: UUID
    omschrijving: Annotated[str, Field(min_length=1, max_length=200, description="Waaraan men het toestel herkent.")]


class InschrijfcodeUit(Wire):
    """De code, die u één keer ziet."""

    code: str = Field(description="Geldt één keer, voor één functionaris.")
    vervalt_op: datetime
    qr: str = Field(description="Wat de app leest: adres van de server, naam van het grootboek, code.")
    qr_svg: str = Field(description="Hetzelfde als plaatje.")


class InschrijvingIn(Wire):
    """Waarmee een toestel zich inschrijft."""

    code: Annotated[SecretStr, Field(min_length=1, max_length=64)]
    sleutel: Jwk = Field(description="De publieke sleutel van het toestel; de andere helft blijft op het toestel.")
    bewijs: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{86}$")] = Field(
        description="Handtekening (r en s, base64url) met die sleutel over code, grootboek en sleutel."
    )
    platform: Platform
    app_versie: Annotated[str, Field(min_length=1, max_length=40)]
    opslag_versleuteld: Literal[True] = Field(description="De app verklaart dat zij alles versleuteld bewaart.")
    ondertekent: bool = Field(default=False, description="Dit toestel ondertekent alles wat het vastlegt.")


class InschrijvingUit(Wire):
    """Het toestel, dat wacht op goedkeuring door een tweede persoon."""

    toestel: UUID
    sleutel_id: str
    origin: str
    opdrachtsleutel: Opdrachtsleutel = Field(description="Hiermee controleert het toestel opdrachten van de server.")


class UitvoeringIn(Wire):
    """Een opdracht die het toestel heeft uitgevoerd."""

    opdracht: Annotated[str, Field(max_length=4096, description="De opdracht, precies zoals zij kwam.")]


class UitvoeringUit(Wire):
    """Wanneer de melding voor het eerst binnenkwam."""

    uitgevoerd_op: datetime


class OpdrachtStand(Wire):
    """Een opdracht, en of het toestel zegt dat het haar uitvoerde."""

    id: UUID
    soort: Opdrachtsoort
    onverzonden_wissen: bool
    gegeven_op: datetime
    uitgevoerd_op: datetime | None


class ToestelStandUit(Wire):
    """Wat een toestel afleverde, en wat het nog bij zich kan hebben."""

    toestel: UUID
    functionaris: UUID | None
    omschrijving: str | None
    status: Literal["wacht_op_goedkeuring", "goedgekeurd", "ingetrokken"]
    vaststelling: Vaststelling
    hoogste_verteld: int | None = Field(description="Het hoogste volgnummer dat het toestel noemde.")
    aaneengesloten_tot_en_met: int = Field(description="Alles tot en met dit nummer is ontvangen.")
    ontbreekt: list[int] = Field(description="Welke nummers ontbreken; hoogstens 1000.")
    nog_op_toestel: int | None = Field(description="Zoveel registraties kunnen nog op het toestel staan.")
    laatst_gezien_op: datetime | None
    app_versie: str | None
    opdrachten: list[OpdrachtStand]
    gewist_op: datetime | None = Field(description="Wanneer het toestel zei dat het zich had gewist.")


class ToestelStanden(Wire):
    """Alle toestellen die u mag zien; waar iets ontbreekt eerst."""

    resultaten: list[ToestelStandUit]
    volgende: str | None = Field(description="De cursor van de volgende bladzijde, of null.")
