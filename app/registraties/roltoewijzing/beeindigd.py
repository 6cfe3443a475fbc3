"""Ending a role, now or at a later moment. It can shorten a period, never lengthen it, and it is not taken back."""

from datetime import datetime
from typing import Annotated

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, refuse
from app.registraties.roltoewijzing import stands
from app.registraties.velden import Moment
from app.vocabulary import Klasse, Sectie


class RoltoewijzingBeeindigd(Inhoud):
    """Vanaf welk moment de rol niet meer geldt."""

    op: Annotated[Moment, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """The end lies within the period that was granted."""
    van, tot = (doc or {}).get("van"), (doc or {}).get("tot")
    if tot and r.inhoud.op >= datetime.fromisoformat(tot):
        refuse("Deze rol is dan al geëindigd.")
    if van and r.inhoud.op < datetime.fromisoformat(van):
        refuse("Deze rol is dan nog niet ingegaan.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The earliest end holds. UTC moments compare as text."""
    ends = [end for end in ((doc or {}).get("tot"), r.inhoud.as_doc().get("op")) if end]
    return {"id": str(r.onderwerp["roltoewijzing"]), **(doc or {}), **({"tot": min(ends)} if ends else {})}


ACT = Act(
    soort="roltoewijzing.beeindigd",
    inhoud=RoltoewijzingBeeindigd,
    aggregaat="roltoewijzing",
    permissie="roltoewijzing:beeindigen",
    titel="Een rol beëindigen.",
    pad="/roltoewijzingen/{roltoewijzing}/beeindiging",
    onderwerp={"roltoewijzing": "roltoewijzing"},
    bevroren=stands,
    klasse=Klasse.RECHTEN,
    guard=guard,
    fold=fold,
)
