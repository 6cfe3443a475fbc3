"""What the engine itself knows by name: what may happen to any document, who records, and what a verdict leaves.

Every other kind of entry or document it knows by what that declares (:mod:`app.registraties.act`); a test holds that.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from app.registraties import (
    account,
    bewijs_gewijzigd,
    bijlage_ontvangen,
    doorhaling,
    functionaris,
    organisatie,
    quarantaine,
    roltoewijzing,
    toestel,
    verschil_beoordeeld,
)
from app.registraties.act import ANY_AGGREGAAT, Act, Sleutel
from app.registraties.quarantaine import beoordeeld, hervat
from app.registraties.register import ACTEN, AGGREGATEN

DOORHALING: Final = doorhaling.ACT.soort
BEOORDELING: Final = verschil_beoordeeld.ACT.soort
QUARANTAINE: Final = beoordeeld.ACT.soort
HERVAT: Final = hervat.ACT.soort
"""That the server let hold what a mistake of ours had kept from being judged."""
BESTAND: Final = bijlage_ontvangen.ACT.soort
"""That a file arrived."""
GEWIJZIGD: Final = bewijs_gewijzigd.ACT.soort
"""That what a document rests on was changed since."""

ONTVANGST: Final = quarantaine.AGGREGAAT.naam
"""What became of an entry that was not simply accepted."""
ORGANISATIE: Final = organisatie.AGGREGAAT.naam
WIE: Final = frozenset(a.AGGREGAAT.naam for a in (account, functionaris, organisatie, roltoewijzing, toestel))
"""Who records, for whom, in which role and with what: every verdict names them, under these words."""

(PLAATS,) = (naam for naam, a in AGGREGATEN.items() if a.is_plaats)
"""The kind of document at which others lie."""
VERBERGT: Final = {
    act.soort: inzien.permissie
    for act in ACTEN.values()
    if act.aggregaat in AGGREGATEN and (inzien := AGGREGATEN[act.aggregaat].inzien) is not None
}
"""Kinds of entry whose writer keeps nothing of what he wrote, unless his role has this permission."""


def bind_act(act: Act, onderwerp: Mapping[str, UUID]) -> Act:
    """An act that may concern any kind of document, bound to the one that `onderwerp` names; others as they are."""
    if act.aggregaat != ANY_AGGREGAAT:
        return act
    kind = next((key for key in onderwerp if key in AGGREGATEN), act.aggregaat)
    return replace(act, aggregaat=kind, onderwerp={kind: kind, **act.onderwerp})


def takes_in(soort: str, inhoud: Any) -> bool:
    """Whether an entry lets hold what is in quarantine."""
    return soort == HERVAT or (soort == QUARANTAINE and inhoud.besluit is beoordeeld.Besluit.AANVAARD)


def named_documents(act: Act, onderwerp: Mapping[str, UUID], inhoud: Any) -> tuple[Sleutel, ...]:
    """Every document that an entry names, the written one first."""
    own = Sleutel(act.aggregaat, onderwerp[act.aggregaat])
    others = [
        Sleutel(kind, onderwerp[key])
        for key, kind in act.onderwerp.items()
        if kind is not None and key != act.aggregaat and key in onderwerp
    ]
    return (own, *others, *(act.verwijzingen(inhoud) if act.verwijzingen is not None else ()))


def beside(act: Act | None, organisatie: UUID) -> set[Sleutel]:
    """What a guard looks at although no entry names it."""
    return {Sleutel(ORGANISATIE, organisatie)} if act is not None and act.ziet_organisatie else set()
