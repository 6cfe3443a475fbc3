"""The term of a closure ran out: booked on the day after its last, by the server only.

Nobody has to think of it, and phones hear of it; how a maatregel stands does not wait for it (`status_on`).
"""

from typing import Annotated

from app.access.actor import Actor
from app.moment import Datum
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, refuse
from app.registraties.maatregel.stand import fold_into, status_of
from app.vocabulary import Orgaan, Sectie


class SluitingVerlopen(Inhoud):
    """De laatste dag van de sluiting, en van welk bestuursorgaan de maatregel is."""

    op: Annotated[Datum, Sectie.ZAAK]
    bevoegd_orgaan: Annotated[Orgaan | None, Sectie.ZAAK] = None


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """Applied, of that last day, and over on the day of booking."""
    stand = doc or {}
    over = status_of(stand, r.ontvangen_datum) == "verlopen" != stand.get("status")
    if not over or stand.get("geldtTotEnMet") != r.inhoud.op.isoformat():
        refuse("Deze sluiting loopt nog, of is al geëindigd.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """Over by itself: nobody decided that, so nobody is named."""
    day = r.inhoud.as_doc().get("op")
    einde = {"datum": day, "reden": "termijn_verstreken", "vanzelf": True, "op": str(r.op)}
    return fold_into(doc, r, {"einde": einde} if day and "einde" not in (doc or {}) else {})


def always(_doc: Doc) -> bool:
    """A term that was wrong is corrected where it was decided; then this counts no more."""
    return True


ACT = Act(
    soort="sluiting.verlopen",
    inhoud=SluitingVerlopen,
    aggregaat="maatregel",
    permissie="sluiting:beeindigen",
    titel="Vastleggen dat de termijn van een sluiting is verstreken.",
    pad=None,
    onderwerp={"maatregel": "maatregel"},
    van_server=True,
    bevroren=always,
    guard=guard,
    fold=fold,
)
