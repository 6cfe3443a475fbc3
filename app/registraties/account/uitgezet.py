"""Disabling an account: at once, by one person. In force again it comes only by asking and confirming anew."""

from app.access.actor import Actor
from app.registraties.account import UITGEZET, stands
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, iso, refuse
from app.vocabulary import Klasse


class AccountUitgezet(Inhoud):
    """Zegt niets dan dat niemand zich er nog mee aanmeldt."""


def guard(doc: Doc | None, _r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """Once; and nobody locks himself out."""
    known = doc or {}
    if known.get("status") == UITGEZET and "aanvraag" not in known:
        refuse("Dit account is al uitgezet.")
    if known.get("id") in actor.beslissers:
        refuse("Uw eigen account zet een ander uit.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """Closed; what was asked for it is off the table too."""
    rest = {name: value for name, value in (doc or {}).items() if name != "aanvraag"}
    closed = {"status": UITGEZET, "uitgezetOp": iso(r.ontvangen_op), "uitgezetDoor": r.door}
    return {"id": str(r.onderwerp["account"]), **rest, **closed}


ACT = Act(
    soort="account.uitgezet",
    inhoud=AccountUitgezet,
    aggregaat="account",
    permissie="account:uitzetten",
    titel="Een account uitzetten. Wie ermee is aangemeld, is dat meteen niet meer.",
    pad="/accounts/{account}/uitzetting",
    onderwerp={"account": "account"},
    bevroren=stands,
    klasse=Klasse.MENSEN,
    guard=guard,
    fold=fold,
)
