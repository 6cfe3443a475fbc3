"""Disabling an account: at once, by one person. In force again it comes only by asking and confirming anew."""

from app.access.actor import Actor
from app.registraties.account import UITGEZET, stands
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, iso, refuse
from app.vocabulary import Klasse


class AccountUitgezet(Inhoud):
    """Zegt niets dan dat niemand zich er nog mee aanmeldt."""


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """Once; and nobody locks himself out."""
    known = doc or {}
    if known.get("status") == UITGEZET and "aanvraag" not in known:
        refuse("Dit account is al uitgezet.")
    if str(r.onderwerp["account"]) in actor.beslissers:
        refuse("Uw eigen account zet een ander uit.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """Closed; what was asked for it is off the table too."""
    rest = {name: value for name, value in (doc or {}).items() if name != "aanvraag"}
    moment = max(iso(r.ontvangen_op), rest.get("uitgezetOp", ""))  # one that was taken in late opens nothing again
    closed = {"status": UITGEZET, "uitgezetOp": moment, "uitgezetDoor": r.door}
    return {"id": str(r.onderwerp["account"]), **rest, **closed}


ACT = Act(
    soort="account.uitgezet",
    inhoud=AccountUitgezet,
    aggregaat="account",
    permissie="account:uitzetten",
    titel="Een account uitzetten. Wie ermee is aangemeld, is dat meteen niet meer.",
    pad="/accounts/{account}/uitzetting",
    onderwerp={"account": "account"},
    maakt="soms",  # of before release 0.2, an account has no entry: it is disabled all the same
    bevroren=stands,
    klasse=Klasse.MENSEN,
    guard=guard,
    fold=fold,
)
