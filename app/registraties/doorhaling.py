"""Striking an entry: it stays in the ledger, and counts no more (DOMAIN.md, "Verbs")."""

from typing import Annotated
from uuid import UUID

from app.registraties.act import ANY_AGGREGAAT, Act, Doc, Inhoud, Omgeving, Registratie, Tekst
from app.vocabulary import Klasse, Sectie


class Doorhaling(Inhoud):
    """Welke registratie is doorgehaald, en waarom."""

    registratie: Annotated[UUID, Sectie.ZAAK]
    reden: Annotated[Tekst, Sectie.TEKST]


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
)
