"""A receipt: what is read of the verdict on an entry that was not simply accepted.

By its writer and a desk; of an entry that holds, and of which something was odd, by its writer alone.
"""

from typing import Any
from uuid import UUID

from app.access.bereik import Bereik
from app.registraties.quarantaine import OPEN
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import Status

INZAGE = "inzage"


def has_receipt(verdict: dict[str, Any]) -> bool:
    """Whether a verdict is told in a receipt. What was odd about an entry that holds was not, at first."""
    return verdict["status"] != Status.ACCEPTED or INZAGE in verdict


def put_receipt(vouwer: Vouwer, op: UUID, verdict: dict[str, Any], volgnr: int) -> None:
    """Fold a verdict into a receipt; the rebuild calls this too."""
    doc: dict[str, Any] = {
        "id": str(op),
        **{
            name: verdict[name]
            for name in (
                "status",
                "soort",
                "ontvangenOp",
                "functionaris",
                "rol",
                "organisatie",
                "toestel",
            )
        },
        **{name: verdict[name] for name in ("code", "vlaggen") if verdict.get(name)},
        **({"stand": OPEN} if verdict["status"] == Status.QUARANTINED else {}),
        **{name: verdict[name] for name in ("uitleg", "weigering", "fouten") if name in verdict},
        "_gemeenten": verdict["gemeenten"],
        **({"_coordinator": verdict["coordinator"]} if "coordinator" in verdict else {}),
        "_inzage": verdict.get(INZAGE, Bereik.MENSENHANDEL.value),  # of before it was noted: the fewest may look
    }
    vouwer.receipt(op, doc, volgnr)
