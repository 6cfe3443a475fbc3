"""Handing a sign over to an organisation, which from then on may read and follow it."""

from typing import Annotated
from uuid import UUID

from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Sleutel
from app.registraties.mensenhandelsignaal import open_guard
from app.vocabulary import Sectie


class MensenhandelsignaalOvergedragen(Inhoud):
    """Aan welke organisatie het signaal is overgedragen."""

    aan: Annotated[UUID, Sectie.MENSENHANDEL]


def named(inhoud: MensenhandelsignaalOvergedragen) -> list[Sleutel]:
    """The receiver."""
    return [Sleutel("organisatie", inhoud.aan)]


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """Each receiver once; earlier receivers keep it."""
    receivers = [*(doc or {}).get("_aan", ())]
    aan = r.inhoud.as_doc().get("aan")
    if aan and aan not in receivers:
        receivers.append(aan)
    return {
        "id": str(r.onderwerp["mensenhandelsignaal"]),
        **(doc or {}),
        "status": "overgedragen",
        "_aan": receivers,
    }


ACT = Act(
    soort="mensenhandelsignaal.overgedragen",
    inhoud=MensenhandelsignaalOvergedragen,
    aggregaat="mensenhandelsignaal",
    permissie="mensenhandelsignaal:overdragen",
    titel="Een signaal van mensenhandel overdragen.",
    pad="/mensenhandelsignalen/{mensenhandelsignaal}/overdracht",
    onderwerp={"mensenhandelsignaal": "mensenhandelsignaal"},
    verwijzingen=named,
    guard=open_guard,
    fold=fold,
)
