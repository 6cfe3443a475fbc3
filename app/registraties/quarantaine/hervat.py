"""What our own mistake kept from being judged is judged again, once a release can: booked by the server only.

Nobody stands in for a right that its writer lacks: it holds as if it came now, or it waits for the desk as before.
"""

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, iso, refuse
from app.registraties.quarantaine import OPEN
from app.registraties.quarantaine.beoordeeld import Besluit, stands
from app.vocabulary import Code, Klasse


class QuarantaineHervat(Inhoud):
    """Zegt niets dan dat een registratie die door een fout van de dienst bleef liggen, nu geldt."""


def guard(doc: Doc | None, _r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """Of what still waits through a mistake of ours, and of nothing else."""
    doc = doc or {}
    if doc.get("stand") != OPEN or doc.get("code") != Code.NIET_VERWERKT:
        refuse("Dit bleef niet liggen door een fout van de dienst, of er is al over beslist.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """It holds, and nobody had to decide that."""
    done = {"op": str(r.op), "door": r.door, "ontvangenOp": iso(r.ontvangen_op)}
    return {"id": str(r.onderwerp["ontvangst"]), **(doc or {}), "stand": Besluit.AANVAARD.value, "beoordeling": done}


ACT = Act(
    soort="quarantaine.hervat",
    inhoud=QuarantaineHervat,
    aggregaat="ontvangst",
    permissie="quarantaine:beoordelen",
    titel="Vastleggen dat een registratie geldt die door een fout van de dienst bleef liggen.",
    pad=None,
    onderwerp={"ontvangst": "ontvangst"},
    klasse=Klasse.CORRECTIE,
    van_server=True,
    guard=guard,
    fold=fold,
    bevroren=stands,
)
