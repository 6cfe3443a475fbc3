"""A receipt: what its writer and a desk read of the verdict on an entry that was not simply accepted."""

from typing import Any
from uuid import UUID

from app.access.bereik import Bereik
from app.registraties.quarantaine import OPEN
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import Status


def put_receipt(vouwer: Vouwer, op: UUID, verdict: dict[str, Any], volgnr: int) -> None:
    """Fold a verdict that was not plain acceptance into a receipt; the rebuild calls this too."""
    doc = {
        "id": str(op),
        **{
            name: verdict[name]
            for name in (
                "status",
                "code",
                "soort",
                "ontvangenOp",
                "functionaris",
                "rol",
                "organisatie",
                "toestel",
            )
        },
        **({"stand": OPEN} if verdict["status"] == Status.QUARANTINED else {}),
        **({"weigering": verdict["weigering"]} if "weigering" in verdict else {}),
        "_gemeenten": verdict["gemeenten"],
        **({"_coordinator": verdict["coordinator"]} if "coordinator" in verdict else {}),
        "_inzage": verdict.get("inzage", Bereik.MENSENHANDEL.value),  # of before it was noted: the fewest may look
    }
    vouwer.receipt(op, doc, volgnr)
