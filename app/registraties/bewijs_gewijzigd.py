"""What it rests on was changed after it was decided: it is marked, and whoever has it hears so (Awb 3:2; Wpg 4(4)).

Only the server books this, in the transaction in which a second person accepts the change.
"""

from typing import Annotated
from uuid import UUID

from app.registraties.act import ANY_AGGREGAAT, Act, Doc, Inhoud, Omgeving, Registratie, iso
from app.registraties.velden import shown
from app.vocabulary import Orgaan, Sectie

VERVALLEN = "vervallen"


class BewijsGewijzigd(Inhoud):
    """Welke registratie is gewijzigd, en door welk besluit over het verschil; bij een maatregel ook van welk orgaan."""

    registratie: Annotated[UUID, Sectie.ZAAK]
    beoordeling: Annotated[UUID, Sectie.ZAAK]
    bevoegd_orgaan: Annotated[Orgaan | None, Sectie.ZAAK] = None


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The mark, and what it is about. It changes nothing that was decided: that takes somebody who decides."""
    folded = doc or {}
    mark = {**shown(r), "op": str(r.op), "ontvangenOp": iso(r.ontvangen_op)}
    return {**folded, "bewijs": VERVALLEN, "bewijsGewijzigd": [*folded.get("bewijsGewijzigd", ()), mark]}


def always(_doc: Doc) -> bool:
    """That it happened nobody corrects or strikes."""
    return True


ACT = Act(
    soort="bewijs.gewijzigd",
    inhoud=BewijsGewijzigd,
    aggregaat=ANY_AGGREGAAT,
    permissie="verschil:beoordelen",
    titel="Vastleggen dat bewijs is gewijzigd.",
    pad=None,
    onderwerp={},
    van_server=True,
    bevroren=always,
    fold=fold,
)
