"""Striking an entry: it stays in the ledger, and counts no more (ontwerp/domein.md, "Striking and correcting")."""

from typing import Annotated
from uuid import UUID

from app.registraties.act import ANY_AGGREGAAT, Act, Doc, Inhoud, Omgeving, Registratie, Tekst, Versie
from app.registraties.velden import ZONDER_ORGAAN, unnamed
from app.vocabulary import Klasse, Orgaan, Sectie


class Doorhaling1(Inhoud):
    """Version 1. Shipped with the first app."""

    registratie: Annotated[UUID, Sectie.ZAAK]
    reden: Annotated[Tekst, Sectie.TEKST]


class Doorhaling(Doorhaling1):
    """Welke registratie is doorgehaald, en waarom; bij een maatregel ook van welk bestuursorgaan die is."""

    bevoegd_orgaan: Annotated[Orgaan | None, Sectie.ZAAK] = None


def fold(doc: Doc | None, _r: Registratie, _omgeving: Omgeving) -> Doc:
    """Never folded by itself: the document is folded again without the struck entry."""
    return doc or {}


ACT = Act(
    soort="doorhaling",
    inhoud=Doorhaling,
    aggregaat=ANY_AGGREGAAT,
    permissie="registratie:doorhalen",
    titel="Een registratie doorhalen.",
    pad="/doorhalingen",
    onderwerp={},
    herziet=True,
    klasse=Klasse.CORRECTIE,
    fold=fold,
    eerdere=(Versie(Doorhaling1, unnamed, ZONDER_ORGAAN),),
)
