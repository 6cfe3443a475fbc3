"""The competent authority confirms that a rapportage arrived."""

from typing import Annotated

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, refuse
from app.registraties.rapportage.stand import add_to, fold_into
from app.registraties.weigeringen import wait_for
from app.vocabulary import Orgaan, Sectie


class RapportageOntvangen(Inhoud):
    """Op welke dag de rapportage is ontvangen, door welk orgaan."""

    ontvangen_op: Annotated[Datum, Sectie.ZAAK]
    orgaan: Annotated[Orgaan, Sectie.ZAAK] = Orgaan.BURGEMEESTER


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """Only what was disclosed to that organ arrives there, and not earlier."""
    sent = [v for v in (doc or {}).get("verstrekkingen", []) if v["aan"]["orgaan"] == r.inhoud.orgaan]
    if not sent:
        wait_for("Deze rapportage is niet aan dit orgaan verstrekt.")
    if r.inhoud.ontvangen_op.isoformat() < min(v["verstrektOp"] for v in sent):
        refuse("Een rapportage wordt niet ontvangen voordat zij is verstrekt.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The author sees that it arrived."""
    return fold_into(doc, r, add_to("ontvangsten", doc, r))


ACT = Act(
    soort="rapportage.ontvangen",
    inhoud=RapportageOntvangen,
    aggregaat="rapportage",
    permissie="rapportage:ontvangen",
    titel="De ontvangst van een rapportage bevestigen.",
    pad="/rapportages/{rapportage}/ontvangst",
    onderwerp={"rapportage": "rapportage"},
    guard=guard,
    fold=fold,
)
