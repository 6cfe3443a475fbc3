"""Settling a difference: which of two versions counts. It never changes what an officer saw (DOMAIN.md).

Both versions stay in the ledger and in the document, with who and when; nothing is merged.
"""

from typing import Annotated, Self
from uuid import UUID

from pydantic import model_validator

from app.problems import Onjuist
from app.registraties.act import ANY_AGGREGAAT, Act, Doc, Inhoud, Omgeving, Registratie, Tekst
from app.vocabulary import Klasse, Sectie


class VerschilBeoordeeld(Inhoud):
    """Welke van twee versies geldt, welke niet, en waarom."""

    keuze: Annotated[UUID, Sectie.ZAAK]
    verworpen: Annotated[UUID, Sectie.ZAAK]
    reden: Annotated[Tekst, Sectie.TEKST]

    @model_validator(mode="after")
    def names_two(self) -> Self:
        """A difference is between two."""
        if self.keuze == self.verworpen:
            raise Onjuist("noem twee verschillende versies")
        return self


def fold(doc: Doc | None, _r: Registratie, _omgeving: Omgeving) -> Doc:
    """Never folded by itself: the document is folded again with the version that holds."""
    return doc or {}


ACT = Act(
    soort="verschil.beoordeeld",
    inhoud=VerschilBeoordeeld,
    aggregaat=ANY_AGGREGAAT,
    permissie="verschil:beoordelen",
    titel="Een verschil beoordelen.",
    pad="/verschilbeoordelingen",
    onderwerp={},
    herziet=True,
    klasse=Klasse.CORRECTIE,
    fold=fold,
)
