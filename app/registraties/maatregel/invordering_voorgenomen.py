"""The intent to collect a forfeited dwangsom; people are heard on that too (Awb 4:8; RVS:2018:2956)."""

from typing import Annotated, Self

from pydantic import model_validator

from app.access.actor import Actor
from app.moment import Dag, Datum
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Versie, refuse
from app.registraties.maatregel.onderdelen import check_hearing
from app.registraties.maatregel.stand import before, change_verbeurte, fold_into, item, need_verbeurte
from app.registraties.velden import ZONDER_ORGAAN, GezegdOrgaan, unnamed
from app.vocabulary import Sectie


class InvorderingVoorgenomen1(Inhoud):
    """Version 1. Shipped with the first app."""

    voorgenomen_op: Annotated[Datum, Sectie.ZAAK]
    zienswijze_tot_en_met: Annotated[Dag, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """The term ends after it began."""
        check_hearing(self.voorgenomen_op, self.zienswijze_tot_en_met)
        return self


class InvorderingVoorgenomen(InvorderingVoorgenomen1):
    """De dag van het voornemen om in te vorderen, en tot wanneer men kan reageren."""

    bevoegd_orgaan: Annotated[GezegdOrgaan, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """Once, and after the forfeiture."""
    verbeurte = need_verbeurte(doc, r.onderwerp["verbeurte"])
    if verbeurte["status"] != "open":
        refuse("De invordering van deze verbeurte is al begonnen of geëindigd.")
    if before(r.inhoud.voorgenomen_op, verbeurte["datum"]):
        refuse("Er valt niets in te vorderen voordat de dwangsom is verbeurd.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The collection has begun."""
    return fold_into(doc, r, change_verbeurte(doc, r, {"voornemen": item(r)}))


ACT = Act(
    soort="invordering.voorgenomen",
    inhoud=InvorderingVoorgenomen,
    aggregaat="maatregel",
    permissie="dwangsom:invorderen",
    titel="De invordering van een verbeurde dwangsom voornemen.",
    pad="/maatregelen/{maatregel}/verbeurten/{verbeurte}/invordering-voornemen",
    onderwerp={"maatregel": "maatregel", "verbeurte": None},
    guard=guard,
    fold=fold,
    eerdere=(Versie(InvorderingVoorgenomen1, unnamed, ZONDER_ORGAAN),),
)
