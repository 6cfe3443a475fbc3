"""Concluding an overtreding while the controle runs, or after it was closed. Closing names what came of it as well."""

from typing import Annotated

from app.access.actor import Actor
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie
from app.registraties.controle.overtreding import Overtreding, check_concludes, check_overtreding
from app.registraties.controle.stand import added, fresh
from app.registraties.velden import GezegdeHoedanigheid, shown
from app.registraties.weigeringen import NogNiet
from app.vocabulary import Sectie


class OvertredingVastgesteld(Overtreding, Inhoud):
    """Welke overtreding is vastgesteld, uit welke bevindingen, en over wie of hoeveel sekswerkers zij gaat."""

    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]


_new = fresh("overtredingen", "overtreding")


def guard(doc: Doc | None, r: Registratie, omgeving: Omgeving, actor: Actor) -> None:
    """It was started, by who did it; what it rests on was recorded before."""
    doc = doc or {}
    if "begonnenOp" not in doc:
        raise NogNiet("Deze controle is nog niet gestart.")
    check_concludes(doc, actor)
    _new(doc, r, omgeving, actor)
    check_overtreding(doc, r, r.inhoud, omgeving, actor)


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """One more overtreding; none replaces another."""
    return added(doc, r, "overtredingen", {"id": str(r.onderwerp["overtreding"]), **shown(r)})


ACT = Act(
    soort="overtreding.vastgesteld",
    inhoud=OvertredingVastgesteld,
    aggregaat="controle",
    permissie="overtreding:vaststellen",
    titel="Een overtreding vaststellen.",
    pad="/controles/{controle}/overtredingen",
    onderwerp={"controle": "controle", "overtreding": None},
    ziet=frozenset({"grondslagbijzonder"}),
    guard=guard,
    draagt=True,
    fold=fold,
)
