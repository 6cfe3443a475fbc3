"""Settling a difference: which of two versions counts. It never changes what an officer saw (ontwerp/sync.md).

Both versions stay in the ledger and in the document, with who and when; nothing is merged.
"""

from typing import Annotated, Self
from uuid import UUID

from pydantic import model_validator

from app.problems import Onjuist
from app.registraties.act import ANY_AGGREGAAT, Act, Doc, Inhoud, Omgeving, Registratie, Tekst, Versie
from app.registraties.velden import ZONDER_ORGAAN, unnamed
from app.vocabulary import Klasse, Orgaan, Sectie


class VerschilBeoordeeld1(Inhoud):
    """Version 1. Shipped with the first app."""

    keuze: Annotated[UUID, Sectie.ZAAK]
    verworpen: Annotated[UUID, Sectie.ZAAK]
    reden: Annotated[Tekst, Sectie.TEKST]

    @model_validator(mode="after")
    def names_two(self) -> Self:
        """A difference is between two."""
        if self.keuze == self.verworpen:
            raise Onjuist("noem twee verschillende versies")
        return self


class VerschilBeoordeeld(VerschilBeoordeeld1):
    """Welke van twee versies geldt, welke niet, en waarom; bij een maatregel ook van welk bestuursorgaan die is."""

    bevoegd_orgaan: Annotated[Orgaan | None, Sectie.ZAAK] = None


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
    eerdere=(Versie(VerschilBeoordeeld1, unnamed, ZONDER_ORGAAN),),
)
