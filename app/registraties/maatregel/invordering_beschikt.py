"""The invorderingsbeschikking: comes before the aanmaning (Awb 5:37), interrupts limitation (Awb 5:37a)."""

from typing import Annotated
from uuid import UUID

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Versie, refuse
from app.registraties.maatregel.onderdelen import Besluitnemer, Betreft, NietGehoord
from app.registraties.maatregel.stand import (
    before,
    change_verbeurte,
    fold_into,
    item,
    need_verbeurte,
    refuse_future,
    refuse_unheard,
)
from app.registraties.velden import ZONDER_ORGAAN, GezegdOrgaan, unnamed
from app.registraties.weigeringen import wait_for
from app.vocabulary import Sectie


class InvorderingBeschikt1(Inhoud):
    """Version 1. Shipped with the first app."""

    beschikt_op: Annotated[Datum, Sectie.ZAAK]
    besloten_door: Annotated[Besluitnemer | None, Sectie.ZAAK] = None
    niet_gehoord_reden: Annotated[NietGehoord | None, Sectie.ZAAK] = None


class InvorderingBeschikt(InvorderingBeschikt1):
    """De dag van de invorderingsbeschikking; zonder voornemen ook de reden waarom niemand is gehoord."""

    bevoegd_orgaan: Annotated[GezegdOrgaan, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """After a voornemen and the term to answer it, unless there is a reason not to hear (Awb 4:8, 4:11)."""
    verbeurte, given = need_verbeurte(doc, r.onderwerp["verbeurte"]), r.inhoud
    if verbeurte["status"] not in {"open", "voorgenomen"}:
        refuse("Over deze verbeurte is al beslist, of zij is betaald.")
    intent = verbeurte.get("voornemen", {})
    if not intent and given.niet_gehoord_reden is None:
        wait_for("Neem eerst een voornemen tot invordering, of geef de reden waarom niemand is gehoord.")
    if before(given.beschikt_op, intent.get("voorgenomenOp", verbeurte["datum"])):
        refuse("Een invordering wordt niet beschikt voor het voornemen of de verbeurte.")
    refuse_future(r, given.beschikt_op)
    if given.niet_gehoord_reden is None:
        refuse_unheard(
            doc or {},
            given.beschikt_op,
            intent.get("zienswijzeTotEnMet"),
            Betreft.INVORDERING,
            verbeurte["id"],
        )


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The claim is fixed."""
    return fold_into(doc, r, change_verbeurte(doc, r, {"beschikking": item(r)}))


def made_known(doc: Doc, op: UUID) -> bool:
    """Whether this beschikking was, to anybody."""
    decided = {v["id"] for v in doc.get("verbeurten", ()) if v.get("beschikking", {}).get("op") == str(op)}
    return any(b.get("verbeurte") in decided for b in doc.get("bekendmakingen", ()))


ACT = Act(
    soort="invordering.beschikt",
    inhoud=InvorderingBeschikt,
    aggregaat="maatregel",
    permissie="dwangsom:invorderen",
    titel="De invordering van een verbeurde dwangsom beschikken.",
    pad="/maatregelen/{maatregel}/verbeurten/{verbeurte}/invorderingsbeschikking",
    onderwerp={"maatregel": "maatregel", "verbeurte": None},
    guard=guard,
    fold=fold,
    vast=made_known,
    eerdere=(Versie(InvorderingBeschikt1, unnamed, ZONDER_ORGAAN),),
)
