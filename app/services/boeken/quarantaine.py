"""What is in quarantine and a person decides to let hold: it is judged again, and folded at the place of that decision.

The decision is a ledger entry that carries the new verdict, so folding the ledger again decides nothing anew. The
entry that was kept stays as it is, byte for byte; only what follows from it changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import structlog

from app.access.actor import Actor
from app.registraties.kern import HERVAT, ONTVANGST, QUARANTAINE
from app.registraties.kern import takes_in as lets_hold
from app.services.boeken.oordeel import Oordeel, quarantine
from app.services.boeken.oordelen import judge
from app.services.kluis.operatie import Operatie
from app.services.kluis.verzegelen import reopen, wet_of, writer_of
from app.services.vouwen.historie import fetch_entries
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import Code, Status, Vlag

log = structlog.get_logger("veldboek.quarantaine")


@dataclass(frozen=True, slots=True)
class Ingehouden:
    """One entry that is kept in quarantine: the operation as the server reads it now, and its verdict of then."""

    operatie: Operatie
    oordeel: dict[str, Any]

    @property
    def ontvangen_op(self) -> datetime:
        """When it came; that stays the moment by which its dates are judged."""
        return datetime.fromisoformat(self.oordeel["ontvangenOp"])


def takes_in(operatie: Operatie) -> bool:
    """Whether an operation decides that something in quarantine is to hold."""
    return operatie.inhoud is not None and lets_hold(operatie.soort, operatie.inhoud)


async def load_held(raw: Any, operaties: Iterable[Operatie]) -> dict[UUID, Ingehouden]:
    """The entries that `operaties` would take in, by op; other entries than those in quarantine are left out."""
    wanted = sorted({o.onderwerp[ONTVANGST] for o in operaties if takes_in(o)})
    rows = await fetch_entries(raw, wanted)
    found = {row["op"]: Ingehouden(reopen(row["op"], row), orjson.loads(row["oordeel"])) for row in rows}
    return {op: held for op, held in found.items() if held.oordeel["status"] == Status.QUARANTINED}


def take_in(oordeel: Oordeel, held: Ingehouden | None, desk: Actor, vouwer: Vouwer) -> Oordeel:
    """The verdict on a decision to take `held` in: with the verdict on that as of now, or why it cannot be.

    The content, the times and the functionaris are the writer's; the desk stands in for the right he lacks. Where no
    desk decided, but the server took it up again, `desk` is the writer himself, with the rights that he has now.
    """
    if held is None or held.operatie.fout is not None or held.operatie.soort == QUARANTAINE:
        return quarantine(Code.REGEL_GESCHONDEN, "Dit kan de server niet lezen. Weiger het, of wacht tot zij het kan.")
    assert oordeel.stap is not None  # noqa: S101  # it was accepted
    vlaggen = (*held.oordeel["vlaggen"], Vlag.UIT_QUARANTAINE.value)
    writer = desk if oordeel.stap.registratie.soort == HERVAT else writer_of(held.oordeel, desk)
    try:
        found = judge(held.operatie, writer, vouwer, nu=held.ontvangen_op, vlaggen=vlaggen)
    except Exception as error:  # noqa: BLE001  # it is in quarantine because no fold could take it, and stays there
        log.error("unjudged", soort=held.operatie.soort, exception=type(error).__qualname__)  # noqa: TRY400
        return quarantine(Code.REGEL_GESCHONDEN, "Dit kan de server niet verwerken.")
    if found.stap is None:
        still = found.waarom
        return quarantine(Code.REGEL_GESCHONDEN, f"Dit kan nog steeds niet: {still.uitleg}", still.weigering)
    stap = replace(found.stap, via=oordeel.stap.op)
    assert held.operatie.act is not None  # noqa: S101  # it could be read
    wet = wet_of(held.operatie.act, held.operatie.inhoud, writer, held.ontvangen_op)
    return replace(oordeel, aanvaard=replace(found, stap=stap, wet=wet))


def verdict_on(aanvaard: Oordeel) -> dict[str, Any]:
    """What the ledger keeps of the new verdict, with the decision."""
    stap = aanvaard.stap
    assert stap is not None  # noqa: S101  # take_in looked
    return {
        "status": aanvaard.status.value,
        "vlaggen": list(stap.registratie.vlaggen),
        "ernst": stap.ernst,
        "behouden": list(stap.behouden),
        "kenmerken": aanvaard.wet.as_doc() if aanvaard.wet is not None else None,
        **({"code": Code.STAAT_VAST.value} if stap.vast else {}),
    }
