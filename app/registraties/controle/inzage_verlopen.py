"""The period in which a team sees each other's work ended: booked on the day after its last, by the server only.

From then on each keeps what he recorded himself, and phones drop the rest at their next sync (ontwerp/domein.md).
"""

from typing import Annotated

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, refuse
from app.registraties.controle.stand import changed, team_sees, team_until
from app.vocabulary import Hoedanigheid, Sectie


class InzageVerlopen(Inhoud):
    """De laatste dag waarop het team elkaars werk zag, en in welke hoedanigheid de controle was."""

    op: Annotated[Datum, Sectie.ZAAK]
    hoedanigheid: Annotated[Hoedanigheid, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """Closed or called off, with that last day, and past it on the day of booking."""
    last = team_until(doc or {})
    if last != r.inhoud.op or last >= r.ontvangen_datum or not team_sees(doc or {}):
        refuse("Deze termijn loopt nog, of is al geëindigd.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """Past by itself: nobody decided that."""
    return changed(doc, r, {"_teamTotEnMet": day} if (day := r.inhoud.as_doc().get("op")) else {})


def always(_doc: Doc) -> bool:
    """A day that was wrong is corrected where the controle was closed or called off; then this counts no more."""
    return True


ACT = Act(
    soort="inzage.verlopen",
    inhoud=InzageVerlopen,
    aggregaat="controle",
    permissie="controle:afronden",
    titel="Vastleggen dat het team elkaars werk niet meer ziet.",
    pad=None,
    onderwerp={"controle": "controle"},
    van_server=True,
    bevroren=always,
    guard=guard,
    fold=fold,
)
