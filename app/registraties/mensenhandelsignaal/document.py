"""The document of a sign of trafficking: never its content."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from app.moment import Moment
from app.registraties.document import OMSLAG, Herzien
from app.registraties.lezing import Lijst, Reis
from app.registraties.model import Model
from app.vocabulary import Rol

Status = Literal["vastgelegd", "overgedragen", "in_onderzoek", "hulp_gestart", "afgesloten"]


class Mensenhandelsignaal(Herzien):
    """Een signaal van mensenhandel, mensensmokkel of uitbuiting; op de lijn alleen de status."""

    lijst = Lijst("Mensenhandelsignalen", ("gemeente", "status"), enkel=False)
    reis = Reis()

    class Intern(Model):
        """Which entry holds the content, who wrote it, when, where and about which controle; whom it was handed to."""

        op: UUID
        functionaris: UUID
        rol: Rol
        waargenomen_op: Moment
        controle: UUID | None = None
        datum: date
        telt: bool
        aan: tuple[UUID, ...] | None = None

    status: Annotated[Status, OMSLAG]
    gemeente: Annotated[str, OMSLAG]
