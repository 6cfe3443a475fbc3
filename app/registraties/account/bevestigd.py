"""Confirming what was asked for an account: only then it is in force, and only who confirmed sees the code."""

from datetime import datetime, timedelta
from uuid import UUID

from app.access.actor import Actor
from app.registraties.account import ACTIEF, stamp, stands
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Wacht, refuse
from app.vocabulary import Klasse

GELDIG = timedelta(days=30)
"""So long a request can be confirmed."""


class AccountBevestigd(Inhoud):
    """Zegt niets dan dat een tweede persoon het met de aanvraag eens is."""


def why_not(doc: Doc, actor: Actor) -> str | None:
    """Why `actor` may not confirm: by neither who asked nor whose account it is."""
    asked = doc.get("aanvraag")
    if asked is None:
        return "Voor dit account is niets aangevraagd, of een ander bevestigde het al."
    if actor.beslissers & {doc.get("id"), asked["door"]["functionaris"]}:
        return "Een tweede persoon bevestigt dit: niet wie het aanvroeg en niet van wie het account is."
    return None


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """See :func:`why_not`; and not what was asked long ago, when nobody thinks of it any more."""
    if (reden := why_not(doc or {}, actor)) is not None:
        refuse(reden)
    if r.ontvangen_op - datetime.fromisoformat((doc or {})["aanvraag"]["ontvangenOp"]) > GELDIG:
        refuse("De aanvraag is te lang geleden. Laat het opnieuw aanvragen.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The account, in force; nothing waits any more."""
    rest = {name: value for name, value in (doc or {}).items() if name != "aanvraag"}
    return {"id": str(r.onderwerp["account"]), **rest, "status": ACTIEF, "bevestiging": stamp(r)}


ACT = Act(
    soort="account.bevestigd",
    inhoud=AccountBevestigd,
    aggregaat="account",
    permissie="account:bevestigen",
    titel="Een aangevraagd account bevestigen. Daarna haalt u de toegangscode op.",
    pad="/accounts/{account}/bevestiging",
    onderwerp={"account": "account"},
    tweede=Wacht("aanvraag", None, why_not, lambda doc: doc["aanvraag"]["door"], lambda doc: UUID(doc["id"])),
    bevroren=stands,
    klasse=Klasse.MENSEN,
    guard=guard,
    fold=fold,
)
