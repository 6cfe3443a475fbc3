"""Recording that a person was found: his rol, and nothing more (AVG 9; ontwerp/domein.md, "Never recorded").

A row about a person is of the police, or of a municipality that has a ground for it; others count.
"""

from typing import Annotated

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Versie
from app.registraties.controle.grond import check_may_name
from app.registraties.controle.stand import added, fresh
from app.registraties.velden import ANDERS, GezegdeHoedanigheid, shown, unsaid
from app.vocabulary import PersoonRol, Sectie


class PersoonAangetroffen1(Inhoud):
    """Version 1. Shipped with the first app."""

    rol: Annotated[PersoonRol, Sectie.PERSOON]


class PersoonAangetroffen(PersoonAangetroffen1):
    """In welke rol iemand werd aangetroffen."""

    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]


_new = fresh("personen", "persoon")


def guard(doc: Doc | None, r: Registratie, omgeving: Omgeving, actor: Actor) -> None:
    """Whoever may keep a row about a person; each is recorded once."""
    check_may_name(doc, r, omgeving, actor)
    _new(doc, r, omgeving, actor)


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """One more person, numbered in the order of the ledger; his id means nothing outside this controle."""
    nummer = len((doc or {}).get("personen", ())) + 1
    wie = {"id": str(r.onderwerp["persoon"]), "nummer": nummer, **shown(r)}
    return added(doc, r, "personen", wie)


ACT = Act(
    soort="persoon.aangetroffen",
    inhoud=PersoonAangetroffen,
    aggregaat="controle",
    permissie="persoon:vastleggen",
    titel="Een aangetroffen persoon vastleggen.",
    pad="/controles/{controle}/personen",
    onderwerp={"controle": "controle", "persoon": None},
    ziet=frozenset({"grondslagbijzonder"}),
    guard=guard,
    draagt=True,
    fold=fold,
    eerdere=(Versie(PersoonAangetroffen1, unsaid, ANDERS),),
)
