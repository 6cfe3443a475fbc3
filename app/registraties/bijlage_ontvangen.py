"""A file that arrived: bound to what promised it, or refused with the reason. Only the server books this."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.registraties.act import ANY_AGGREGAAT, Act, Doc, Inhoud, Omgeving, Registratie, iso
from app.vocabulary import Afkeuring, BijlageUitkomst, Mediatype, Sectie


class BijlageOntvangen(Inhoud):
    """Wat er is aangekomen, zoals de server het zelf heeft gemeten, en of het is wat was aangekondigd."""

    sha256: Annotated[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")], Sectie.ZAAK]
    grootte: Annotated[Annotated[int, Field(ge=0, strict=True)], Sectie.ZAAK]
    """bytes"""
    mediatype: Annotated[Mediatype | None, Sectie.ZAAK] = None
    """by its content; absent when it is of no kind that may be attached"""
    uitkomst: Annotated[BijlageUitkomst, Sectie.ZAAK]
    afkeuring: Annotated[Afkeuring | None, Sectie.ZAAK] = None


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The outcome beside the promise. What is bound stays bound, whatever else arrives under the same id."""
    folded = doc or {}
    bijlage = str(r.onderwerp["bijlage"])
    outcome = {
        "uitkomst": r.inhoud.uitkomst.value,
        **({"afkeuring": r.inhoud.afkeuring.value} if r.inhoud.afkeuring else {}),
        "op": str(r.op),
        "ontvangenOp": iso(r.ontvangen_op),
    }
    shown = [
        {**item, "ontvangst": outcome} if item["id"] == bijlage and concerns(item, r.inhoud) else item
        for item in folded.get("bijlagen", ())
    ]
    return {**folded, "bijlagen": shown} if shown else folded  # none: what promised it was struck


def concerns(item: Doc, arrived: BijlageOntvangen) -> bool:
    """Whether what arrived changes how a promised file stands: its hash may have been corrected since."""
    if item.get("ontvangst", {}).get("uitkomst") == BijlageUitkomst.GEBONDEN:
        return False
    return arrived.uitkomst is BijlageUitkomst.AFGEKEURD or item["sha256"] == arrived.sha256


def always(_doc: Doc) -> bool:
    """What arrived has arrived: nobody corrects or strikes that."""
    return True


ACT = Act(
    soort="bijlage.ontvangen",
    inhoud=BijlageOntvangen,
    aggregaat=ANY_AGGREGAAT,
    permissie="bijlage:toevoegen",
    titel="De ontvangst van een bijlage vastleggen.",
    pad=None,
    onderwerp={"bijlage": None},
    bevroren=always,
    fold=fold,
)
