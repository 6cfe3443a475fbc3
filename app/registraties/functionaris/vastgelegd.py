"""Recording a functionaris. Who it is, is known to his organisation; here he has an aanduiding."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Sleutel
from app.vocabulary import Klasse, Sectie

Aanduiding = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)+$", max_length=40)]
"""Like `boa-1`: a function and what tells it apart; it has no room for a name with a space or a capital."""


class FunctionarisVastgelegd(Inhoud):
    """Onder welke aanduiding iemand werkt, en voor welke organisatie."""

    aanduiding: Annotated[Aanduiding, Sectie.PERSOON]
    organisatie: Annotated[UUID, Sectie.ZAAK]


def named(inhoud: FunctionarisVastgelegd) -> list[Sleutel]:
    """The organisation he works for."""
    return [Sleutel("organisatie", inhoud.organisatie)]


def fold(_doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The officer as he was recorded."""
    return {"id": str(r.onderwerp["functionaris"]), "naslag": "functionaris", **r.inhoud.as_doc()}


ACT = Act(
    soort="functionaris.vastgelegd",
    inhoud=FunctionarisVastgelegd,
    aggregaat="functionaris",
    permissie="functionaris:vastleggen",
    titel="Een functionaris vastleggen.",
    pad="/functionarissen",
    onderwerp={"functionaris": "functionaris"},
    verwijzingen=named,
    maakt="altijd",
    klasse=Klasse.MENSEN,
    fold=fold,
)
