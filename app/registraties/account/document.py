"""The document of an account."""

from typing import Annotated, Literal
from uuid import UUID

from app.moment import Moment
from app.registraties.document import OMSLAG, Document, Door
from app.registraties.lezing import Lijst
from app.registraties.model import Model


class Stap(Model):
    """Welke registratie het was, van wie, en wanneer de server het hoorde."""

    op: UUID
    door: Door
    ontvangen_op: Moment


class Account(Document):
    """Waarmee één functionaris zich aanmeldt."""

    lijst = Lijst("Accounts")

    status: Annotated[Literal["actief", "uitgezet", "wacht_op_bevestiging"], OMSLAG]
    aanvraag: Annotated[Stap | None, OMSLAG] = None
    bevestiging: Annotated[Stap | None, OMSLAG] = None
    uitgezet_op: Annotated[Moment | None, OMSLAG] = None
    uitgezet_door: Annotated[Door | None, OMSLAG] = None
