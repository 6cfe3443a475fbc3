"""Adding an attachment: what it is and its hash. The file itself travels apart, before or after."""

from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, KorteTekst, Omgeving, Registratie, Versie, promise, refuse
from app.registraties.controle.stand import added, fresh
from app.registraties.velden import ANDERS, GezegdeHoedanigheid, JaNee, shown, unsaid
from app.vocabulary import Mediatype, Sectie


class BijlageToegevoegd1(Inhoud):
    """Version 1. Shipped with the first app."""

    sha256: Annotated[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")], Sectie.ZAAK]
    grootte: Annotated[Annotated[int, Field(gt=0, le=1 << 30, strict=True)], Sectie.ZAAK]
    """bytes"""
    mediatype: Annotated[Mediatype, Sectie.ZAAK]
    onderschrift: Annotated[KorteTekst | None, Sectie.TEKST] = None
    geen_personen_in_beeld: Annotated[JaNee, Sectie.ZAAK]

    @field_validator("geen_personen_in_beeld")
    @classmethod
    def shows_nobody(cls, declared: bool) -> bool:  # noqa: FBT001  # a validator takes its value
        """Never faces, bodies or identity documents (ontwerp/domein.md, "Never recorded")."""
        if not declared:
            raise Onjuist("een bijlage toont geen personen en geen identiteitsbewijzen")
        return declared


class BijlageToegevoegd(BijlageToegevoegd1):
    """Welk bestand het is, wat het toont, en dat er geen personen op staan."""

    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """One more attachment."""
    return added(doc, r, "bijlagen", {"id": str(r.onderwerp["bijlage"]), **shown(r), **promise(r)})


def guard(doc: Doc | None, r: Registratie, omgeving: Omgeving, actor: Actor) -> None:
    """It is promised once, and the manifest in the envelope says the same of it."""
    fresh("bijlagen", "bijlage")(doc, r, omgeving, actor)
    said = {name: r.inhoud.as_doc()[name] for name in ("sha256", "grootte", "mediatype")}
    own = {"id": str(r.onderwerp["bijlage"]), **said}
    if any(row["id"] == own["id"] and row != own for row in r.bijlagen):
        refuse("Het bestand staat in de omslag anders beschreven dan in de registratie.")


ACT = Act(
    soort="bijlage.toegevoegd",
    inhoud=BijlageToegevoegd,
    aggregaat="controle",
    permissie="bijlage:toevoegen",
    titel="Een bijlage toevoegen.",
    pad="/controles/{controle}/bijlagen",
    onderwerp={"controle": "controle", "bijlage": None},
    belooft="bijlage",
    guard=guard,
    fold=fold,
    eerdere=(Versie(BijlageToegevoegd1, unsaid, ANDERS),),
)
