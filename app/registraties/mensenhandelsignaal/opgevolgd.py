"""Following a sign up: a status, at most a case number. What an investigation holds stays there (Wpg 9)."""

from enum import StrEnum
from typing import Annotated

from app.fouten import Vorm
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie
from app.registraties.mensenhandelsignaal import open_guard
from app.vocabulary import Sectie

Zaaknummer = Annotated[str, Vorm(r"^[A-Z]{1,10}[A-Z0-9./-]{1,30}$", "PL0600-2026123456")]
"""Like `PL0600-2023123456`: starts with a letter, so no BSN and no phone number fits in it."""


class Opvolging(StrEnum):
    """How far the follow-up is."""

    IN_ONDERZOEK = "in_onderzoek"
    HULP_GESTART = "hulp_gestart"
    AFGESLOTEN = "afgesloten"


class MensenhandelsignaalOpgevolgd(Inhoud):
    """Hoe ver de opvolging is, en onder welk zaaknummer zij elders loopt."""

    status: Annotated[Opvolging, Sectie.ZAAK]
    zaaknummer: Annotated[Zaaknummer | None, Sectie.MENSENHANDEL] = None


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The status only; the case number is read where the content is read."""
    return {
        "status": "in_onderzoek",
        **(doc or {}),
        "id": str(r.onderwerp["mensenhandelsignaal"]),
        **{key: value for key, value in r.inhoud.as_doc().items() if key == "status"},
    }


ACT = Act(
    soort="mensenhandelsignaal.opgevolgd",
    inhoud=MensenhandelsignaalOpgevolgd,
    aggregaat="mensenhandelsignaal",
    permissie="mensenhandelsignaal:opvolgen",
    titel="Een signaal van mensenhandel opvolgen.",
    pad="/mensenhandelsignalen/{mensenhandelsignaal}/opvolging",
    onderwerp={"mensenhandelsignaal": "mensenhandelsignaal"},
    guard=open_guard,
    fold=fold,
)
