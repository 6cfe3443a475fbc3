"""Enrolling a device. Every enrolment makes a new one, also of the same phone (SYNC.md)."""

from typing import Annotated
from uuid import UUID

from app.registraties.act import Act, Doc, Inhoud, KorteTekst, Omgeving, Registratie, Sleutel
from app.vocabulary import Klasse, Sectie


class ToestelIngeschreven(Inhoud):
    """Van wie het toestel is, en waaraan men het herkent."""

    functionaris: Annotated[UUID, Sectie.ZAAK]
    omschrijving: Annotated[KorteTekst, Sectie.TEKST]


def named(inhoud: ToestelIngeschreven) -> list[Sleutel]:
    """Who carries it."""
    return [Sleutel("functionaris", inhoud.functionaris)]


def fold(_doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The device as it was enrolled."""
    return {"id": str(r.onderwerp["toestel"]), "status": "ingeschreven", **r.inhoud.as_doc()}


ACT = Act(
    soort="toestel.ingeschreven",
    inhoud=ToestelIngeschreven,
    aggregaat="toestel",
    permissie="toestel:inschrijven",
    titel="Een toestel inschrijven.",
    pad="/toestellen",
    onderwerp={"toestel": "toestel"},
    verwijzingen=named,
    maakt="altijd",
    klasse=Klasse.MENSEN,
    fold=fold,
)
